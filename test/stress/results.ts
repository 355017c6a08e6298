import {
  ANSWER_CLASSES,
  type AnswerClass,
  type StressBooks,
  type StressResult,
  type StressSecond,
} from '../../src/stress/result.ts'

/** Latencies that are all the same. */
export function flatMs(ms: number) {
  return { p50: ms, p90: ms, p99: ms, p999: ms, max: ms }
}

/** One second; everything that was due is answered with 2xx unless said otherwise. */
export function secondOf(
  second: number,
  given: { due: number; p99Ms?: number; bad?: Partial<Record<AnswerClass, number>>; dropped?: number },
): StressSecond {
  const { due, p99Ms = 10, bad = {}, dropped = 0 } = given
  const failed = Object.values(bad).reduce((sum, count) => sum + count, 0)
  const answers = Object.fromEntries(ANSWER_CLASSES.map((name) => [name, bad[name] ?? 0])) as Record<
    AnswerClass,
    number
  >
  answers['2xx'] = due - dropped - failed
  return {
    second,
    due,
    answers,
    delivered: answers['2xx'],
    blocked: 0,
    dropped,
    retriesWaiting: 0,
    inFlight: 0,
    latencyMs: flatMs(p99Ms),
  }
}

/** A result in which all went well, with what is said changed; the books are not made to balance. */
export function resultOf(
  given: Omit<Partial<StressResult>, 'books'> & { readonly books?: Partial<StressBooks> } = {},
): StressResult {
  const books = {
    deliveries: 1000,
    delivered: 1000,
    deliveredAfter: [1000],
    blocked: 0,
    dropped: 0,
    interrupted: 0,
    refused: 0,
    wronglyAccepted: 0,
    requests: 1000,
    retries: 0,
    failedFirst: 0,
    lostAcks: 0,
    ...given.books,
  }
  return {
    durationMs: 10_000,
    loadMs: 10_000,
    offeredPerSecond: 100,
    startedPerSecond: 100,
    requestsPerSecond: 100,
    latencyMs: flatMs(10),
    answeredFirst: 1000,
    timedOutFirst: 0,
    latenessMs: { p99: 0.5, max: 1 },
    distribution: [],
    statuses: { 204: 1000 },
    failures: {},
    bytesSent: 0,
    bytesReceived: 0,
    timeline: [],
    endedBy: 'schedule',
    ...given,
    books,
  }
}
