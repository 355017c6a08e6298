import { loadSeconds } from './bend.ts'
import { quietMs } from './answered.ts'
import { msText } from './figure-text.ts'
import { isMuchMore } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'

/** One slow second is a hiccup. */
const FEWEST_SECONDS = 2

/**
 * What a p99 hides of a receiver that keeps up all the same: `, at most 9 ms after the first 4 s` of one that is slow at
 * first, `, with waits of up to 910 ms in 5 of 8 s` of one that pauses again and again; empty where there is nothing.
 */
export function unevenText({ timeline, latenessMs }: StressResult): string {
  const load = loadSeconds(timeline)
  const quiet = quietMs(timeline) ?? 0
  const slow = load.filter(({ latencyMs }) => latencyMs !== undefined && isMuchMore(latencyMs.p90, quiet))
  const mostMs = longestOf(slow)
  // A pause of our own is none of the receiver.
  if (slow.length < FEWEST_SECONDS || latenessMs.max * 2 >= mostMs) return ''
  const rest = load.slice(slow.length)
  const isAtFirst = load[slow.length - 1] === slow.at(-1)
  if (isAtFirst && rest.length >= slow.length && isMuchMore(mostMs, longestOf(rest)))
    return `, at most ${msText(longestOf(rest))} after the first ${slow.length} s`
  return `, with waits of up to ${msText(mostMs)} in ${slow.length} of ${load.length} s`
}

function longestOf(seconds: readonly StressSecond[]): number {
  return seconds.reduce((most, { latencyMs }) => Math.max(most, latencyMs?.max ?? 0), 0)
}
