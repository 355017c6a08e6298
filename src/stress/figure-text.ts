import type { BadAnswer } from './bad-answers.ts'

/** So many kinds of failures are named; the rest is counted. */
const MOST_NAMES = 2

/** `14 ms`, `1.5 s`, `12 s`. */
export function msText(ms: number): string {
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${twoDigits(ms)} ms`
}

/** A share as `12 %`: never all of what is not all. */
export function percentText(share: number): string {
  const percent = twoDigits(share * 100)
  return `${share < 1 && percent >= 100 ? 99.9 : percent} %`
}

/** `1,336`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** Two digits that count, or a whole number. */
export function twoDigits(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(2))
}

/** `timeout` for one kind alone, `refused 1,336, closed 1`, `reset 200, 50 × 503, others 3`. */
export function namesText(bad: readonly BadAnswer[]): string {
  const [only] = bad
  if (bad.length === 1 && only !== undefined) return only.name
  const named = bad
    .slice(0, MOST_NAMES)
    .map(({ name, kind, count }) =>
      kind === 'status' ? `${countText(count)} × ${name}` : `${name} ${countText(count)}`,
    )
  const others = bad.slice(MOST_NAMES).reduce((sum, { count }) => sum + count, 0)
  return [...named, ...(others === 0 ? [] : [`others ${countText(others)}`])].join(', ')
}
