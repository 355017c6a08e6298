import { endedIn, FEWEST_REQUESTS } from './bad-answers.ts'
import { loadSeconds } from './bend.ts'
import type { StressSecond } from './result.ts'

/** A shorter one is a hiccup. */
const FEWEST_SECONDS = 2

/** A stretch of the load in which nothing was accepted. */
interface Stretch {
  /** From the start of the run, as everywhere. */
  readonly from: number
  /** The first second in which something was accepted again, or that after the load. */
  readonly to: number
  readonly requests: number
  readonly end: 'came-back' | 'load-over'
}

/**
 * The longest stretch in which requests ended and none was accepted, as the rest of a clause that tells how many
 * failed: `, all of them for 8 s from 6 s on, then it came back`. Only while first deliveries are due: retries
 * in the drain are too few to tell.
 */
export function outageText(timeline: readonly StressSecond[]): string | undefined {
  const [longest] = stretches(loadSeconds(timeline))
    .filter(({ from, to, requests }) => to - from >= FEWEST_SECONDS && requests >= FEWEST_REQUESTS)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
  if (longest === undefined) return undefined
  const { from, to, end } = longest
  if (end === 'load-over') return from === 0 ? undefined : `, all of them from ${from} s on`
  return `, all of them for ${to - from} s from ${from} s on, then it came back`
}

function stretches(seconds: readonly StressSecond[]): readonly Stretch[] {
  const found: Stretch[] = []
  let from: number | undefined
  let requests = 0
  for (const item of seconds) {
    const ended = endedIn(item)
    if (item.answers['2xx'] === 0) {
      // Before the first failure, nothing has ended because nothing had to.
      if (ended > 0) from ??= item.second
      requests += ended
      continue
    }
    if (from !== undefined) found.push({ from, to: item.second, requests, end: 'came-back' })
    from = undefined
    requests = 0
  }
  const last = seconds.at(-1)
  if (from !== undefined && last !== undefined) found.push({ from, to: last.second + 1, requests, end: 'load-over' })
  return found
}
