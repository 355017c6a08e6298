import type { Clock } from '../ports.ts'

/** One timer that is moved about: for the earliest of many moments. */
export interface Alarm {
  /** How long ago it should have rung, ms; not positive when it still has time. A moment that has come is forgotten. */
  readonly lateBy: (nowMs: number) => number
  /** Rings at this moment, if it would not ring before. */
  readonly setFor: (atMs: number, nowMs: number) => void
  readonly cancel: () => void
}

/** A wait too short for the clock to move would never end. */
const SHORTEST_MS = 0.01

/**
 * An alarm that is not set.
 * @param ring may come a little before the moment, as timers do
 */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let setMs = Number.POSITIVE_INFINITY
  let isRung = false
  let cancelTimer = (): void => {}

  function cancel(): void {
    cancelTimer()
    setMs = Number.POSITIVE_INFINITY
  }

  return {
    lateBy(nowMs) {
      const late = nowMs - setMs
      if (late >= 0) cancel()
      return late
    },
    setFor(atMs, nowMs) {
      // One that rang before its moment is gone, and must be set again.
      if (setMs <= atMs && !isRung) return
      cancel()
      setMs = atMs
      cancelTimer = clock.after(Math.max(SHORTEST_MS, atMs - nowMs), () => {
        isRung = true
        ring()
      })
      isRung = false
    },
    cancel,
  }
}
