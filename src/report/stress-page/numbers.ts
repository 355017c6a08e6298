const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** A count: `27,000`. */
export function countText(count: number): string {
  return whole.format(count)
}

/** A count for an axis: `27K`. */
export function shortText(count: number): string {
  return count < 10_000 ? fine.format(count) : short.format(count)
}

/** A rate or ratio with three figures: `1.45`, `12.3`, `499`. */
export function figureText(value: number): string {
  return value >= 1000 ? countText(value) : fine.format(value)
}

/** A part of a whole, in percent; never 0 % or 100 % unless it is. */
export function shareText(part: number, all: number): string {
  if (all === 0) return ''
  const percent = (part / all) * 100
  if (part > 0 && percent < 0.01) return '< 0.01 %'
  if (part < all && percent > 99.99) return '> 99.99 %'
  return `${(percent >= 99 && part < all) || percent < 1 ? percent.toFixed(2).replace(/^0\.00$/, '0') : percent.toFixed(1).replace(/\.0$/, '')} %`
}

/** A latency with its unit: `0.42 ms`, `12 ms`, `1.25 s`. */
export function latencyText(ms: number): string {
  if (ms < 1000) return `${fine.format(ms < 0.01 && ms > 0 ? 0.01 : ms)} ms`
  return ms < 120_000 ? `${fine.format(ms / 1000)} s` : `${fine.format(ms / 60_000)} min`
}

/** A moment of the run: `8 s`, `1:30`. */
export function momentText(seconds: number): string {
  if (seconds < 60) return `${fine.format(seconds)} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)]
  const clock = `${String(minutes)}:${String(rest).padStart(2, '0')}`
  return hours === 0 ? clock : `${hours}:${clock.padStart(5, '0')}`
}

/** How long something took: `42.3 s`, `1 min 30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return ms < 60_000 ? `${fine.format(ms / 1000)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A size: `12.3 MB`, of 1024 KB each. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${fine.format(bytes / 1024 ** step)} ${units[step] ?? ''}`
}
