import { answeredIn, badShareOf, FAILING } from './bad-answers.ts'
import { quietMs } from './answered.ts'
import { loadSeconds } from './bend.ts'
import { meanOf, sumOf } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'

/** Share of what is due in a second that may be answered in the next. */
const NOISE = 0.02
/** What piles up is at least so many, this share of a second's load, and more than a count is off by chance. */
const PILED = { atLeast: 5, share: 0.1, deviations: 0.7 } as const
/** Where it piles up, the usual latency grows to so many times the quickest second's, and so much longer (ms). */
const GROWN = { times: 1.5, plusMs: 20 } as const
/** So many seconds answer too little. */
const FEWEST_SHORT = 2
/** With fewer seconds before it, at the same rate, it has no beginning. */
const FEWEST_BEFORE = 2
/** It begins in the second that has at least this part of the mean shortage. */
const FULL = 0.4
/** What piled up before is at most this part of all. */
const BEFORE = 0.25
/** A receiver that afterwards takes so much more, as quickly as ever, was slow for a while. */
const MORE = 1.05
/** A rate that has grown by less than this explains nothing. */
const RAMPED = 1.2

/** A stretch in which less is answered than is due, and the rest piles up or is dropped. */
export interface Saturation {
  /** What the receiver takes, first deliveries per second. */
  readonly takenPerSecond: number
  /**
   * `start`: less from the beginning on; `ramp`: from a rate on; `moment`: from a second on, at the same rate; `spell`:
   * for some seconds, and more than that afterwards.
   */
  readonly since: 'start' | 'ramp' | 'moment' | 'spell'
  readonly fromSecond: number
  /** How long it lasted, until it eased or the load was over. */
  readonly seconds: number
}

/** Fewer that wait at the end, or for a shorter time, are those that came last. */
const LEFT = { atLeast: 8, times: 2, momentMs: 1000 } as const

/** One second of the load. */
interface Seen {
  readonly item: StressSecond
  readonly answered: number
  /** What was due and not answered in it: it waits, or was dropped. */
  readonly short: number
}

/**
 * Whether the load was ever more than the receiver takes: the stretch in which most piles up, dropped ones too, is
 * more than its latency explains. Seconds that fail tell nothing.
 * @returns undefined where nothing piles up, or so little that it may be chance
 */
export function saturationOf(result: StressResult): Saturation | undefined {
  const quiet = quietMs(result.timeline) ?? 0
  const load = loadSeconds(result.timeline).map((item, index, all) => seen(item, all[index - 1]?.due ?? 0, quiet))
  const [piling, to] = worst(load)
  const from = fullFrom(load, piling, to)
  const span = load.slice(from, to + 1)
  const peak = Math.max(...span.map(({ item }) => item.due))
  const piled = sumOf(span.map(({ short }) => short)) - result.timedOutFirst
  if (
    span.filter(isShort).length < FEWEST_SHORT ||
    piled <
      Math.max(PILED.atLeast, peak * PILED.share, Math.sqrt(sumOf(span.map(({ item }) => item.due))) * PILED.deviations)
  )
    return undefined
  if (!isFelt(span, quiet, result.timeline)) return undefined
  const first = span[0]?.item as StressSecond
  const isRamped = first.due > (load[0]?.item.due ?? 0) * RAMPED
  const begin = from > 0 && isRamped ? 'ramp' : from < FEWEST_BEFORE ? 'start' : 'moment'
  // The first still fills up, if that was not the one without any answer.
  const full = begin === 'start' && from > 0 ? span : span.slice(1)
  const takenPerSecond = takenIn(full, result.loadMs)
  const isMore = ({ item, short }: Seen): boolean =>
    item.due > takenPerSecond * MORE &&
    short <= item.due * NOISE &&
    (item.latencyMs?.p50 ?? 0) <= quiet * GROWN.times + GROWN.plusMs
  const isOver = load.slice(to + 1).filter(isMore).length >= FEWEST_SHORT
  return { takenPerSecond, since: isOver ? 'spell' : begin, fromSecond: first.second, seconds: span.length }
}

