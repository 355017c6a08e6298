import type { StressResult, StressSecond } from './result.ts'
import { rateText } from './schedule-text.ts'
import { bendOf } from './bend.ts'

/** From which lateness of ours on the figures say more about the sender than about the receiver. */
export const LATE_MS = 10
/** Share of something that is worth a word. */
const WORTH_TELLING = 0.001
/** Share of the answers in a second from which it counts as failing. */
const FAILING = 0.05
/** Latency "grows" when it stays above so many times the quiet level, and so much above it that it is felt. */
const GROWTH = { times: 3, plusMs: 20 } as const

/**
 * What a run showed, in one sentence without a full stop: who was the limit, where it begins to fail, where it grows
 * slow, what the retries came to.
 * @param kind `closed` when the connections, not a schedule, set the pace
 */
export function sentenceOf(result: StressResult, kind: 'open' | 'closed'): string {
  const { books, latenessMs, endedBy } = result
  if (endedBy === 'never-connected') return 'no connection was ever made: nothing is known of the receiver'
  if (books.requests === 0) return 'nothing was sent'
  if (kind === 'open' && latenessMs.p99 > LATE_MS)
    return `our own schedule was late (p99 ${msText(latenessMs.p99)}): the sender, not the receiver, is the limit`
  const found = [
    ...(books.wronglyAccepted === 0
      ? []
      : [`accepted ${books.wronglyAccepted} of ${books.wronglyAccepted + books.refused} forged signatures`]),
    ...(kind === 'open' ? [failing(result), dropping(result), slowing(result)] : [failing(result)]),
  ].filter((part) => part !== undefined)
  const head = found.length === 0 || kind === 'closed' ? [pace(result, kind), ...found] : found
  return [...head, ...aftermath(result)].join('; ')
}

function pace({ startedPerSecond, latencyMs }: StressResult, kind: 'open' | 'closed'): string {
  return `${kind === 'closed' ? 'took' : 'kept up'}: p99 ${msText(latencyMs.p99)} at ${rateText(twoDigits(startedPerSecond))}`
}

/** `answers 503 to 12 % from about 300/s`. */
function failing(result: StressResult): string | undefined {
  const { books, timeline } = result
  const bad = failuresOf(result)
  const count = bad.reduce((sum, [, each]) => sum + each, 0)
  const [name = ''] = bad[0] ?? []
  if (count / books.requests < WORTH_TELLING) return undefined
  const verb = /^\d+$/.test(name) ? `answers ${name}` : `fails (${name})`
  const many = bad.length > 1 ? ' and others' : ''
  const outage = silence(timeline)
  const bend = outage === undefined ? bendOf(timeline, { level: failureShare, limit: () => FAILING }) : undefined
  return `${verb}${many} to ${percentText(count / books.requests)}${outage ?? bend ?? ''}`
}

/** What was no success, the most frequent first; refusals of forged signatures are as they must be. */
function failuresOf({ books, statuses, failures }: StressResult): (readonly [name: string, count: number])[] {
  const refusal = ['401', '403', '400'].find((status) => (statuses[status] ?? 0) >= books.refused)
  return [...Object.entries(statuses).filter(([status]) => !/^2\d\d$/.test(status)), ...Object.entries(failures)]
    .map(([name, count]) => [name, name === refusal ? count - books.refused : count] as const)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
}

/** The longest stretch in which nothing was accepted and after which something was again. */
function silence(timeline: readonly StressSecond[]): string | undefined {
  let best: readonly [from: number, to: number] | undefined
  let from: number | undefined
  for (const item of timeline) {
    const ended = Object.values(item.answers).reduce((sum, count) => sum + count, 0)
    if (ended > 0 && item.answers['2xx'] === 0) from ??= item.second
    if (item.answers['2xx'] === 0 || from === undefined) continue
    if (best === undefined || item.second - from > best[1] - best[0]) best = [from, item.second]
    from = undefined
  }
  if (best === undefined || best[1] - best[0] < 2) return undefined
  return `, all of them for ${best[1] - best[0]} s from second ${best[0] + 1} on, then it came back`
}

function dropping({ books, timeline }: StressResult): string | undefined {
  if (books.dropped / books.deliveries < WORTH_TELLING) return undefined
  const bend = bendOf(timeline, { level: ({ due, dropped }) => dropped / due, limit: () => 0.01 })
  return `${percentText(books.dropped / books.deliveries)} did not fit into the connections and were dropped${bend ?? ''}`
}

function slowing({ timeline, latencyMs }: StressResult): string | undefined {
  const bend = bendOf(timeline, {
    level: (item) => item.latencyMs?.p99,
    limit: (quietMs) => Math.max(quietMs * GROWTH.times, quietMs + GROWTH.plusMs),
  })
  return bend === undefined ? undefined : `latency grows${bend} (p99 ${msText(latencyMs.p99)} in all)`
}

function aftermath({ books }: StressResult): readonly string[] {
  const started = books.deliveries - books.dropped
  const amplification = books.requests / started
  return [
    ...(amplification >= 1.05 ? [`${amplification.toFixed(2)} requests per delivery`] : []),
    ...(books.blocked === 0 ? [] : [`${percentText(books.blocked / started)} blocked`]),
  ]
}

function failureShare({ answers }: StressSecond): number | undefined {
  const ended = Object.values(answers).reduce((sum, count) => sum + count, 0)
  return ended === 0 ? undefined : 1 - answers['2xx'] / ended
}

function msText(ms: number): string {
  return ms >= 10_000
    ? `${Math.round(ms / 1000)} s`
    : ms >= 1000
      ? `${(ms / 1000).toFixed(1)} s`
      : `${twoDigits(ms)} ms`
}

function percentText(share: number): string {
  return `${twoDigits(share * 100)} %`
}

function twoDigits(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(2))
}
