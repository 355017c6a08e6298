import { badAnswers, badShareOf, FAILING, FEWEST_REQUESTS, meantRequests, type BadAnswer } from './bad-answers.ts'
import { behindOf } from './behind.ts'
import { bendOf, loadSeconds, type Bend } from './bend.ts'
import { countText, msText, namesText, percentText, twoDigits } from './figure-text.ts'
import { forgedText, onlyForgedText } from './forged-text.ts'
import { meantInterrupted, meantOf } from './forged.ts'
import { growthText } from './growth.ts'
import { outageText } from './outage.ts'
import { fittedPerSecond, heldPerSecond, isRateMissed, takenPerSecond } from './pace.ts'
import { measuredFirst, type StressResult, type StressSecond } from './result.ts'
import { rateText } from './schedule-text.ts'
import { stallOf } from './stall.ts'
import { amplificationOf } from './threshold.ts'

/** From which lateness of ours on the figures say more about the sender than about the receiver. */
export const LATE_MS = 10
/** Share of something that is worth a word. */
const WORTH_TELLING = 0.001
/** Share of a second's deliveries from which it counts as dropping. */
const DROPPING = 0.01
/** More than this many clauses, or characters, is no sentence any more. */
const LONGEST = { clauses: 2, characters: 120 } as const

const SENDER_WAS_LATE = 'our own schedule was late'

/** Something that went wrong, and to which share. */
interface Finding {
  readonly text: string
  readonly share: number
}

/**
 * What a run showed, in one sentence without a full stop: the worst first, in two clauses at most, and what was lost
 * on purpose at the end. Nobody "kept up" who answered nothing.
 * @param kind `closed` when the connections, not a schedule, set the pace
 */
export function sentenceOf(result: StressResult, kind: 'open' | 'closed'): string {
  const { books, endedBy } = result
  if (endedBy === 'never-connected') return unheard(books)
  if (books.requests === 0) return 'nothing was sent'
  const findings = found(result, kind)
  const late = findings.some((text) => text.startsWith(SENDER_WAS_LATE)) ? [] : lateness(result, kind)
  const caveats = [...late, ...broken(result)]
  const clauses = [...forgedText(books), ...findings, ...caveats].slice(0, LONGEST.clauses)
  const more = amplified(result)
  const fits = more !== undefined && [...clauses, more].join('; ').length <= LONGEST.characters
  return [...clauses, ...(fits && clauses.length < LONGEST.clauses ? [more] : []), ...onPurpose(result)].join('; ')
}

/** What Qualifio would do is known all the same. */
function unheard({ blocked, deliveries, dropped }: StressResult['books']): string {
  const most = `${countText(blocked)} of ${countText(deliveries - dropped)} deliveries were blocked, and nothing else`
  return `no connection was ever made: ${blocked > 0 ? most : 'nothing'} is known of the receiver`
}

/** What the run showed of the deliveries that were meant to arrive. */
function found(result: StressResult, kind: 'open' | 'closed'): readonly string[] {
  const nothing = undelivered(result)
  if (nothing !== undefined) return nothing
  const wrong = [failing(result, kind), ...(kind === 'open' ? [dropping(result)] : []), unsettled(result)]
    .filter((finding) => finding !== undefined)
    .toSorted((a, b) => b.share - a.share)
    .map(({ text }) => text)
  if (kind === 'closed') return [...wrong, `takes ${rateText(twoDigits(takenPerSecond(result)))}${tailText(result)}`]
  if (wrong.length === 0 && isSenderTheLimit(result))
    return [`${SENDER_WAS_LATE} (p99 ${msText(result.latenessMs.p99)}): the sender, not the receiver, is the limit`]
  const slow = slowing(result)
  if (slow !== undefined) wrong.push(`${slow} (p99 ${msText(result.latencyMs.p99)} in all)`)
  if (wrong.length > 0) return wrong
  if (measuredFirst(result) === 0) return ['no first delivery was answered, so no latency is known']
  // So few make no rate.
  const { deliveries } = result.books
  const pace =
    deliveries < FEWEST_REQUESTS
      ? `in ${countText(deliveries)} ${deliveries === 1 ? 'delivery' : 'deliveries'}`
      : `at ${rateText(twoDigits(heldPerSecond(result)))}`
  return [`kept up: p99 ${msText(result.latencyMs.p99)} ${pace}`]
}

/** `nothing was delivered: 37 of 37 without an answer (timeout)`. */
function undelivered(result: StressResult): readonly string[] | undefined {
  const { books } = result
  if (books.delivered > 0) return undefined
  if (books.forged > 0 && meantOf(books) === 0) return onlyForgedText(books)
  const bad = badAnswers(result)
  const count = sumOf(bad)
  if (count === 0) return [`nothing was delivered: no answer came before the end`]
  const many = `${countText(count)} of ${countText(meantRequests(books))}`
  if (bad.every(({ kind }) => kind === 'failure'))
    return [`nothing was delivered: ${many} without an answer (${namesText(bad)})`]
  const [only] = bad
  if (bad.length === 1 && only !== undefined) return [`nothing was delivered: ${many} answered ${only.name}`]
  return [`nothing was delivered: ${many} failed (${namesText(bad)})`]
}