/** Where more becomes due, more is under way at any moment: that is latency, and nothing piles up. */
function seen(item: StressSecond, dueBefore: number, quiet: number): Seen {
  const answered = item.answeredFirst ?? answeredIn(item)
  const isFailing = (badShareOf(item) ?? 0) >= FAILING || answered === 0
  const short = item.due - answered - (Math.max(0, item.due - dueBefore) * quiet) / 1000
  return { item, answered, short: isFailing ? Math.min(0, short) : short }
}

/** From which to which second most piles up beyond what is noise. */
function worst(load: readonly Seen[]): readonly [from: number, to: number] {
  let best = { from: 0, to: -1, sum: 0 }
  let [from, sum] = [0, 0]
  load.forEach(({ item, short }, to) => {
    if (sum <= 0) [from, sum] = [to, 0]
    sum += short - item.due * NOISE
    if (sum > best.sum) best = { from, to, sum }
  })
  return [best.from, best.to]
}

/** Dropped, or waited for: those that come late in the stretch are answered after it, or in the drain. */
function isFelt(span: readonly Seen[], quiet: number, timeline: readonly StressSecond[]): boolean {
  if (span.some(({ item }) => item.dropped > item.due * NOISE)) return true
  const last = span.at(-1)?.item.second ?? 0
  const waits = timeline.slice(span[0]?.item.second, last + 2).map(({ latencyMs }) => latencyMs?.p50 ?? 0)
  return Math.max(...waits) > Math.max(quiet * GROWN.times, quiet + GROWN.plusMs)
}

/** Not with what came before two seconds that answer all, nor on a ramp with those in which it fills up slowly. */
function fullFrom(load: readonly Seen[], begin: number, to: number): number {
  const all = load.slice(begin, to + 1)
  const total = sumOf(all.map(({ short }) => short))
  const quietAt = all.findLastIndex(
    (one, index) =>
      index > 0 &&
      [one, all[index - 1] as Seen].every((second) => !isShort(second)) &&
      sumOf(all.slice(0, index + 1).map(({ short }) => short)) <= total * BEFORE,
  )
  const from = begin + quietAt + 1
  const span = load.slice(from, to + 1)
  const mean = sumOf(span.map(({ short }) => short)) / sumOf(span.map(({ item }) => item.due))
  const first = span.findIndex(({ item, short }) => short >= item.due * mean * FULL)
  return from + Math.max(0, first)
}

function isShort({ item, short }: Seen): boolean {
  return short > Math.max(0.5, item.due * NOISE)
}

/** The last may be a part of one. */
function takenIn(seconds: readonly Seen[], loadMs: number): number {
  const due = meanOf(seconds.map(({ item }) => item.due))
  const last = seconds.at(-1)?.item
  const isPart = last !== undefined && ((last.second + 1) * 1000 > loadMs + 1 || last.due < due * FULL)
  return meanOf((isPart && seconds.length > 1 ? seconds.slice(0, -1) : seconds).map(({ answered }) => answered))
}

/**
 * How many still waited when the load was over, where that is more than latency explains and took longer than a moment
 * to work off.
 */
export function leftWaiting({ timeline, loadMs }: StressResult): number | undefined {
  const last = loadSeconds(timeline).at(-1)
  const quiet = quietMs(timeline)
  if (last === undefined || quiet === undefined) return undefined
  const explained = Math.max(LEFT.atLeast, (LEFT.times * last.due * quiet) / 1000)
  const after = timeline.findLast((second) => answeredIn(second) > 0)?.second ?? 0
  const isMoment = after * 1000 <= loadMs + quiet + LEFT.momentMs
  return last.inFlight <= explained || isMoment ? undefined : last.inFlight
}
