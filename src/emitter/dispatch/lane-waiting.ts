import { laneHeap } from './lane-heap.ts'
import { isFirstAttempt } from './lane-job.ts'
import type { Job } from './lane-job.ts'
import { laneQueue } from './lane-queue.ts'
import { laneTurns, noTurns } from './lane-turns.ts'

/** The deliveries that wait at one webhook, in the order in which they are sent. */
export interface LaneWaiting {
  /** When the next retry is due; Infinity when none waits. First attempts are due at once. */
  readonly nextDueAtMs: number
  /** Takes in a delivery: first attempts start in the order of these calls. */
  readonly enter: (job: Job) => void
  /** Lets one that is not finished wait again, until its `dueAtMs`. */
  readonly again: (job: Job) => void
  /** Takes out what is sent next, if something may be sent now. */
  readonly next: (nowMs: number) => Job | undefined
  /** Takes out a ping: somebody waits for its answer. */
  readonly nextPing: () => Job | undefined
  /** One is finished: those that waited for it may go. */
  readonly leave: (job: Job) => void
  /** Makes the order right after due times were changed. */
  readonly reorder: () => void
  /** All that wait have left; these go on. */
  readonly clear: (underWay: Iterable<Job>) => void
}

/**
 * Nothing waits. Pings go first, for somebody waits for each. What waits for its time (retries, attempts whose outcome
 * is unknown, and those that were held back by an earlier delivery) goes before a first attempt that is due later.
 */
export function laneWaiting(order: 'none' | 'by-member'): LaneWaiting {
  const pings = laneQueue<Job>()
  const firsts = laneQueue<Job>()
  const timed = laneHeap<Job>()
  const turns = order === 'none' ? noTurns : laneTurns()

  return {
    get nextDueAtMs() {
      return timed.first?.dueAtMs ?? Number.POSITIVE_INFINITY
    },
    enter(job) {
      if (!turns.enter(job)) return
      if (job.kind === 'ping') return pings.push(job)
      if (isFirstAttempt(job)) firsts.push(job)
      else timed.push(job)
    },
    again: timed.push,
    nextPing: pings.shift,
    next(nowMs) {
      if (pings.first !== undefined) return pings.shift()
      const first = firsts.first
      const due = timed.first
      if (due === undefined || due.dueAtMs > nowMs) return firsts.shift()
      return first === undefined || due.dueAtMs <= first.dueAtMs ? timed.pop() : firsts.shift()
    },
    leave(job) {
      for (const freed of turns.leave(job)) timed.push(freed)
    },
    reorder: timed.reorder,
    clear(underWay) {
      pings.clear()
      firsts.clear()
      timed.clear()
      turns.keep(underWay)
    },
  }
}
