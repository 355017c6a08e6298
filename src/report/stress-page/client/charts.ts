import type { ChartData } from '../chart-data.ts'
import { figureText, latencyText, momentText, shortText } from '../numbers.ts'

/** A column of a chart. */
export interface Line {
  /** Of the legend and of the colour. */
  readonly key: string
  readonly values: readonly (number | null)[]
  /** What the legend says when this is not what is drawn, as with stacked ones. */
  readonly shown?: readonly (number | null)[]
  readonly look: 'line' | 'dashed' | 'steps' | 'dashed-steps' | 'area' | 'bars'
}

/** A chart as data, without a pixel. */
export interface Chart {
  readonly id: string
  readonly heightPx: number
  readonly x: readonly number[]
  readonly xKind: 'moment' | 'latency'
  readonly yKind: 'count' | 'latency'
  readonly lines: readonly Line[]
  /** Where the value of a point holds: until the next, since the last, or only there. */
  readonly pick: 'step-after' | 'step-before' | 'nearest'
  /** Vertical lines with a word. */
  readonly marks: readonly { readonly at: number; readonly label: string }[]
  readonly xRange: readonly [number, number]
  readonly momentOf: (index: number) => string
  readonly valueText: (value: number) => string
}

/** The charts of the page. */
export function chartsOf(data: ChartData): readonly Chart[] {
  if (data.edges.length < 2) return []
  const end = data.edges.at(-1) ?? 1
  // Where only retries were left; not worth a word when that took no time.
  const drain = end - data.loadS > 1.5 ? [{ at: data.loadS, label: 'load ends' }] : []
  const time = {
    xKind: 'moment',
    yKind: 'count',
    xRange: [0, end],
    marks: drain,
    valueText: figureText,
    pick: 'step-after',
  } as const
  const spanText = (index: number): string => {
    const [from = 0, to = end] = [data.edges[index], data.edges[index + 1]]
    return to - from <= 1 ? `at ${momentText(from)}` : `from ${momentText(from)} to ${momentText(to)}`
  }
  // A step needs an end.
  const closed = (values: readonly number[]): readonly number[] => [...values, values.at(-1) ?? 0]
  const level = (id: 'waiting' | 'in-flight', values: readonly number[]): Chart => ({
    ...time,
    id,
    heightPx: 210,
    x: data.edges,
    lines: [{ key: id, values: closed(values), look: 'area' }],
    momentOf: spanText,
  })
  return [
    {
      ...time,
      id: 'rate',
      heightPx: 300,
      x: data.edges,
      lines: [...stacked(data, closed), { key: 'due', values: closed(data.due), look: 'dashed-steps' }],
      momentOf: spanText,
      valueText: (value) => `${figureText(value)}/s`,
    },
    {
      ...time,
      id: 'latency-time',
      heightPx: 300,
      x: data.edges.slice(0, -1).map((from, index) => (from + (data.edges[index + 1] ?? from)) / 2),
      yKind: 'latency',
      pick: 'nearest',
      lines: (['max', 'p999', 'p99', 'p90', 'p50'] as const).map((key) => ({
        key,
        values: data.latencyMs[key].map(loggable),
        look: key === 'max' ? 'dashed' : 'line',
      })),
      momentOf: spanText,
      valueText: latencyText,
    },
    ...distributionChart(data),
    level('waiting', data.waiting),
    level('in-flight', data.inFlight),
    {
      ...time,
      id: 'given-up',
      heightPx: 210,
      x: data.edges,
      lines: (['blocked', 'dropped'] as const).map((key) => ({ key, values: closed(data[key]), look: 'steps' })),
      momentOf: spanText,
      valueText: (value) => `${figureText(value)}/s`,
    },
  ]
}

/** From the top down: each is drawn over the one before it. */
function stacked({ answers }: ChartData, closed: (values: readonly number[]) => readonly number[]): readonly Line[] {
  let below: readonly number[] = []
  return Object.entries(answers)
    .map(([key, rates]): Line => {
      below = rates.map((rate, index) => rate + (below[index] ?? 0))
      return { key, values: closed(below), shown: closed(rates), look: 'bars' }
    })
    .toReversed()
}

function distributionChart({ distribution: { ms, count }, marks }: ChartData): readonly Chart[] {
  const [first, second] = ms
  if (first === undefined) return []
  const from = loggable(second === undefined ? first / 2 : (first * first) / second) ?? first / 2
  const bounds = ms.map((bound) => loggable(bound) ?? bound)
  const end = bounds.at(-1) ?? from
  return [
    {
      id: 'distribution',
      heightPx: 210,
      x: [from, ...bounds],
      xKind: 'latency',
      yKind: 'count',
      pick: 'step-before',
      lines: [{ key: 'bucket', values: [0, ...count], look: 'bars' }],
      marks: marks.flatMap(({ label, ms }) => (ms >= from && ms <= end * 1.05 ? [{ at: ms, label }] : [])),
      xRange: [from, end],
      momentOf: (index) =>
        index === 0
          ? ''
          : `from ${latencyText([from, ...bounds][index - 1] ?? 0)} to ${latencyText(bounds[index - 1] ?? 0)}`,
      valueText: shortText,
    },
  ]
}

/** A logarithmic axis has no zero: ten microseconds is as good. */
function loggable(ms: number | null): number | null {
  return ms === null ? null : Math.max(ms, 0.01)
}
