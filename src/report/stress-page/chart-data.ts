import {
  ANSWER_CLASSES,
  measuredFirst,
  type AnswerClass,
  type Percentiles,
  type StressResult,
} from '../../stress/result.ts'
import { answersOf, spansOf } from './spans.ts'

/** Column by column what the charts draw; times in seconds from the start of the run. */
export interface ChartData {
  /** Where each span starts, and where the last one ends. */
  readonly edges: readonly number[]
  /** While first deliveries were due. */
  readonly loadS: number
  /** Per second, by span. */
  readonly due: readonly number[]
  /** Per second, by class and span; without the classes that never came. */
  readonly answers: Readonly<Partial<Record<AnswerClass, readonly number[]>>>
  readonly blocked: readonly number[]
  readonly dropped: readonly number[]
  /** The most within each span. */
  readonly waiting: readonly number[]
  readonly inFlight: readonly number[]
  /** By span; null where no request ended. */
  readonly latencyMs: Readonly<Record<keyof Percentiles, readonly (number | null)[]>>
  /** Upper bounds and counts. */
  readonly distribution: { readonly ms: readonly number[]; readonly count: readonly number[] }
  readonly marks: readonly { readonly label: string; readonly ms: number }[]
}

/** More points than this nobody can tell apart. */
const MOST_POINTS = 900

/** What the script of the page draws. */
export function chartData(result: StressResult): ChartData {
  const { timeline, loadMs, distribution, latencyMs } = result
  const spans = spansOf(timeline, MOST_POINTS)
  const totals = answersOf(spans)
  const perSecond = spans.map(({ fromSecond, toSecond }) => 1 / (toSecond - fromSecond))
  const rates = (counts: readonly number[]) => counts.map((count, index) => rounded(count * (perSecond[index] ?? 1)))
  const latencies = (key: keyof Percentiles) =>
    spans.map(({ latencyMs }) => (latencyMs === undefined ? null : rounded(latencyMs[key])))
  const came = ANSWER_CLASSES.filter((one) => totals[one] > 0)
  return {
    edges: [...spans.map(({ fromSecond }) => fromSecond), spans.at(-1)?.toSecond ?? 0],
    loadS: rounded(loadMs / 1000),
    due: rates(spans.map(({ due }) => due)),
    answers: Object.fromEntries(came.map((one) => [one, rates(spans.map(({ answers }) => answers[one]))])),
    blocked: rates(spans.map(({ blocked }) => blocked)),
    dropped: rates(spans.map(({ dropped }) => dropped)),
    waiting: spans.map(({ retriesWaiting }) => retriesWaiting),
    inFlight: spans.map(({ inFlight }) => inFlight),
    latencyMs: {
      p50: latencies('p50'),
      p90: latencies('p90'),
      p99: latencies('p99'),
      p999: latencies('p999'),
      max: latencies('max'),
    },
    distribution: { ms: distribution.map(({ ms }) => rounded(ms)), count: distribution.map(({ count }) => count) },
    marks:
      measuredFirst(result) === 0
        ? []
        : (['p50', 'p90', 'p99', 'max'] as const).map((label) => ({ label, ms: latencyMs[label] })),
  }
}

/** Four figures: more cannot be seen, and would be half of the page's size. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
