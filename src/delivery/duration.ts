import { UsageError } from '../errors.ts'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** What a timer can hold (2^31-1 ms, rounded down to the minute): 24 days 20 hours 31 minutes, in milliseconds. */
export const MAX_DURATION_MS = ((24 * 24 + 20) * 60 + 31) * 60_000

/** What is written, in whole milliseconds, however long; undefined when it is no duration. A bare number is seconds. */
export function durationMsOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS])
}

/**
 * A duration as people write it: `500ms`, `10s`, `5m`, `2h`; a bare number is seconds.
 * @param where the flag, for the error
 * @returns milliseconds, a whole number, 0 included
 * @throws UsageError when it is no duration, or longer than a timer holds
 */
export function parseDurationMs(text: string, where: string): number {
  const durationMs = durationMsOf(text)
  if (durationMs === undefined) {
    throw new UsageError(`${where} "${text}" is not a duration; write a duration such as 500ms, 10s, 2m`)
  }
  if (durationMs > MAX_DURATION_MS) {
    throw new UsageError(`${where} "${text}" is too long; a duration is at most 24d (exactly 24 days 20 h 31 min)`)
  }
  return durationMs
}

/**
 * What a speed makes of waits: `60 times shorter`, `2 times longer`. Of 1 there is nothing to say.
 * @param show writes the factor
 */
export function waitsAtSpeed(speed: number, show: (factor: number) => string = rounded): string {
  return speed >= 1 ? `${show(speed)} times shorter` : `${show(1 / speed)} times longer`
}

function rounded(factor: number): string {
  return String(Number(factor.toPrecision(3 + Math.max(0, Math.floor(Math.log10(factor))))))
}

/** A duration for people, in at most two units: `350 ms`, `1 s`, `1.5 s`, `2 min 7 s`, `3 h 20 min`, `1 d 2 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  // Rounded first, so that 59.96 s is a minute and not "60 s".
  const tenths = Math.round(durationMs / 100)
  if (tenths < 600) return `${tenths / 10} s`
  const seconds = Math.round(durationMs / 1000)
  if (seconds < 3600) return twoUnits(seconds, 60, ['min', 's'])
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return twoUnits(minutes, 60, ['h', 'min'])
  return twoUnits(Math.round(minutes / 60), 24, ['d', 'h'])
}

function twoUnits(count: number, size: number, [big, small]: readonly [string, string]): string {
  const rest = count % size
  return `${Math.floor(count / size)} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
