import type { Emitter } from '../../../src/emitter/emitter.ts'
import { Refusal } from '../../../src/emitter/refusal.ts'
import type { ListView, StreamMessage } from '../../../src/emitter/view/views.ts'
import { DELIVERY, DELIVERY_DETAIL, EVENTS, MEMBER, MEMBER_DETAIL, PROGRAM, STORY, WEBHOOK } from './sample-views.ts'

/** An emitter that holds one of each, and remembers how it was called. */
export interface SampleEmitter {
  readonly emitter: Emitter
  /** The method and what it was given, in order. */
  readonly calls: (readonly [method: string, ...given: unknown[]])[]
  /** Tells everybody who listens. */
  tell(message: StreamMessage): void
  listeners(): number
}

/** @param overrides methods that behave otherwise */
export function sampleEmitter(overrides: Partial<Emitter> = {}): SampleEmitter {
  const calls: [string, ...unknown[]][] = []
  const listeners = new Set<(message: StreamMessage) => void>()

  function known<T>(what: string, id: string | number, thing: T & { readonly id: string | number }): T {
    if (id === thing.id) return thing
    throw new Refusal('not-found', `There is no ${what} ${id}.`)
  }

  function page<T>(items: readonly T[], { cursor }: { readonly cursor?: string | undefined }): ListView<T> {
    if (cursor !== undefined && cursor !== 'next')
      throw new Refusal('invalid', 'The cursor is none of this list.', 'cursor')
    return { items, cursor: cursor === undefined ? 'next' : null }
  }

  const emitter: Emitter = {
    webhooks: () => [WEBHOOK],
    webhook: (id) => known('webhook', id, WEBHOOK),
    async createWebhook(input) {
      if (input.name === WEBHOOK.name)
        throw new Refusal('conflict', 'A webhook named "shop" is there already; choose another name.', 'name')
      if (!input.url.startsWith('http')) throw new Refusal('invalid', 'url must be http or https.', 'url')
      return { ...WEBHOOK, name: input.name, ...(typeof input.secret === 'string' && { secret: input.secret }) }
    },
    changeWebhook: async (id) => known('webhook', id, WEBHOOK),
    deleteWebhook: async (id) => void known('webhook', id, WEBHOOK),
    pingWebhook: async (id) => known('webhook', id, WEBHOOK) && DELIVERY_DETAIL,
    unblockWebhook: async (id) => known('webhook', id, WEBHOOK),
    members: (_, asked) => page([MEMBER], asked),
    member: (id) => known('member', id, MEMBER_DETAIL),
    memberEvent: async (id) => known('member', id, MEMBER) && EVENTS.slice(0, 2),
    anyEvent: async () => EVENTS.slice(0, 1),
    events: (asked) => page(EVENTS, asked),
    event: (id) => EVENTS.find((event) => event.id === id) ?? known('event', id, { id: '' } as never),
    deliveries: (_, asked) => page([DELIVERY], asked),
    delivery: (id) => known('delivery', id, DELIVERY_DETAIL),
    resend: async (id) => known('delivery', id, DELIVERY),
    resendBlocked: async () => ({ resent: 3, leftOut: [{ webhook: WEBHOOK.id, name: WEBHOOK.name, deliveries: 2 }] }),
    program: () => PROGRAM,
    changeProgram: async () => PROGRAM,
    stories: () => [STORY],
    startStory: async () => STORY,
    nextStep: async (id) => known('story', id, STORY),
    health: () => ({ status: 'ok', toolVersion: '0.1.0', uptimeSeconds: 1.5, unfinished: 1 }),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    ...overrides,
  }

  const recorded = Object.entries(emitter).map(([method, run]) => [
    method,
    (...given: unknown[]) => {
      calls.push([method, ...given])
      return (run as (...given: unknown[]) => unknown)(...given)
    },
  ])
  return {
    emitter: Object.fromEntries(recorded) as Emitter,
    calls,
    tell: (message) => {
      for (const listener of listeners) listener(message)
    },
    listeners: () => listeners.size,
  }
}
