import type { ChartData } from '../chart-data.ts'
import { chartsOf } from './charts.ts'
import { drawChart, type Drawn } from './draw.ts'
import { stepOf } from './legend.ts'

const root = document.documentElement
root.classList.add('js')
// Open for those without a script.
for (const details of document.querySelectorAll('details')) details.open = false

const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as ChartData
const drawn = new Map<HTMLElement, Drawn>()
const charts = chartsOf(data).flatMap((chart) => {
  const place = document.querySelector<HTMLElement>(`#${chart.id} .chart`)
  return place === null ? [] : [{ chart, place }]
})

function drawAll(): void {
  for (const { chart, place } of charts) {
    drawn.get(place)?.destroy()
    drawn.set(place, drawChart(chart, place))
  }
}

drawAll()
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target as HTMLElement)?.resize()
})
for (const { place } of charts) {
  resized.observe(place)
  place.addEventListener('keydown', (event) => {
    const step = stepOf(event.key)
    if (step === undefined) return
    event.preventDefault()
    drawn.get(place)?.move(step)
  })
  place.tabIndex = 0
}

// Colours are read when a chart is drawn.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
addEventListener('beforeprint', () => {
  root.dataset['print'] = ''
  drawAll()
})
addEventListener('afterprint', () => {
  delete root.dataset['print']
  drawAll()
})
