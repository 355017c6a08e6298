import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import { unreachable, UsageError } from '../errors.ts'
import type { Random } from '../ports.ts'
import { topLevel } from './book.ts'
import type { Cohort } from './cohort.ts'
import { createLevelChanges, type EventsLeft } from './level-changes.ts'
import { changeSilently, emit, emitAt, emitEarning, type Run } from './run.ts'
import type { Seat } from './seat.ts'
import { createSeating } from './seating.ts'
import { createSpending, type SpendingKind } from './spending.ts'

/** How the events of a cohort are drawn. */
export interface CohortDraw {
  /** The order of types and members. */
  readonly random: Random
  readonly fixedPoints: number | undefined
}

/**
 * The cohort's events: so many of each type, in an order drawn with the remaining counts as
 * weights. A change of level that was not asked for happens silently.
 */
export function* namedEvents(run: Run, cohort: Cohort, { random, fixedPoints }: CohortDraw): Generator<LoyaltyEvent> {
  const left: EventsLeft = { ...cohort.counts }
  const types = (Object.keys(left) as EventType[]).filter((type) => left[type] > 0)
  const wantsChanges = left.change_in_level > 0
  const mostChanges = cohort.existing.length === 0 ? 0 : Math.ceil(left.change_in_level / cohort.existing.length)
  const spending = createSpending(run, cohort, { seating: () => seating, random, fixedPoints })
  const seating = createSeating(run, cohort, (position) => ({
    balances: spending.needsOf(position),
    // Someone who is to rise several times starts low, and just under a threshold where an earning lifts them.
    highestLevel: wantsChanges ? Math.max(0, topLevel(run.book) - Math.max(1, mostChanges)) : topLevel(run.book),
    gapAtMost: wantsChanges && left.earning > 0 ? Math.max(1, run.draws.mostTowardsLevel) : undefined,
  }))
  const levels = createLevelChanges(run, { seating, left, random, mostChanges })

  for (;;) {
    const type = drawType()
    if (type === undefined) return
    yield* eventsOf(type)
  }

  function drawType(except?: ReadonlySet<EventType>): EventType | undefined {
    if (seating.size() === 0 && left.profile_creation > 0) return 'profile_creation'
    const open = (type: EventType) => (except?.has(type) === true ? 0 : left[type])
    let total = 0
    for (const type of types) total += open(type)
    if (total === 0) return undefined
    let drawn = random.int(1, total)
    for (const type of types) {
      drawn -= open(type)
      if (drawn <= 0) return type
    }
    return undefined
  }

  function* eventsOf(type: EventType, except?: ReadonlySet<EventType>): Generator<LoyaltyEvent> {
    switch (type) {
      case 'profile_creation': {
        const atMs = run.timeline.next()
        const seat = seating.create(atMs)
        left.profile_creation--
        yield emitAt(run, seat, { action: run.draws.creation(seat.random), atMs }).event
        return
      }
      case 'change_in_level':
        yield* levels.next()
        return
      case 'burning':
      case 'point_correction_minus':
        yield* spend(type, except)
        return
      case 'member_portal_visit':
      case 'earning':
      case 'point_correction_plus':
      case 'free_gift': {
        const seat = seating.pick(random)
        if (seat.isDue) yield levels.expire(seat)
        else yield* happenTo(seat, type)
        return
      }
      default:
        unreachable(type)
    }
  }

  function* happenTo(
    seat: Seat,
    type: 'member_portal_visit' | 'earning' | 'point_correction_plus' | 'free_gift',
  ): Generator<LoyaltyEvent> {
    switch (type) {
      case 'earning':
        if (left.change_in_level > 0) {
          yield* levels.earning(seat)
          return
        }
        yield earnQuietly(seat)
        break
      case 'member_portal_visit':
        yield emit(run, seat, run.draws.visit(seat.random)).event
        break
      case 'free_gift':
        yield emit(run, seat, run.draws.gift(seat.random)).event
        break
      case 'point_correction_plus': {
        const currencyIndex = seat.random.int(0, run.book.currencies.length - 1)
        const points = fixedPoints ?? seat.random.int(1, 40) * 5
        yield emit(run, seat, run.draws.correction(seat.random, { direction: 'plus', currencyIndex, points })).event
        break
      }
      default:
        unreachable(type)
    }
    left[type]--
  }

  function earnQuietly(seat: Seat): LoyaltyEvent {
    const { event, levelCrossed } = emitEarning(run, seat, 'any')
    if (levelCrossed !== undefined) changeSilently(seat, levelCrossed)
    return event
  }

  function* spend(kind: SpendingKind, except: ReadonlySet<EventType> = new Set()): Generator<LoyaltyEvent> {
    const taker = spending.next(kind)
    if (taker?.seat.isDue === true) yield levels.expire(taker.seat)
    else if (taker !== undefined) {
      yield emit(run, taker.seat, spending.draw(kind, taker)).event
      left[kind]--
    } else {
      // Nobody can now; what else is to come may bring points.
      const without = new Set([...except, kind])
      const other = drawType(without)
      if (other === undefined) throw nobodyPays(kind, left[kind])
      yield* eventsOf(other, without)
    }
  }

  function nobodyPays(kind: SpendingKind, missing: number): UsageError {
    const plural = cohort.counts[kind] === 1 ? '' : 's'
    const what = kind === 'burning' ? `burning${plural}` : `correction${plural} -`
    return new UsageError(
      `${missing} of ${cohort.counts[kind]} ${what} cannot be paid from the balances of --members-from: ` +
        'give higher balances, leave them empty, or ask for fewer events.',
    )
  }
}
