import { loadSeconds } from './bend.ts'
import type { StressResult, StressSecond } from './result.ts'

/** A highest rate so little above the mean is the same rate, taken a little late; one more falls into some seconds. */
const SAME_RATE = { times: 1.1, plus: 1 } as const
/** One second in which much of what is due is taken late is enough to hide a rate that was not kept. */
const MISSED = 0.02

/**
 * The highest rate that was held for at least a second, first deliveries per second: for a run in which nothing fails
 * and nothing is dropped. The last second is a part of one, as a rule, and the mean of a ramp says nothing.
 */
export function heldPerSecond({ startedPerSecond, timeline }: StressResult): number {
  const highest = loadSeconds(timeline).reduce((most, { due }) => Math.max(most, due), 0)
  return highest > startedPerSecond * SAME_RATE.times + SAME_RATE.plus ? highest : startedPerSecond
}

/** What was started in these seconds, in each of which more was due: the median, per second. */
export function fittedPerSecond(seconds: readonly StressSecond[]): number {
  const fitted = seconds.map(({ due, dropped }) => due - dropped).toSorted((a, b) => a - b)
  return fitted[Math.floor(fitted.length / 2)] ?? 0
}

/** What was settled per second of load, where the connections set the pace. */
export function takenPerSecond({ books, loadMs, startedPerSecond }: StressResult): number {
  const settled = books.delivered + books.refused + books.wronglyAccepted
  return loadMs > 0 ? Math.min(startedPerSecond, settled / (loadMs / 1000)) : startedPerSecond
}

/** Whether the load was not what the schedule asked for, although nothing was dropped: too few started, or too late. */
export function isRateMissed({ offeredPerSecond, startedPerSecond, loadMs, timeline, books }: StressResult): boolean {
  const late = timeline.reduce((sum, { second, due }) => sum + (second * 1000 >= loadMs ? due : 0), 0)
  return startedPerSecond < offeredPerSecond * (1 - MISSED) || late > books.deliveries * MISSED
}
