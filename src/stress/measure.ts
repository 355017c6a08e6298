import { kindOf, retryOf } from './job.ts'
import type { EndedRequest } from './lane-board.ts'
import { isBrokenOff } from './settle.ts'
import type { Tally } from './tally.ts'

/**
 * Counts how a request ended, and how long it took. Refused at once is not fast, so failures have no latency; who never
 * answers took as long as was waited, at least. Copies and forged ones are no deliveries that somebody waits for.
 */
export function measure(tally: Tally, request: Readonly<EndedRequest>, nowMs: number): void {
  const { note, status, failure, dueMs } = request
  if (!isBrokenOff(request)) tally.answer(status, failure)
  const isTimeout = failure === 'timeout' || failure === 'connect-timeout'
  const kind = kindOf(note)
  if ((failure !== undefined && !isTimeout) || kind === 'copy' || kind === 'forged') return
  if (retryOf(note) > 0) return tally.retryLatency(nowMs - dueMs)
  tally.firstLatency(nowMs - dueMs)
  if (isTimeout) tally.counts.timedOutFirst += 1
}

/** Whether this answers a first delivery, with whatever status; one that was lost on purpose was an answer. */
export function isFirstAnswer(request: Readonly<EndedRequest>): boolean {
  const { note, failure } = request
  return retryOf(note) === 0 && kindOf(note) !== 'copy' && (failure === undefined || isBrokenOff(request))
}
