import type { RecordableHistogram } from 'node:perf_hooks'
import { answeredPerSecond } from './answered.ts'
import type { EngineEnd } from './engine-options.ts'
import { addCounts, addDurations, microseconds, noCounts, noDurations } from './meters.ts'
import type { Counts, Durations, SecondRecord } from './meters.ts'
import { distributionOf, percentilesOf } from './percentiles.ts'
import { ANSWER_CLASSES } from './result.ts'
import type { AnswerClass, StressResult, StressSecond } from './result.ts'

/** Folds the records of all workers into one result. */
export interface Collector {
  /** A second of a worker (0 for the first). The record is read at once and not kept. */
  readonly add: (worker: number, record: SecondRecord) => void
  /** The worker has no more seconds. */
  readonly ended: (worker: number, end: EngineEnd) => void
  /** When every worker has ended. */
  readonly result: () => StressResult
}

/** A second that not every worker has told of. */
interface OpenSecond {
  readonly counts: Counts
  readonly latency: RecordableHistogram
  retriesWaiting: number
  inFlight: number
}

/**
 * A collector for so many workers.
 * @param onSecond hears of every second in order, as soon as every worker has told of it
 */
export function createCollector(workers: number, onSecond: (second: StressSecond) => void = () => {}): Collector {
  const totals = noCounts()
  const durations = noDurations()
  const timeline: StressSecond[] = []
  const open = new Map<number, OpenSecond>()
  /** Histograms to be used again: each is a quarter of a megabyte. */
  const spare: RecordableHistogram[] = []
  const told = Array.from({ length: workers }, () => 0)
  const ends: EngineEnd[] = []

  function close(): void {
    while (open.has(timeline.length) && told.every((seconds) => seconds > timeline.length)) {
      const second = timeline.length
      const closed = secondOf(second, open.get(second) as OpenSecond)
      const { latency } = open.get(second) as OpenSecond
      latency.reset()
      spare.push(latency)
      open.delete(second)
      timeline.push(closed)
      onSecond(closed)
    }
  }

  return {
    add(worker, record) {
      addCounts(totals, record.counts)
      addDurations(durations, record.durations)
      const second = open.get(record.second) ?? noSecond(spare.pop() ?? microseconds())
      open.set(record.second, second)
      addCounts(second.counts, record.counts)
      second.latency.add(record.durations.first)
      second.latency.add(record.durations.retry)
      second.retriesWaiting += record.retriesWaiting
      second.inFlight += record.inFlight
      told[worker] = record.second + 1
      close()
    },
    ended(worker, end) {
      ends.push(end)
      told[worker] = Number.POSITIVE_INFINITY
      close()
    },
    result: () => resultOf({ totals, durations, timeline, ends }),
  }
}

const noSecond = (latency: RecordableHistogram): OpenSecond => ({
  counts: noCounts(),
  latency,
  retriesWaiting: 0,
  inFlight: 0,
})

function secondOf(second: number, { counts, latency, retriesWaiting, inFlight }: OpenSecond): StressSecond {
  const { due, answeredInLoad: answeredFirst, delivered, blocked, dropped, refused, unproven } = counts
  const answers = Object.fromEntries(ANSWER_CLASSES.map((name, index) => [name, counts.answers[index]]))
  return {
    second,
    due,
    answers: answers as Record<AnswerClass, number>,
    answeredFirst,
    delivered,
    blocked,
    dropped,
    retriesWaiting,
    inFlight,
    ...(refused + unproven === 0 ? {} : { forged: refused + unproven }),
    ...(latency.count === 0 ? {} : { latencyMs: percentilesOf(latency) }),
  }
}

/** What happened to any worker counts more than that others came to their end. */
const ENDINGS = ['signal', 'max-time', 'max-requests', 'never-connected', 'drain', 'count', 'schedule'] as const

function resultOf(all: {
  readonly totals: Counts
  readonly durations: Durations
  readonly timeline: readonly StressSecond[]
  readonly ends: readonly EngineEnd[]
}): StressResult {
  const { totals, durations, timeline, ends } = all
  const durationMs = Math.max(0, ...ends.map((end) => end.durationMs))
  const loadMs = Math.max(0, ...ends.map((end) => end.loadMs))
  const perSecond = (count: number, ms: number): number => (ms > 0 ? count / (ms / 1000) : 0)
  const { due, started, delivered, blocked, dropped, refused, wronglyAccepted, forged, requests, ...more } = totals
  const forgedUnsent = ends.reduce((sum, end) => sum + end.forgedUnsent, 0)
  return {
    books: {
      deliveries: due,
      delivered,
      deliveredAfter: Array.from(totals.deliveredAfter, (count: number | undefined) => count ?? 0),
      blocked,
      dropped,
      interrupted: ends.reduce((sum, end) => sum + end.interrupted, more.unproven),
      refused,
      wronglyAccepted,
      unproven: forged + forgedUnsent - refused - wronglyAccepted,
      forged,
      forgedAnswers: totals.forgedAnswers,
      requests,
      retries: more.retries,
      failedFirst: more.failedFirst,
      lostAcks: more.lostAcks,
      duplicates: more.duplicates,
    },
    durationMs,
    loadMs,
    offeredPerSecond: perSecond(due, loadMs),
    startedPerSecond: perSecond(started - totals.startedInDrain, loadMs),
    answeredPerSecond: answeredPerSecond({
      // Only a schedule can be late.
      pace: durations.lateness.count > 0 ? 'open' : 'closed',
      loadMs,
      durationMs,
      due,
      started: started - totals.startedInDrain,
      answeredInLoad: totals.answeredInLoad,
      measured: durations.first.count,
      firstAnswerMs: Math.min(...ends.map((end) => end.firstAnswerMs)),
      timeline,
    }),
    requestsPerSecond: perSecond(requests, durationMs),
    latencyMs: percentilesOf(durations.first),
    answeredFirst: durations.first.count - totals.timedOutFirst,
    timedOutFirst: totals.timedOutFirst,
    ...(durations.retry.count === 0 ? {} : { retryLatencyMs: percentilesOf(durations.retry) }),
    latenessMs: { p99: percentilesOf(durations.lateness).p99, max: percentilesOf(durations.lateness).max },
    distribution: distributionOf(durations.buckets),
    statuses: totals.statuses,
    failures: totals.failures,
    bytesSent: totals.bytesSent,
    bytesReceived: totals.bytesReceived,
    brokenBodies: totals.brokenBodies,
    timeline,
    endedBy: endingOf(ends),
    ...unreachedOf(ends),
  }
}

/** What kept a run away whose workers all came nowhere. */
function unreachedOf(ends: readonly EngineEnd[]): Pick<StressResult, 'unreached'> {
  const failed = ends.find((end) => end.failed !== undefined)?.failed
  return failed === undefined || endingOf(ends) !== 'never-connected' ? {} : { unreached: failed }
}

function endingOf(ends: readonly EngineEnd[]): StressResult['endedBy'] {
  const isUnheard = ends.every(({ endedBy }) => endedBy === 'never-connected')
  const named = ENDINGS.filter((name) => name !== 'never-connected' || isUnheard)
  return named.find((name) => ends.some(({ endedBy }) => endedBy === name)) ?? 'schedule'
}
