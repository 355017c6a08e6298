import { badShareOf, FAILING, FEWEST_REQUESTS } from './bad-answers.ts'
import { loadSeconds, untilPeakEnds } from './bend.ts'
import { isMuchMore, meanOf, medianOf } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'

/** Fewer that pile up are chance. */
const FEWEST_WAITING = 3
/** Of a load, at least so many seconds. */
const FEWEST_SECONDS = 5
/** Share of what is due that piles up where a receiver takes too little. */
const PILING_UP = 0.05
/** Where so much piles up, latency grows when it is so many times as long, and so much longer (ms). */
const GROWN = { times: 1.5, plusMs: 20 } as const
/** From this share of what is due on, what waits is not for want of speed. */
const KEEPING_UP = 0.98
/** Of the growth, at least this part falls into each half of the time: one slow spell is no growth. */
const IN_EACH_HALF = 0.15

/** A receiver that takes too little. */
interface Behind {
  /** Since when: a second of the run. */
  readonly fromSecond: number
  /** What it takes per second. */
  readonly taken: number
}

/**
 * Since when a receiver is behind until the peak of the load is over: requests pile up all the time, and most of them
 * wait longer and longer. Those that are answered after the load count, too: they waited longest.
 * @returns undefined for one that is not
 */
export function behindOf(result: StressResult): Behind | undefined {
  const load = untilPeakEnds(result.timeline)
  const isFew = medianOf(load.map(({ due }) => due)) < FEWEST_REQUESTS
  // With enough requests in a second, `growthText` finds where it begins.
  const begins = isFew ? load.slice(0, Math.max(1, load.length - FEWEST_SECONDS + 1)) : load.slice(0, 1)
  for (const index of begins.keys()) {
    const rest = load.slice(index)
    if (!isBehindIn(rest, result)) continue
    const fromSecond = isFew ? beginOf(rest) : 0
    return { fromSecond, taken: takenIn(rest.filter(({ second }) => second >= fromSecond)) }
  }
  return undefined
}

/** The last second in which no more waited than in the first, 0 for the first of all with its neighbour. */
function beginOf(load: readonly StressSecond[]): number {
  const level = (load[0]?.inFlight ?? 0) + 1
  const second = load.findLast(({ inFlight }) => inFlight <= level)?.second ?? 0
  return second <= 1 ? 0 : second
}

function isBehindIn(load: readonly StressSecond[], result: StressResult): boolean {
  const isPiled = isPilingUp(load)
  const grows = (ms: number, thanMs: number): boolean =>
    isMuchMore(ms, thanMs) || (isPiled && ms > Math.max(thanMs * GROWN.times, thanMs + GROWN.plusMs))
  const waiting = load.map(({ inFlight }) => inFlight)
  if (!rises(waiting, (late, early) => late >= early + FEWEST_WAITING)) return false
  // Once less is due than at the peak, what waits is worked off.
  const isEased = load.at(-1) !== loadSeconds(result.timeline).at(-1)
  const seen = isEased ? load : result.timeline.slice(load[0]?.second)
  const typicalMs = seen.flatMap((second) =>
    second.latencyMs === undefined || (badShareOf(second) ?? 0) >= FAILING ? [] : [second.latencyMs.p50],
  )
  if (typicalMs.length < 3 || !rises(typicalMs, grows)) return false
  const whole = wholeOf(load)
  return medianOf(whole.map(({ answers }) => answers['2xx'])) < medianOf(whole.map(({ due }) => due)) * KEEPING_UP
}

/** In all per second, not in the middle one: where connections answer together, a second has a round more or less. */
function takenIn(load: readonly StressSecond[]): number {
  return meanOf(wholeOf(load).map(({ answers }) => answers['2xx']))
}

/** The first second begins with nothing to do, and the last may be a part of one. */
function wholeOf(load: readonly StressSecond[]): readonly StressSecond[] {
  return load.length > 2 ? load.slice(1, -1) : load
}

/** Whether so much of what is due in these seconds piles up that the receiver is behind. */
export function isPilingUp(seconds: readonly StressSecond[]): boolean {
  const due = seconds.slice(1).reduce((sum, item) => sum + item.due, 0)
  const [first, last] = [seconds[0]?.inFlight ?? 0, seconds.at(-1)?.inFlight ?? 0]
  return last - first >= Math.max(FEWEST_WAITING, due * PILING_UP)
}

/** Whether values rise all the time: from the first third to the middle, and from there to the last. */
function rises(values: readonly number[], isMore: (late: number, early: number) => boolean): boolean {
  const size = Math.max(1, Math.floor(values.length / 3))
  const [early, late] = [medianOf(values.slice(0, size)), medianOf(values.slice(-size))]
  if (!isMore(late, early)) return false
  if (values.length < 3) return true
  const middle = medianOf(values.slice(size, -size))
  return Math.min(middle - early, late - middle) >= (late - early) * IN_EACH_HALF
}
