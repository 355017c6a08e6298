import { failureReason } from '../delivery/failure.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import { decide } from '../delivery/retry-policy.ts'
import type { RetryPolicy } from '../delivery/retry-policy.ts'
import { verdictOnForged } from './forged.ts'
import { kindOf, retryOf } from './job.ts'
import type { EndedRequest } from './lane-board.ts'
import type { Counts } from './meters.ts'

/** What booking looks at: see `EndedRequest`. */
type Ended = Readonly<Pick<EndedRequest, 'note' | 'status' | 'failure'>>

/** Whether its answer was lost on purpose. One that nobody would have answered failed like any other. */
export const isBrokenOff = ({ note, failure }: Ended): boolean => failure === 'aborted' && kindOf(note) === 'lost-ack'

/**
 * Books what came of a request.
 * @returns the wait before its delivery is sent again, in ms here; undefined when the books are closed for it
 */
export type Settle = (counts: Counts, ended: Ended) => number | undefined

/** Books by a retry policy; waits are `speed` times shorter. */
export function settler(policy: RetryPolicy, speed: number | 'max'): Settle {
  const resultOf = resultsByStatus()
  return (counts, ended) => {
    const { note, status, failure } = ended
    const kind = kindOf(note)
    // A copy changes nothing for its delivery.
    if (kind === 'copy') return undefined
    const retry = retryOf(note)
    const decision = decide(policy, retry, resultOf(status))
    if (kind === 'forged') {
      counts[verdictOnForged(status)] += 1
      const name = failure ?? status
      counts.forgedAnswers[name] = (counts.forgedAnswers[name] ?? 0) + 1
      return undefined
    }
    if (isBrokenOff(ended)) counts.lostAcks += 1
    else if (retry === 0 && decision.kind !== 'delivered') counts.failedFirst += 1
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
