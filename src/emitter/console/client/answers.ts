import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { DeliveryView, EventView, RouteView } from '../../view/views.ts'
import { get } from './api.ts'
import { every } from './browser.ts'
import { useChanges } from './live.ts'

/** What the receivers answer to some events, as it comes. */
export interface Answers {
  readonly events: ReadonlySignal<readonly EventView[]>
  /** Deliveries that were heard of since. */
  readonly deliveries: ReadonlySignal<ReadonlyMap<number, DeliveryView>>
  follow(events: readonly EventView[]): void
}

/** How often what is not settled is asked for, in case the stream left it out. */
const PERIOD_MS = 1500
/** After this many times it is left to the list of deliveries. */
const MOST_TIMES = 80

/** Follows events until every receiver has answered for good. */
export function useAnswers(): Answers {
  const events = useSignal<readonly EventView[]>([])
  const deliveries = useSignal<ReadonlyMap<number, DeliveryView>>(new Map())
  const asked = useRef(0)

  const learn = (items: readonly DeliveryView[]) => {
    const wanted = new Set(routesOf(events.value).map(({ delivery }) => delivery?.id))
    const found = items.filter(({ id }) => wanted.has(id))
    if (found.length > 0)
      deliveries.value = new Map([...deliveries.value, ...found.map((item) => [item.id, item] as const)])
  }
  useChanges({
    deliveries: learn,
    events(items) {
      const news = new Map(items.map((event) => [event.id, event]))
      if (events.value.some(({ id }) => news.has(id))) events.value = events.value.map((old) => news.get(old.id) ?? old)
    },
  })
  const ask = async (): Promise<void> => {
    for (const event of events.value) {
      for (const { goes, delivery } of event.routes) {
        if (!goes) continue
        if (delivery === undefined) {
          const read = await get<EventView>(`/api/events/${encodeURIComponent(event.id)}`)
          events.value = events.value.map((old) => (old.id === read.id ? read : old))
          // An event does not say at which attempt its delivery was confirmed: the delivery does.
        } else if (!isSettled(deliveries.value.get(delivery.id)?.state ?? 'queued'))
          learn([await get<DeliveryView>(`/api/deliveries/${delivery.id}`)])
      }
    }
  }
  useEffect(
    () =>
      every(PERIOD_MS, () => {
        if (events.value.length > 0 && asked.current++ < MOST_TIMES) ask().catch(() => {})
      }),
    [],
  )
  return {
    events,
    deliveries,
    follow(made) {
      asked.current = 0
      deliveries.value = new Map()
      events.value = made
    },
  }
}

function routesOf(events: readonly EventView[]): readonly RouteView[] {
  return events.flatMap(({ routes }) => routes)
}

function isSettled(state: DeliveryView['state']): boolean {
  return state !== 'queued' && state !== 'retrying'
}
