import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import type { Random } from '../ports.ts'
import { levelReached, topLevel } from './book.ts'
import { gapToNextLevel } from './draws.ts'
import type { LevelMove } from './action.ts'
import { earnUnseen } from './ledger.ts'
import { changeSilently, emit, emitAt, emitEarning, expiry, upgradeTo, type Run } from './run.ts'
import type { Seat } from './seat.ts'
import type { Seating } from './seating.ts'

/** Events of each type that are still to come. */
export type EventsLeft = Record<EventType, number>

/** Changes of level in a run that was asked for them. */
export interface LevelChanges {
  /** One change of level, with the earning that leads to it where earnings are asked for too. */
  readonly next: () => Generator<LoyaltyEvent>
  /** One earning of this member or, where a change must follow, of one whom it can lift; and the change. */
  readonly earning: (seat: Seat) => Generator<LoyaltyEvent>
  /** The end of a level that was announced to end before the member's next event. */
  readonly expire: (seat: Seat) => LoyaltyEvent
}

/**
 * Finds whose level can change, and why: by an earning that crosses a threshold; by earlier
 * earnings that nobody asked to see; by expiry; and only where none of these fits the balances and
 * dates already told, by a manager's hand.
 */
export function createLevelChanges(
  run: Run,
  { seating, left, random, mostChanges }: { seating: Seating; left: EventsLeft; random: Random; mostChanges: number },
): LevelChanges {
  const { book, draws } = run
  const top = topLevel(book)
  const due: Seat[] = []
  const unreserved = () => left.change_in_level - due.length
  const canCross = (seat: Seat) => {
    const gap = gapToNextLevel(book, seat.state)
    return gap !== undefined && gap <= draws.mostTowardsLevel && !seat.isDue && seat.state.levelIndex < top
  }

  return { next, earning, expire }

  function* next(): Generator<LoyaltyEvent> {
    const [first] = due
    if (first !== undefined) {
      yield expire(first)
      return
    }
    const climber = left.earning > 0 ? seating.find(canCross) : undefined
    if (climber !== undefined) {
      yield* cross(climber)
      return
    }
    const seat = seating.find((candidate) => canRiseUnseen(candidate) || canExpire(candidate))
    if (seat !== undefined) {
      const rises = canRiseUnseen(seat) && !(canExpire(seat) && random.int(1, 4) === 1)
      yield rises ? riseUnseen(seat) : expire(seat)
      return
    }
    const stretched = left.earning > 0 ? seating.find(canStretch) : undefined
    if (stretched === undefined) yield changeByHand(seating.find(() => true) as Seat)
    else yield* cross(stretched)
  }

  function* earning(picked: Seat): Generator<LoyaltyEvent> {
    // As many changes wait as earnings: each of them has to lift somebody.
    const mustCross = unreserved() > 0 && unreserved() >= left.earning
    const climber = mustCross ? climberFrom(picked) : undefined
    if (climber !== undefined) {
      yield* cross(climber)
      return
    }
    const reservedOnly = left.change_in_level > 0 && unreserved() === 0
    yield* follow(picked, emitEarning(run, picked, reservedOnly ? 'stay' : 'any'))
  }

  function* cross(seat: Seat): Generator<LoyaltyEvent> {
    yield* follow(seat, emitEarning(run, seat, 'cross'))
  }

  /** The earning, and the change that it leads to while changes are still to come; later ones happen silently. */
  function* follow(
    seat: Seat,
    { event, levelCrossed }: { event: LoyaltyEvent; levelCrossed: number | undefined },
  ): Generator<LoyaltyEvent> {
    left.earning--
    yield event
    if (levelCrossed === undefined) return
    if (unreserved() > 0) yield rise(seat, levelCrossed)
    else changeSilently(seat, levelCrossed)
  }

  /** Whom an earning lifts: the picked member before others, a usual earning before a generous one. */
  function climberFrom(picked: Seat): Seat | undefined {
    if (canCross(picked)) return picked
    return seating.find(canCross) ?? (canStretch(picked) ? picked : seating.find(canStretch))
  }

  function canStretch(seat: Seat): boolean {
    // A fixed number of points or rule cannot be stretched to reach a threshold.
    return (
      draws.canStretch && !seat.isDue && seat.state.levelIndex < top && gapToNextLevel(book, seat.state) !== undefined
    )
  }

  function canRiseUnseen(seat: Seat): boolean {
    return !seat.isShown && !seat.isDue && seat.state.levelIndex < top && gapToNextLevel(book, seat.state) !== undefined
  }

  function canExpire(seat: Seat): boolean {
    return seat.state.levelIndex > 0 && seat.state.levelEndsMs === null
  }

  function riseUnseen(seat: Seat): LoyaltyEvent {
    const gap = gapToNextLevel(book, seat.state) as number
    seat.state = earnUnseen(book, seat.state, gap + seat.random.int(0, Math.max(10, draws.mostTowardsLevel >> 2)))
    return rise(seat, levelReached(book, seat.state.qualifyingPoints))
  }

  function rise(seat: Seat, to: number): LoyaltyEvent {
    const atMs = run.timeline.next()
    left.change_in_level--
    const endsMs = needsExpiry(seat, to) ? run.timeline.peek() : undefined
    const usual = upgradeTo(run, to, atMs)
    if (endsMs === undefined) return emitAt(run, seat, { action: usual, atMs }).event
    seat.isDue = true
    due.push(seat)
    const validUntil = { ms: endsMs, text: new Date(endsMs).toISOString() }
    return emitAt(run, seat, { action: { ...usual, validUntil }, atMs }).event
  }

  function expire(seat: Seat): LoyaltyEvent {
    if (seat.isDue) due.splice(due.indexOf(seat), 1)
    seat.isDue = false
    left.change_in_level--
    return emit(run, seat, expiry).event
  }

  function changeByHand(seat: Seat): LoyaltyEvent {
    const atMs = run.timeline.next()
    left.change_in_level--
    const { levelIndex } = seat.state
    const move: LevelMove = {
      reason: 'manual',
      to: levelIndex < top ? levelIndex + 1 : levelIndex - 1,
      validUntil: draws.levelEnd(atMs),
    }
    return emitAt(run, seat, { action: { kind: 'level', ...move }, atMs }).event
  }

  /** Must the level that this member now gets end within the run, for want of others who can change? */
  function needsExpiry(seat: Seat, to: number): boolean {
    const isStuck = to === top || (seat.isShown && left.earning === 0)
    return isStuck && unreserved() > changesElsewhere(seat)
  }

  function changesElsewhere(seat: Seat): number {
    let unseen = 0
    let byEarning = 0
    for (let position = 0; position < seating.size(); position++) {
      const other = seating.touched(position)
      if (other === undefined) unseen += Math.max(1, Math.min(top, mostChanges))
      else if (other !== seat && !other.isDue) {
        const levels = top - other.state.levelIndex
        if (other.isShown) byEarning += levels
        else unseen += levels
        if (canExpire(other)) unseen++
      }
      if (unseen > left.change_in_level) return unseen
    }
    return unseen + Math.min(left.earning, byEarning)
  }
}
