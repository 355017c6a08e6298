import {
  badAnswers,
  badShareOf,
  FAILING,
  FEWEST_REQUESTS,
  meantRequests,
  WORTH_TELLING,
  type BadAnswer,
} from './bad-answers.ts'
import { bendOf, type Bend } from './bend.ts'
import { countText, msText, namesText, percentText, twoDigits } from './figure-text.ts'
import { forgedText, onlyForgedText } from './forged-text.ts'
import { meantInterrupted, meantOf } from './forged.ts'
import { outageText } from './outage.ts'
import { droppedText, slowText, stallText, type LoadLimits } from './overload.ts'
import { heldPerSecond, isRateMissed, takenPerSecond } from './pace.ts'
import { measuredFirst, type StressResult, type StressSecond } from './result.ts'
import { rateText } from './schedule-text.ts'
import { leftWaiting } from './saturation.ts'
import { silenceText } from './silence.ts'
import { amplificationOf } from './threshold.ts'
import { unevenText } from './unevenness.ts'

/** From which lateness of ours on the figures say more about the sender than about the receiver. */
export const LATE_MS = 10
/** More than this many clauses, or characters, is no sentence any more. */
const LONGEST = { clauses: 2, characters: 140 } as const

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
 * @param limits what deliveries that were dropped did not fit into
 */
export function sentenceOf(result: StressResult, kind: 'open' | 'closed', limits?: LoadLimits): string {
  const { books, endedBy } = result
  if (endedBy === 'never-connected') return unheard(books)
  if (books.requests === 0) return 'nothing was sent'
  const findings = found(result, kind, limits)
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
function found(result: StressResult, kind: 'open' | 'closed', limits?: LoadLimits): readonly string[] {
  const nothing = undelivered(result)
  if (nothing !== undefined) return nothing
  const wrong = [failing(result, kind), ...(kind === 'open' ? [dropping(result, limits)] : []), unsettled(result)]
    .filter((finding) => finding !== undefined)
    .toSorted((a, b) => b.share - a.share)
    .map(({ text }) => text)
  if (kind === 'closed') {
    const stalled = stallText(result)
    if (stalled !== undefined) wrong.push(stalled)
    return [...wrong, `takes ${rateText(twoDigits(takenPerSecond(result)))}${tailText(result)}`]
  }
  if (wrong.length === 0 && isSenderTheLimit(result))
    return [`${SENDER_WAS_LATE} (p99 ${msText(result.latenessMs.p99)}): the sender, not the receiver, is the limit`]
  const slow = slowText(result)
  if (slow !== undefined) wrong.push(`${slow} (p99 ${msText(result.latencyMs.p99)} in all)`)
  if (wrong.length > 0) return wrong
  if (measuredFirst(result) === 0) return ['no first delivery was answered, so no latency is known']
  const left = leftWaiting(result)
  if (left !== undefined) return [`${countText(left)} requests still waited when the load was over${tailText(result)}`]
  // So few make no rate.
  const { deliveries } = result.books
  const pace =
    deliveries < FEWEST_REQUESTS
      ? `in ${countText(deliveries)} ${deliveries === 1 ? 'delivery' : 'deliveries'}`
      : `at ${rateText(twoDigits(heldPerSecond(result)))}`
  return [`kept up: p99 ${msText(result.latencyMs.p99)} ${pace}${unevenText(result)}`]
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
  return { text: `${what}${silenceText(result) ?? outageText(timeline) ?? since}${blocked}`, share }
}

/** Before the first deadline, nothing can have timed out. */
function isWaitedFor({ after: [first] }: Bend, bad: BadAnswer | undefined): boolean {
  if (first === undefined || (bad?.name !== 'timeout' && bad?.name !== 'connect-timeout')) return false
  return (first.second - 1) * 1000 < (first.latencyMs?.max ?? 0)
}

function dropping(result: StressResult, limits?: LoadLimits): Finding | undefined {
  const share = result.books.dropped / result.books.deliveries
  return share < WORTH_TELLING ? undefined : { text: droppedText(result, limits), share }
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
