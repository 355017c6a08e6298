import { endedIn } from './bad-answers.ts'
import { loadSeconds } from './bend.ts'
import { meanOf } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'

/** A highest rate so little above the mean is the same rate, taken a little late; one more falls into some seconds. */
const SAME_RATE = { times: 1.1, plus: 1 } as const
/** One second in which much of what is due is taken late is enough to hide a rate that was not kept. */
const MISSED = 0.02

/**
 * The highest rate that was held for at least a second, first deliveries per second: for a run in which nothing fails
 * and nothing is dropped: due, and answered in that second or the next. The last second is a part of one, as a rule, and
 * the mean of a ramp says nothing.
 */
export function heldPerSecond({ answeredPerSecond, timeline }: StressResult): number {
  const highest = loadSeconds(timeline).reduce((most, { due, second }) => {
    const answered = [timeline[second], timeline[second + 1]].map((item) => (item === undefined ? 0 : endedIn(item)))
    return Math.max(most, Math.min(due, Math.max(...answered)))
  }, 0)
  return highest > answeredPerSecond * SAME_RATE.times + SAME_RATE.plus ? highest : answeredPerSecond
}

/**
 * What fits per second while more is due. One in which nothing is dropped between two others belongs to them; the first
 * still fills what was free, and the last may be a part of one.
 * @param seconds of the load
 * @param isDropping whether more was due in one than fitted
 */
export function fittedPerSecond(
  seconds: readonly StressSecond[],
  isDropping: (second: StressSecond) => boolean,
): number {
  const drops = seconds.map(isDropping)
  const full = seconds.filter((_, index) => drops[index] || (drops[index - 1] && drops[index + 1]))
  const whole = full.length > 2 ? full.slice(1, full.at(-1) === seconds.at(-1) ? -1 : undefined) : full
  return meanOf(whole.map(({ due, dropped }) => due - dropped))
}

/** What was answered, and settled, per second of load, where the connections set the pace. */
export function takenPerSecond({ books, loadMs, answeredPerSecond }: StressResult): number {
  const settled = books.delivered + books.refused + books.wronglyAccepted
  return loadMs > 0 ? Math.min(answeredPerSecond, settled / (loadMs / 1000)) : answeredPerSecond
}

/** Whether the load was not what the schedule asked for, although nothing was dropped: too few started, or too late. */
export function isRateMissed({ offeredPerSecond, startedPerSecond, loadMs, timeline, books }: StressResult): boolean {
  const late = timeline.reduce((sum, { second, due }) => sum + (second * 1000 >= loadMs ? due : 0), 0)
  return startedPerSecond < offeredPerSecond * (1 - MISSED) || late > books.deliveries * MISSED
}
