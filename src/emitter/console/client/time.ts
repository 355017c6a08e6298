const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
]

const RELATIVE: readonly (readonly [ms: number, unit: string, from: number])[] = [
  [86_400_000, 'day', 2 * 86_400_000],
  [3_600_000, 'h', 2 * 3_600_000],
  [60_000, 'min', 90_000],
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

/** `just now`, `12 s ago`, `in 5 min`, `3 days ago`: whole numbers, because nobody counts on. */
export function relativeText(atMs: number, fromMs: number): string {
  const ms = fromMs - atMs
  if (Math.abs(ms) < 1500) return 'just now'
  const [size, unit] = RELATIVE.find(([, , from]) => Math.abs(ms) >= from) ?? [1000, 's']
  const count = Math.floor(Math.abs(ms) / size)
  const text = `${count} ${unit === 'day' && count !== 1 ? 'days' : unit}`
  return ms > 0 ? `${text} ago` : `in ${text}`
}

/** The exact time here, and in UTC. */
export function exactText(at: string): string {
  const date = new Date(at)
  const here = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
  return `${here} (${at})`
}

/** `17 Nov 2026`. */
export function dateText(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' })
}

function trimmed(value: number): string {
  return (value < 10 ? value.toFixed(1) : value.toFixed(0)).replace('.0', '')
}
