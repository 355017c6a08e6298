import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import type { BlockedBy, DeliveryState, EventOrigin, Rotation, WebhookOrigin } from './records.ts'

/*
 * What the HTTP API answers with and the console shows. Times are RFC 3339, UTC, milliseconds. No secret and no
 * authorization value is in any of them.
 */

/** Something with a name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** A webhook. */
export interface WebhookView extends Named {
  readonly url: string
  /** The value is never shown. */
  readonly header: { readonly name: string } | null
  readonly hasSecret: boolean
  readonly rotation: Rotation
  /** Until when the secret before the last change goes on signing. */
  readonly previousSecretUntil: string | null
  readonly scope: { readonly events: readonly EventType[] | null; readonly programs: readonly string[] | null }
  readonly active: boolean
  /** When it was blocked, after how many blocked deliveries in a row. */
  readonly blocked: { readonly at: string; readonly afterDeliveries: number } | null
  readonly managedBy: WebhookOrigin
  readonly createdAt: string
  readonly counts: Readonly<Record<DeliveryState, number>>
}

/** The answer to a new or changed webhook: the only place where a secret that was set is seen again. */
export interface WebhookWithSecret extends WebhookView {
  readonly secret?: string
}

/** A webhook as it is asked for; a change names only what changes, and null takes away. */
export interface WebhookInput {
  readonly name: string
  readonly url: string
  readonly header?: { readonly name: string; readonly value: string } | null | undefined
  readonly secret?: string | null | undefined
  readonly rotation?: Rotation | undefined
  /** Types by name, wire type or label; programs by id. Nothing, or null, is all. */
  readonly scope?:
    | {
        readonly events?: readonly string[] | null | undefined
        readonly programs?: readonly string[] | null | undefined
      }
    | null
    | undefined
  readonly active?: boolean | undefined
}

/** What became of one event at one webhook, or why it did not go there. */
export interface RouteView {
  readonly webhook: Named
  readonly goes: boolean
  /** `goes to "shop"`, `"shop" has no earning in its scope`: a sentence without its full stop. */
  readonly why: string
  /** Absent while its batch is open. */
  readonly delivery?: {
    readonly id: number
    readonly state: DeliveryState
    readonly lastResult: AttemptResult | null
    readonly lastDurationMs: number | null
  }
}

/** Something that happened. */
export interface EventView {
  readonly id: string
  readonly type: EventType
  /** Qualifio's label: `Point correction +`. */
  readonly label: string
  readonly occurredAt: string
  readonly program: Named
  readonly member: Named
  /** `Emma Peeters earned 100 Stars`: for people, without its full stop. */
  readonly sentence: string
  readonly origin: EventOrigin
  readonly routes: readonly RouteView[]
  /** As in the event model. */
  readonly data: LoyaltyEvent['data']
}

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
  /** A command that sends the same request. */
  readonly curl: string
}

/** A member in a list. */
export interface MemberView extends Named {
  readonly externalId: string
  readonly email: string
  readonly language: string
  readonly country: string
  readonly enrolledAt: string
  readonly program: Named
  readonly level: { readonly id: string; readonly name: string; readonly rank: number }
  readonly qualifyingPoints: number
  /** Null at the top. */
  readonly nextLevel: { readonly name: string; readonly missingPoints: number } | null
  readonly balances: readonly { readonly currency: Named; readonly current: number; readonly lifetime: number }[]
  readonly eventCount: number
  readonly lastEventAt: string | null
}

/** A member in full: the latest events first, at most 100. */
export interface MemberDetail extends MemberView {
  readonly history: readonly EventView[]
  /** What they can spend points on now, the cheapest first. */
  readonly rewards: readonly {
    readonly id: string
    readonly name: string
    readonly cost: number
    readonly currency: Named
  }[]
}

/** A journey and how far it was shown. */
export interface StoryView {
  readonly id: number
  readonly journey: string
  /** Null until the first step, when they join in it. */
  readonly member: Named | null
  readonly program: Named
  readonly createdAt: string
  readonly steps: readonly StoryStep[]
  readonly isFinished: boolean
}

/** One step: `sentence` and `events` once it was taken. */
export interface StoryStep {
  /** What will happen, or happened: `Earning`. */
  readonly label: string
  /** `Emma earned 100 Stars → shop confirmed in 0.2 s → she is now Silver`: null before. */
  readonly sentence: string | null
  /** Is something still under way that the sentence will tell? */
  readonly isSettled: boolean
  readonly events: readonly EventView[]
}

/** The program and how it lives. */
export interface ProgramView {
  readonly paused: boolean
  /** Events per second; 0 is only on demand. */
  readonly pacePerSecond: number
  /** Waits between retries are this many times shorter. */
  readonly speed: number | 'max'
  readonly contract: string
  readonly seed: number
  readonly programs: readonly (Named & { readonly members: number })[]
  readonly members: number
  /** The waits before each retry, as Qualifio would wait. */
  readonly retryDelaysMs: readonly number[]
  readonly ordered: boolean
  readonly concurrency: number
  /** 0: every event is a delivery of its own. */
  readonly batchWindowMs: number
  readonly batchMax: number
  /** Null: webhooks are never blocked. */
  readonly blockEndpointAfter: number | null
  readonly toolVersion: string
  readonly startedAt: string
  readonly journeys: readonly string[]
}

/** Whether it runs. */
export interface HealthView {
  readonly status: 'ok'
  readonly toolVersion: string
  readonly uptimeSeconds: number
  /** Deliveries that are not finished. */
  readonly unfinished: number
}

/** One page of a list; `cursor` is for the next one, null at the end. */
export interface ListView<T> {
  readonly items: readonly T[]
  readonly cursor: string | null
}

/** What `GET /api/stream` tells, a name and its data; several changes of a moment come together. */
export type StreamMessage =
  /** Those that changed, the latest of them; `more` when there were others. */
  | { readonly name: 'deliveries'; readonly data: { readonly items: readonly DeliveryView[]; readonly more: boolean } }
  | { readonly name: 'events'; readonly data: { readonly items: readonly EventView[]; readonly more: boolean } }
  | { readonly name: 'webhooks'; readonly data: { readonly items: readonly WebhookView[] } }
  | { readonly name: 'program'; readonly data: ProgramView }
