import type { LoyaltyEvent } from '../contract/event.ts'
import { topLevel } from './book.ts'
import type { Cohort } from './cohort.ts'
import { gapToNextLevel } from './draws.ts'
import { everydayAction, everydayType } from './everyday.ts'
import type { CohortDraw } from './named-events.ts'
import { emitAt, upgradeTo, type Run } from './run.ts'
import type { Seat } from './seat.ts'
import { createSeating } from './seating.ts'

/** What a program sees on an ordinary day: the cohort's number of events, the changes of level that follow included. */
export function* randomEvents(run: Run, cohort: Cohort, { random, fixedPoints }: CohortDraw): Generator<LoyaltyEvent> {
  let left = Object.values(cohort.counts).reduce((total, count) => total + count, 0)
  let uncreated = cohort.fresh.length
  const needs = { balances: new Map<number, number>(), highestLevel: topLevel(run.book) }
  const seating = createSeating(run, cohort, () => needs)

  while (left > 0) {
    const drawn = everydayType(random)
    if (seating.size() === 0 || (drawn === 'profile_creation' && uncreated > 0)) {
      const atMs = run.timeline.next()
      const seat = seating.create(atMs)
      uncreated--
      left--
      yield emitAt(run, seat, { action: run.draws.creation(seat.random), atMs }).event
      continue
    }
    const seat = seating.pick(random)
    // The change of level that may follow must fit into the count.
    const type = drawn === 'earning' && left === 1 && mayCross(seat) ? 'member_portal_visit' : drawn
    const atMs = run.timeline.next()
    const action = everydayAction(run, seat, { type, atMs, fixedPoints })
    const { event, levelCrossed } = emitAt(run, seat, { action, atMs })
    left--
    yield event
    if (levelCrossed === undefined) continue
    const laterMs = run.timeline.next()
    left--
    yield emitAt(run, seat, { action: upgradeTo(run, levelCrossed, laterMs), atMs: laterMs }).event
  }

  function mayCross(seat: Seat): boolean {
    return (gapToNextLevel(run.book, seat.state) ?? Infinity) <= run.draws.mostTowardsLevel
  }
}
