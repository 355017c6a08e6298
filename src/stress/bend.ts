import type { StressSecond } from './result.ts'
import { rateText } from './schedule-text.ts'

/** Seconds that are still being warmed up (connections, a receiver's just-in-time compiler). */
const WARM_UP_SECONDS = 1
/** A bend needs so many seconds before and after it: fewer are chance. */
const FEWEST_SECONDS = 3
/** Share of the seconds after a bend that may be as quiet as before. */
const EXCEPTIONS = 0.1
/** The peak of the load lasts as long as the rate is so near to the highest. */
const NEAR_PEAK = 0.95
/** A rate that has grown by less than this since the start explains nothing. */
const RAMPED = 1.2

/** What to look at, and from where on it is too much. */
export interface Bent {
  /** Undefined when the second says nothing. */
  readonly level: (second: StressSecond) => number | undefined
  readonly limit: (quiet: number) => number
}

/**
 * From where on something stays above its quiet level until the peak of the load is over: ` from about 140/s` when
 * the load had grown by then, else ` from second 21 on, at 100/s`. What comes after the peak is left out: a queue that
 * is worked off says nothing about the rate.
 * @returns undefined when it never does, or does from the very start
 */
export function bendOf(timeline: readonly StressSecond[], { level, limit }: Bent): string | undefined {
  const seconds = untilPeakEnds(timeline)
    .slice(WARM_UP_SECONDS)
    .flatMap((item) => {
      const value = level(item)
      return value === undefined || Number.isNaN(value) ? [] : [{ item, value }]
    })
  if (seconds.length < 2 * FEWEST_SECONDS) return undefined
  const most = limit(quietOf(seconds.map(({ value }) => value)))
  let above = 0
  let first: number | undefined
  // From the end: the longest rest of which nearly all is above, beginning with one that is.
  for (let index = seconds.length - 1; index >= 0; index -= 1) {
    if ((seconds[index]?.value ?? 0) <= most) continue
    above += 1
    const rest = seconds.length - index
    if (above >= rest * (1 - EXCEPTIONS)) first = index
  }
  if (first === undefined || first < FEWEST_SECONDS || seconds.length - first < FEWEST_SECONDS) return undefined
  const bend = seconds[first]?.item
  const start = seconds[0]?.item
  if (bend === undefined || start === undefined) return undefined
  if (bend.due > start.due * RAMPED) return ` from about ${rateText(Number(bend.due.toPrecision(2)))}`
  return ` from second ${bend.second + 1} on, at ${rateText(bend.due)}`
}

/** The seconds in which something was due, to the end of the peak. */
function untilPeakEnds(timeline: readonly StressSecond[]): readonly StressSecond[] {
  const peak = timeline.reduce((most, { due }) => Math.max(most, due), 0)
  const last = timeline.findLastIndex(({ due }) => due > 0 && due >= peak * NEAR_PEAK)
  return timeline.slice(0, last + 1).filter(({ due }) => due > 0)
}

/** The median of the three lowest: one lucky second is no level. */
function quietOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[1] ?? 0
}
