/**
 * What the core needs from the world, as types. `cli/context.ts` (or a test)
 * hands in the real thing, so nothing else touches the clock, chance or the network.
 */

/** Time. Wall time is for payloads and reports, monotonic time for durations. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. */
  nowMs(): number
  /** Monotonic time in milliseconds, for latencies and deadlines. */
  monotonicMs(): number
  /**
   * Resolves after `delayMs`, or at once when `signal` aborts (it never rejects:
   * the caller looks at the signal). Any length: longer sleeps than a timer can
   * hold (2^31-1 ms) are chained.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** Calls `callback` once after `delayMs` unless the returned function is called first. */
  after(delayMs: number, callback: () => void): () => void
}

/** A stream of chance. Same seed and name, same numbers, on every machine. */
export interface Random {
  /** A uniform 32-bit unsigned integer. */
  next32(): number
  /** A uniform float in [0, 1). */
  float(): number
  /** A uniform integer in [min, max], both included. */
  int(min: number, max: number): number
  /** A uniform element. The list must not be empty. */
  pick<T>(list: readonly T[]): T
}
