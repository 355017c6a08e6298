const DAY_MS = 86_400_000

/** Writes a wall time (ms since the epoch) as RFC 3339, UTC, milliseconds. */
export type TimestampWriter = (ms: number) => string

const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))
const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

/**
 * A writer that remembers the minute it wrote last: events follow each other closely, and
 * `toISOString` for each of them would cost more than the rest of the event.
 */
export function timestampWriter(): TimestampWriter {
  let minute = Number.NaN
  let prefix = ''
  return (ms) => {
    const wanted = Math.floor(ms / 60_000)
    if (wanted !== minute) {
      minute = wanted
      prefix = new Date(wanted * 60_000).toISOString().slice(0, 17)
    }
    const rest = ms - wanted * 60_000
    const seconds = Math.floor(rest / 1000)
    return `${prefix}${TWO_DIGITS[seconds]}.${THREE_DIGITS[rest - seconds * 1000]}Z`
  }
}

/** Writes the end of the UTC day that lies some months after a time: when points or a level end. */
export type MonthsLaterWriter = (ms: number, months: number) => { readonly ms: number; readonly text: string }

/** A writer that remembers, for each number of months, the day it counted from last. */
export function monthsLaterWriter(): MonthsLaterWriter {
  const last = new Map<number, { day: number; end: { readonly ms: number; readonly text: string } }>()
  return (ms, months) => {
    const day = Math.floor(ms / DAY_MS)
    const known = last.get(months)
    if (known?.day === day) return known.end
    const from = new Date(day * DAY_MS)
    const monthStart = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
    const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate()
    const endMs = monthStart + (Math.min(from.getUTCDate(), lastDay) - 1) * DAY_MS + DAY_MS - 1
    const end = { ms: endMs, text: new Date(endMs).toISOString() }
    last.set(months, { day, end })
    return end
  }
}
