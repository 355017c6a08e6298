import { randomStream } from './random.ts'

const SPACING_MS = 1000
const LONGEST_RUN_MS = 30 * 86_400_000

/** When the events of a run happen, one after the other. */
export interface Timeline {
  /** Takes the next event's time (ms since the epoch); times never decrease and the last one is now. */
  readonly next: () => number
  /** The time that `next` will give, or undefined after the last event. */
  readonly peek: () => number | undefined
}

/** How far the events of a run lie apart: about a second, less when the run would take more than 30 days. */
const spacingMs = (eventCount: number) => Math.min(SPACING_MS, LONGEST_RUN_MS / eventCount)

/** A time at or before the first event of a run. */
export function runStartMs(nowMs: number, eventCount: number): number {
  return nowMs - Math.ceil(eventCount * spacingMs(eventCount))
}

/** The times of a run whose last event happens at `nowMs`, so that nothing lies in the future. */
export function timeline({ seed, nowMs, eventCount }: { seed: number; nowMs: number; eventCount: number }): Timeline {
  const random = randomStream(seed, 'timeline')
  const spacing = spacingMs(eventCount)
  const earliest = Math.max(0, Math.ceil(spacing) - 1)
  let index = 0
  let upcoming: number | undefined = at()
  return {
    next: () => {
      if (upcoming === undefined) throw new Error('the run has no further event')
      const taken = upcoming
      index++
      upcoming = index < eventCount ? at() : undefined
      return taken
    },
    peek: () => upcoming,
  }

  /** Each event has its own slot of one spacing, so that jitter never changes the order. */
  function at(): number {
    const left = eventCount - 1 - index
    return left === 0 ? nowMs : nowMs - Math.floor(left * spacing) - random.int(0, earliest)
  }
}
