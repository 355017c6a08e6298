/** Why an attempt got no answer: a closed set. `failure.ts` has the sentence and the next step of each. */
export type FailureCode =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'connect-timeout'
  | 'timeout'
  | 'reset'
  | 'closed'
  | 'tls'
  | 'protocol'
  | 'aborted'
  | 'lost-ack'

/** The receiver's answer. The status line settles the outcome; the body is only shown. */
export interface Responded {
  readonly kind: 'responded'
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** The first 2 KB of the body, decoded as UTF-8, never decompressed. */
  readonly bodySnippet: string
  /** Body bytes read, at most 64 KB. */
  readonly bodyBytes: number
  /** Why the body was not read to its end: the connection was cut, 64 KB were read, the deadline passed. */
  readonly bodyIncomplete?: 'cut' | 'limit' | 'deadline'
}

/** No status line came. */
export interface Failed {
  readonly kind: 'failed'
  readonly code: FailureCode
  /** One sentence for a person, without a secret. */
  readonly reason: string
}

/** What one HTTP request came to. */
export type AttemptResult = Responded | Failed

/** Whether an answer is success to Qualifio: any 2XX (documented). */
export function isAccepted(result: AttemptResult): boolean {
  return result.kind === 'responded' && result.status >= 200 && result.status <= 299
}

/** Whether a receiver points elsewhere, which Qualifio does not follow (assumed). */
export function isRedirect(status: number): boolean {
  return status >= 300 && status <= 399
}

/** One HTTP request of a delivery: the first delivery (retry 0) or retry 1 to n. */
export interface Attempt {
  readonly retry: number
  /** Wall time when the request started, RFC 3339. */
  readonly startedAt: string
  readonly durationMs: number
  /** When the request would have started with unscaled waits, RFC 3339. */
  readonly dueAtSimulated: string
  readonly result: AttemptResult
  /** The wait before the next attempt on Qualifio's clock; absent when there is none. */
  readonly nextDelayMs?: number
  /** The same wait as really waited here, after `--speed`. */
  readonly nextDelayRealMs?: number
}

/**
 * What became of a delivery; `interrupted` when the run was stopped before the end, `ended` when an answer
 * that is no success was the expected one, so that nothing was left to learn from retries.
 */
export type OutcomeKind = 'delivered' | 'blocked' | 'interrupted' | 'ended'

/** One payload to one endpoint, all tries. */
export interface DeliveryOutcome {
  readonly outcome: OutcomeKind
  readonly attempts: readonly Attempt[]
}
