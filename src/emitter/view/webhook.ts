import type { Desk } from '../desk/desk.ts'
import type { DeliveryState, Webhook } from '../records.ts'
import { timeText } from './event.ts'
import type { WebhookView } from './views.ts'

/** Every webhook, in the order in which they were made. */
export function webhookViews(desk: Pick<Desk, 'store' | 'webhooks' | 'clock'>): readonly WebhookView[] {
  const counts = desk.store.counts()
  return [...desk.webhooks.values()].map((webhook) => viewOf(webhook, countsOf(counts, webhook.id), desk.clock.nowMs()))
}

/** One of them. */
export function webhookView(desk: Pick<Desk, 'store' | 'clock'>, webhook: Webhook): WebhookView {
  return viewOf(webhook, countsOf(desk.store.counts(), webhook.id), desk.clock.nowMs())
}

type Counts = ReturnType<Desk['store']['counts']>

function countsOf(counts: Counts, id: string): Record<DeliveryState, number> {
  const all: Record<DeliveryState, number> = { queued: 0, retrying: 0, delivered: 0, blocked: 0, cancelled: 0 }
  for (const { webhookId, state, count } of counts) if (webhookId === id) all[state] = count
  return all
}

function viewOf(webhook: Webhook, counts: Record<DeliveryState, number>, nowMs: number): WebhookView {
  const { id, name, url, header, secret, rotation, previousSecret, scope, active, blockedAtMs } = webhook
  const isOverlapping = previousSecret !== null && previousSecret.untilMs > nowMs && rotation === 'overlap'
  return {
    id,
    name,
    url,
    header: header === null ? null : { name: header.name },
    hasSecret: secret !== null,
    rotation,
    previousSecretUntil: isOverlapping ? timeText(previousSecret.untilMs) : null,
    scope,
    active,
    blocked: blockedAtMs === null ? null : { at: timeText(blockedAtMs), afterDeliveries: webhook.blockedInARow },
    managedBy: webhook.origin,
    createdAt: timeText(webhook.createdAtMs),
    counts,
  }
}
