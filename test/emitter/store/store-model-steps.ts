import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { EventType } from '../../../src/contract/event-types.ts'
import type { Store } from '../../../src/emitter/storage.ts'
import { forget, isUnfinished } from './store-model.ts'
import type { Model, ModelDelivery } from './store-model.ts'
import { answered, deliveryOf, eventOf, goingTo, memberOf, NOW_MS, webhookOf } from './store-setting.ts'

/** The names of the webhooks. */
export const NAMES = ['a', 'b', 'c']
/** The types of the events. */
export const TYPES: readonly EventType[] = ['earning', 'burning', 'free_gift']
/** The numbers of the members. */
export const MEMBERS = [1, 2]
/** Every state of a delivery. */
export const STATES = ['queued', 'retrying', 'delivered', 'blocked', 'cancelled'] as const
/** Events are added when the clock starts, and deliveries end around this. */
const LATEST_END_MS = NOW_MS + 40

const name = fc.constantFrom(...NAMES)
const atMs = fc.integer({ min: NOW_MS + 1, max: LATEST_END_MS })
const which = fc.nat(1000)
/** One thing that is done to a store. */
export const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ does: fc.constant('webhook' as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('event' as const),
      to: fc.subarray(NAMES),
      type: fc.constantFrom(...TYPES),
      member: fc.constantFrom(...MEMBERS),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('batch' as const), name, most: fc.nat(3), isBorn: fc.boolean() }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('begin' as const), which }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('end' as const),
      which,
      to: fc.constantFrom('delivered' as const, 'blocked' as const, 'retrying' as const),
      atMs,
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('resend' as const), which, atMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('block' as const), name, atMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), name, atMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forget' as const), atMs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const) }) },
)
/** One thing that is done. */
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The id of the webhook of this name. */
export const idOf = (name: string) => `id-of-${name}`
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)]

/** Does the same to both; what is not possible now is not done. */
export function take(store: Store, model: Model, step: Step): void {
  const all = [...model.deliveries.values()]
  const finish = (each: ModelDelivery, changes: Partial<ModelDelivery>) =>
    Object.assign(each, { dueAtMs: null, blockedBy: null, ...changes })
  switch (step.does) {
    case 'webhook': {
      // One that was deleted is never made again: ids are new.
      if (model.webhooks.has(idOf(step.name)) || store.webhookName(idOf(step.name)) !== undefined) return
      model.webhooks.add(idOf(step.name))
      return store.putWebhook(webhookOf(step.name))
    }
    case 'event': {
      const to = step.to.filter((each) => model.webhooks.has(idOf(each)))
      const member = memberOf(step.member)
      const event = eventOf(`event ${model.events.size}`, step.type, member)
      const seq = store.addEvent({ event, origin: 'life', routings: goingTo(...to) })
      const routes = new Map(to.map((each) => [idOf(each), null]))
      model.events.set(seq, { seq, type: step.type, member: `member-${step.member}`, routes })
      return
    }
    case 'batch': {
      const webhook = idOf(step.name)
      if (!model.webhooks.has(webhook)) return
      const open = [...model.events.values()].filter(({ routes }) => routes.get(webhook) === null).slice(0, step.most)
      const events = open.map(({ seq }) => seq)
      const state = step.isBorn ? 'blocked' : 'queued'
      const id = store.addDelivery(deliveryOf(step.name, events, { state }))
      for (const { routes } of open) routes.set(webhook, id)
      const born = { blockedBy: 'webhook', dueAtMs: null, finishedAtMs: NOW_MS } as const
      const queued = { blockedBy: null, dueAtMs: NOW_MS + 1, finishedAtMs: null }
      const rest = step.isBorn ? born : queued
      model.deliveries.set(id, { id, webhook, events, state, round: 1, retriesDone: 0, attempts: [], ...rest })
      return
    }
    case 'begin': {
      const each = pick(all.filter(isUnfinished), step.which)
      if (each === undefined) return
      const { id: deliveryId, round, retriesDone: retry } = each
      each.attempts.push({ round, hasResult: false })
      const times = { dueAtMs: 1, startedAtMs: 2, possibleDuplicate: false }
      return store.beginAttempt({ deliveryId, number: each.attempts.length, round, retry, ...times })
    }
    case 'end': {
      const each = pick(
        all.filter(({ attempts }) => attempts.at(-1)?.hasResult === false),
        step.which,
      )
      const attempt = each?.attempts.at(-1)
      if (each === undefined || attempt === undefined) return
      const { to, atMs } = step
      const aftermath =
        to === 'retrying'
          ? { state: to, dueAtMs: atMs }
          : to === 'blocked'
            ? { state: to, by: 'retries' as const, atMs }
            : { state: to, atMs }
      const ending = { result: answered(200), durationMs: 1, aftermath }
      store.endAttempt({ deliveryId: each.id, number: each.attempts.length }, ending)
      attempt.hasResult = true
      if (each.state === 'cancelled' || each.round !== attempt.round) return
      if (to === 'retrying')
        Object.assign(each, {
          state: to,
          dueAtMs: atMs,
          blockedBy: null,
          finishedAtMs: null,
          retriesDone: each.retriesDone + 1,
        })
      else finish(each, { state: to, finishedAtMs: atMs, blockedBy: to === 'blocked' ? 'retries' : null })
      return
    }
    case 'resend': {
      const can = (each: ModelDelivery) => !isUnfinished(each) && model.webhooks.has(each.webhook)
      const each = pick(all.filter(can), step.which)
      if (each === undefined) return
      store.resend(each.id, { dueAtMs: step.atMs, signature: null })
      const { round } = each
      const again = { state: 'queued', blockedBy: null, round: round + 1, retriesDone: 0 } as const
      Object.assign(each, { ...again, dueAtMs: step.atMs, finishedAtMs: null })
      return
    }
    case 'block':
    case 'delete': {
      const webhook = idOf(step.name)
      if (!model.webhooks.has(webhook)) return
      const underWay = all.filter((each) => each.webhook === webhook && isUnfinished(each))
      const [state, blockedBy] =
        step.does === 'block' ? (['blocked', 'webhook'] as const) : (['cancelled', null] as const)
      for (const each of underWay) finish(each, { state, blockedBy, finishedAtMs: step.atMs })
      if (step.does === 'block') {
        expect(store.blockUnfinished(webhook, step.atMs)).toEqual(underWay.map(({ id }) => id))
        return
      }
      store.deleteWebhook(webhook, step.atMs)
      model.webhooks.delete(webhook)
      for (const { routes } of model.events.values()) if (routes.get(webhook) === null) routes.delete(webhook)
      return
    }
    case 'forget':
      while (store.forget(step.atMs, 2).forgotten >= 2);
      return forget(model, step.atMs)
    default:
  }
}
