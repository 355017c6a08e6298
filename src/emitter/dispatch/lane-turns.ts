import type { Job } from './lane-job.ts'

/**
 * The order of deliveries that share a member, at one webhook. A delivery waits for the last one before it of each of
 * its members; that one waited for those before it.
 */
export interface LaneTurns {
  /** Puts it at the end of its members' lines; whether it is its turn at once. */
  readonly enter: (job: Job) => boolean
  /** It is finished: those whose turn it is now. */
  readonly leave: (job: Job) => readonly Job[]
  /** Forgets everybody but these, which are under way. */
  readonly keep: (underWay: Iterable<Job>) => void
}

const NONE: readonly Job[] = []

/** Nobody waits for anybody. */
export const noTurns: LaneTurns = { enter: () => true, leave: () => NONE, keep: () => {} }

/** Empty lines. */
export function laneTurns(): LaneTurns {
  /** The end of each member's line. */
  const last = new Map<string, Job>()

  function enter(job: Job): boolean {
    for (const memberId of job.memberIds) {
      const before = last.get(memberId)
      last.set(memberId, job)
      if (before === undefined || before === job) continue
      before.later ??= []
      before.later.push(job)
      job.earlier += 1
    }
    return job.earlier === 0
  }

  return {
    enter,
    leave(job) {
      for (const memberId of job.memberIds) if (last.get(memberId) === job) last.delete(memberId)
      if (job.later === null) return NONE
      const freed: Job[] = []
      for (const next of job.later) {
        next.earlier -= 1
        if (next.earlier === 0) freed.push(next)
      }
      job.later = null
      return freed
    },
    keep(underWay) {
      last.clear()
      for (const job of underWay) {
        job.later = null
        enter(job)
      }
    },
  }
}
