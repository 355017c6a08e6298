/** A map that forgets what was not touched for longest when it is full, and counts what it forgot. */
export interface BoundedMap<V> {
  /** The value of a key, which is now the latest touched. */
  touch(key: string): V | undefined
  /** Adds a key that is not there. */
  add(key: string, value: V): void
  size(): number
  evicted(): number
}

/** @param most how many keys are kept */
export function boundedMap<V>(most: number): BoundedMap<V> {
  const entries = new Map<string, V>()
  // One iterator for ever: a new one would walk over the holes that deleted keys left, for every key it forgets.
  const oldest = entries.keys()
  let evicted = 0
  return {
    touch(key) {
      const value = entries.get(key)
      if (value !== undefined) {
        entries.delete(key)
        entries.set(key, value)
      }
      return value
    },
    add(key, value) {
      entries.set(key, value)
      if (entries.size <= most) return
      entries.delete(oldest.next().value as string)
      evicted += 1
    },
    size: () => entries.size,
    evicted: () => evicted,
  }
}
