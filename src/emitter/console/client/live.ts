import { batch, signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { DeliveryView, EventView, ListView, ProgramView, WebhookView } from '../../view/views.ts'
import { get, needsLogin } from './api.ts'
import { later } from './browser.ts'
import { createBatch } from './batch.ts'

/** Whether the stream of changes is open. */
export const connection = signal<'connecting' | 'open' | 'lost'>('connecting')
/** The program as it is now; undefined until it was read. */
export const program = signal<ProgramView | undefined>(undefined)
/** All webhooks, by name; undefined until they were read. */
export const webhooks = signal<readonly WebhookView[] | undefined>(undefined)

/** What a part of the page wants to hear of. */
export interface Listener {
  deliveries?(items: readonly DeliveryView[], more: boolean): void
  events?(items: readonly EventView[], more: boolean): void
  /** Changes may have been missed: read again. */
  missed?(): void
}

const listeners = new Set<Listener>()
const deliveries = createBatch<DeliveryView>((items, more) => {
  for (const listener of listeners) listener.deliveries?.(items, more)
}, requestAnimationFrame)
const events = createBatch<EventView>((items, more) => {
  for (const listener of listeners) listener.events?.(items, more)
}, requestAnimationFrame)
let source: EventSource | undefined
let cancelRetry = () => {}
let retryMs = 1000

/** Hears of changes while the component is there. */
export function useChanges(listener: Listener): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const stable: Listener = {
      deliveries: (items, more) => latest.current.deliveries?.(items, more),
      events: (items, more) => latest.current.events?.(items, more),
      missed: () => latest.current.missed?.(),
    }
    listeners.add(stable)
    return () => void listeners.delete(stable)
  }, [])
}

/** Reads what every page needs, and opens the stream; again and again until it works. */
export function connect(): void {
  source?.close()
  cancelRetry()
  const opened = new EventSource('/api/stream')
  source = opened
  opened.addEventListener('open', () => {
    const wasLost = connection.value === 'lost'
    retryMs = 1000
    connection.value = 'open'
    void readShared()
    if (wasLost) for (const listener of listeners) listener.missed?.()
  })
  opened.addEventListener('error', () => void lost())
  on(opened, 'hello', (data: ProgramView) => (program.value = data))
  on(opened, 'program', (data: ProgramView) => (program.value = data))
  on(opened, 'webhooks', ({ items }: { items: readonly WebhookView[] }) => takeWebhooks(items))
  on(opened, 'deliveries', deliveries.add)
  on(opened, 'events', events.add)
}

/** Reads the webhooks anew: after one was deleted. */
export async function readWebhooks(): Promise<void> {
  takeWebhooks((await get<ListView<WebhookView>>('/api/webhooks')).items)
}

/** Takes over what is known of some webhooks. */
export function mergeWebhooks(items: readonly WebhookView[]): void {
  const known = new Map((webhooks.value ?? []).map((webhook) => [webhook.id, webhook]))
  for (const item of items) known.set(item.id, item)
  takeWebhooks([...known.values()])
}

/** The stream tells of all of them: one that is missing was deleted. */
function takeWebhooks(items: readonly WebhookView[]): void {
  webhooks.value = items.toSorted((a, b) => a.name.localeCompare(b.name))
}

async function readShared(): Promise<void> {
  try {
    const [now] = await Promise.all([get<ProgramView>('/api/program'), readWebhooks()])
    program.value = now
  } catch {
    // The stream is lost as well then, and comes again.
  }
}

async function lost(): Promise<void> {
  source?.close()
  // Ask, to learn whether it is the token; a stream does not tell.
  await readShared()
  batch(() => {
    connection.value = 'lost'
    if (needsLogin.value) return
    cancelRetry()
    cancelRetry = later(retryMs, connect)
    retryMs = Math.min(retryMs * 2, 8000)
  })
}

function on(stream: EventSource, name: string, take: (data: never) => void): void {
  stream.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as never))
}
