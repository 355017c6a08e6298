import type { Clock } from '../../src/ports.ts'

/** A clock that tests read and move. */
export interface FakeClock extends Clock {
  /** Every wait asked for, in milliseconds. */
  readonly sleeps: number[]
  /** Moves time on, and calls what is due in between. */
  advance(byMs: number): void
}

/** The instant a fake clock starts at: 2026-01-01T00:00:00.000Z. */
export const FAKE_START_MS = Date.UTC(2026, 0, 1)

/**
 * A clock without time. With `skip` (the default) a sleep moves time on and ends at once; with
 * `hold` it lasts until `advance` has passed its end or its signal aborts.
 */
export function fakeClock(sleeping: 'skip' | 'hold' = 'skip'): FakeClock {
  let elapsedMs = 0
  const sleeps: number[] = []
  const timers = new Set<{ readonly dueMs: number; readonly callback: () => void }>()

  function after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: elapsedMs + delayMs, callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  function advance(byMs: number): void {
    const untilMs = elapsedMs + byMs
    for (;;) {
      const [next] = [...timers].filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)
      if (next === undefined) break
      timers.delete(next)
      elapsedMs = Math.max(elapsedMs, next.dueMs)
      next.callback()
    }
    elapsedMs = untilMs
  }

  return {
    sleeps,
    advance,
    after,
    nowMs: () => FAKE_START_MS + elapsedMs,
    monotonicMs: () => elapsedMs,
    async sleep(delayMs, signal) {
      sleeps.push(delayMs)
      if (signal?.aborted === true) return
      if (sleeping === 'skip') return advance(delayMs)
      await new Promise<void>((resolve) => {
        after(delayMs, resolve)
        signal?.addEventListener('abort', () => resolve())
      })
    },
  }
}
