import { endedIn } from './bad-answers.ts'
import { isMuchMore, quantileOf } from './level.ts'
import type { StressSecond } from './result.ts'

/** A shorter one is a hiccup. */
const SHORTEST_MS = 1000
/** Nobody waits so much longer than there are seconds without an answer: it begins within one, and ends within one. */
const PARTS_MS = 2000
/** Where others wait longer than that, without a stall, it is no stall that they wait for. */
const LONGEST_OF_ALL = 0.9

/** A stretch in which requests waited and none ended. */
interface Stall {
  /** From the start of the run. */
  readonly fromSecond: number
  /** As long as one waited that was due at its beginning. */
  readonly lengthMs: number
}

/** The longest time in which a receiver that is usually much quicker answered nothing: `stalled for 3 s from 4 s on`. */
export function stallOf(timeline: readonly StressSecond[]): Stall | undefined {
  const measured = timeline.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))
  const usualMs = quantileOf(
    measured.map(({ p50 }) => p50),
    0.25,
  )
  const longestMs = measured.reduce((most, { max }) => Math.max(most, max), SHORTEST_MS)
  const [longest] = timeline
    .flatMap((second, index) => {
      const lengthMs = second.latencyMs?.max ?? 0
      const from = emptyBefore(timeline, index)
      const isStall =
        from !== undefined &&
        lengthMs >= longestMs * LONGEST_OF_ALL &&
        lengthMs <= (index - from) * 1000 + PARTS_MS &&
        isMuchMore(lengthMs, usualMs)
      return isStall ? [{ fromSecond: beginOf(timeline, from), lengthMs }] : []
    })
    .toSorted((a, b) => b.lengthMs - a.lengthMs)
  return longest
}

/** Where the seconds begin, directly before this one, in which requests waited and none ended. */
function emptyBefore(timeline: readonly StressSecond[], end: number): number | undefined {
  const isEmpty = (second: StressSecond | undefined): boolean =>
    second !== undefined && second.inFlight > 0 && endedIn(second) === 0
  if (endedIn(timeline[end] as StressSecond) === 0) return undefined
  let from = end
  while (isEmpty(timeline[from - 1])) from -= 1
  return from === end ? undefined : from
}

/** When it began: in the second before the first empty one, as much was still answered as there was time for. */
export function beginOf(timeline: readonly StressSecond[], firstEmpty: number): number {
  const before = timeline[firstEmpty - 1]
  if (before === undefined || before.due === 0) return firstEmpty
  return firstEmpty - 1 + Math.round(Math.min(1, endedIn(before) / before.due))
}
