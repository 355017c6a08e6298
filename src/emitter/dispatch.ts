import type { Webhook } from './records.ts'
import type { Unfinished } from './storage.ts'

/**
 * Sends what is due, in order: the one place that writes intents, sends and writes results. Each webhook has its own
 * connections and its own queue, so that one which hangs slows no other.
 */
export interface Dispatch {
  /** Takes over a delivery that was written down. First attempts start in the order of these calls. */
  add(delivery: Unfinished): void
  /** A webhook was made or changed: its address, header, secret, whether it is active or blocked. */
  webhookIs(webhook: Webhook): void
  /** A webhook was deleted: nothing more goes there. */
  webhookGone(id: string): void
  /** Waits that begin from now on, and those under way, are this many times shorter. */
  setSpeed(speed: number | 'max'): void
  /** Why an unfinished delivery is not sent although it is due. */
  held(id: number): 'webhook-inactive' | 'earlier-delivery' | null
  /** Resolves when the delivery is delivered, blocked or cancelled; at once when it is not under way. */
  finished(id: number): Promise<void>
  /** Deliveries that are not finished. */
  size(): number
  /** Starts nothing more, waits for what is in flight at most this long, writes the results. */
  stop(graceMs: number): Promise<void>
}
