import type { Clock } from '../../ports.ts'
import type { StreamMessage } from '../view/views.ts'

/** What changed since whoever watches was last told. */
export interface Changes {
  delivery(id: number): void
  event(seq: number): void
  webhooks(): void
  program(): void
  subscribe(listener: (message: StreamMessage) => void): () => void
}

/** How the things that changed look now. Gone ones are left out. */
export interface ChangeViews {
  readonly deliveries: (ids: readonly number[]) => (StreamMessage & { name: 'deliveries' })['data']['items']
  readonly events: (seqs: readonly number[]) => (StreamMessage & { name: 'events' })['data']['items']
  readonly webhooks: () => (StreamMessage & { name: 'webhooks' })['data']
  readonly program: () => (StreamMessage & { name: 'program' })['data']
}

/** A person sees no more, and a thousand changes a second come together. */
const TOGETHER_MS = 250
const MOST_TOLD = 100

/** Collects what changes and tells it, several changes of a moment together; nothing is done while nobody watches. */
export function createChanges(clock: Clock, views: ChangeViews): Changes {
  const listeners = new Set<(message: StreamMessage) => void>()
  const deliveries = new Set<number>()
  const events = new Set<number>()
  let areWebhooksChanged = false
  let isProgramChanged = false
  let isSet = false

  function soon(): void {
    if (isSet || listeners.size === 0) return
    isSet = true
    clock.after(TOGETHER_MS, tell)
  }

  function tell(): void {
    isSet = false
    if (listeners.size === 0) return
    const messages: StreamMessage[] = []
    if (events.size > 0)
      messages.push({ name: 'events', data: { items: views.events(latest(events)), more: events.size > MOST_TOLD } })
    if (deliveries.size > 0) {
      const items = views.deliveries(latest(deliveries))
      messages.push({ name: 'deliveries', data: { items, more: deliveries.size > MOST_TOLD } })
    }
    // Their counts change with the deliveries.
    if (areWebhooksChanged || deliveries.size > 0) messages.push({ name: 'webhooks', data: views.webhooks() })
    if (isProgramChanged) messages.push({ name: 'program', data: views.program() })
    forget()
    for (const message of messages) for (const listener of listeners) listener(message)
  }

  function forget(): void {
    deliveries.clear()
    events.clear()
    areWebhooksChanged = false
    isProgramChanged = false
  }

  const note = (change: () => void) => {
    if (listeners.size === 0) return
    change()
    soon()
  }
  return {
    delivery: (id) => note(() => deliveries.add(id)),
    event: (seq) => note(() => events.add(seq)),
    webhooks: () => note(() => (areWebhooksChanged = true)),
    program: () => note(() => (isProgramChanged = true)),
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) forget()
      }
    },
  }
}

/** The latest of them, the newest first. */
function latest(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].toSorted((a, b) => b - a).slice(0, MOST_TOLD)
}
