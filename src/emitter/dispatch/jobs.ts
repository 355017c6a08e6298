import { jobOf } from './lane-job.ts'
import type { Job } from './lane-job.ts'
import type { Lane } from './lane.ts'
import type { Unfinished } from '../storage.ts'

/** Every delivery that is not finished, of all webhooks. */
export interface DispatchJobs {
  readonly size: number
  readonly get: (id: number) => Job | undefined
  readonly enter: (delivery: Unfinished, lane: Lane) => void
  /** It is delivered, blocked or cancelled. */
  readonly finish: (job: Job) => void
  /** Everything that waits on a lane is blocked or cancelled, but not what is under way; returns the ids. */
  readonly finishWaiting: (lane: Lane) => readonly number[]
  /** Waits under way become this many times longer. */
  readonly stretch: (factor: number, nowMs: number) => void
  /** Resolves when the delivery is finished, or nobody can wait any longer. */
  readonly finished: (id: number) => Promise<void>
  readonly letGo: () => void
}

/** No deliveries. */
export function dispatchJobs(order: 'none' | 'by-member'): DispatchJobs {
  const jobs = new Map<number, Job>()
  const waiters = new Map<number, (() => void)[]>()

  function over(job: Job): void {
    job.stage = 'over'
    jobs.delete(job.id)
    const waiting = waiters.get(job.id)
    if (waiting === undefined) return
    waiters.delete(job.id)
    for (const resolve of waiting) resolve()
  }

  return {
    get size() {
      return jobs.size
    },
    get: (id) => jobs.get(id),
    enter(delivery, lane) {
      const job = jobOf(delivery, lane, order)
      jobs.set(job.id, job)
      lane.waiting.enter(job)
    },
    finish(job) {
      job.lane.underWay.delete(job)
      over(job)
      job.lane.waiting.leave(job)
    },
    finishWaiting(lane) {
      const waiting = [...jobs.values()].filter((job) => job.lane === lane && job.stage === 'waiting')
      lane.waiting.clear(lane.underWay)
      waiting.forEach(over)
      return waiting.map(({ id }) => id)
    },
    stretch(factor, nowMs) {
      const lanes = new Set<Lane>()
      for (const job of jobs.values()) {
        if (job.stage !== 'waiting' || job.dueAtMs <= nowMs) continue
        job.dueAtMs = nowMs + Math.round((job.dueAtMs - nowMs) * factor)
        lanes.add(job.lane)
      }
      for (const lane of lanes) lane.waiting.reorder()
    },
    finished(id) {
      if (!jobs.has(id)) return Promise.resolve()
      return new Promise((resolve) => {
        const waiting = waiters.get(id)
        if (waiting === undefined) waiters.set(id, [resolve])
        else waiting.push(resolve)
      })
    },
    letGo() {
      for (const waiting of waiters.values()) for (const resolve of waiting) resolve()
      waiters.clear()
    },
  }
}
