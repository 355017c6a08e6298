import type { LoyaltyEvent } from '../../contract/event.ts'
import type { EventType } from '../../contract/event-types.ts'
import type { AttemptResult } from '../../delivery/outcome.ts'
import type { DeliveryState, EventOrigin } from '../records.ts'
import type { Named } from './views.ts'

/** What became of one event at one webhook, or why it did not go there. */
export interface RouteView {
  readonly webhook: Named
  /** By the push rules, when it happened: also when it is kept because the webhook is blocked. */
  readonly goes: boolean
  /** `goes to "shop"`, `kept, and not sent while "shop" is blocked`: a sentence without its full stop, as of now. */
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
  /** Why there are no routes, without its full stop; absent where there are. */
  readonly why?: string
  /** As in the event model. */
  readonly data: LoyaltyEvent['data']
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
  /** What will happen, or happened, for people: `Earns points`. */
  readonly label: string
  /** `Emma earned 100 Stars → shop confirmed in 0.2 s → she is now Silver`: null before. */
  readonly sentence: string | null
  /** Is something still under way that the sentence will tell? */
  readonly isSettled: boolean
  readonly events: readonly EventView[]
}
