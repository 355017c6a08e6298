import type { StressSecond } from '../stress/result.ts'
import { msText, number } from './stress-figures.ts'

/** A second in one line of at most so many columns, for whoever watches; what matters least is left out first. */
export function secondText(second: StressSecond, columns = Number.POSITIVE_INFINITY): string {
  const full = secondParts(second, 'full').join(', ')
  if (full.length <= columns) return full
  const parts = secondParts(second, 'short')
  while (parts.length > 1 && parts.join(', ').length > columns) parts.pop()
  return parts.join(', ').slice(0, columns)
}

function secondParts(second: StressSecond, detail: 'full' | 'short'): string[] {
  const { answers, delivered, blocked, dropped, retriesWaiting, inFlight, latencyMs, due } = second
  const counts = Object.entries(answers).flatMap(([what, count]) => (count === 0 ? [] : [`${what} ${number(count)}`]))
  return [
    `${clockText(second.second + 1)}  ${number(due)}/s due`,
    counts.length === 0 ? 'no answer' : counts.join(' '),
    ...(latencyMs === undefined
      ? []
      : [`${detail === 'full' ? `p50 ${msText(latencyMs.p50)} ` : ''}p99 ${msText(latencyMs.p99)}`]),
    ...(detail === 'full' ? [`${number(delivered)} delivered`] : []),
    ...(blocked > 0 ? [`${number(blocked)} blocked`] : []),
    ...(dropped > 0 ? [`${number(dropped)} dropped`] : []),
    ...(retriesWaiting > 0 ? [`${number(retriesWaiting)} retries waiting`] : []),
    ...(inFlight > 0 ? [`${number(inFlight)} in flight`] : []),
  ]
}

function clockText(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
