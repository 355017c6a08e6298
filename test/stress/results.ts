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
  given: { due: number; p99Ms?: number; bad?: Partial<Record<AnswerClass, number>>; dropped?: number; forged?: number },
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
    ...(given.forged === undefined ? {} : { forged: given.forged }),
    latencyMs: flatMs(p99Ms),
  }
}

/** Books in which all went well, with what is said changed; they are not made to balance. */
function booksOf(given: Partial<StressBooks> = {}): StressBooks {
  const { refused = 0, wronglyAccepted = 0, unproven = 0, deliveries = 1000, dropped = 0, requests = 1000 } = given
  const accepted = wronglyAccepted > 0 ? { 204: wronglyAccepted } : {}
  const failed = unproven > 0 ? { 500: unproven } : {}
  return {
    deliveries,
    delivered: 1000,
    deliveredAfter: [1000],
    blocked: 0,
    dropped,
    interrupted: unproven,
    refused,
    wronglyAccepted,
    unproven,
    forged: refused + wronglyAccepted + unproven,
    forgedAnswers: { ...(refused > 0 ? { 401: refused } : {}), ...accepted, ...failed },
    requests,
    // Whatever is no first delivery and no copy.
    retries: Math.max(0, requests - (deliveries - dropped) - (given.duplicates ?? 0)),
    failedFirst: 0,
    lostAcks: 0,
    ...given,
  }
}

/** A result in which all went well, with what is said changed; the books are not made to balance. */
export function resultOf(
  given: Omit<Partial<StressResult>, 'books'> & { readonly books?: Partial<StressBooks> } = {},
): StressResult {
  const books = booksOf(given.books)
  return {
    durationMs: 10_000,
    loadMs: 10_000,
    offeredPerSecond: 100,
    startedPerSecond: 100,
    answeredPerSecond: given.startedPerSecond ?? 100,
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
    brokenBodies: 0,
    timeline: [],
    endedBy: 'schedule',
    ...given,
    books,
  }
}
