import type { ChalkInstance } from 'chalk'
import { formatDuration } from '../delivery/duration.ts'
import { FEWEST_REQUESTS } from '../stress/bad-answers.ts'
import { meantOf } from '../stress/forged.ts'
import { unansweredOf, type Percentiles } from '../stress/result.ts'
import { LATE_MS } from '../stress/sentence.ts'
import { amplificationOf } from '../stress/threshold.ts'
import { comparisonLines } from './stress-comparison.ts'
import { descriptionRows } from './stress-description.ts'
import { msText, number, rateText, ratioText, sizeText } from './stress-figures.ts'
import { durationText } from './stress-page/numbers.ts'
import { PLAIN_WIDTH, row, type Part } from './stress-lines.ts'
import type { StressEnding, StressHeader, StressRenderer, StressSummary } from './stress-report.ts'
import { wrapped } from './wrapped.ts'

/** How a result is shown. */
export interface StressTextStyle {
  readonly paint: ChalkInstance
  /** Columns; 100 where nothing else is said. */
  readonly columns?: number
  readonly pace: StressHeader['pace']
  /** What was run, to be told as well: where the lines before the run are not seen. */
  readonly header?: StressHeader | undefined
}

/** `--format text`: the result at the end; what happens meanwhile is shown beside it. */
export function stressTextRenderer(style: StressTextStyle): StressRenderer {
  return { second: () => '', end: (ending) => endText(ending, style) }
}

function endText(ending: StressEnding, { paint, columns: width = PLAIN_WIDTH, pace, header }: StressTextStyle): string {
  const { summary, result, thresholds, sentence, headline, stoppedBy } = ending
  const line = (name: string, parts: Parameters<typeof row>[1], separator = ', '): string =>
    row(name, parts, { width, separator })
  const colour = colourOf(paint, ending)
  const isUnreached = stoppedBy === 'never-connected'
  const verdict = (crossed: boolean): string => (crossed ? paint.red('crossed  ') : `${paint.green('kept')}     `)
  const lines = [
    ...(header === undefined ? [] : [...descriptionRows(header, result.books, width), '']),
    ...wrapped(headline, { width, indent: 0 }).map((one) => colour.bold(one)),
    ...wrapped(sentence, { width, indent: 0 }),
    '',
    line('deliveries', booksParts(paint, summary), ' + '),
    line('after retries', afterParts(result.books.deliveredAfter)),
    line('requests', requestParts(ending)),
    line('offered', offeredParts(ending)),
    ...(isUnreached ? [] : [line('latency', [...percentileParts(ending), ...timeoutParts(ending)], '  ')]),
    ...(summary.retryLatencyMs === undefined ? [] : [line('of retries', measuredParts(summary.retryLatencyMs), '  ')]),
    line('answers', answerParts(ending)),
    line('bytes', [`${sizeText(result.bytesSent)} sent`, `${sizeText(result.bytesReceived)} received`]),
    ...(pace === 'closed' ? [] : [line('our schedule', [latenessPart(paint, summary)])]),
    ...thresholds.map(
      ({ text, actual, crossed }) =>
        `${'threshold'.padEnd(14)}${verdict(crossed)}${wrapped(`${text} (${actual})`, { width, indent: 23 }).join('\n')}`,
    ),
    ...comparison(ending, width),
  ]
  return `${lines.join('\n')}\n`
}

/** Green is for a run that was what it was meant to be. */
function colourOf(paint: ChalkInstance, { exitCode, summary }: StressEnding): ChalkInstance {
  if (exitCode === 4) return paint.red
  return exitCode === 0 && summary.delivered > 0 && summary.interrupted === summary.unproven
    ? paint.green
    : paint.yellow
}

function comparison(ending: StressEnding, width: number): readonly string[] {
  const lines = comparisonLines(ending, width)
  return lines.length === 0 ? [] : ['', ...lines]
}

