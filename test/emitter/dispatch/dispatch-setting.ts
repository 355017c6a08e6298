import { setImmediate } from 'node:timers/promises'
import type { Transport } from '../../../src/delivery/transport.ts'
import { createDispatch } from '../../../src/emitter/dispatch/dispatch.ts'
import type { Dispatch } from '../../../src/emitter/dispatch/dispatch.ts'
import type { AttemptMade, DispatchOptions } from '../../../src/emitter/dispatch/options.ts'
import type { Webhook } from '../../../src/emitter/records.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { resultOf } from '../../support/scripted-transport.ts'
import type { Step } from '../../support/scripted-transport.ts'
import { memoryStore } from './memory-store.ts'
import type { MemoryDelivery, MemoryStore } from './memory-store.ts'

/** A webhook called `name`, at an address of that name. */
export function webhookCalled(name: string, changes: Partial<Webhook> = {}): Webhook {
  return {
    id: name,
    name,
    url: `https://${name}.example/hook`,
    header: null,
    secret: null,
    previousSecret: null,
    rotation: 'overlap',
    scope: { events: null, programs: null },
    active: true,
    blockedAtMs: null,
    blockedInARow: 0,
    origin: 'request',
    createdAtMs: 0,
    ...changes,
  }
}

/** One request that arrived. */
export interface Sent {
  readonly id: number
  readonly host: string
  readonly headers: readonly (readonly [string, string])[]
}

/** Answers a request: at once, or when the test says so. */
export type Answer = (sent: Sent) => Step | Promise<Step>

/** What a dispatch is tried with. */
export interface Setting extends Partial<Omit<DispatchOptions, 'store'>> {
  readonly answer?: Answer
  readonly memory?: MemoryStore
}

/** A dispatch among fakes. `log` has the writes, the requests and the connections in the order in which they happened. */
export function dispatchIn({ answer = () => 200, memory, ...changes }: Setting = {}) {
  const clock = (changes.clock ?? fakeClock('hold')) as ReturnType<typeof fakeClock>
  const webhooks =
    changes.webhooks ?? (memory === undefined ? [webhookCalled('shop')] : [...memory.webhooksById.values()])
  const store = memory ?? memoryStore(webhooks)
  const { log } = store
  const sent: Sent[] = []
  const told: number[] = []
  const attempts: AttemptMade[] = []
  const failures: unknown[] = []

  function transportFor(url: URL): Transport {
    log.push(`open ${url.host}`)
    const send: Transport['send'] = async (request, signal) => {
      const id = Number(request.headers.at(-1)?.[1].slice('of '.length))
      log.push(`send ${id}`)
      const arrived = { id, host: url.host, headers: request.headers }
      sent.push(arrived)
      if (signal?.aborted === true) return resultOf('aborted')
      const aborted = gate<Step>()
      const onAbort = () => aborted.open('aborted')
      signal?.addEventListener('abort', onAbort)
      const step = await Promise.race([answer(arrived), aborted.passed])
      signal?.removeEventListener('abort', onAbort)
      return resultOf(step)
    }
    return {
      send,
      sendUnheard: send,
      waitUntilAccepting: () => Promise.reject(new Error('not asked for')),
      close: async () => void log.push(`close ${url.host}`),
    }
  }

  const dispatch: Dispatch = createDispatch({
    clock,
    policy: { delaysMs: [1000, 2000, 4000] },
    speed: 1,
    concurrency: 1,
    order: 'none',
    blockEndpointAfter: null,
    userAgent: 'test',
    transportFor,
    onDelivery: (id) => void told.push(id),
    onWebhook: () => {},
    onAttempt: (attempt) => void attempts.push(attempt),
    onFailure: (error) => void failures.push(error),
    ...changes,
    webhooks,
    store,
  })

  return {
    dispatch,
    store,
    clock,
    log,
    sent,
    told,
    attempts,
    failures,
    sentIds: () => sent.map(({ id }) => id),
    /** Writes a delivery down and hands it over. */
    add(delivery: Partial<MemoryDelivery> = {}): number {
      const webhookId = delivery.webhookId ?? 'shop'
      const unfinished = store.addDelivery({ dueAtMs: clock.nowMs(), ...delivery, webhookId })
      dispatch.add(unfinished)
      return unfinished.id
    },
    /** What the start does. */
    addUnfinished(): void {
      for (const unfinished of store.unfinished()) dispatch.add(unfinished)
    },
    async advance(byMs: number): Promise<void> {
      clock.advance(byMs)
      await settled()
    },
  }
}

/** Everything that does not wait for time has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
}

/** Something that a test ends when it likes. */
export function gate<T>(): { readonly passed: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {}
  const passed = new Promise<T>((resolve) => (open = resolve))
  return { passed, open }
}
