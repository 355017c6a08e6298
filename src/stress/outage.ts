import { badIn, endedIn, FAILING, FEWEST_REQUESTS } from './bad-answers.ts'
import { loadSeconds } from './bend.ts'
import type { StressSecond } from './result.ts'

/** A shorter one is a hiccup. */
const FEWEST_SECONDS = 2
/** So few of a second's requests that are accepted nevertheless came before it, or after it. */
const STRAGGLERS = 0.02

/** A stretch of the load in which nothing was accepted. */
interface Stretch {
  /** From the start of the run, as everywhere; to half a second. */
  readonly from: number
  /** When something was accepted again, or the load was over. */
  readonly to: number
  readonly requests: number
  readonly end: 'came-back' | 'load-over'
}

/**
 * The longest stretch in which requests ended and none was accepted, as the rest of a clause that tells how many
 * failed: `, every request for 8 s from 6 s on, then it came back`. Only while first deliveries are due: retries
 * in the drain are too few to tell.
 */
export function outageText(timeline: readonly StressSecond[]): string | undefined {
  const [longest] = stretches(loadSeconds(timeline))
    .filter(({ from, to, requests }) => to - from >= FEWEST_SECONDS && requests >= FEWEST_REQUESTS)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
  if (longest === undefined) return undefined
  const { from, to, end } = longest
  if (end === 'load-over') return from === 0 ? undefined : `, every request from ${from} s on`
  return `, every request for ${to - from} s from ${from} s on, then it came back`
}

function stretches(seconds: readonly StressSecond[]): readonly Stretch[] {
  const found: Stretch[] = []
  let first = -1
  let last = -1
  let requests = 0
  const close = (): void => {
    if (first === -1) return
    const next = seconds[last + 1]
    const from = beginOf(seconds, first)
    if (next === undefined) found.push({ from, to: (seconds[last]?.second ?? 0) + 1, requests, end: 'load-over' })
    else found.push({ from, to: endOf(seconds, last), requests, end: 'came-back' })
    first = -1
    requests = 0
  }
  seconds.forEach((item, index) => {
    const ended = endedIn(item)
    if (item.answers['2xx'] > ended * STRAGGLERS) return close()
    // Before the first failure, nothing has ended because nothing had to.
    if (ended === 0 && first === -1) return
    if (first === -1) first = index
    last = index
    requests += ended
  })
  close()
  return found
}

/** In a second that fails before it, as much was still accepted as there was time for. */
function beginOf(seconds: readonly StressSecond[], first: number): number {
  const second = seconds[first]?.second ?? 0
  const before = seconds[first - 1]
  if (before === undefined || before.second !== second - 1 || badIn(before) <= endedIn(before) * FAILING) return second
  return halves(second - 1 + Math.min(1, before.answers['2xx'] / before.due))
}

/** In the second after it, as much still failed as there was time for: of as many as in the second before that. */
function endOf(seconds: readonly StressSecond[], last: number): number {
  const [dead, after] = [seconds[last], seconds[last + 1]]
  if (dead === undefined || after === undefined) return 0
  if (after.second !== dead.second + 1 || badIn(after) <= endedIn(after) * FAILING) return after.second
  return halves(after.second + Math.min(1, badIn(after) / Math.max(1, badIn(dead))))
}

function halves(seconds: number): number {
  return Math.round(seconds * 2) / 2
}