function booksParts(paint: ChalkInstance, summary: StressSummary): readonly Part[] {
  const { deliveries, delivered, blocked, dropped, interrupted, refusedAsExpected, wronglyAccepted, unproven } = summary
  const part = (count: number, name: string, colour?: ChalkInstance): readonly Part[] =>
    count === 0 ? [] : [{ text: `${number(count)} ${name}`, ...(colour === undefined ? {} : { paint: colour }) }]
  return [
    { text: `${number(deliveries)} = ${number(delivered)} delivered` },
    ...(blocked > 0 ? part(blocked, 'blocked', paint.red) : [{ text: '0 blocked' }]),
    ...part(dropped, 'dropped', paint.yellow),
    ...part(interrupted - unproven, 'interrupted', paint.yellow),
    ...part(refusedAsExpected, 'forged and refused'),
    ...part(wronglyAccepted, 'forged and accepted', paint.red),
    ...part(unproven, 'forged, proving nothing', paint.yellow),
  ]
}

/** Of a few deliveries, a rate would say more than there is. */
function offeredParts({
  summary,
  result: { books, loadMs, startedPerSecond, answeredPerSecond },
}: StressEnding): readonly string[] {
  if (books.deliveries < FEWEST_REQUESTS)
    return [
      `${number(books.deliveries)} in ${formatDuration(loadMs)}`,
      `started ${number(books.deliveries - books.dropped)}`,
    ]
  return [
    `${rateText(summary.offeredPerSecond)} for ${formatDuration(loadMs)}`,
    `started ${rateText(startedPerSecond)}`,
    `answered ${rateText(answeredPerSecond)}`,
  ]
}

function afterParts(deliveredAfter: readonly number[]): readonly string[] {
  const parts = deliveredAfter.flatMap((count, retries) =>
    count === 0
      ? []
      : [`${number(count)} ${retries === 0 ? 'at once' : retries === 1 ? 'after 1 retry' : `after ${retries}`}`],
  )
  return parts.length === 0 ? ['none'] : parts
}

function requestParts({ summary, result, stoppedBy }: StressEnding): readonly string[] {
  const { duplicates = 0, lostAcks } = result.books
  const amplification = amplificationOf(result.books)
  const without = duplicates + lostAcks === 0 ? '' : ' without them'
  return [
    number(summary.requests),
    ...(duplicates === 0 ? [] : [`${number(duplicates)} of them duplicates on purpose`]),
    ...(lostAcks === 0 ? [] : [`${number(lostAcks)} with an answer lost on purpose`]),
    ...(stoppedBy === 'never-connected' || amplification === undefined
      ? []
      : [`${ratioText(amplification)} per delivery started${without}`]),
    `${rateText(summary.requestsPerSecond)} over ${durationText(result.durationMs)}`,
  ]
}

function latenessPart(paint: ChalkInstance, { latenessMs }: StressSummary): Part {
  const text = `late by p99 ${msText(latenessMs.p99)}, at most ${msText(latenessMs.max)}`
  if (latenessMs.p99 <= LATE_MS) return { text }
  const why = 'the sender is slow here, not only the receiver (--workers, fewer --connections)'
  return { text: `${text}: ${why}`, paint: paint.yellow }
}

function answerParts({ result }: StressEnding): readonly string[] {
  const all = [...Object.entries(result.statuses), ...Object.entries(result.failures)]
  const left = unansweredOf(result)
  const parts = [
    ...all.map(([what, count]) => `${number(count)} × ${what}`),
    ...(left === 0 ? [] : [`${number(left)} without an answer before the end`]),
    ...(result.brokenBodies === 0 ? [] : [`${number(result.brokenBodies)} of them with a body that broke off`]),
  ]
  return parts.length === 0 ? ['none'] : parts
}

/** Of what the latencies are the least that it can have been. */
function timeoutParts({ result: { timedOutFirst } }: StressEnding): readonly string[] {
  return timedOutFirst === 0 ? [] : [`(${number(timedOutFirst)} timed out: as long as was waited)`]
}

/** `p50 2.1 ms`, `p90 …`. */
function percentileParts({ summary: { latencyMs }, result: { books } }: StressEnding): readonly string[] {
  if (latencyMs.p50 !== null) return measuredParts(latencyMs)
  return [books.forged > 0 && meantOf(books) === 0 ? 'none: all were forged' : 'none: no first delivery was answered']
}

function measuredParts({ p50, p90, p99, p999, max }: Percentiles): readonly string[] {
  return [
    `p50 ${msText(p50)}`,
    `p90 ${msText(p90)}`,
    `p99 ${msText(p99)}`,
    `p99.9 ${msText(p999)}`,
    `max ${msText(max)}`,
  ]
}
