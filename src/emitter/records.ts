import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import type { MemberState } from '../program/action.ts'

/* What the store keeps. Times are milliseconds since the epoch, on the wall clock. */

/** Who set a webhook up, and so who may change it: what a file or the command line says is said again at every start. */
export type WebhookOrigin = 'file' | 'command-line' | 'request'

/**
 * What signs after the secret was changed: `overlap` lets the old one sign for 30 more minutes (documented),
 * `immediate` changes at once.
 */
export type Rotation = 'overlap' | 'immediate'

/** Where events are pushed to, as in Qualifio's back office. */
export interface Webhook {
  /** UUID. */
  readonly id: string
  /** Unique among the webhooks. */
  readonly name: string
  readonly url: string
  /** The authorization header (documented). */
  readonly header: { readonly name: string; readonly value: string } | null
  readonly secret: string | null
  /** The secret before a change, and until when it goes on signing. */
  readonly previousSecret: { readonly value: string | null; readonly untilMs: number } | null
  readonly rotation: Rotation
  /** The push rules: which events of which programs; null is all of them. */
  readonly scope: { readonly events: readonly EventType[] | null; readonly programs: readonly string[] | null }
  readonly active: boolean
  /** When it was blocked for too many blocked deliveries in a row; null when it is not. */
  readonly blockedAtMs: number | null
  /** Deliveries blocked since the last one that was delivered. */
  readonly blockedInARow: number
  readonly origin: WebhookOrigin
  readonly createdAtMs: number
}

/** A member of a program, as the ledger left them. */
export interface MemberRecord {
  /** The number they were made from (`createMember`); unique. */
  readonly number: number
  readonly programId: string
  /** The member's id is `state.member.id`. */
  readonly state: MemberState
  /** Events so far: names the stream that the next event is drawn from, so that chance survives restarts. */
  readonly eventCount: number
  readonly lastEventAtMs: number | null
}

/** What made an event happen. */
export type EventOrigin = 'life' | 'request' | 'story'

/** Whether an event goes to a webhook, and if not, why: the push rules' answer. */
export type Routing =
  | { readonly webhookId: string; readonly goes: true }
  | {
      readonly webhookId: string
      readonly goes: false
      readonly why: 'inactive' | 'event-not-in-scope' | 'program-not-in-scope'
    }

/** An event that is about to be written down. */
export interface NewEvent {
  readonly event: LoyaltyEvent
  readonly origin: EventOrigin
  readonly routings: readonly Routing[]
}

/** An event that happened. */
export interface EventRecord extends NewEvent {
  /** Position in the order of occurrence, from 1. */
  readonly seq: number
  /** There was no webhook when it happened. */
  readonly hadNoWebhook: boolean
  /** The delivery that carries it to each webhook it goes to; absent while its batch is open. */
  readonly deliveries: ReadonlyMap<string, number>
}

/** Where a delivery stands: `cancelled` is the end of what was under way when its webhook was deleted. */
export type DeliveryState = 'queued' | 'retrying' | 'delivered' | 'blocked' | 'cancelled'

/** Why a delivery is blocked: its own retries are used up, or its webhook was blocked. */
export type BlockedBy = 'retries' | 'webhook'

/** A delivery that is about to be written down. */
export interface NewDelivery {
  readonly webhookId: string
  /** A `ping` carries no event and is tried once. */
  readonly kind: 'events' | 'ping'
  /** The events' `seq`. */
  readonly events: readonly number[]
  readonly body: Uint8Array
  /** Lower-case hexadecimal. */
  readonly bodySha256: string
  readonly contentType: string
  /** Made once, with the secret that signed then: a retry repeats it (assumed), a resend signs anew. */
  readonly signature: { readonly header: string; readonly value: string } | null
  readonly createdAtMs: number
  readonly dueAtMs: number
  /** A delivery may be born blocked: its webhook is. */
  readonly state: 'queued' | 'blocked'
}

/** A delivery, without its body. */
export interface DeliveryRecord extends Omit<NewDelivery, 'state' | 'body' | 'events' | 'dueAtMs'> {
  /** In the order in which they were made, from 1. */
  readonly id: number
  readonly state: DeliveryState
  readonly blockedBy: BlockedBy | null
  readonly bodyBytes: number
  readonly eventCount: number
  /** Each type once, in the order of the events. */
  readonly types: readonly EventType[]
  /** The members of its events, each once. */
  readonly memberIds: readonly string[]
  /** 1, and one more with every resend. */
  readonly round: number
  /** Of this round, with the one that comes next while it is retried: the number of the last attempt, or the next one. */
  readonly retriesDone: number
  /** All attempts, of all rounds. */
  readonly attemptCount: number
  /** When the next attempt is due; null when there is none. */
  readonly dueAtMs: number | null
  readonly finishedAtMs: number | null
  readonly lastResult: AttemptResult | null
  readonly lastDurationMs: number | null
  /** An attempt ended with the process: the receiver may have got it twice. */
  readonly possibleDuplicate: boolean
}

/** One request of a delivery: its intent, and its result once there is one. */
export interface AttemptRecord {
  readonly deliveryId: number
  /** From 1, over all rounds. */
  readonly number: number
  readonly round: number
  /** 0 is the round's first delivery. */
  readonly retry: number
  readonly dueAtMs: number
  readonly startedAtMs: number
  readonly durationMs: number | null
  /** Null while it is under way, and for ever if the process ended then. */
  readonly result: AttemptResult | null
  /** The one before ended unknown, so the receiver may know this one already. */
  readonly possibleDuplicate: boolean
}

/** A journey that someone shows step by step. */
export interface StoryRecord {
  /** From 1. */
  readonly id: number
  readonly journey: string
  readonly programId: string
  /** The number of the member who walks it; they may not be there before the first step. */
  readonly memberNumber: number
  /** `seq` of the events of each step taken: a step may lead to more than one. */
  readonly taken: readonly (readonly number[])[]
  readonly createdAtMs: number
}

/** How the program lives; survives restarts. */
export interface LifeSettings {
  readonly paused: boolean
  /** Events per second; 0 is only on demand. */
  readonly pacePerSecond: number
  readonly speed: number | 'max'
}
