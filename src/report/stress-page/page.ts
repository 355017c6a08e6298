import type { FigureChange } from '../../stress/compare.ts'
import type { StressResult } from '../../stress/result.ts'
import type { JudgedThreshold } from '../../stress/threshold.ts'

/** Everything that the page of a stress run shows; texts are shown as they are, so secrets must be out of them. */
export interface StressPage {
  /** The URL, query values as `…`. */
  readonly target: string
  readonly contract: string
  readonly seed: number
  /** What to type to run it again. */
  readonly command: string
  readonly toolVersion: string
  /** RFC 3339. */
  readonly startedAt: string
  /** The schedule in words: `500/s for 60 s`. */
  readonly schedule: string
  /** Who set the pace: a schedule that can be late, or the receiver. */
  readonly pace: 'open' | 'closed'
  readonly thresholds: readonly JudgedThreshold[]
  /** What it came to, in a few words. */
  readonly headline: string
  /** What was learnt, in one sentence. */
  readonly sentence: string
  readonly result: StressResult
  /** What changed since an earlier run: `--compare`. */
  readonly changes?: readonly FigureChange[]
  /** How the two runs differ in what was asked of them. */
  readonly differences?: readonly string[]
}
