import type { EventType } from '../../../src/contract/event-types.ts'
import type { BlockedBy, DeliveryState } from '../../../src/emitter/records.ts'
import type { DeliveryFilter } from '../../../src/emitter/storage.ts'

/** A delivery as the plainest store would keep it. */
export interface ModelDelivery {
  readonly id: number
  readonly webhook: string
  readonly events: readonly number[]
  state: DeliveryState
  blockedBy: BlockedBy | null
  round: number
  retriesDone: number
  dueAtMs: number | null
  finishedAtMs: number | null
  /** By number: the round, and whether it has a result. */
  attempts: { readonly round: number; hasResult: boolean }[]
}

/** An event as the plainest store would keep it: the webhooks it goes to, with the delivery once there is one. */
export interface ModelEvent {
  readonly seq: number
  readonly type: EventType
  readonly member: string
  readonly routes: Map<string, number | null>
}

/** What a store holds, in plain lists. */
export interface Model {
  readonly webhooks: Set<string>
  readonly events: Map<number, ModelEvent>
  readonly deliveries: Map<number, ModelDelivery>
}

/** Is it still to be sent? */
export function isUnfinished({ state }: ModelDelivery): boolean {
  return state === 'queued' || state === 'retrying'
}

/** The ids that a filter leaves, the latest first. */
export function listed({ deliveries, events }: Model, filter: DeliveryFilter): number[] {
  const carries = (each: ModelDelivery, holds: (event: ModelEvent) => boolean) =>
    each.events.some((seq) => holds(events.get(seq) as ModelEvent))
  return [...deliveries.values()]
    .filter(
      (each) =>
        (filter.state === undefined || each.state === filter.state) &&
        (filter.webhookId === undefined || each.webhook === filter.webhookId) &&
        (filter.type === undefined || carries(each, ({ type }) => type === filter.type)) &&
        (filter.memberId === undefined || carries(each, ({ member }) => member === filter.memberId)),
    )
    .map(({ id }) => id)
    .toSorted((a, b) => b - a)
}

/** How many deliveries of events by webhook and state, in words. */
export function counted({ deliveries }: Model): string[] {
  const counts = new Map<string, number>()
  for (const { webhook, state, events } of deliveries.values())
    if (events.length > 0) counts.set(`${webhook} ${state}`, (counts.get(`${webhook} ${state}`) ?? 0) + 1)
  return [...counts].map(([key, count]) => `${key} ${count}`).toSorted()
}

/** Forgets as the store is to forget, with room for everything. */
export function forget({ deliveries, events }: Model, beforeMs: number): void {
  for (const { id, finishedAtMs } of deliveries.values()) {
    if (finishedAtMs === null || finishedAtMs >= beforeMs) continue
    deliveries.delete(id)
    for (const { routes } of events.values())
      for (const [webhook, delivery] of routes) if (delivery === id) routes.delete(webhook)
  }
  for (const { seq, routes } of events.values()) if (routes.size === 0) events.delete(seq)
}
