import type { Clock } from './ports.ts'

/** A timer of Node holds at most 2^31-1 ms; longer ones fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Not `performance.now()`: that loads a module of Node that costs two milliseconds of start-up. */
const monotonicMs = (): number => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs,
  async sleep(delayMs, signal) {
    const untilMs = monotonicMs() + delayMs
    for (;;) {
      const leftMs = untilMs - monotonicMs()
      if (leftMs <= 0 || signal?.aborted === true) return
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, Math.min(leftMs, LONGEST_TIMER_MS))
        signal?.addEventListener('abort', wake, { once: true })
      })
    }
  },
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}
