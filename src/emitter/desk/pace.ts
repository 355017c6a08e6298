import type { Clock } from '../../ports.ts'

/** Something that happens so often. */
export interface Pace {
  /** Times per second from now on; 0 is never. */
  set(perSecond: number): void
}

/** How far behind it may fall before the rest is left out: a machine that slept does not make up for the night. */
const MOST_BEHIND_MS = 1000
/** Timers are no finer; what is due in between happens together. */
const SHORTEST_MS = 1
/** Sending what happened goes before making more happen: at most a third of the time, a few milliseconds at once. */
const LONGEST_MS = 3
const REST = 2

/**
 * Calls `happen` at this pace: evenly, and exactly over time.
 * @param happen gets the moment at which it is due, ms since the epoch
 */
export function createPace(clock: Clock, happen: (atMs: number) => void): Pace {
  let stop = (): void => {}
  return {
    set(perSecond) {
      stop()
      stop = perSecond > 0 ? run(clock, 1000 / perSecond, happen) : () => {}
    },
  }
}

/** Goes on until the returned function is called. */
function run(clock: Clock, everyMs: number, happen: (atMs: number) => void): () => void {
  let isOn = true
  let cancel = (): void => {}
  // Counted, not added up: milliseconds since the epoch have few digits left for fractions.
  let sinceMs = clock.nowMs()
  let count = 1
  const dueMs = (): number => sinceMs + count * everyMs

  function wait(tookMs: number): void {
    cancel = clock.after(Math.max(SHORTEST_MS, REST * tookMs, dueMs() - clock.nowMs()), ring)
  }

  function ring(): void {
    const nowMs = clock.nowMs()
    // The clock may have been set back or forward.
    if (nowMs - dueMs() > MOST_BEHIND_MS || dueMs() - nowMs > everyMs + MOST_BEHIND_MS) {
      sinceMs = nowMs
      count = 0
    }
    const beganMs = clock.monotonicMs()
    const tookMs = (): number => clock.monotonicMs() - beganMs
    const isDue = (): boolean => isOn && dueMs() <= nowMs && tookMs() < LONGEST_MS
    while (isDue()) {
      count += 1
      happen(nowMs)
    }
    if (isOn) wait(tookMs())
  }

  wait(0)
  return () => {
    isOn = false
    cancel()
  }
}
