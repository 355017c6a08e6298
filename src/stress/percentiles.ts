import type { RecordableHistogram } from 'node:perf_hooks'
import { bucketEndUs } from './meters.ts'
import type { Percentiles, StressResult } from './result.ts'

/**
 * Percentiles of a histogram of µs, in ms; zeros when it is empty. By nearest rank: of 60 durations, the 99th
 * percentile is the longest, so that a few do not hide one that is too long.
 */
export function percentilesOf(histogram: RecordableHistogram): Percentiles {
  const { count } = histogram
  if (count === 0) return { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 }
  // The histogram rounds to the nearest whole rank, which a whole rank leaves as it is. In thousandths, because a
  // percentage such as 99.9 is not exact. A percentile is the end of a bucket, which may lie beyond what was ever seen.
  const at = (permille: number): number => {
    const rank = Math.ceil((permille * count) / 1000)
    return Math.min(histogram.percentile((100 * rank) / count), histogram.max) / 1000
  }
  return { p50: at(500), p90: at(900), p99: at(990), p999: at(999), max: histogram.max / 1000 }
}

/** The counts of buckets, from the first with something in it to the last. */
export function distributionOf(buckets: Float64Array): StressResult['distribution'] {
  const first = buckets.findIndex((count) => count > 0)
  if (first === -1) return []
  const last = buckets.findLastIndex((count) => count > 0)
  return Array.from(buckets.subarray(first, last + 1), (count, index) => ({
    ms: bucketEndUs(first + index) / 1000,
    count,
  }))
}
