import type { Named } from './view/views.ts'

/** What is worth a line in a log, and is no attempt. */
export type News =
  /** Too many of its deliveries were blocked in a row. */
  | {
      readonly kind: 'webhook-blocked'
      readonly atMs: number
      readonly webhook: Named
      readonly afterDeliveries: number
    }
  /** @property deliveries that stay blocked until they are sent again */
  | { readonly kind: 'webhook-unblocked'; readonly atMs: number; readonly webhook: Named; readonly deliveries: number }
  /** A delivery was blocked without a request, because its webhook is. */
  | { readonly kind: 'not-sent'; readonly atMs: number; readonly webhook: Named; readonly deliveryId: number }
  /** Blocked deliveries that ended longer ago than they are kept, and are gone. */
  | { readonly kind: 'forgotten'; readonly atMs: number; readonly deliveries: number; readonly keepMs: number }
