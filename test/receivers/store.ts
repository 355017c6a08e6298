/** What a receiver keeps: the events it applied, and every member's level. */
export interface EventStore {
  /** Sets an id aside for the caller alone: false when somebody had it before. */
  insertIfAbsent(id: string): boolean
  has(id: string): boolean
  /** The effect of an event: counted, so that a second one is seen. */
  apply(id: string): void
  /** Keeps a level unless a newer one is known: false when it is out of date. `at` is RFC 3339 in UTC. */
  setLevelIfNewer(memberId: string, at: string): boolean
  /** How often each event was applied. */
  applied(): ReadonlyMap<string, number>
}

/** A store in memory; between two awaits nobody else has a turn, so insert-if-absent is whole. */
export function eventStore(): EventStore {
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  const levels = new Map<string, string>()
  return {
    insertIfAbsent(id) {
      if (seen.has(id)) return false
      seen.add(id)
      return true
    },
    has: (id) => counts.has(id),
    apply: (id) => void counts.set(id, (counts.get(id) ?? 0) + 1),
    setLevelIfNewer(memberId, at) {
      if ((levels.get(memberId) ?? '') > at) return false
      levels.set(memberId, at)
      return true
    },
    applied: () => new Map(counts),
  }
}
