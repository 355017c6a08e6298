import type { StressSecond } from './result.ts'
import { rateText } from './schedule-text.ts'

/** Share of the seconds after a bend that may be as quiet as before. */
const EXCEPTIONS = 0.1
/** The peak of the load lasts as long as the rate is so near to the highest; one more falls into some seconds. */
const NEAR_PEAK = 0.95
/** A rate that has grown by less than this since the start explains nothing. */
const RAMPED = 1.2

/** What to look for, and how many seconds make it more than chance. */
export interface Bent {
  /** Whether it is too much; undefined when the second says nothing. */
  readonly isAbove: (second: StressSecond) => boolean | undefined
  /** The fewest seconds before it; the first, in which much is still made ready, is left out when it is too much. */
  readonly before: number
  /** The fewest seconds from it on. */
  readonly after: number
}

/** Where something begins and stays. */
export interface Bend {
  /** ` from about 140/s` when the load had grown by then, else ` from 20 s on, at 100/s`. */
  readonly text: string
  /** The rate in the first of those words, per second. */
  readonly ratePerSecond?: number
  readonly before: readonly StressSecond[]
  readonly after: readonly StressSecond[]
}

/**
 * From where on something is too much until the peak of the load is over. What comes after the peak is left out: a
 * queue that is worked off says nothing about the rate.
 * @returns undefined when it never is, or is from the very start
 */
export function bendOf(timeline: readonly StressSecond[], { isAbove, before, after }: Bent): Bend | undefined {
  const seconds = untilPeakEnds(timeline).flatMap((item, index) => {
    const verdict = isAbove(item)
    const isWarmUp = index === 0 && verdict === true
    return verdict === undefined || isWarmUp ? [] : [{ item, verdict }]
  })
  let above = 0
  let first = -1
  // From the end: the longest rest of which nearly all is above, beginning with one that is.
  for (let index = seconds.length - 1; index >= 0; index -= 1) {
    if (seconds[index]?.verdict !== true) continue
    above += 1
    if (above >= (seconds.length - index) * (1 - EXCEPTIONS)) first = index
  }
  const bend = seconds[first]?.item
  const start = seconds[0]?.item
  if (bend === undefined || start === undefined) return undefined
  if (first < before || seconds.length - first < after) return undefined
  const isRamped = bend.due > start.due * RAMPED
  return {
    text: isRamped ? fromRateText(bend.due) : ` from ${bend.second} s on, at ${rateText(bend.due)}`,
    ...(isRamped ? { ratePerSecond: bend.due } : {}),
    before: seconds.slice(0, first).map(({ item }) => item),
    after: seconds.slice(first).map(({ item }) => item),
  }
}

/** ` from about 140/s`. */
export function fromRateText(perSecond: number): string {
  return ` from about ${rateText(Number(perSecond.toPrecision(2)))}`
}

/** The seconds in which first deliveries were due: what comes later is the drain. */
export function loadSeconds(timeline: readonly StressSecond[]): readonly StressSecond[] {
  return timeline.filter(({ due }) => due > 0)
}

/** Of those, the ones to the end of the peak. */
export function untilPeakEnds(timeline: readonly StressSecond[]): readonly StressSecond[] {
  const seconds = loadSeconds(timeline)
  const peak = seconds.reduce((most, { due }) => Math.max(most, due), 0)
  return seconds.slice(0, seconds.findLastIndex(({ due }) => due >= peak * NEAR_PEAK - 1) + 1)
}
