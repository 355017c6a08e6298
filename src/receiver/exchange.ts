import type { ReceivedRequest, Verdict } from './judge.ts'
import type { Repetition } from './memory.ts'
import type { Step } from './step.ts'

/** One request as it came, what was made of it, and what is answered. */
export interface Exchange extends ReceivedRequest {
  /** 1 for the first request of the run. */
  readonly nth: number
  /** When its head arrived: wall time, milliseconds since the Unix epoch. */
  readonly atMs: number
  /** With the query, as it stood in the request. */
  readonly path: string
  /** Lower-case hexadecimal; undefined for a body that was too large. */
  readonly bodySha256: string | undefined
  readonly verdict: Verdict
  /** Which request with these bytes it is, from 1, as far as the receiver remembers. */
  readonly request: number
  /** Whether these bytes, or one of these events, came before. */
  readonly repetition: Repetition | undefined
  /** The script's step; undefined where the verdict answers, or the request followed a redirect. */
  readonly step: Step | undefined
  /** The status that is answered; undefined for a hang, a reset and a close. */
  readonly status: number | undefined
  /** It came to where the `redirect` step sends: the sender follows redirects, and Qualifio would not. */
  readonly followedRedirect: boolean
  readonly durations: ExchangeDurations
}

/** Where the time of an exchange goes, in milliseconds. */
export interface ExchangeDurations {
  /** From the head to the last byte of the body. */
  readonly readMs: number
  readonly judgeMs: number
  /** The latency that is still to be waited before the answer. */
  readonly waitMs: number
}
