import { signal } from '@preact/signals'
import { every, nowMs } from './browser.ts'

/** The time, once a second. */
export const now = signal(nowMs())
every(1000, () => {
  if (!document.hidden) now.value = nowMs()
})
document.addEventListener('visibilitychange', () => (now.value = nowMs()))

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
]

/**
 * `34 ms`, `0.2 s`, `64 s`, `5 min`, `2 h`. A `countdown` has whole seconds, so that it does not flicker.
 */
export function durationText(ms: number, how: 'exact' | 'countdown' = 'exact'): string {
  if (how === 'countdown' && ms < 120_000) return `${Math.max(1, Math.ceil(ms / 1000))} s`
  if (ms < 95) return `${Math.round(ms)} ms`
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  for (const [size, unit] of UNITS) if (ms >= 2 * size || unit === 'min') return `${trimmed(ms / size)} ${unit}`
  return ''
}

/** `just now`, `12 s ago`, `in 5 min`. */
export function relativeText(atMs: number, fromMs: number): string {
  const ms = fromMs - atMs
  if (Math.abs(ms) < 1500) return 'just now'
  const text = durationText(Math.max(1000, Math.floor(Math.abs(ms) / 1000) * 1000))
  return ms > 0 ? `${text} ago` : `in ${text}`
}

/** The exact time here, and in UTC. */
export function exactText(at: string): string {
  const date = new Date(at)
  const here = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
  return `${here} (${at})`
}

function trimmed(value: number): string {
  return (value < 10 ? value.toFixed(1) : value.toFixed(0)).replace('.0', '')
}
