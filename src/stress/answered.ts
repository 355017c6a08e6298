import { answeredIn } from './bad-answers.ts'
import type { StressSecond } from './result.ts'

/** Under way at the end of the load is what latency explains so many times over; a moment has more than the mean. */
const EXPLAINED = 2

/** What is known of first deliveries and their answers. */
export interface AnsweredFacts {
  /** Who sets the pace: a schedule, or the receiver. */
  readonly pace: 'open' | 'closed'
  readonly loadMs: number
  /** From the first due time to the last answer of all. */
  readonly durationMs: number
  /** First deliveries that were due. */
  readonly due: number
  /** Those that were started in the load. */
  readonly started: number
  /** Those that were answered in it. */
  readonly answeredInLoad: number
  /** Those that were answered or timed out at all. */
  readonly measured: number
  /** From the first due time to the first answer; Infinity without one in the load. */
  readonly firstAnswerMs: number
  readonly timeline: readonly StressSecond[]
}

/**
 * First deliveries answered per second of load. It counts from the first answer on, so that one that takes long but
 * keeps up is not charged for that, and one that lets them wait has what it takes.
 */
export function answeredPerSecond(facts: AnsweredFacts): number {
  const { pace, loadMs, durationMs, due, started, answeredInLoad, measured, firstAnswerMs, timeline } = facts
  // So many connections that the load was over before the receiver was.
  if (pace === 'closed' && answeredInLoad * 2 < started) return perSecond(measured, Math.max(loadMs, durationMs))
  const most = perSecond(started, loadMs)
  const quiet = quietMs(timeline)
  const explained = quiet === undefined ? 0 : (most * quiet * EXPLAINED) / 1000 + 1
  if (pace === 'open' && due - answeredInLoad <= explained) return most
  // The first answer begins the time, and is not in it.
  return Math.min(most, perSecond(Math.max(0, answeredInLoad - 1), loadMs - firstAnswerMs))
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? (count / ms) * 1000 : 0
}

/** The usual latency of the quickest second: where a queue grows, it is soon among the slow ones. */
export function quietMs(timeline: readonly StressSecond[]): number | undefined {
  const answered = timeline.filter((second) => answeredIn(second) > 0)
  const measured = answered.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs.p50]))
  return measured.length === 0 ? undefined : Math.min(...measured)
}
