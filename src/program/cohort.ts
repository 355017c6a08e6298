import type { EventType } from '../contract/event-types.ts'

/*
 * A large run is a succession of cohorts: a thousand members at a time live through their share
 * of the events and are then forgotten, so that memory stays flat whatever the counts are.
 */

/** Members who are active together, by their number. */
export interface Cohort {
  /** Members who existed before the run. */
  readonly existing: readonly number[]
  /** Members whose profile is created in the run, in this order. */
  readonly fresh: readonly number[]
  /** Events of each type. */
  readonly counts: Readonly<Record<EventType, number>>
}

/** What is cut into cohorts. */
export interface CohortSplit {
  readonly memberCount: number
  /** How many of the members are created in the run. */
  readonly freshCount: number
  readonly counts: Readonly<Record<EventType, number>>
}

const COHORT_SIZE = 1000

/** The part of `total` that falls to the first `done` of `whole`; exact, where doubles would round. */
function share(total: number, done: number, whole: number): number {
  return whole === 0 ? 0 : Number((BigInt(total) * BigInt(done)) / BigInt(whole))
}

/** The cohorts of a run, lazily: shares of members, and of events in proportion to the members who can have them. */
export function* cohorts({ memberCount, freshCount, counts }: CohortSplit): Generator<Cohort> {
  const cohortCount = Math.ceil(memberCount / COHORT_SIZE)
  const existingCount = memberCount - freshCount
  let from = { members: 0, fresh: 0 }
  for (let index = 1; index <= cohortCount; index++) {
    const members = share(memberCount, index, cohortCount)
    const to = { members, fresh: share(freshCount, members, memberCount) }
    const existing = { from: from.members - from.fresh, to: to.members - to.fresh }
    const part = (total: number, done: readonly [number, number], whole: number) =>
      share(total, done[1], whole) - share(total, done[0], whole)
    const ofAll = (type: EventType) => part(counts[type], [from.members, to.members], memberCount)
    // Who has points or a level from before the run takes what needs them.
    const ofExisting = (type: EventType) =>
      existingCount === 0 ? ofAll(type) : part(counts[type], [existing.from, existing.to], existingCount)
    const firstFresh = from.members + (existing.to - existing.from)
    yield {
      existing: range(from.members, firstFresh),
      fresh: range(firstFresh, to.members),
      counts: {
        profile_creation: Math.min(counts.profile_creation, to.fresh) - Math.min(counts.profile_creation, from.fresh),
        member_portal_visit: ofAll('member_portal_visit'),
        change_in_level: ofExisting('change_in_level'),
        earning: ofAll('earning'),
        burning: ofExisting('burning'),
        point_correction_plus: ofAll('point_correction_plus'),
        point_correction_minus: ofExisting('point_correction_minus'),
        free_gift: ofAll('free_gift'),
      },
    }
    from = to
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
