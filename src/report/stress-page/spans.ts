import { ANSWER_CLASSES, type AnswerClass, type Percentiles, type StressSecond } from '../../stress/result.ts'

/** Some seconds of a run in a row, put together. */
export interface Span extends Omit<StressSecond, 'second'> {
  /** From the start of the run. */
  readonly fromSecond: number
  readonly toSecond: number
  /** The highest of its seconds: percentiles cannot be added. */
  readonly latencyMs?: Percentiles
}

const WIDTHS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** The timeline in at most `most` equal spans (the last may be shorter), without a hole where nothing happened. */
export function spansOf(timeline: readonly StressSecond[], most: number): readonly Span[] {
  const seconds = timeline.reduce((end, { second }) => Math.max(end, second + 1), 0)
  const widthS = WIDTHS_S.find((width) => seconds / width <= most) ?? Math.ceil(seconds / most)
  const groups = new Map<number, StressSecond[]>()
  for (const one of timeline) {
    const index = Math.floor(one.second / widthS)
    const group = groups.get(index)
    if (group === undefined) groups.set(index, [one])
    else group.push(one)
  }
  const spans: Span[] = []
  for (let fromSecond = 0; fromSecond < seconds; fromSecond += widthS) {
    const group = groups.get(fromSecond / widthS) ?? []
    // What waits goes on waiting.
    const states = group.length > 0 ? group : spans.slice(-1)
    const latencyMs = highest(group)
    spans.push({
      fromSecond,
      toSecond: Math.min(fromSecond + widthS, seconds),
      due: sum(group, ({ due }) => due),
      answers: answersOf(group),
      delivered: sum(group, ({ delivered }) => delivered),
      blocked: sum(group, ({ blocked }) => blocked),
      dropped: sum(group, ({ dropped }) => dropped),
      retriesWaiting: Math.max(0, ...states.map(({ retriesWaiting }) => retriesWaiting)),
      inFlight: Math.max(0, ...states.map(({ inFlight }) => inFlight)),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    })
  }
  return spans
}

/** All answers of some seconds, by class. */
export function answersOf(group: readonly Pick<Span, 'answers'>[]): Readonly<Record<AnswerClass, number>> {
  const totals: Record<AnswerClass, number> = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, failed: 0 }
  for (const one of ANSWER_CLASSES) totals[one] = sum(group, ({ answers }) => answers[one])
  return totals
}

function sum<T>(group: readonly T[], count: (one: T) => number): number {
  return group.reduce((total, one) => total + count(one), 0)
}

function highest(group: readonly StressSecond[]): Percentiles | undefined {
  return group
    .flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))
    .reduce<Percentiles | undefined>(
      (most, one) => ({
        p50: Math.max(most?.p50 ?? 0, one.p50),
        p90: Math.max(most?.p90 ?? 0, one.p90),
        p99: Math.max(most?.p99 ?? 0, one.p99),
        p999: Math.max(most?.p999 ?? 0, one.p999),
        max: Math.max(most?.max ?? 0, one.max),
      }),
      undefined,
    )
}
