import { readFileSync } from 'node:fs'
import { quietMs } from '../../src/stress/answered.ts'
import type { LoadLimits } from '../../src/stress/overload.ts'
import type { Percentiles, StressBooks, StressResult, StressSecond } from '../../src/stress/result.ts'
import { resultOf } from './results.ts'

/** A run as it was measured against a receiver whose limits are known, shortened to what a sentence is made of. */
interface Recorded extends LoadLimits {
  readonly kind: 'open' | 'closed'
  readonly loadMs: number
  readonly offered: number
  readonly started: number
  readonly endedBy: StressResult['endedBy']
  readonly timedOutFirst: number
  readonly statuses: StressResult['statuses']
  readonly failures: StressResult['failures']
  /** p50 p90 p99 p99.9 max. */
  readonly latency: readonly number[]
  /** p99 and max. */
  readonly lateness: readonly number[]
  readonly books: Partial<StressBooks>
  /** due, 2xx, 5xx, failed, dropped, in flight, retries waiting, and p50 p90 p99 max of the latency where there is one. */
  readonly timeline: readonly string[]
}

const RUNS = JSON.parse(readFileSync(new URL('./recorded-runs.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Recorded>
>

/** A measured run by its name. */
export function recorded(name: string): {
  readonly result: StressResult
  readonly kind: 'open' | 'closed'
  readonly limits: LoadLimits
} {
  const run = RUNS[name]
  if (run === undefined) throw new Error(`no run ${name}`)
  const [p99 = 0, max = 0] = run.lateness
  const timeline = run.timeline.map(secondFrom)
  if (quietMs(timeline) === undefined) throw new Error(`nothing was answered in ${name}`)
  const result = resultOf({
    loadMs: run.loadMs,
    offeredPerSecond: run.offered,
    startedPerSecond: run.started,
    endedBy: run.endedBy,
    timedOutFirst: run.timedOutFirst,
    statuses: run.statuses,
    failures: run.failures,
    books: run.books,
    latencyMs: percentiles(run.latency),
    latenessMs: { p99, max },
    timeline,
  })
  return { result, kind: run.kind, limits: run }
}

function secondFrom(text: string, second: number): StressSecond {
  const [due = 0, ok = 0, errors = 0, failed = 0, dropped = 0, inFlight = 0, retriesWaiting = 0, ...latency] = text
    .split(' ')
    .map(Number)
  const [p50 = 0, p90 = 0, p99 = 0, max = 0] = latency
  return {
    second,
    due,
    answers: { '2xx': ok, '3xx': 0, '4xx': 0, '5xx': errors, failed },
    delivered: ok,
    blocked: 0,
    dropped,
    inFlight,
    retriesWaiting,
    ...(latency.length === 0 ? {} : { latencyMs: percentiles([p50, p90, p99, p99, max]) }),
  }
}

function percentiles([p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0]: readonly number[]): Percentiles {
  return { p50, p90, p99, p999, max }
}
