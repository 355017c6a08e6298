import type { AttemptResult } from '../delivery/outcome.ts'

/** A part of a request, and how long to wait before it is written. */
export interface Write {
  readonly bytes: Uint8Array
  /** 0 by default. */
  readonly afterMs?: number
}

/**
 * What happens once all is written. `answer`: the answer is read. `leave`: the connection is dropped as soon as the
 * receiver has begun to answer or a second has passed, without reading it. `reset`: RST at once. `end`: FIN at once.
 */
export type Ending = 'answer' | 'leave' | 'reset' | 'end'

/** One HTTP request as it is written, byte for byte. */
export interface WireRequest {
  /** Answers to HEAD have no body, whatever they say. */
  readonly method: string
  readonly writes: readonly Write[]
  /** `answer` by default. */
  readonly ending?: Ending
}

/** What one request came to, with times on the monotonic clock. */
export interface Exchange {
  readonly result: AttemptResult
  /** When the first byte was written, or should have been. */
  readonly startedMs: number
  /** When the last byte was written; absent when it was not. */
  readonly sentMs?: number
  /** When the head of the answer was complete; absent without an answer. */
  readonly headMs?: number
  readonly endedMs: number
}

/** What a TLS handshake told. */
export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string
  /** Why the certificate is not to be trusted, by Node's code, such as DEPTH_ZERO_SELF_SIGNED_CERT; absent when it is. */
  readonly distrust?: string
  /** End of the certificate's validity, ms since the epoch. */
  readonly validToMs: number
}

/** A request of a check, before it is sent: the control with what is different. */
export interface Probe {
  /** What it is, in a few words: `no signature`. */
  readonly name: string
  /** What people see as sent, without a secret: `POST [ ] signed over "[]"`. */
  readonly shown: string
  readonly request: WireRequest
  /** A request that a sound receiver accepts. */
  readonly isControl?: true
  /** The right signature where another or none was sent: an answer must not tell it. */
  readonly unsentSignature?: string
  /** The ids of the events inside, as the contract writes them. */
  readonly eventIds: readonly string[]
  /** How many events are inside, though the contract gives them no id. */
  readonly events: number
  /** Where it goes when not to the target: the http:// twin. */
  readonly url?: URL
  /** With `connection` steps: how long the connection is idle before. */
  readonly afterMs?: number
}

/**
 * Something a check does. `one`: a request on a connection of its own. `together`: all at the same moment, each on a
 * connection of its own, the last byte of each held back until all others are written. `connection`: one after the
 * other on one connection. `handshake`: TLS and nothing else.
 */
export type Step =
  | { readonly kind: 'one'; readonly probe: Probe }
  | { readonly kind: 'together'; readonly probes: readonly Probe[] }
  | { readonly kind: 'connection'; readonly probes: readonly Probe[] }
  | { readonly kind: 'handshake' }
