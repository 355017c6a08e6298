import type { ChalkInstance } from 'chalk'
import { formatDuration } from '../delivery/duration.ts'
import { LATE_MS } from '../stress/sentence.ts'
import type { FigureChange } from '../stress/compare.ts'
import type { Percentiles } from '../stress/result.ts'
import { STOPPED_BY } from './send-report.ts'
import { wrapped } from './wrapped.ts'
import { figureText, msText, number, shareText, sizeText } from './stress-figures.ts'
import type { StressEnding, StressRenderer, StressSummary } from './stress-report.ts'

/**
 * `--format text`: the result at the end; what happens meanwhile is shown beside it.
 * @param columns of a terminal; without one, no line is broken
 */
export function stressTextRenderer(paint: ChalkInstance, columns = Number.POSITIVE_INFINITY): StressRenderer {
  return { second: () => '', end: (ending) => endText(paint, ending, columns) }
}

function endText(paint: ChalkInstance, ending: StressEnding, columns: number): string {
  const { summary, result, thresholds, sentence, stoppedBy, exitCode, changes } = ending
  const stopped = stoppedBy === undefined ? '' : `; ${STRESS_STOPPED_BY[stoppedBy]}`
  const colour = exitCode === 0 ? paint.green : exitCode === 4 ? paint.red : paint.yellow
  const { duplicates = 0 } = result.books
  const twice = duplicates === 0 ? '' : `, ${number(duplicates)} of them duplicates on purpose`
  const lines = [
    colour.bold(`${headlineOf(ending)}${stopped}`),
    wrapped(sentence, { width: columns, indent: 0 }).join('\n'),
    '',
    row('deliveries', booksText(paint, summary)),
    row('after retries', afterText(result.books.deliveredAfter)),
    row(
      'requests',
      `${number(summary.requests)} = ${summary.amplification} per delivery started${twice}; ${number(summary.requestsPerSecond)}/s`,
    ),
    row(
      'offered',
      `${number(summary.offeredPerSecond)}/s for ${formatDuration(result.loadMs)}; started ${number(result.startedPerSecond)}/s`,
    ),
    row('latency', percentilesText(summary.latencyMs)),
    ...(summary.retryLatencyMs === undefined ? [] : [row('of retries', percentilesText(summary.retryLatencyMs))]),
    row('answers', countsText(result.statuses, result.failures)),
    row('bytes', `${sizeText(result.bytesSent)} sent, ${sizeText(result.bytesReceived)} received`),
    row('our schedule', latenessText(paint, summary)),
    ...thresholds.map(({ text, actual, crossed }) =>
      row('threshold', `${crossed ? paint.red('crossed') : paint.green('kept   ')}  ${text}  (${actual})`),
    ),
    ...(changes === undefined ? [] : ['', 'since the earlier run', ...changes.map(changeText)]),
  ]
  return `${lines.join('\n')}\n`
}

function changeText({ name, before, after, change }: FigureChange): string {
  const percent =
    change === undefined
      ? ''
      : change === 0
        ? '  the same'
        : `  ${change > 0 ? '+' : ''}${Math.round(change * 1000) / 10} %`
  return `  ${name.padEnd(21)} ${figureText(before)} → ${figureText(after)}${percent}`
}

/** The result in half a line. */
export function headlineOf({ summary, thresholds }: Pick<StressEnding, 'summary' | 'thresholds'>): string {
  const crossed = thresholds.filter(({ crossed: one }) => one)
  // Forged ones are not meant to arrive.
  const started = summary.deliveries - summary.dropped - summary.refused - summary.wronglyAccepted
  const share = started === 0 ? 0 : (100 * summary.delivered) / started
  const verdict =
    thresholds.length === 0
      ? ''
      : crossed.length === 0
        ? 'all thresholds kept: '
        : `${crossed.length} of ${thresholds.length} thresholds crossed: `
  return `${verdict}${number(summary.delivered)} of ${number(started)} delivered (${shareText(share)})${summary.delivered === 0 ? '' : `, p99 ${msText(summary.latencyMs.p99)}`}`
}

const STRESS_STOPPED_BY = {
  ...STOPPED_BY,
  'never-connected': 'the target was never reached',
  'max-requests': 'stopped at --max-requests',
} as const

function booksText(paint: ChalkInstance, summary: StressSummary): string {
  const { deliveries, delivered, blocked, dropped, interrupted, refused, wronglyAccepted } = summary
  const parts = [
    `${number(delivered)} delivered`,
    ...(blocked > 0 ? [paint.red(`${number(blocked)} blocked`)] : ['0 blocked']),
    ...(dropped > 0 ? [paint.yellow(`${number(dropped)} dropped`)] : []),
    ...(interrupted > 0 ? [paint.yellow(`${number(interrupted)} interrupted`)] : []),
    ...(refused > 0 ? [`${number(refused)} forged and refused`] : []),
    ...(wronglyAccepted > 0 ? [paint.red(`${number(wronglyAccepted)} forged and accepted`)] : []),
  ]
  return `${number(deliveries)} = ${parts.join(' + ')}`
}

function afterText(deliveredAfter: readonly number[]): string {
  const parts = deliveredAfter.flatMap((count, retries) =>
    count === 0
      ? []
      : [`${number(count)} ${retries === 0 ? 'at once' : retries === 1 ? 'after 1 retry' : `after ${retries}`}`],
  )
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function latenessText(paint: ChalkInstance, { latenessMs }: StressSummary): string {
  const text = `late by p99 ${msText(latenessMs.p99)}, at most ${msText(latenessMs.max)}`
  return latenessMs.p99 > LATE_MS
    ? paint.yellow(`${text}: the sender is slow here, not only the receiver (--workers, fewer --connections)`)
    : text
}

function countsText(
  statuses: Readonly<Record<string, number>>,
  failures: Readonly<Partial<Record<string, number>>>,
): string {
  const all = [...Object.entries(statuses), ...Object.entries(failures)]
  return all.length === 0 ? 'none' : all.map(([what, count = 0]) => `${number(count)} × ${what}`).join(', ')
}

/** `p50 2.1 ms  p90 …`. */
function percentilesText({ p50, p90, p99, p999, max }: Percentiles): string {
  return [
    `p50 ${msText(p50)}`,
    `p90 ${msText(p90)}`,
    `p99 ${msText(p99)}`,
    `p99.9 ${msText(p999)}`,
    `max ${msText(max)}`,
  ].join('  ')
}

function row(name: string, text: string): string {
  return `${name.padEnd(14)}${text}`
}
