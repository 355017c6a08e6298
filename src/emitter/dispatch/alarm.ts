import type { Clock } from '../../ports.ts'

/** One timer for the next of all due times. */
export interface Alarm {
  /** Rings at this time of the wall clock, or earlier if that was asked for. Infinity: not because of this. */
  readonly by: (dueAtMs: number) => void
  readonly cancel: () => void
}

/** Due times are wall clock and timers are not: a machine that slept, or a clock that was set, is noticed in time. */
const LONGEST_MS = 60_000

/** An alarm that is not set. It may ring early: whoever is woken looks at the clock, and sets it again. */
export function alarm(clock: Pick<Clock, 'nowMs' | 'after'>, ring: () => void): Alarm {
  let setForMs = Number.POSITIVE_INFINITY
  let unset: (() => void) | undefined

  function cancel(): void {
    unset?.()
    unset = undefined
    setForMs = Number.POSITIVE_INFINITY
  }

  return {
    cancel,
    by(dueAtMs) {
      if (dueAtMs >= setForMs) return
      cancel()
      setForMs = dueAtMs
      const delayMs = Math.min(Math.max(dueAtMs - clock.nowMs(), 0), LONGEST_MS)
      unset = clock.after(delayMs, () => {
        cancel()
        ring()
      })
    },
  }
}
