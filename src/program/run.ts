import type { LoyaltyEvent } from '../contract/event.ts'
import type { Book } from './book.ts'
import type { Draws, EarningAim } from './draws.ts'
import type { Action, LevelMove } from './action.ts'
import { post } from './ledger.ts'
import { uuidV4 } from './random.ts'
import type { Seat, SeatSource } from './seat.ts'
import type { Timeline } from './timeline.ts'
import type { TimestampWriter } from './timestamp.ts'

/** What the events of a program are made with, whenever they happen. */
export interface Stage {
  readonly book: Book
  readonly draws: Draws
  readonly write: TimestampWriter
}

/** One pass over a run: the stage, who takes part and when. */
export interface Run extends Stage {
  readonly seats: SeatSource
  readonly timeline: Timeline
}

/** An event and the level whose threshold it crossed, if any. */
export interface Emitted {
  readonly event: LoyaltyEvent
  readonly levelCrossed: number | undefined
}

/** Books an action at the next time of the run. */
export function emit(run: Run, seat: Seat, action: Action): Emitted {
  return emitAt(run, seat, { action, atMs: run.timeline.next() })
}

/** Books an earning at the next time of the run. */
export function emitEarning(run: Run, seat: Seat, aim: EarningAim): Emitted {
  const atMs = run.timeline.next()
  const action = run.draws.earning({ random: seat.random, state: seat.state, atMs }, aim)
  return emitAt(run, seat, { action, atMs })
}

/** Books an action at a time that was taken from the run's timeline, or from a clock. */
export function emitAt(stage: Stage, seat: Seat, { action, atMs }: { action: Action; atMs: number }): Emitted {
  const stamp = { id: uuidV4(seat.random), atMs, occurredAt: stage.write(atMs) }
  const posting = post(stage.book, seat.state, { stamp, action })
  seat.state = posting.state
  if (!seat.isShown) seat.isShown = showsQualifying(action, stage.book)
  return posting
}

function showsQualifying(action: Action, book: Book): boolean {
  switch (action.kind) {
    case 'create':
      return true
    case 'earn':
      return action.rule.currencyIndex === book.qualifyingIndex
    case 'burn':
      return action.reward.currencyIndex === book.qualifyingIndex
    case 'correct':
      return action.currencyIndex === book.qualifyingIndex
    default:
      return false
  }
}

/** Changes the level without an event: nobody asked for one. */
export function changeSilently(seat: Seat, levelCrossed: number): void {
  seat.state = { ...seat.state, levelIndex: levelCrossed }
}

/** The change that follows from a crossed threshold; the level holds as long as the program says. */
export function upgradeTo(stage: Stage, to: number, atMs: number): LevelMove & { kind: 'level' } {
  return { kind: 'level', reason: 'threshold_reached', to, validUntil: stage.draws.levelEnd(atMs) }
}

/** The end of a level: back to the first one, which does not end. */
export const expiry: LevelMove & { kind: 'level' } = {
  kind: 'level',
  reason: 'qualification_expired',
  to: 0,
  validUntil: null,
}
