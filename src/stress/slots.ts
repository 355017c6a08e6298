import { faultOf } from './fault-plan.ts'
import type { Fault, FaultShares, LoadSchedule } from './load-plan.ts'
import { dueMs, totalOf } from './schedule.ts'

/** Which part of the first deliveries one worker does: every `of`th, from `part` (0 for the first) on. */
export interface Part {
  readonly part: number
  readonly of: number
}

/** What the first deliveries of a worker follow from. */
export interface SlotOptions {
  readonly schedule: LoadSchedule
  readonly shares: FaultShares
  readonly seed: number
  readonly share: Part
}

/** The first deliveries of one worker, one after the other. */
export interface Slots {
  /** When the next is due, ms from the start; Infinity past the end. */
  readonly nextDueMs: number
  /** Takes the next and returns its index, which counts over all workers. */
  readonly take: () => number
  readonly faultOf: (index: number) => Fault | undefined
  /** Whose body a delivery carries: its own, or that of the one it was swapped with. */
  readonly bodyOf: (index: number) => number
}

/** So many deliveries lie between two that are swapped, so that they overtake each other for sure. */
const REORDER_DISTANCE = 100

/** The slots of a worker, at the first one. */
export function slotsOf({ schedule, shares, seed, share: { part, of } }: SlotOptions): Slots {
  const { count = Number.POSITIVE_INFINITY } = totalOf(schedule)
  const distance = Math.max(1, Math.min(REORDER_DISTANCE, Math.floor(count / 2)))
  const hasFaults = Object.values(shares).some((value) => value > 0)
  const isReordered = (shares.reorder ?? 0) > 0
  let next = part
  let nextDueMs = dueMs(schedule, next)

  /**
   * In blocks of twice the distance, each of the first half may change places with its like in the second: by index,
   * so that workers, however many, agree on whose body another fault meets.
   */
  function bodyOf(index: number): number {
    if (!isReordered) return index
    const isLater = index % (2 * distance) >= distance
    const earlier = isLater ? index - distance : index
    if (earlier + distance >= count) return index
    const isSwapped = faultOf(shares, seed, earlier) === 'reorder'
    return isSwapped ? index + (isLater ? -distance : distance) : index
  }

  return {
    get nextDueMs() {
      return nextDueMs
    },
    take() {
      const index = next
      next += of
      nextDueMs = dueMs(schedule, next)
      return index
    },
    faultOf: (index) => (hasFaults ? faultOf(shares, seed, index) : undefined),
    bodyOf,
  }
}