/** `answers 503 to 12 % of requests from about 300/s`; `49 % of requests failed (refused 1,336, closed 1)`. */
function failing(result: StressResult, kind: 'open' | 'closed'): Finding | undefined {
  const { books, timeline } = result
  const bad = badAnswers(result)
  const share = sumOf(bad) / Math.max(1, meantRequests(books))
  if (share < WORTH_TELLING && books.blocked === 0) return undefined
  const isAbove = (second: StressSecond): boolean | undefined => {
    const value = badShareOf(second)
    return value === undefined ? undefined : value > FAILING
  }
  // The connections follow the receiver when they set the pace: their rate is no cause.
  const bend = kind === 'open' ? bendOf(timeline, { isAbove, before: 1, after: 2 }) : undefined
  const [only] = bad
  const since = bend === undefined || isWaitedFor(bend, only) ? '' : bend.text
  const what =
    bad.length === 1 && only?.kind === 'status'
      ? `answers ${only.name} to ${percentText(share)} of requests`
      : `${percentText(share)} of requests failed (${namesText(bad)})`
  const blocked = books.blocked === 0 ? '' : `, ${percentText(books.blocked / meantOf(books))} of deliveries blocked`
  return { text: `${what}${outageText(timeline) ?? since}${blocked}`, share }
}

/** Before the first deadline, nothing can have timed out. */
function isWaitedFor({ after: [first] }: Bend, bad: BadAnswer | undefined): boolean {
  if (first === undefined || (bad?.name !== 'timeout' && bad?.name !== 'connect-timeout')) return false
  return (first.second - 1) * 1000 < (first.latencyMs?.max ?? 0)
}

/** `8.3 % did not fit into the connections and were dropped from about 140/s`. */
function dropping(result: StressResult): Finding | undefined {
  const { books, timeline } = result
  const share = books.dropped / books.deliveries
  if (share < WORTH_TELLING) return undefined
  const isAbove = ({ due, dropped }: StressSecond): boolean => dropped / due > DROPPING
  const bend = bendOf(timeline, { isAbove, before: 1, after: 2 })
  const seconds = loadSeconds(timeline)
  const dropped = seconds.filter(isAbove)
  const isHealthy = sumOf(badAnswers(result)) < FAILING * meantRequests(books)
  const takes = `: takes about ${rateText(Number(fittedPerSecond(seconds, isAbove).toPrecision(2)))}`
  const rest = bend?.text ?? (dropped.length > seconds.length / 2 && isHealthy ? takes : '')
  return { text: `${percentText(share)} did not fit into the connections and were dropped${rest}`, share }
}

/** `stalled for 3 s from 4 s on`, `latency grows from about 140/s`, `latency grows all the time: takes about 140/s`. */
function slowing(result: StressResult): string | undefined {
  const stall = stallOf(result.timeline)
  // A pause of our own is no stall of the receiver.
  if (stall !== undefined && result.latenessMs.max * 2 < stall.lengthMs)
    return `stalled for ${Math.round(stall.lengthMs / 1000)} s from ${stall.fromSecond} s on`
  const growth = growthText(result)
  if (growth !== undefined) return `latency grows${growth}`
  const behind = behindOf(result)
  if (behind === undefined) return undefined
  const since = behind.fromSecond === 0 ? 'all the time' : `from ${behind.fromSecond} s on`
  return `latency grows ${since}: takes about ${rateText(twoDigits(behind.taken))}`
}

/** What a run that went to its end left behind. */
function unsettled({ books, endedBy }: StressResult): Finding | undefined {
  const share = meantInterrupted(books) / meantOf(books)
  if (share < WORTH_TELLING || !['drain', 'schedule', 'count'].includes(endedBy)) return undefined
  return { text: `${percentText(share)} of deliveries were still undelivered when it ended`, share }
}

/** Lateness is the sentence only where it explains the latency, and the load was not what was asked for. */
function isSenderTheLimit(result: StressResult): boolean {
  const { latenessMs, latencyMs } = result
  return latenessMs.p99 > LATE_MS && latenessMs.p99 * 2 >= latencyMs.p99 && isRateMissed(result)
}

/** A caveat, unless one pause of ours explains it: a pause of `max` makes so much of a p99 in a load of that length. */
function lateness(result: StressResult, kind: 'open' | 'closed'): readonly string[] {
  const { latenessMs, loadMs, books } = result
  const above = Math.floor(books.deliveries / 100) / Math.max(1, books.deliveries)
  const ofOnePauseMs = latenessMs.max <= 1000 ? latenessMs.max - loadMs * above : 0
  if (kind === 'closed' || measuredFirst(result) === 0 || latenessMs.p99 <= Math.max(LATE_MS, ofOnePauseMs)) return []
  return [`${SENDER_WAS_LATE} by up to ${msText(latenessMs.p99)} (p99): subtract that`]
}

/** Requests that one delivery cost, without those that were sent or lost on purpose. */
function amplified({ books }: StressResult): string | undefined {
  const amplification = amplificationOf(books) ?? 1
  return books.delivered > 0 && amplification >= 1.05 ? `${amplification.toFixed(2)} requests per delivery` : undefined
}

/** Whose status counts nevertheless. */
function broken({ brokenBodies, books }: StressResult): readonly string[] {
  const share = brokenBodies / Math.max(1, books.requests)
  return share < WORTH_TELLING ? [] : [`${percentText(share)} of answers broke off in their body`]
}

function onPurpose({ books: { lostAcks } }: StressResult): readonly string[] {
  if (lostAcks === 0) return []
  return [`${countText(lostAcks)} ${lostAcks === 1 ? 'answer was' : 'answers were'} lost on purpose`]
}

function tailText(result: StressResult): string {
  return measuredFirst(result) === 0 ? '' : `, p99 ${msText(result.latencyMs.p99)}`
}

function sumOf(bad: readonly BadAnswer[]): number {
  return bad.reduce((sum, { count }) => sum + count, 0)
}
