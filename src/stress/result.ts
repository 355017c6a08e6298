import type { Failed, FailureCode } from '../delivery/outcome.ts'

/**
 * Latencies in ms, each counted from the moment a request was due, until its answer; of one that timed out until its
 * deadline, which is as long as it took at least. Percentiles by nearest rank.
 */
export interface Percentiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Classes of answers; `failed` is no answer at all. */
export const ANSWER_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'failed'] as const
/** One of them. */
export type AnswerClass = (typeof ANSWER_CLASSES)[number]

/** One second of a run. */
export interface StressSecond {
  /** From the start of the run, 0 for the first. */
  readonly second: number
  /** First deliveries that were due. */
  readonly due: number
  /** Requests that were answered or failed, by class: all but those whose answer was lost on purpose. */
  readonly answers: Readonly<Record<AnswerClass, number>>
  /** First deliveries that were answered while more were due, whatever the status. */
  readonly answeredFirst?: number
  readonly delivered: number
  readonly blocked: number
  readonly dropped: number
  /** The most within the second; of several workers, the sum of what each had at most. */
  readonly retriesWaiting: number
  /** The most within the second, as above: first deliveries and retries on a connection or waiting for one. */
  readonly inFlight: number
  /** Forged ones among the answers that were not accepted; absent without one. */
  readonly forged?: number
  /** Of first deliveries and retries that were answered or timed out in it; absent when none was. Of forged ones none. */
  readonly latencyMs?: Percentiles
}

/**
 * The books of a run; deliveries = delivered + blocked + dropped + interrupted + refused + wronglyAccepted, and
 * requests = the sum of all attempts.
 */
export interface StressBooks {
  /** First deliveries that were due, dropped ones too. */
  readonly deliveries: number
  readonly delivered: number
  /** Delivered after n retries: [0] at the first attempt. */
  readonly deliveredAfter: readonly number[]
  readonly blocked: number
  /** Did not fit in when they were due. */
  readonly dropped: number
  /**
   * Came to no verdict: still under way or waiting when the run ended, and `unproven`.
   */
  readonly interrupted: number
  /** Forged ones that were refused, as they must be: answered with 3xx or 4xx. */
  readonly refused: number
  /** Forged ones that were accepted. */
  readonly wronglyAccepted: number
  /**
   * Forged ones that prove nothing, a part of `interrupted`: they got no answer or a 5xx, and are sent once, or had
   * none when the run ended.
   */
  readonly unproven: number
  /** Forged ones that were sent. */
  readonly forged: number
  /** What came of those, by status or by why there was none: a part of `statuses` and `failures`. */
  readonly forgedAnswers: Readonly<Record<string, number>>
  readonly requests: number
  readonly retries: number
  /**
   * First attempts that got no 2xx, whatever became of their deliveries. Forged ones and answers lost on purpose are
   * not among them.
   */
  readonly failedFirst: number
  /** Answers that were lost on purpose, `lost-ack`: requests, but in no `answers` and no `failures`. */
  readonly lostAcks: number
  /** Requests with the same bytes again, as `--fault duplicate` asks: no deliveries and no retries. */
  readonly duplicates?: number
}

/** Everything that a run came to. */
export interface StressResult {
  readonly books: StressBooks
  /** From the first due time to the last answer. */
  readonly durationMs: number
  /** While first deliveries were due, drain not counted. */
  readonly loadMs: number
  /** First deliveries due per second. */
  readonly offeredPerSecond: number
  /** First deliveries started per second of load, without those that waited until it was over. */
  readonly startedPerSecond: number
  /**
   * First deliveries answered per second of load, whatever the status, from the first answer on: what the receiver
   * takes. One that keeps up gets exactly what was started.
   */
  readonly answeredPerSecond: number
  readonly requestsPerSecond: number
  /** Of first deliveries that were answered or timed out, from their due time; zeros when none was. Of forged ones none. */
  readonly latencyMs: Percentiles
  /** How many first deliveries were answered, without forged ones. */
  readonly answeredFirst: number
  /** How many first deliveries timed out: with those that were answered, what `latencyMs` is made of. */
  readonly timedOutFirst: number
  /** Of retries that were answered or timed out, from their due time; absent without one. */
  readonly retryLatencyMs?: Percentiles
  /** How late our own schedule was. */
  readonly latenessMs: { readonly p99: number; readonly max: number }
  /** Upper bounds in ms and counts: the distribution of first-delivery latencies, for a chart. */
  readonly distribution: readonly { readonly ms: number; readonly count: number }[]
  readonly statuses: Readonly<Record<string, number>>
  readonly failures: Readonly<Partial<Record<FailureCode, number>>>
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Answers with a status whose body broke off, or was not there in time: the status counts, for Qualifio too. */
  readonly brokenBodies: number
  readonly timeline: readonly StressSecond[]
  /** Why it ended; `drain`: the time for retries was over while deliveries were under way or waiting. */
  readonly endedBy: 'schedule' | 'count' | 'drain' | 'max-requests' | 'max-time' | 'signal' | 'never-connected'
  /** Why no connection was made, where none ever was: the last time. */
  readonly unreached?: Failed
}

/** Of how many first deliveries a latency is known. */
export const measuredFirst = ({
  answeredFirst,
  timedOutFirst,
}: Pick<StressResult, 'answeredFirst' | 'timedOutFirst'>): number => answeredFirst + timedOutFirst

/** Requests that were under way when the run was cut short: their connections were dropped. */
export function unansweredOf({ books, statuses, failures }: StressResult): number {
  const ended = [...Object.values(statuses), ...Object.values(failures)].reduce((sum, count) => sum + count, 0)
  return Math.max(0, books.requests - books.lostAcks - ended)
}
