import type { EventType } from '../../contract/event-types.ts'
import type { DeliveryView } from './delivery-views.ts'
import type { EventView } from './event-views.ts'
import type { DeliveryState, Rotation, WebhookOrigin } from '../records.ts'

/*
 * What the HTTP API answers with and the console shows. Times are RFC 3339, UTC, milliseconds. No secret and no
 * authorization value is in any of them.
 */

export type { AttemptView, DeliveryDetail, DeliveryView, ResentView } from './delivery-views.ts'
export type { EventView, MemberDetail, MemberView, RouteView, StoryStep, StoryView } from './event-views.ts'

/** Something with a name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** A webhook. */
export interface WebhookView extends Named {
  /** All of it, for it is there to be edited. */
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
  /** Deliveries of events, by state; pings are not counted. */
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
