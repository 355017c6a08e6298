import { ANSWER_CLASSES, measuredFirst, type StressResult } from '../../stress/result.ts'
import { PERCENTILES } from './key-figures.ts'
import { markup, type Content, type Markup } from './markup.ts'
import { countText, latencyText, momentText } from './numbers.ts'
import { answersOf, spansOf, type Span } from './spans.ts'

interface Figure {
  readonly id: string
  readonly title: string
  readonly axis: string
  /** What the chart says, for those who do not see it. */
  readonly summary: string
  readonly legend: readonly (readonly [key: string, label: string, total: string])[]
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly note?: string
}

/** Instead of a chart and a table where there is nothing to show. */
interface Missing {
  readonly id: string
  readonly title: string
  readonly why: string
}

/** Longer tables nobody reads. */
const MOST_ROWS = 60

/** A chart of each kind, with its legend and its table. */
export function chartsSection(result: StressResult): Markup {
  const spans = spansOf(result.timeline, MOST_ROWS)
  const figures = [
    rateFigure(spans),
    spans.some(({ latencyMs }) => latencyMs !== undefined)
      ? latencyFigure(spans, result)
      : { id: 'latency-time', title: 'Latency over time', why: 'No request was answered, so no latency is known.' },
    measuredFirst(result) > 0
      ? distributionFigure(result)
      : { id: 'distribution', title: 'Latency of first deliveries', why: 'No first delivery was answered.' },
    ...stateFigures(spans, result),
  ]
  return markup`<section aria-labelledby="charts"><h2 id="charts">Second by second</h2>
<noscript><p class="note">The charts need JavaScript; the tables have the same figures.</p></noscript>
<div class="charts">${figures.map(figureMarkup)}</div></section>`
}

