import { UsageError } from '../errors.ts'
import { parseDurationMs } from './duration.ts'
import { isAccepted, type AttemptResult } from './outcome.ts'

/** How often and after which waits a failed request is sent again. */
export interface RetryPolicy {
  /** The wait before each retry on Qualifio's clock, in milliseconds: one entry per retry. */
  readonly delaysMs: readonly number[]
}

/** The retry policy as a contract holds it: exponential, bounded. */
export interface ExponentialRetry {
  /** 7: "retried 7 times before being completely blocked" (documented). */
  readonly retries: number
  readonly firstDelayMs: number
  readonly factor: number
  readonly maxDelayMs: number
}

/** 7 retries are documented; the waits (1 s, doubling, at most 1 h) are assumed. */
export const DEFAULT_RETRY: ExponentialRetry = { retries: 7, firstDelayMs: 1000, factor: 2, maxDelayMs: 3_600_000 }

/** The waits: the contract's, none, Svix's, or an explicit list of which the last is repeated. */
export type RetrySchedule = 'default' | 'instant' | 'svix' | readonly number[]

/** Svix's schedule: 5s, 5m, 30m, 2h, 5h, 10h, 10h (docs.svix.com/retries), what many receivers were built for. */
const SVIX_DELAYS_MS = [5, 300, 1800, 7200, 18_000, 36_000, 36_000].map((seconds) => seconds * 1000)

const MAX_RETRIES = 100

/**
 * A policy from the user's choices over the contract's default.
 * @throws UsageError when the retries are no integer from 0 to 100, or the list is empty or longer than the retries
 */
export function retryPolicy(choice: {
  readonly retries?: number | undefined
  readonly schedule?: RetrySchedule | undefined
  readonly contractDefault?: ExponentialRetry | undefined
}): RetryPolicy {
  const exponential = choice.contractDefault ?? DEFAULT_RETRY
  const retries = choice.retries ?? exponential.retries
  if (!Number.isInteger(retries) || retries < 0 || retries > MAX_RETRIES) {
    throw new UsageError(`--retries ${retries} is out of range; it must be an integer 0-${MAX_RETRIES}`)
  }
  const schedule = choice.schedule ?? 'default'
  return { delaysMs: Array.from({ length: retries }, delayOf(schedule, exponential, retries)) }
}

function delayOf(schedule: RetrySchedule, exponential: ExponentialRetry, retries: number) {
  if (schedule === 'instant') return () => 0
  if (schedule === 'default') {
    const { firstDelayMs, factor, maxDelayMs } = exponential
    return (_: unknown, index: number) => Math.min(firstDelayMs * factor ** index, maxDelayMs)
  }
  const list = schedule === 'svix' ? SVIX_DELAYS_MS : schedule
  if (schedule !== 'svix' && list.length > retries) {
    throw new UsageError(
      `--retry-schedule has ${list.length} waits but --retries is ${retries}; give at most ${retries}, or raise --retries`,
    )
  }
  if (list.length === 0) throw new UsageError('--retry-schedule is empty; write waits such as 1s,5s,1m')
  return (_: unknown, index: number) => list[Math.min(index, list.length - 1)] as number
}

/**
 * A schedule as written on the command line: a name, or waits separated by commas (`1s,5s,1m`).
 * @throws UsageError when it is neither
 */
export function parseRetrySchedule(text: string, where = '--retry-schedule'): RetrySchedule {
  if (text === 'default' || text === 'instant' || text === 'svix') return text
  if (!/^[\d.]/.test(text)) {
    throw new UsageError(`${where} "${text}" is unknown; use default, instant, svix, or waits such as 1s,5s,1m`)
  }
  return text.split(',').map((item) => parseDurationMs(item.trim(), where))
}

/** What follows from a result. */
export type Decision =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'blocked' }
  /** Not Qualifio's: a test got the answer it expected, and stops. */
  | { readonly kind: 'ended' }

/** Something that decides what follows from a result. */
export type Decider = (policy: RetryPolicy, retriesDone: number, result: AttemptResult) => Decision

/**
 * What Qualifio would do after this result: any 2XX is success, anything else a failed request,
 * retried until the retries are used up, then blocked (developers.qualifio.com/docs/loyalty/webhooks).
 * 429, 410 and Retry-After mean nothing special to it.
 */
export function decide(policy: RetryPolicy, retriesDone: number, result: AttemptResult): Decision {
  if (isAccepted(result)) return { kind: 'delivered' }
  const delayMs = policy.delaysMs[retriesDone]
  return delayMs === undefined ? { kind: 'blocked' } : { kind: 'retry', delayMs }
}

/** How long the waits take until a delivery is blocked, in milliseconds on Qualifio's clock: 127 s by default. */
export function totalDelayMs(policy: RetryPolicy): number {
  return policy.delaysMs.reduce((sum, delayMs) => sum + delayMs, 0)
}
