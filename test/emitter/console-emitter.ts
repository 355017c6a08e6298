import { randomUUID } from 'node:crypto'
import type { EventType } from '../../src/contract/event-types.ts'
import type { Emitter } from '../../src/emitter/emitter.ts'
import { Refusal } from '../../src/emitter/refusal.ts'
import type {
  DeliveryDetail,
  EventView,
  MemberDetail,
  ProgramView,
  StoryView,
  StreamMessage,
  WebhookView,
} from '../../src/emitter/view/views.ts'
import { deliveryPage, memberPage } from './console-lists.ts'
import { sampleMember, PROGRAMS } from './console-people.ts'
import { attempted, DELAYS_MS, sampleDelivery } from './console-sends.ts'
import { createWebhookDesk } from './console-webhooks.ts'
import { createStories, happening, isInScope } from './console-story.ts'

/** A Qualifio that is only played, for the console: it answers at once, and keeps everything in memory. */
export interface ConsoleEmitter extends Emitter {
  /** Lets something happen at another time, as if it had. */
  past(memberNumber: number, type: EventType, how: { readonly atMs: number; readonly attempts: number }): void
  addWebhook(webhook: WebhookView): void
  /** Tells the stream. */
  tell(message: StreamMessage): void
}

/** Plays an emitter with so many members, and a time for each answer. */
export function createConsoleEmitter(how: { members: number; answerMs: number; retryMs?: number }): ConsoleEmitter {
  const startedMs = Date.now()
  const members = new Map<string, MemberDetail>()
  const webhooks = new Map<string, WebhookView>()
  const deliveries = new Map<number, DeliveryDetail>()
  const events: EventView[] = []
  const listeners = new Set<(message: StreamMessage) => void>()
  let program: ProgramView = {
    paused: false,
    pacePerSecond: 0,
    speed: 60,
    contract: 'assumed-1',
    seed: 4711,
    programs: PROGRAMS.map((entry, index) => ({ ...entry, members: index === 0 ? how.members : 0 })),
    members: how.members,
    retryDelaysMs: DELAYS_MS,
    ordered: false,
    concurrency: 8,
    batchWindowMs: 0,
    batchMax: 100,
    blockEndpointAfter: 5,
    toolVersion: '0.1.0',
    startedAt: new Date(startedMs).toISOString(),
    journeys: ['onboarding', 'earn-to-level-up', 'burn-and-correct', 'level-down', 'gift'],
  }
  const tell = (message: StreamMessage) => listeners.forEach((listener) => listener(message))
  const addMember = (number: number) => {
    const lifetime = (number * 173) % 2600
    const member = sampleMember(number, { points: lifetime % 900, lifetime }, startedMs)
    members.set(member.id, member)
    return member
  }
  for (let number = 1; number <= how.members; number++) addMember(number)

  const counted = (webhook: WebhookView): WebhookView => {
    const counts = { queued: 0, retrying: 0, delivered: 0, blocked: 0, cancelled: 0 }
    for (const delivery of deliveries.values())
      if (delivery.webhook.id === webhook.id && delivery.kind === 'events') counts[delivery.state]++
    return { ...webhook, counts }
  }
  const found = <T>(thing: T | undefined, what: string): T => {
    if (thing === undefined) throw new Refusal('not-found', `There is no ${what}.`)
    return thing
  }
  const webhook = (id: string) => counted(found(webhooks.get(id), `webhook ${id}`))
  const viewed = (event: EventView): EventView => ({
    ...event,
    routes: event.routes.map((route) => {
      const now = route.delivery === undefined ? undefined : deliveries.get(route.delivery.id)
      return now === undefined ? route : { ...route, delivery: now }
    }),
  })
  const put = (delivery: DeliveryDetail): DeliveryDetail => {
    deliveries.set(delivery.id, delivery)
    tell({ name: 'deliveries', data: { items: [delivery], more: false } })
    tell({ name: 'webhooks', data: { items: [...webhooks.values()].map(counted) } })
    return delivery
  }
  const sendSoon = (id: number, waitMs: number): void => {
    setTimeout(() => {
      const before = deliveries.get(id)
      if (before === undefined || (before.state !== 'queued' && before.state !== 'retrying')) return
      const after = put(attempted(before, Date.now() - how.answerMs, how.answerMs))
      if (after.state === 'retrying') sendSoon(id, how.retryMs ?? after.schedule[after.retry]?.realDelayMs ?? 1000)
    }, waitMs).unref()
  }
  const deliver = (target: WebhookView, carried: readonly EventView[], atMs: number): DeliveryDetail => {
    const made = sampleDelivery(deliveries.size + 1, target, carried, atMs)
    deliveries.set(made.id, made)
    return made
  }
  const happen = (
    member: MemberDetail,
    type: EventType,
    more: { atMs: number; points: number; origin?: EventView['origin'] },
  ): EventView => {
    const { event, changed } = happening(member, type, { ...more, id: randomUUID() })
    const routes = [...webhooks.values()].map((target) => {
      const named = { id: target.id, name: target.name }
      const goes = isInScope(target, event)
      if (!goes) return { webhook: named, goes, why: `"${target.name}" has no ${event.label} in its scope` }
      return { webhook: named, goes, why: `goes to "${target.name}"`, delivery: deliver(target, [event], more.atMs) }
    })
    const whole = { ...event, routes }
    for (const { delivery } of routes) {
      if (delivery !== undefined) deliveries.set(delivery.id, { ...delivery, events: [whole] })
    }
    events.unshift(whole)
    members.set(member.id, { ...changed, history: [whole, ...member.history].slice(0, 100) })
    return whole
  }
  const happenNow = (
    member: MemberDetail,
    type: EventType,
    what: { points?: number; origin?: EventView['origin'] } = {},
  ): EventView => {
    const event = happen(member, type, { atMs: Date.now(), points: 100, ...what })
    tell({ name: 'events', data: { items: [event], more: false } })
    for (const { delivery } of event.routes) {
      if (delivery === undefined) continue
      put(found(deliveries.get(delivery.id), 'delivery'))
      sendSoon(delivery.id, how.answerMs)
    }
    return event
  }
  const stories = createStories({ happenNow, newMember: () => addMember(members.size + 1), members, webhooks, viewed })

  return {
    tell,
    addWebhook: (made) => void webhooks.set(made.id, made),
    past(number, type, { atMs, attempts }) {
      const event = happen(found(members.get(`member-${number}`), 'member'), type, { atMs, points: 80 })
      for (const { delivery } of event.routes) {
        let now = delivery === undefined ? undefined : deliveries.get(delivery.id)
        for (let count = 0; now !== undefined && count < attempts && now.state !== 'blocked'; count++) {
          if (now.state === 'delivered') break
          now = attempted(now, Date.parse(now.nextAttemptAt ?? '') + 12 + count * 90, 34 + ((number * 53) % 300))
          deliveries.set(now.id, now)
        }
      }
    },
    webhooks: () => [...webhooks.values()].map(counted),
    webhook,
    ...createWebhookDesk({ webhooks, counted, webhook }),
    async deleteWebhook(id) {
      webhooks.delete(webhook(id).id)
    },
    async pingWebhook(id) {
      const { id: made } = deliver(webhook(id), [], Date.now())
      await new Promise((resolve) => setTimeout(resolve, how.answerMs))
      return put(attempted(found(deliveries.get(made), 'delivery'), Date.now() - how.answerMs, how.answerMs))
    },
    async unblockWebhook(id) {
      webhooks.set(id, { ...webhook(id), blocked: null })
      return webhook(id)
    },
    members: (query, page) => memberPage([...members.values()], query, page),
    member(id) {
      const member = found(members.get(id), `member ${id}`)
      return { ...member, history: member.history.map(viewed) }
    },
    async memberEvent(id, { type, set }) {
      const member = found(members.get(id), `member ${id}`)
      const wire = type.replaceAll('-', '_') as EventType
      const points = Number(set?.['data.points'] ?? 100)
      if (wire === 'point_correction_minus' && points > (member.balances[0]?.current ?? 0))
        throw new Refusal('conflict', `${member.name} has only ${member.balances[0]?.current} points; take fewer back.`)
      return [happenNow(member, wire, { points })]
    },
    async anyEvent({ type }) {
      return [happenNow(found([...members.values()][0], 'member'), type as EventType)]
    },
    events: (page) => ({ items: events.slice(0, page.limit).map(viewed), cursor: null }),
    event: (id) =>
      viewed(
        found(
          events.find((event) => event.id === id),
          `event ${id}`,
        ),
      ),
    deliveries: (filter, page) => deliveryPage([...deliveries.values()], filter, page),
    delivery: (id) => found(deliveries.get(id), `delivery ${id}`),
    async resend(id) {
      const before = found(deliveries.get(id), `delivery ${id}`)
      const at = new Date().toISOString()
      const again = { state: 'queued', blockedBy: null, retry: 0, nextAttemptAt: at, finishedAt: null } as const
      put({ ...before, ...again, resends: before.resends + 1 })
      sendSoon(id, how.answerMs)
      return found(deliveries.get(id), 'delivery')
    },
    async resendBlocked(webhookId) {
      const blocked = [...deliveries.values()].filter(
        ({ kind, state, webhook: to }) =>
          kind === 'events' && state === 'blocked' && (webhookId === undefined || to.id === webhookId),
      )
      const stays = blocked.filter(({ webhook: to }) => webhooks.get(to.id)?.blocked !== null)
      for (const item of blocked) if (!stays.includes(item)) await this.resend(item.id)
      const leftOut = new Map(stays.map(({ webhook: { id, name } }) => [id, { webhook: id, name, deliveries: 0 }]))
      for (const { webhook: to } of stays) {
        const { deliveries: count = 0 } = leftOut.get(to.id) ?? {}
        leftOut.set(to.id, { webhook: to.id, name: to.name, deliveries: count + 1 })
      }
      return { resent: blocked.length - stays.length, leftOut: [...leftOut.values()] }
    },
    program: () => program,
    async changeProgram(change) {
      program = { ...program, ...(change as Partial<ProgramView>) }
      tell({ name: 'program', data: program })
      return program
    },
    stories: (): readonly StoryView[] => stories.all(),
    startStory: async (request) => stories.start(request.journey),
    nextStep: async (id, step) => found(stories.next(id, step), `story ${id}`),
    health: () => ({ status: 'ok', toolVersion: '0.1.0', uptimeSeconds: 1, unfinished: 0 }),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
