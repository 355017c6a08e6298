import { createHistogram } from 'node:perf_hooks'
import type { RecordableHistogram } from 'node:perf_hooks'
import type { FailureCode } from '../delivery/outcome.ts'

/** Counts of one part of a run; they add up over seconds and workers. */
export interface Counts {
  /** First deliveries that were due, dropped ones too. */
  due: number
  /** First deliveries that were started. */
  started: number
  /** Those of them that had waited for a connection until the load was over. */
  startedInDrain: number
  /** Those of them that were answered while more were due. */
  answeredInLoad: number
  /** Requests, by class of what came: 2xx, 3xx, 4xx, 5xx, failed. */
  answers: [number, number, number, number, number]
  delivered: number
  /** By retries needed. */
  deliveredAfter: number[]
  blocked: number
  dropped: number
  /** Forged ones that were sent. */
  forged: number
  /** What came of them, by status or failure. */
  forgedAnswers: Record<string, number>
  /** Forged ones that were refused. */
  refused: number
  wronglyAccepted: number
  /** Forged ones whose end says nothing. */
  unproven: number
  /** First attempts that got no 2xx; of forged ones, lost acknowledgements and copies none. */
  failedFirst: number
  lostAcks: number
  /** First deliveries whose attempt ended at its deadline: they are among the latencies. */
  timedOutFirst: number
  requests: number
  retries: number
  /** Requests that were sent again on purpose. */
  duplicates: number
  /** By status. */
  statuses: Record<string, number>
  failures: Partial<Record<FailureCode, number>>
  bytesSent: number
  bytesReceived: number
  /** Answers whose body broke off. */
  brokenBodies: number
}

/** Durations of one part of a run in whole µs: Node's HdrHistograms. */
export interface Durations {
  /** Latency of first deliveries that were answered or timed out, from the moment each was due; of forged ones none. */
  readonly first: RecordableHistogram
  /** Latency of retries that were answered or timed out, from the moment each was due. */
  readonly retry: RecordableHistogram
  /** How late first deliveries were started or dropped. */
  readonly lateness: RecordableHistogram
  /** The same first deliveries by latency, see `bucketOf`. */
  readonly buckets: Float64Array
}

/** One second of one worker. */
export interface SecondRecord {
  readonly second: number
  readonly counts: Counts
  readonly durations: Durations
  /** The most within it. */
  readonly retriesWaiting: number
  /** The most within it. */
  readonly inFlight: number
}

/** A day: longer is no latency. */
const LONGEST_US = 86_400_000_000

/** Buckets for each doubling of a latency. */
const PER_DOUBLING = 8
/** From 1 µs to a day. */
export const BUCKETS = 38 * PER_DOUBLING

/** In which bucket a latency (µs, 1 or more) is counted: eight of equal ratio for each doubling. */
export function bucketOf(us: number): number {
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(us) * PER_DOUBLING))
}

/** Where a bucket ends, in µs. */
export const bucketEndUs = (bucket: number): number => 2 ** ((bucket + 1) / PER_DOUBLING)

/** A histogram for µs, exact to three digits. */
export const microseconds = (): RecordableHistogram => createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 })

/** Histograms with nothing in them. */
export const noDurations = (): Durations => ({
  first: microseconds(),
  retry: microseconds(),
  lateness: microseconds(),
  buckets: new Float64Array(BUCKETS),
})

/** Empties histograms, so that they can be used again. */
export function clearDurations({ first, retry, lateness, buckets }: Durations): void {
  for (const histogram of [first, retry, lateness]) histogram.reset()
  buckets.fill(0)
}

/** Adds what one holds to the other. */
export function addDurations(to: Durations, { first, retry, lateness, buckets }: Durations): void {
  to.first.add(first)
  to.retry.add(retry)
  to.lateness.add(lateness)
  buckets.forEach((count, bucket) => (to.buckets[bucket] = (to.buckets[bucket] as number) + count))
}

/** Notes a duration of so many ms. */
export function note(histogram: RecordableHistogram, ms: number): void {
  histogram.record(ms > 0.001 ? Math.round(ms * 1000) : 1)
}

/** No counts. */
export const noCounts = (): Counts => ({
  due: 0,
  started: 0,
  startedInDrain: 0,
  answeredInLoad: 0,
  answers: [0, 0, 0, 0, 0],
  delivered: 0,
  deliveredAfter: [],
  blocked: 0,
  dropped: 0,
  forged: 0,
  forgedAnswers: {},
  refused: 0,
  wronglyAccepted: 0,
  unproven: 0,
  failedFirst: 0,
  lostAcks: 0,
  timedOutFirst: 0,
  requests: 0,
  retries: 0,
  duplicates: 0,
  statuses: {},
  failures: {},
  bytesSent: 0,
  bytesReceived: 0,
  brokenBodies: 0,
})

/** Adds the counts of one to the other. */
export function addCounts(to: Counts, from: Counts): void {
  const target = to as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(from)) {
    if (typeof value === 'number') target[name] = (target[name] as number) + value
    else addEach(target[name] as Record<string, number>, value as Record<string, number>)
  }
}

function addEach(to: Record<string, number>, from: Record<string, number>): void {
  for (const [name, value] of Object.entries(from)) to[name] = (to[name] ?? 0) + value
}
