import { failureReason } from '../delivery/failure.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import { decide } from '../delivery/retry-policy.ts'
import type { RetryPolicy } from '../delivery/retry-policy.ts'
import { kindOf, retryOf } from './job.ts'
import type { Counts } from './meters.ts'

/**
 * Books what came of a request with this note (see `job.ts`) and status (0 without an answer).
 * @returns the wait before its delivery is sent again, in ms here; undefined when the books are closed for it
 */
export type Settle = (counts: Counts, note: number, status: number) => number | undefined

/** Books by a retry policy; waits are `speed` times shorter. */
export function settler(policy: RetryPolicy, speed: number | 'max'): Settle {
  const resultOf = resultsByStatus()
  return (counts, note, status) => {
    const kind = kindOf(note)
    // A copy changes nothing for its delivery.
    if (kind === 'copy') return undefined
    const retry = retryOf(note)
    const decision = decide(policy, retry, resultOf(status))
    if (kind === 'forged') {
      if (decision.kind === 'delivered') counts.wronglyAccepted += 1
      else counts.refused += 1
      return undefined
    }
    if (decision.kind === 'delivered') {
      counts.delivered += 1
      counts.deliveredAfter[retry] = (counts.deliveredAfter[retry] ?? 0) + 1
      return undefined
    }
    if (decision.kind === 'retry') return speed === 'max' ? 0 : decision.delayMs / speed
    counts.blocked += 1
    return undefined
  }
}

/** Attempt results made once, since a decision looks at nothing but the status. */
function resultsByStatus(): (status: number) => AttemptResult {
  const failed: AttemptResult = { kind: 'failed', code: 'closed', reason: failureReason('closed') }
  const known: AttemptResult[] = []
  return (status) => {
    if (status === 0) return failed
    known[status] ??= { kind: 'responded', status, headers: {}, bodySnippet: '', bodyBytes: 0 }
    return known[status]
  }
}
