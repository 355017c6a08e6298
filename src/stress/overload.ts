import { badAnswers, FAILING, meantRequests, WORTH_TELLING } from './bad-answers.ts'
import { bendOf, fromRateText, loadSeconds } from './bend.ts'
import { countText, percentText, twoDigits } from './figure-text.ts'
import { growthText } from './growth.ts'
import { sumOf } from './level.ts'
import { fittedPerSecond } from './pace.ts'
import type { StressResult, StressSecond } from './result.ts'
import { saturationOf, type Saturation } from './saturation.ts'
import { rateText } from './schedule-text.ts'
import { silenceText } from './silence.ts'
import { stallOf } from './stall.ts'

/** Share of a second's deliveries from which it counts as dropping. */
const DROPPING = 0.01

/** What a first delivery has to fit into. */
export interface LoadLimits {
  readonly connections: number
  /** Deliveries under way at most. */
  readonly maxInFlight: number
}

/** `8.3 % did not fit into the connections and were dropped from about 140/s`. */
export function droppedText(result: StressResult, limits?: LoadLimits): string {
  const { books } = result
  const isOwn = limits !== undefined && limits.maxInFlight !== limits.connections
  const where = isOwn ? `under --max-in-flight ${countText(limits.maxInFlight)}` : 'into the connections'
  // What is kept back by us says nothing about the receiver.
  const isKeptBack = limits !== undefined && limits.maxInFlight < limits.connections
  const since = isKeptBack ? '' : sinceText(result)
  return `${percentText(books.dropped / books.deliveries)} did not fit ${where} and were dropped${since}`
}

function sinceText(result: StressResult): string {
  const { timeline } = result
  // It is no want of speed that they were dropped for then.
  if (silenceText(result) !== undefined || stallText(result) !== undefined) return ''
  const isAbove = ({ due, dropped }: StressSecond): boolean => dropped / due > DROPPING
  const bend = bendOf(timeline, { isAbove, before: 1, after: 2 })
  const saturation = saturationOf(result)
  if (saturation?.since === 'ramp')
    return fromRateText(Math.min(bend?.ratePerSecond ?? Number.POSITIVE_INFINITY, saturation.takenPerSecond))
  if (saturation?.since === 'moment' && bend !== undefined) return saturatedText(saturation)
  if (bend !== undefined) return bend.text
  const seconds = loadSeconds(timeline)
  const isHealthy = sumOf(badAnswers(result).map(({ count }) => count)) < FAILING * meantRequests(result.books)
  if (seconds.filter(isAbove).length <= seconds.length / 2 || !isHealthy) return ''
  return `: takes about ${rateText(Number(fittedPerSecond(seconds, isAbove).toPrecision(2)))}`
}

/** `stalled for 3 s from 4 s on`, `latency grows from about 140/s`, `latency grows all the time: takes about 140/s`. */
export function slowText(result: StressResult): string | undefined {
  const stalled = stallText(result)
  if (stalled !== undefined) return stalled
  // Where they were dropped, that was told.
  if (result.books.dropped >= Math.max(1, result.books.deliveries * WORTH_TELLING)) return undefined
  const saturation = saturationOf(result)
  if (saturation !== undefined) return grownText(saturation)
  const growth = growthText(result)
  return growth === undefined ? undefined : `latency grows${growth}`
}

/** `stalled for 3 s from 4 s on`. */
export function stallText(result: StressResult): string | undefined {
  const stall = stallOf(result.timeline)
  // A pause of our own is no stall of the receiver, and who gave up waiting is told by how long nothing was answered.
  if (stall === undefined || result.latenessMs.max * 2 >= stall.lengthMs) return undefined
  return `stalled for ${Math.round(stall.lengthMs / 1000)} s from ${stall.fromSecond} s on`
}

function grownText(saturation: Saturation): string {
  const { since, fromSecond, seconds } = saturation
  if (since === 'spell') return `fell behind for ${seconds} s from ${fromSecond} s on, then caught up`
  return `latency grows${saturatedText(saturation)}`
}

/** ` from about 140/s`, ` from 12 s on: takes about 140/s`, ` all the time: takes about 140/s`. */
function saturatedText({ since, fromSecond, takenPerSecond: taken }: Saturation): string {
  if (since === 'ramp') return fromRateText(taken)
  return ` ${since === 'start' ? 'all the time' : `from ${fromSecond} s on`}: takes about ${rateText(twoDigits(taken))}`
}
