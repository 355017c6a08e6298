import type { Clock } from '../../ports.ts'

/** Events that wait to be sent together. */
export interface Batches {
  /** Adds an event, by `seq`, to the open batch of a webhook. */
  add(webhookId: string, seq: number): void
  /** Closes the batch of a webhook, or every batch, now. */
  flush(webhookId?: string): void
  /** Forgets the open batch of a webhook that is no more. */
  drop(webhookId: string): void
}

/** When a batch is closed. */
export interface BatchOptions {
  readonly clock: Clock
  readonly windowMs: number
  /** Events at most. */
  readonly max: number
  /** Makes a delivery of them. */
  readonly onBatch: (webhookId: string, events: readonly number[]) => void
}

/** The batches of all webhooks: one closes a window after its first event, or when it is full. */
export function createBatches({ clock, windowMs, max, onBatch }: BatchOptions): Batches {
  const open = new Map<string, { readonly events: number[]; readonly cancel: () => void }>()

  function close(webhookId: string): void {
    const batch = open.get(webhookId)
    if (batch === undefined) return
    open.delete(webhookId)
    batch.cancel()
    onBatch(webhookId, batch.events)
  }

  return {
    add(webhookId, seq) {
      const batch = open.get(webhookId) ?? { events: [], cancel: clock.after(windowMs, () => close(webhookId)) }
      open.set(webhookId, batch)
      batch.events.push(seq)
      if (batch.events.length >= max) close(webhookId)
    },
    flush(webhookId) {
      for (const id of webhookId === undefined ? [...open.keys()] : [webhookId]) close(id)
    },
    drop(webhookId) {
      open.get(webhookId)?.cancel()
      open.delete(webhookId)
    },
  }
}
