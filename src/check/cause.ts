import { EVENT_CAUSES } from './causes/events.ts'
import { HTTP_CAUSES } from './causes/http.ts'
import { PROOF_CAUSES } from './causes/proof.ts'

/** Why a check fails, as a name: the key of the mending advice. */
export type CauseId =
  | 're-serialised-body'
  | 'signature-not-required'
  | 'signature-not-verified'
  | 'partial-comparison'
  | 'length-not-checked'
  | 'weak-algorithm'
  | 'empty-secret'
  | 'authorization-not-checked'
  | 'rotation-not-supported'
  | 'leaks-internals'
  | 'expects-one-event'
  | 'unknown-refused'
  | 'empty-batch'
  | 'body-limit'
  | 'content-type-strict'
  | 'redirects'
  | 'answers-with-a-page'
  | 'other-methods'
  | 'not-idempotent'
  | 'race'
  | 'order-assumed'
  | 'old-events-refused'
  | 'events-lost'
  | 'text-decoding'
  | 'crashes-on-bad-input'
  | 'slow-answer'
  | 'no-backpressure'
  | 'tls'
  | 'plain-http'
  | 'header-case'
  | 'transfer-coding'
  | 'slow-sender'
  | 'connection-handling'
  | 'front-door'
  | 'refusal-thrown'
  | 'duplicate-refused'
  | 'cut-body-applied'
  | 'contention'
  | 'no-answer'
  | 'connection-ends'
  | 'process-ends'

/** What is known of a cause wherever the receiver runs. */
export interface Cause {
  /** A few words, to head a finding. */
  readonly title: string
  /** What the receiver does wrong, and why that bites. */
  readonly why: string
  /** How to mend it, in no framework's words. At most 350 characters. */
  readonly mend: string
}

/** Every cause; forgetting one does not compile. */
export const CAUSES = { ...PROOF_CAUSES, ...EVENT_CAUSES, ...HTTP_CAUSES } satisfies Readonly<Record<CauseId, Cause>>
