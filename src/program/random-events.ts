import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import { unreachable } from '../errors.ts'
import { topLevel } from './book.ts'
import type { Cohort } from './cohort.ts'
import { gapToNextLevel } from './draws.ts'
import type { CohortDraw } from './named-events.ts'
import { emit, emitAt, emitEarning, expiry, upgradeTo, type Run } from './run.ts'
import type { Seat } from './seat.ts'
import { createSeating } from './seating.ts'
import { affordableReward, has, USUAL_CORRECTION } from './spending.ts'

/** How often each type is drawn; changes of level also follow from earnings. */
const WEIGHTS: Readonly<Record<EventType, number>> = {
  member_portal_visit: 40,
  earning: 34,
  burning: 7,
  profile_creation: 6,
  point_correction_plus: 4,
  point_correction_minus: 3,
  free_gift: 4,
  change_in_level: 2,
}

/** A hundred entries to draw from. */
const DRAW = (Object.keys(WEIGHTS) as EventType[]).flatMap((type) => Array.from({ length: WEIGHTS[type] }, () => type))

/** What a program sees on an ordinary day: the cohort's number of events, the changes of level that follow included. */
export function* randomEvents(run: Run, cohort: Cohort, { random, fixedPoints }: CohortDraw): Generator<LoyaltyEvent> {
  let left = Object.values(cohort.counts).reduce((total, count) => total + count, 0)
  let uncreated = cohort.fresh.length
  const needs = { balances: new Map<number, number>(), highestLevel: topLevel(run.book) }
  const seating = createSeating(run, cohort, () => needs)

  while (left > 0) {
    const drawn = random.pick(DRAW)
    if (seating.size() === 0 || (drawn === 'profile_creation' && uncreated > 0)) {
      const atMs = run.timeline.next()
      const seat = seating.create(atMs)
      uncreated--
      left--
      yield emitAt(run, seat, { action: run.draws.creation(seat.random), atMs }).event
      continue
    }
    const seat = seating.pick(random)
    const { event, levelCrossed } = happen(seat, drawn)
    left--
    yield event
    if (levelCrossed === undefined) continue
    const atMs = run.timeline.next()
    left--
    yield emitAt(run, seat, { action: upgradeTo(run, levelCrossed, atMs), atMs }).event
  }

  /** The event that was drawn, or an everyday one where the member cannot have that. */
  function happen(seat: Seat, type: EventType) {
    switch (type) {
      case 'member_portal_visit':
      case 'profile_creation':
        return visit(seat)
      case 'earning': {
        // The change of level that may follow must fit into the count.
        const mayCross = (gapToNextLevel(run.book, seat.state) ?? Infinity) <= run.draws.mostTowardsLevel
        return left === 1 && mayCross ? visit(seat) : emitEarning(run, seat, 'any')
      }
      case 'burning': {
        const reward = affordableReward(run, seat)
        return reward === undefined ? visit(seat) : emit(run, seat, run.draws.burning(seat.random, reward))
      }
      case 'point_correction_plus': {
        const points = fixedPoints ?? seat.random.int(1, 40) * 5
        return correct(seat, { direction: 'plus', currencyIndex: anyCurrency(seat), points })
      }
      case 'point_correction_minus': {
        const currencyIndex = anyCurrency(seat)
        const points = fixedPoints ?? seat.random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to)
        if (has(seat, currencyIndex) < points) return visit(seat)
        return correct(seat, { direction: 'minus', currencyIndex, points })
      }
      case 'free_gift':
        return emit(run, seat, run.draws.gift(seat.random))
      case 'change_in_level': {
        const canExpire = seat.state.levelIndex > 0 && seat.state.levelEndsMs === null
        return canExpire ? emit(run, seat, expiry) : visit(seat)
      }
      default:
        return unreachable(type)
    }
  }

  function visit(seat: Seat) {
    return emit(run, seat, run.draws.visit(seat.random))
  }

  function correct(seat: Seat, to: { direction: 'plus' | 'minus'; currencyIndex: number; points: number }) {
    return emit(run, seat, run.draws.correction(seat.random, to))
  }

  function anyCurrency(seat: Seat): number {
    return seat.random.int(0, run.book.currencies.length - 1)
  }
}
