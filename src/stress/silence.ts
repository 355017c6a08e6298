import { answeredIn } from './bad-answers.ts'
import { isMuchMore, quantileOf } from './level.ts'
import type { StressResult, StressSecond } from './result.ts'
import { beginOf } from './stall.ts'

/** A shorter one is a hiccup. */
const SHORTEST_SECONDS = 1

/**
 * The longest time in which requests waited and none was answered, where some then timed out, as the rest of a clause
 * that tells how many: `, no answer for 3 s from 4 s on`. It begins when the first of them was sent, not when the
 * waiting was given up.
 */
export function silenceText({ timeline, failures }: StressResult): string | undefined {
  const timeouts = failures.timeout ?? 0
  const all = Object.values(failures).reduce((sum, count) => sum + count, 0)
  // Others than timeouts are answers of a kind: somebody was there to refuse.
  if (timeouts * 2 <= all) return undefined
  const heard = timeline.filter((second) => answeredIn(second) > 0 && second.latencyMs !== undefined)
  const usualMs = quantileOf(
    heard.map(({ latencyMs }) => latencyMs?.p50 ?? 0),
    0.25,
  )
  const [longest] = silences(timeline)
    .filter(({ from, to }) => to - from >= SHORTEST_SECONDS && isMuchMore((to - from) * 1000, usualMs))
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
  if (longest === undefined || heard.length === 0) return undefined
  const { from, to } = longest
  return to === timeline.length ? `, no answer from ${from} s on` : `, no answer for ${to - from} s from ${from} s on`
}

/** From which second to before which, where it began while something was due. */
function silences(timeline: readonly StressSecond[]): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = []
  let first = -1
  const close = (to: number): void => {
    if (first !== -1 && (timeline[first]?.due ?? 0) > 0) found.push({ from: beginOf(timeline, first), to })
    first = -1
  }
  timeline.forEach((second, index) => {
    const isSilent = second.inFlight > 0 && answeredIn(second) === 0
    if (isSilent && first === -1) first = index
    if (!isSilent) close(index)
  })
  close(timeline.length)
  return found
}
