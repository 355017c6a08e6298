import type { MemberRecord } from '../records.ts'

/** Who lives here. The order is that of their numbers, so that chance finds the same member after a restart. */
export interface Roster {
  readonly size: () => number
  /** The member at a position of the order. */
  readonly at: (position: number) => MemberRecord
  readonly numbered: (number: number) => MemberRecord | undefined
  readonly withId: (id: string) => MemberRecord | undefined
  /** Events of all members so far: names the streams of what happens next, so that chance survives restarts. */
  readonly eventCount: () => number
  /** How many members there are, by program id. */
  readonly counts: () => ReadonlyMap<string, number>
  /** Keeps what became of a member, or a new one. */
  readonly keep: (member: MemberRecord) => void
  /** The number of the next new member. */
  readonly nextNumber: () => number
  /** Takes that number for a member who comes later. */
  readonly reserve: () => number
}

/** A place in the roster: what it holds changes with every event of its member. */
interface Place {
  record: MemberRecord
}

/**
 * The roster of these members.
 * @param reserved numbers that were taken for members who may not be there yet
 */
export function createRoster(members: readonly MemberRecord[], reserved: readonly number[]): Roster {
  const places: Place[] = members.toSorted((a, b) => a.number - b.number).map((record) => ({ record }))
  const byNumber = new Map(places.map((place) => [place.record.number, place]))
  const byId = new Map(places.map((place) => [place.record.state.member.id, place]))
  const counts = new Map<string, number>()
  for (const { programId } of members) counts.set(programId, (counts.get(programId) ?? 0) + 1)
  let eventCount = members.reduce((total, member) => total + member.eventCount, 0)
  let next = [...byNumber.keys(), ...reserved].reduce((most, number) => Math.max(most, number), -1) + 1

  return {
    size: () => places.length,
    at: (position) => (places[position] as Place).record,
    numbered: (number) => byNumber.get(number)?.record,
    withId: (id) => byId.get(id)?.record,
    eventCount: () => eventCount,
    counts: () => counts,
    keep,
    nextNumber: () => next,
    reserve: () => next++,
  }

  function keep(record: MemberRecord): void {
    const place = byNumber.get(record.number)
    eventCount += record.eventCount - (place?.record.eventCount ?? 0)
    if (place === undefined) add(record)
    else place.record = record
  }

  function add(record: MemberRecord): void {
    const place = { record }
    places.splice(positionOf(record.number), 0, place)
    byNumber.set(record.number, place)
    byId.set(record.state.member.id, place)
    counts.set(record.programId, (counts.get(record.programId) ?? 0) + 1)
    next = Math.max(next, record.number + 1)
  }

  /** Where a new number belongs: mostly last, but a story's member comes when their story begins. */
  function positionOf(number: number): number {
    let position = places.length
    while (position > 0 && (places[position - 1] as Place).record.number > number) position--
    return position
  }
}
