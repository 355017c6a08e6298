import { LATE_MS } from '../../stress/sentence.ts'
import { measuredFirst, unansweredOf, type Percentiles, type StressResult } from '../../stress/result.ts'
import { markup, type Markup } from './markup.ts'
import type { StressPage } from './page.ts'
import { bytesText, countText, durationText, figureText, latencyText } from './numbers.ts'

/** Rates, latencies, and how far they can be trusted. */
export function keyFigures({ result, pace }: StressPage, amplification: string): Markup {
  const { offeredPerSecond, startedPerSecond, answeredPerSecond, requestsPerSecond, durationMs, loadMs, latenessMs } =
    result
  // The receiver's pace cannot be missed.
  const late = pace === 'open' && latenessMs.p99 > LATE_MS
  return markup`<section aria-labelledby="figures"><h2 id="figures">Key figures</h2>
<dl class="cards">
${card('offered', `${figureText(offeredPerSecond)}/s`, 'first deliveries due')}
${card('started', `${figureText(startedPerSecond)}/s`, 'first deliveries sent')}
${card('answered', `${figureText(answeredPerSecond)}/s`, 'first deliveries, while more were due')}
${card('requests', `${figureText(requestsPerSecond)}/s`, `with retries, over ${durationText(durationMs)}`)}
${card('amplification', `${amplification}×`, 'requests per delivery started')}
${card('p99 latency', measuredFirst(result) === 0 ? 'none' : latencyText(result.latencyMs.p99), 'of first deliveries')}
${card('duration', durationText(durationMs), `load for ${durationText(loadMs)}`)}
</dl>
${late ? lateWarning(latenessMs) : ''}
${latencyTable(result, pace)}${
    late || pace === 'closed'
      ? ''
      : markup`\n<p class="note">Our own schedule was kept: how late it was is part of every latency, and the p99 of that is at most ${LATE_MS} ms.</p>`
  }</section>`
}

/** The percentiles of a table, in order. */
export const PERCENTILES: readonly (readonly [key: keyof Percentiles, name: string])[] = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'max'],
]

function card(name: string, value: string, note: string): Markup {
  return markup`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${note}</span></dd></div>`
}

function lateWarning(latenessMs: StressResult['latenessMs']): Markup {
  return markup`<p class="warning" role="note"><strong>Warning: our own schedule was late.</strong> One request in a hundred started ${latencyText(
    latenessMs.p99,
  )} or more after it was due (most ${latencyText(latenessMs.max)}; up to ${LATE_MS} ms is normal). Part of these latencies is the sender's, not the receiver's: use a lower rate, more workers or another machine.</p>`
}

function latencyTable(result: StressResult, pace: StressPage['pace']): Markup {
  const { timedOutFirst, latencyMs, retryLatencyMs, latenessMs } = result
  const columns: readonly {
    readonly name: string
    readonly of: Readonly<Partial<Percentiles>>
    readonly missing?: string
  }[] = [
    measuredFirst(result) === 0
      ? { name: 'first deliveries', of: {}, missing: 'none' }
      : { name: 'first deliveries', of: latencyMs },
    ...(retryLatencyMs === undefined ? [] : [{ name: 'retries', of: retryLatencyMs }]),
    ...(pace === 'closed' ? [] : [{ name: 'our lateness', of: latenessMs }]),
  ]
  const cell = (ms: number | undefined, missing = ''): Markup =>
    markup`<td class="n">${ms === undefined ? missing : latencyText(ms)}</td>`
  return markup`<table class="narrow"><caption>Latency, counted from the moment a request was due</caption>
<thead><tr><th scope="col">percentile</th>${columns.map(({ name }) => markup`<th scope="col" class="n wraps">${name}</th>`)}</tr></thead>
<tbody>${PERCENTILES.map(
    ([key, name]) =>
      markup`<tr><th scope="row">${name}</th>${columns.map(({ of, missing }) => cell(of[key], missing))}</tr>\n`,
  )}</tbody></table>${
    timedOutFirst === 0
      ? ''
      : markup`\n<p class="note">${countText(timedOutFirst)} first deliveries timed out: they are among these with what was waited.</p>`
  }`
}

/** What came back: statuses, and why there was none. */
export function answersSection(result: StressResult): Markup {
  const { statuses, failures, books, bytesSent, bytesReceived, brokenBodies } = result
  const left = unansweredOf(result)
  const rows = [
    ...Object.entries(statuses).map(([status, count]) => ({ name: `HTTP ${status}`, count, tone: classOf(status) })),
    ...Object.entries(failures).map(([code, count]) => ({ name: `no answer: ${code}`, count, tone: 'failed' })),
    ...(books.lostAcks === 0 ? [] : [{ name: 'answer lost on purpose', count: books.lostAcks, tone: 'dropped' }]),
    ...(left === 0 ? [] : [{ name: 'no answer before the end', count: left, tone: 'dropped' }]),
  ].toSorted((a, b) => b.count - a.count)
  return markup`<section aria-labelledby="answers"><h2 id="answers">Answers</h2>
<table class="narrow"><caption>Requests by status, or by what failed when none came</caption>
<thead><tr><th scope="col">answer</th><th scope="col" class="n">requests</th><th scope="col" class="n">share</th></tr></thead>
<tbody>${rows.map(
    ({ name, count, tone }) =>
      markup`<tr><th scope="row"><i class="swatch c-${tone}"></i>${name}</th><td class="n">${countText(count)}</td><td class="n">${percent(count, books.requests)}</td></tr>\n`,
  )}</tbody></table>
<p class="note">${bytesText(bytesSent)} sent, ${bytesText(bytesReceived)} received.${
    brokenBodies === 0 ? '' : ` ${countText(brokenBodies)} answers have a body that broke off; their status counts.`
  }</p></section>`
}

function percent(count: number, all: number): string {
  return all === 0 ? '' : `${((count / all) * 100).toFixed(2)} %`
}

function classOf(status: string): string {
  return /^[2345]\d\d$/.test(status) ? `${status[0] ?? ''}xx` : 'failed'
}
