import type { Random } from '../ports.ts'
import type { Cohort } from './cohort.ts'
import type { OpeningNeeds } from './opening.ts'
import type { Run } from './run.ts'
import { existingSeat, newSeat, type Seat } from './seat.ts'

/** The members of a cohort who can take part now: those from before the run, and those created so far. */
export interface Seating {
  readonly size: () => number
  /** The seat at a position; members from before the run are made up when they are first needed. */
  readonly at: (position: number) => Seat
  /** The seat at a position if it was needed before. */
  readonly touched: (position: number) => Seat | undefined
  readonly existingCount: number
  readonly pick: (random: Random) => Seat
  /** The next seat in turn that passes, among the next 64. */
  readonly find: (passes: (seat: Seat) => boolean) => Seat | undefined
  /** Seats the next new member. */
  readonly create: (atMs: number) => Seat
}

const MOST_LOOKED_AT = 64

/** The seating of a cohort before its first event. */
export function createSeating(run: Run, cohort: Cohort, needsOf: (position: number) => OpeningNeeds): Seating {
  const existingCount = cohort.existing.length
  const seats: (Seat | undefined)[] = Array.from({ length: existingCount })
  let turn = 0
  const at = (position: number): Seat => {
    const seat = seats[position] ?? existingSeat(run.seats, cohort.existing[position] as number, needsOf(position))
    seats[position] = seat
    return seat
  }
  return {
    size: () => seats.length,
    at,
    touched: (position) => seats[position],
    existingCount,
    pick: (random) => at(random.int(0, seats.length - 1)),
    find: (passes) => {
      for (let looked = 0; looked < Math.min(MOST_LOOKED_AT, seats.length); looked++) {
        turn = (turn + 1) % seats.length
        const seat = at(turn)
        if (passes(seat)) return seat
      }
      return undefined
    },
    create: (atMs) => {
      const index = cohort.fresh[seats.length - existingCount]
      if (index === undefined) throw new Error('every member of the cohort is created')
      const seat = newSeat(run.seats, index, atMs)
      seats.push(seat)
      return seat
    },
  }
}
