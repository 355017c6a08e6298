/** A latency is felt as another when it is so many times as long, and so much longer. */
const FELT = { times: 3, plusMs: 20 } as const

/** Whether a latency (ms) is so much above another that it is felt. */
export function isMuchMore(ms: number, thanMs: number): boolean {
  return ms > Math.max(thanMs * FELT.times, thanMs + FELT.plusMs)
}

/** The value in the middle, of an even number the higher of the two; 0 without any. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5)
}

/** The sum. */
export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** The mean; 0 without any. */
export function meanOf(values: readonly number[]): number {
  return sumOf(values) / Math.max(1, values.length)
}

/** The value below which this share of them lies; 0 without any. */
export function quantileOf(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
}
