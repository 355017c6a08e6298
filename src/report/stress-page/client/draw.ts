import uPlot from 'uplot'
import type { Chart } from './charts.ts'
import { fillLegend } from './legend.ts'
import { optionsOf } from './options.ts'

/** A chart on the page. */
export interface Drawn {
  /** Fits it in again. */
  resize(): void
  /** Moves the cursor by so many points. */
  move(step: number): void
  destroy(): void
}

/** Draws a chart in the colours that the page has now. */
export function drawChart(chart: Chart, place: HTMLElement): Drawn {
  const style = getComputedStyle(place)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const figure = place.closest('figure')
  const plot = new uPlot(
    optionsOf(chart, colour, widthOf(place), (self) => tell(self, chart, figure)),
    [[...chart.x], ...chart.lines.map(({ values }) => [...values])] as uPlot.AlignedData,
    place,
  )
  return {
    resize: () => {
      const width = widthOf(place)
      if (width !== plot.width) plot.setSize({ width, height: chart.heightPx })
    },
    move: (step) => {
      const last = chart.x.length - 1
      const from = indexUnder(plot, chart) ?? (step > 0 ? -1 : last + 1)
      const index = Math.min(last, Math.max(0, from + step))
      plot.setCursor({ left: plot.valToPos(chart.x[index] ?? 0, 'x'), top: plot.over.clientHeight / 2 })
    },
    destroy: () => plot.destroy(),
  }
}

function widthOf(place: HTMLElement): number {
  // Paper is as wide as A4 between margins, whatever the window is.
  const paper =
    document.documentElement.dataset['print'] === undefined
      ? Infinity
      : place.closest('#rate, #latency-time') === null
        ? 320
        : 660
  return Math.max(200, Math.min(paper, Math.floor(place.clientWidth)))
}

/** Says in the legend what is under the cursor. */
function tell(plot: uPlot, chart: Chart, figure: Element | null): void {
  const index = indexUnder(plot, chart)
  if (index === undefined) {
    fillLegend(figure, '', () => undefined)
    return
  }
  fillLegend(figure, chart.momentOf(index), (key) => {
    const line = chart.lines.find((line) => line.key === key)
    const value = (line?.shown ?? line?.values)?.[index]
    return value === null || value === undefined ? '–' : chart.valueText(value)
  })
}

/** The point under the cursor; of steps, the one whose step it is. */
function indexUnder(plot: uPlot, { x, pick }: Chart): number | undefined {
  const { left = -1, idx } = plot.cursor
  if (left < 0) return undefined
  // Half a pixel, because a cursor that was put on a step's start must not be before it.
  if (pick === 'step-after') {
    const at = plot.posToVal(left + 0.5, 'x')
    return Math.min(
      x.length - 2,
      Math.max(
        0,
        x.findLastIndex((start) => start <= at),
      ),
    )
  }
  if (pick === 'step-before') {
    const at = plot.posToVal(left - 0.5, 'x')
    const index = x.findIndex((end) => end >= at)
    return index < 0 ? x.length - 1 : Math.max(1, index)
  }
  return idx ?? undefined
}
