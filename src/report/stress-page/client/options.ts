import uPlot from 'uplot'
import { latencyText, momentText, shortText } from '../numbers.ts'
import type { Chart, Line } from './charts.ts'
import { marksPlugin } from './marks.ts'

const MOMENT_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400]
const COUNT_STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif'
const { stepped, linear } = uPlot.paths
// Charts over time share a cursor.
const sync = uPlot.sync('time')

/** How uPlot draws a chart; `told` is called when the cursor moves. */
export function optionsOf(
  chart: Chart,
  colour: (name: string) => string,
  width: number,
  told: (self: uPlot) => void,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colour('muted'),
    font: FONT,
    labelFont: FONT,
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { stroke: colour('grid'), width: 1, size: 5 },
  }
  const sparse = {
    filter: roundOnes,
    grid: { ...axis.grid, filter: roundOnes },
    ticks: { ...axis.ticks, filter: roundOnes },
  }
  const textOf = (kind: string) => (kind === 'latency' ? latencyText : kind === 'moment' ? momentText : shortText)
  const texts = (kind: string) => (_: uPlot, splits: (number | null)[]) =>
    splits.map((split) => (split === null ? '' : textOf(kind)(split)))
  return {
    width,
    height: chart.heightPx,
    padding: [12, 22, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { show: false },
      ...(chart.xKind === 'moment' ? { sync: { key: sync.key } } : {}),
    },
    scales: {
      x:
        chart.xKind === 'latency'
          ? { time: false, distr: 3, range: roundRange(...chart.xRange) }
          : { time: false, range: [...chart.xRange] as [number, number] },
      y:
        chart.yKind === 'latency'
          ? { distr: 3, range: (_, min, max) => latencyRange(min, max) }
          : { range: (_, __, max) => [0, max <= 0 ? 1 : max * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        label: chart.xKind === 'moment' ? 'time since the start' : 'latency, logarithmic',
        labelSize: 16,
        labelGap: 0,
        space: chart.xKind === 'moment' ? 60 : 56,
        incrs: chart.xKind === 'moment' ? MOMENT_STEPS_S : undefined,
        values: texts(chart.xKind),
        ...(chart.xKind === 'latency' ? sparse : {}),
      } as uPlot.Axis,
      {
        ...axis,
        size: 58,
        space: 36,
        values: texts(chart.yKind),
        ...(chart.yKind === 'latency' ? sparse : {}),
        // Nothing is counted in halves.
        ...(chart.yKind === 'count' ? { incrs: COUNT_STEPS } : {}),
      },
    ],
    series: [{}, ...chart.lines.map((line) => seriesOf(line, colour))],
    hooks: { setCursor: [told] },
    plugins: [marksPlugin(chart.marks, { stroke: colour('ink'), back: colour('card'), font: FONT })],
  }
}

/** Of a logarithmic axis the powers of ten, and 2 and 5 where there are few: the rest would be a grey carpet. */
function roundOnes(_: uPlot, splits: number[]): (number | null)[] {
  const wide = (splits.at(-1) ?? 1) / (splits[0] ?? 1) > 200
  const shown = wide ? /^1(e|\.0*e)/ : /^[125](e|\.0*e)/
  return splits.map((split) => (shown.test(split.toExponential()) ? split : null))
}

function latencyRange(min: number | null, max: number | null): uPlot.Range.MinMax {
  // Without an answer there is nothing to draw but the axes.
  return min === null || max === null ? [1, 1000] : roundRange(min, Math.max(max * 1.05, min * 2))
}

/** From 1, 2 or 5 to 1, 2 or 5 times a power of ten: uPlot counts its ticks from the lower end. */
function roundRange(min: number, max: number): [number, number] {
  const bounds = [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7].flatMap((power) =>
    [1, 2, 5].map((step) => Number(`${step}e${power}`)),
  )
  return [bounds.findLast((bound) => bound <= min) ?? 0.01, bounds.find((bound) => bound >= max) ?? max]
}

function seriesOf({ key, look }: Line, colour: (name: string) => string): uPlot.Series {
  const stroke = colour(`c-${key}`)
  const steps = stepped?.({ align: key === 'bucket' ? -1 : 1 })
  const straight = linear?.()
  const points = { show: false }
  const line = { stroke, width: 1.75 }
  switch (look) {
    case 'line':
      return { ...line, ...(straight === undefined ? {} : { paths: straight }) }
    case 'dashed':
      return { ...line, width: 1.25, dash: [4, 4] }
    case 'area':
      return { ...line, fill: `${stroke}33`, points, ...(steps === undefined ? {} : { paths: steps }) }
    case 'steps':
      return { ...line, points, ...(steps === undefined ? {} : { paths: steps }) }
    case 'dashed-steps':
      return { ...line, dash: [6, 4], points, ...(steps === undefined ? {} : { paths: steps }) }
    default:
      return { stroke, width: 0, fill: stroke, points, ...(steps === undefined ? {} : { paths: steps }) }
  }
}
