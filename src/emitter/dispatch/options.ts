import type { AttemptResult } from '../../delivery/outcome.ts'
import type { RetryPolicy } from '../../delivery/retry-policy.ts'
import type { Clock } from '../../ports.ts'
import type { LaneOptions } from './lane.ts'
import type { Webhook } from '../records.ts'
import type { Aftermath, CrashPoint, Store } from '../storage.ts'

/** An attempt that has its result: for a line in a log. */
export interface AttemptMade {
  readonly deliveryId: number
  readonly kind: 'events' | 'ping'
  readonly webhook: Webhook
  readonly number: number
  readonly round: number
  /** 0 is the round's first delivery. */
  readonly retry: number
  readonly possibleDuplicate: boolean
  readonly startedAtMs: number
  readonly durationMs: number
  /** Without secrets. */
  readonly result: AttemptResult
  readonly aftermath: Aftermath
}

/** What a dispatch is made of. Connections are made for each webhook, and closed when its address changes or it goes. */
export interface DispatchOptions extends LaneOptions {
  readonly store: Pick<Store, 'durable' | 'beginAttempt' | 'endAttempt' | 'request' | 'putWebhook' | 'blockUnfinished'>
  readonly clock: Clock
  readonly policy: RetryPolicy
  /** Waits are this many times shorter. */
  readonly speed: number | 'max'
  /** Requests under way at once, for each webhook. */
  readonly concurrency: number
  /** Blocked deliveries in a row after which a webhook is blocked; null is never. */
  readonly blockEndpointAfter: number | null
  readonly webhooks: readonly Webhook[]
  /** Something about a delivery was changed. */
  readonly onDelivery: (id: number) => void
  /** A webhook was blocked, or has another number of deliveries blocked in a row: this one counts from now on. */
  readonly onWebhook: (webhook: Webhook) => void
  /** A webhook was blocked, and with it these deliveries, which waited. */
  readonly onBlocked?: ((webhook: Webhook, deliveries: readonly number[]) => void) | undefined
  readonly onAttempt?: ((attempt: AttemptMade) => void) | undefined
  /** The store cannot be written, or there is a bug: nothing more is sent. Without it, the error is not caught. */
  readonly onFailure?: ((error: unknown) => void) | undefined
  /** For tests that end the process. */
  readonly atPoint?: ((point: CrashPoint) => void) | undefined
}