function figureMarkup(figure: Figure | Missing): Markup {
  if ('why' in figure)
    return markup`<figure id="${figure.id}"><figcaption><h3>${figure.title}</h3><p class="note">${figure.why}</p></figcaption></figure>\n`
  const { id, title, axis, summary, legend, head, rows, note } = figure
  const cells = (texts: readonly string[]): Content =>
    texts.map((text, index) =>
      index === 0 ? markup`<th scope="row">${text}</th>` : markup`<td class="n">${text}</td>`,
    )
  return markup`<figure id="${id}"><figcaption><h3>${title}</h3>${
    note === undefined ? '' : markup`<p class="note">${note}</p>`
  }</figcaption>
<ul class="legend">${legend.map(
    ([key, label, total]) =>
      markup`<li><i class="swatch c-${key}"></i>${label} <b data-key="${key}" data-total="${total}">${total}</b></li>`,
  )}</ul>
<p class="axis" aria-hidden="true">${axis} <span class="moment"></span></p>
<div class="chart" role="img" aria-label="${title}. ${summary}"></div>
<details open><summary>Table: ${title}</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${title}"><table>
<thead><tr>${head.map((text, index) => markup`<th scope="col" class="${index === 0 ? '' : 'n'}">${text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${cells(row)}</tr>\n`)}</tbody></table></div></details></figure>\n`
}

function rateFigure(spans: readonly Span[]): Figure {
  const totals = answersOf(spans)
  const came = ANSWER_CLASSES.filter((one) => totals[one] > 0)
  const named = (one: string): string => (one === 'failed' ? 'no answer' : one)
  return {
    id: 'rate',
    title: 'Requests by answer',
    axis: 'requests per second, stacked',
    summary: `Answers over time, stacked by class: ${came.map((one) => `${countText(totals[one])} ${named(one)}`).join(', ')}.`,
    legend: [
      ['due', 'first deliveries due', countText(spans.reduce((total, { due }) => total + due, 0))],
      ...came.map((one) => [one, named(one), countText(totals[one])] as const),
    ],
    head: ['time', 'due', ...came.map(named)],
    rows: spans.map((span) => [timeOf(span), countText(span.due), ...came.map((one) => countText(span.answers[one]))]),
  }
}

function latencyFigure(spans: readonly Span[], result: StressResult): Figure {
  const names = PERCENTILES.map(([, name]) => name)
  return {
    id: 'latency-time',
    title: 'Latency over time',
    axis: 'latency, logarithmic',
    summary: `Latency percentiles of the requests that were answered or timed out in each second; of all first deliveries: ${
      measuredFirst(result) === 0
        ? 'none'
        : PERCENTILES.map(([key, name]) => `${name} ${latencyText(result.latencyMs[key])}`).join(', ')
    }.`,
    legend: PERCENTILES.map(([key, name]) => [key, name, '']),
    head: ['time', ...names],
    rows: spans.map((span) => [
      timeOf(span),
      ...PERCENTILES.map(([key]) => (span.latencyMs === undefined ? '–' : latencyText(span.latencyMs[key]))),
    ]),
    note: `Of all requests that were answered or timed out in a second, retries too.${
      spans.some(({ fromSecond, toSecond }) => toSecond - fromSecond > 1)
        ? ' In the table, the highest of the seconds of each row.'
        : ''
    }`,
  }
}

function distributionFigure(result: StressResult): Figure {
  const { distribution, latencyMs } = result
  const step = Math.max(1, Math.ceil(distribution.length / MOST_ROWS))
  const rows: string[][] = []
  let below = 0
  let count = 0
  for (const [index, bucket] of distribution.entries()) {
    count += bucket.count
    if (index % step !== step - 1 && index !== distribution.length - 1) continue
    below += count
    rows.push([`≤ ${latencyText(bucket.ms)}`, countText(count), countText(below)])
    count = 0
  }
  return {
    id: 'distribution',
    title: 'Latency of first deliveries',
    axis: 'deliveries',
    summary: `How many first deliveries took how long: half of them at most ${latencyText(latencyMs.p50)}, 99 % at most ${latencyText(latencyMs.p99)}.`,
    legend: [['bucket', 'deliveries', '']],
    head: ['latency', 'deliveries', 'up to there'],
    rows,
  }
}

function stateFigures(spans: readonly Span[], { books }: StressResult): readonly Figure[] {
  const most = (count: (span: Span) => number): number => spans.reduce((most, span) => Math.max(most, count(span)), 0)
  const total = (count: (span: Span) => number): number => spans.reduce((total, span) => total + count(span), 0)
  const state = (id: string, title: string, what: string, count: (span: Span) => number): Figure => ({
    id,
    title,
    axis: `${what}, most within the second`,
    summary: `${title}, most within the second: at most ${countText(most(count))}.`,
    legend: [[id, `${what}, most within the second`, countText(most(count))]],
    head: ['time', `${what} at most`],
    rows: spans.map((span) => [timeOf(span), countText(count(span))]),
  })
  const [blocked, dropped] = [total(({ blocked }) => blocked), total(({ dropped }) => dropped)]
  return [
    ...(books.retries === 0
      ? []
      : [state('waiting', 'Retries waiting', 'retries', ({ retriesWaiting }) => retriesWaiting)]),
    state('in-flight', 'Requests in flight', 'requests', ({ inFlight }) => inFlight),
    ...(blocked + dropped === 0
      ? []
      : [
          {
            id: 'given-up',
            title: 'Given up',
            axis: 'deliveries per second',
            summary: `Deliveries that were blocked (${countText(blocked)}) or dropped (${countText(dropped)}) over time.`,
            legend: [
              ['blocked', 'blocked', countText(blocked)],
              ['dropped', 'dropped', countText(dropped)],
            ],
            head: ['time', 'blocked', 'dropped'],
            rows: spans.map((span) => [timeOf(span), countText(span.blocked), countText(span.dropped)]),
          } satisfies Figure,
        ]),
  ]
}

function timeOf({ fromSecond, toSecond }: Span): string {
  return toSecond - fromSecond === 1 ? momentText(fromSecond) : `${momentText(fromSecond)} – ${momentText(toSecond)}`
}
