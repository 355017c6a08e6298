import type { Clock } from '../ports.ts'

/** Something that happens so often. */
export interface Pace {
  /** Times per second from now on; 0 is never. */
  set(perSecond: number): void
}

/** How far behind it may fall before the rest is left out: a machine that slept does not make up for the night. */
const MOST_BEHIND_MS = 1000
/** Timers are no finer; what is due in between happens together. */
const SHORTEST_MS = 1

/**
 * Calls `happen` at this pace: evenly, and exactly over time.
 * @param happen gets the moment at which it is due, ms since the epoch
 */
export function createPace(clock: Clock, happen: (atMs: number) => void): Pace {
  let cancel = (): void => {}
  return {
    set(perSecond) {
      cancel()
      if (perSecond <= 0) return
      const everyMs = 1000 / perSecond
      let dueMs = clock.nowMs() + everyMs
      const wait = (): void => {
        cancel = clock.after(Math.max(SHORTEST_MS, dueMs - clock.nowMs()), ring)
      }
      const ring = (): void => {
        const nowMs = clock.nowMs()
        // The clock may have been set back or forward.
        if (nowMs - dueMs > MOST_BEHIND_MS || dueMs - nowMs > everyMs + MOST_BEHIND_MS) dueMs = nowMs
        while (dueMs <= nowMs) {
          dueMs += everyMs
          happen(nowMs)
        }
        wait()
      }
      wait()
    },
  }
}
