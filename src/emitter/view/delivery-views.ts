import type { EventType } from '../../contract/event-types.ts'
import type { AttemptResult } from '../../delivery/outcome.ts'
import type { EventView } from './event-views.ts'
import type { BlockedBy, DeliveryState } from '../records.ts'
import type { Named } from './views.ts'

/** A delivery in a list. */
export interface DeliveryView {
  readonly id: number
  readonly kind: 'events' | 'ping'
  readonly state: DeliveryState
  readonly blockedBy: BlockedBy | null
  readonly webhook: Named
  readonly types: readonly EventType[]
  readonly eventCount: number
  /** The member when its events are of one only. */
  readonly member: Named | null
  readonly createdAt: string
  readonly finishedAt: string | null
  /** Of all rounds. */
  readonly attempts: number
  /** Retries done in this round, of how many. */
  readonly retry: number
  readonly retries: number
  /** Resends so far. */
  readonly resends: number
  /** When the next attempt is due, on this clock (`--speed` is in it). */
  readonly nextAttemptAt: string | null
  /** Why nothing is sent although it is not finished. */
  readonly held: 'webhook-inactive' | 'earlier-delivery' | null
  readonly lastResult: AttemptResult | null
  readonly lastDurationMs: number | null
  readonly possibleDuplicate: boolean
}

/** What sending all blocked deliveries again came to. */
export interface ResentView {
  readonly resent: number
  /** Webhooks that are blocked themselves, and how many blocked deliveries of each stay so. Pings are never among them. */
  readonly leftOut: readonly { readonly webhook: string; readonly name: string; readonly deliveries: number }[]
}

/** One request. */
export interface AttemptView {
  readonly number: number
  /** 1, and one more with every resend. */
  readonly round: number
  /** 0 is the round's first delivery. */
  readonly retry: number
  readonly dueAt: string
  readonly startedAt: string
  /** Null while it is under way, or when the process ended then. */
  readonly durationMs: number | null
  readonly result: AttemptResult | null
  readonly possibleDuplicate: boolean
  /** `retry 2/7: 503 Service Unavailable`: for people. */
  readonly sentence: string
}

/** A delivery in full. */
export interface DeliveryDetail extends DeliveryView {
  readonly events: readonly EventView[]
  readonly request: {
    readonly method: 'POST'
    /** Values of its query as `…`. */
    readonly url: string
    /** In the order they are sent; authorization values as `…`. */
    readonly headers: readonly (readonly [name: string, value: string])[]
    /** As text; the bytes are UTF-8. */
    readonly body: string
    readonly bodyBytes: number
    readonly bodySha256: string
  }
  readonly signature: {
    readonly header: string
    readonly value: string
    /** How a receiver verifies it, in sentences. */
    readonly explanation: string
  } | null
  /** The waits before each retry as Qualifio would wait, and as waited here (`--speed`). */
  readonly schedule: readonly { readonly retry: number; readonly delayMs: number; readonly realDelayMs: number }[]
  readonly attemptLog: readonly AttemptView[]
  /** A command that sends the same request: to the whole address, the authorization taken from a variable. */
  readonly curl: string
}
