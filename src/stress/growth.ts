import { badShareOf, endedIn, FAILING, FEWEST_REQUESTS } from './bad-answers.ts'
import { bendOf, fromRateText, loadSeconds, type Bend } from './bend.ts'
import { isMuchMore, meanOf, medianOf } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'

/** So many seconds before and after make it more than chance. */
const FEWEST_SECONDS = 3
/** So long after a failure, latencies are those of a receiver that recovers. */
const RECOVERY_SECONDS = 3
/** What most requests see; a p99 alone is the tail of a few. */
const LEVELS = ['p50', 'p90'] as const

/**
 * From where on most requests take much longer than in the quiet seconds: ` from about 140/s`. Seconds that fail, or
 * in which the receiver recovers from that, tell nothing.
 */
export function growthText(result: StressResult): string | undefined {
  const calm = calmSeconds(result)
  for (const level of LEVELS) {
    const of = ({ latencyMs }: StressSecond): number => latencyMs?.[level] ?? 0
    const quiet = quietOf([...calm].map(of))
    const bend = bendOf(result.timeline, {
      isAbove: (second) => (calm.has(second) ? isMuchMore(of(second), quiet) : undefined),
      before: FEWEST_SECONDS,
      after: FEWEST_SECONDS,
    })
    if (bend === undefined) continue
    // The quiet level is that of the best seconds: what goes up and down around the same middle does not grow.
    if (isMuchMore(medianOf(bend.after.map(of)), medianOf(bend.before.map(of)))) return textOf(bend)
  }
  return undefined
}

/** A queue is felt only after it has grown for a while: what is never answered in any three seconds was too much before. */
function textOf({ text, ratePerSecond, before, after }: Bend): string {
  const answered = [...before, ...after].map(endedIn)
  const most = answered.slice(2).map((_, index) => meanOf(answered.slice(index, index + 3)))
  return ratePerSecond === undefined ? text : fromRateText(Math.min(ratePerSecond, Math.max(...most)))
}

/** Those with answers enough, without failures and not just after some. */
function calmSeconds(result: StressResult): ReadonlySet<StressSecond> {
  const calm = new Set<StressSecond>()
  let calmFrom = 0
  // In the first, connections are still made and a receiver is warmed up.
  for (const item of loadSeconds(result.timeline).slice(1)) {
    const ended = endedIn(item)
    const isFailing = (badShareOf(item) ?? 0) >= FAILING || (ended > 0 && item.answers['2xx'] === 0)
    if (isFailing) calmFrom = item.second + 1 + RECOVERY_SECONDS
    // More than a second's worth still has to be sent again.
    else if (item.second < calmFrom && item.retriesWaiting > item.due) calmFrom = item.second + 1 + RECOVERY_SECONDS
    if (item.second >= calmFrom && item.latencyMs !== undefined && ended - item.answers.failed >= FEWEST_REQUESTS)
      calm.add(item)
  }
  return calm
}

/** The median of the three lowest: one lucky second is no level. */
function quietOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[1] ?? 0
}
