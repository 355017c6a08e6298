import type { FailureCode } from '../delivery/outcome.ts'
import type { Traffic } from './lane.ts'
import { bucketOf, clearDurations, noCounts, noDurations, note } from './meters.ts'
import type { Counts, Durations, SecondRecord } from './meters.ts'

/** What is counted while a load runs, second by second. */
export interface Tally {
  /** Of the second at hand; another object in the next. */
  readonly counts: Counts
  /** A request ended with this status, or with a failure. */
  readonly answer: (status: number, failure: FailureCode | undefined) => void
  readonly firstLatency: (ms: number) => void
  readonly retryLatency: (ms: number) => void
  readonly lateness: (ms: number) => void
  /** A first delivery was answered while they were due, at this moment of the run. */
  readonly answeredFirst: (nowMs: number) => void
  /** When that happened first; Infinity before. */
  readonly firstAnswerMs: number
  /** So many retries wait and so many deliveries are under way from now on. */
  readonly level: (retriesWaiting: number, inFlight: number) => void
  /** Closes the second at hand and begins the next. */
  readonly roll: () => SecondRecord
}

/**
 * A tally that has counted nothing.
 * @param kept how many seconds a record stays untouched after it was handed out
 */
export function createTally(traffic: Traffic, kept: number): Tally {
  const rings: Durations[] = Array.from({ length: kept }, noDurations)
  let second = 0
  let counts = noCounts()
  let durations = rings[0] as Durations
  let firstAnswerMs = Number.POSITIVE_INFINITY
  let [bytesSent, bytesReceived, brokenBodies] = [0, 0, 0]
  let [retriesWaiting, inFlight] = [0, 0]
  let [mostWaiting, mostInFlight] = [0, 0]
  /** Whether the histograms at hand still hold an earlier second. */
  let isStale = false

  function fresh(): Durations {
    if (isStale) clearDurations(durations)
    isStale = false
    return durations
  }

  return {
    get counts() {
      return counts
    },
    answer(status, failure) {
      const { answers, statuses, failures } = counts
      if (failure === undefined) {
        statuses[status] = (statuses[status] ?? 0) + 1
        // There is no class of its own for a status from 600 on; it is no success either.
        const position = Math.min(3, Math.floor(status / 100) - 2) as 0 | 1 | 2 | 3
        answers[position] += 1
      } else {
        failures[failure] = (failures[failure] ?? 0) + 1
        answers[4] += 1
      }
    },
    firstLatency(ms) {
      const { first, buckets } = fresh()
      note(first, ms)
      const bucket = bucketOf(Math.max(1, ms * 1000))
      buckets[bucket] = (buckets[bucket] as number) + 1
    },
    retryLatency: (ms) => note(fresh().retry, ms),
    lateness: (ms) => note(fresh().lateness, ms),
    answeredFirst(nowMs) {
      counts.answeredInLoad += 1
      if (nowMs < firstAnswerMs) firstAnswerMs = nowMs
    },
    get firstAnswerMs() {
      return firstAnswerMs
    },
    level(waiting, underWay) {
      retriesWaiting = waiting
      inFlight = underWay
      if (waiting > mostWaiting) mostWaiting = waiting
      if (underWay > mostInFlight) mostInFlight = underWay
    },
    roll() {
      counts.bytesSent = traffic.bytesSent - bytesSent
      counts.bytesReceived = traffic.bytesReceived - bytesReceived
      counts.brokenBodies = traffic.brokenBodies - brokenBodies
      brokenBodies = traffic.brokenBodies
      bytesSent = traffic.bytesSent
      bytesReceived = traffic.bytesReceived
      const record = { second, counts, durations: fresh(), retriesWaiting: mostWaiting, inFlight: mostInFlight }
      mostWaiting = retriesWaiting
      mostInFlight = inFlight
      second += 1
      counts = noCounts()
      // With one for all, the record is read before anything is noted again: see `isStale`.
      durations = rings[second % kept] as Durations
      isStale = true
      return record
    },
  }
}
