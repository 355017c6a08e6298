import { onTestFinished } from 'vitest'
import { loadContract } from '../../src/contract/contract.ts'
import type { AttemptResult } from '../../src/delivery/outcome.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import type { ConfiguredWebhook } from '../../src/emitter/desk/configured-webhooks.ts'
import type { DeliveryRules } from '../../src/emitter/desk/desk.ts'
import type { AttemptMade } from '../../src/emitter/dispatch/options.ts'
import { startEmitter, type EmitterOptions, type RunningEmitter } from '../../src/emitter/start.ts'
import type { Store } from '../../src/emitter/storage.ts'
import { openStore } from '../../src/emitter/store/store.ts'
import type { WebhookInput, WebhookWithSecret } from '../../src/emitter/view/views.ts'
import { builtInPrograms } from '../../src/program/catalog.ts'
import { DEFAULT_LOCALES } from '../../src/program/locale.ts'
import { curlCommand } from '../../src/report/curl.ts'
import { fakeClock, type FakeClock } from '../support/fake-clock.ts'
import { resultOf, type Step } from '../support/scripted-transport.ts'
import { settled } from './dispatch/dispatch-setting.ts'

export { settled }

/** A request that arrived. */
export interface Arrived {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The events in it. */
  readonly ids: readonly string[]
}

/** What an emitter is tried with. */
export interface EmitterSetting extends Partial<Omit<EmitterOptions, 'rules' | 'store' | 'clock'>> {
  readonly store?: Store
  readonly clock?: FakeClock
  readonly rules?: Partial<DeliveryRules>
  readonly answer?: (arrived: Arrived) => Step | AttemptResult | Promise<Step>
}

/** An emitter among fakes, before anything happens by itself. */
export interface EmitterTried {
  readonly emitter: RunningEmitter
  readonly store: Store
  readonly clock: FakeClock
  readonly arrived: readonly Arrived[]
  readonly attempts: readonly AttemptMade[]
  readonly failures: readonly unknown[]
  advance(byMs: number): Promise<void>
  /** The process ends here, and writes no more. */
  kill(): void
  webhook(name: string, more?: Partial<WebhookInput>): Promise<WebhookWithSecret>
  /** So many corrections of a member, one after the other; their ids in order. */
  events(count: number, memberId?: string): Promise<readonly string[]>
  /** What arrived at a webhook of that name, the ids of the events of each request. */
  at(name: string): readonly string[]
}

/** Everything in memory, nothing by itself: retries after 1 s and 2 s. */
export async function emitterIn(setting: EmitterSetting = {}): Promise<EmitterTried> {
  const { rules, answer = () => 200, ...changes } = setting
  const clock = changes.clock ?? fakeClock('hold')
  const store = changes.store ?? (await openStore({ folder: 'memory', clock, newSeed: () => 7 }))
  const contract = await loadContract('assumed-1')
  const arrived: Arrived[] = []
  const attempts: AttemptMade[] = []
  const failures: unknown[] = []

  function transportFor(url: URL): Transport {
    const send: Transport['send'] = async (request) => {
      const body = Buffer.from(request.body).toString()
      const ids = (JSON.parse(body) as { id: string }[]).map(({ id }) => id)
      const came = { url: url.href, headers: Object.fromEntries(request.headers), body, ids }
      arrived.push(came)
      const step = await answer(came)
      return typeof step === 'object' ? step : resultOf(step)
    }
    return {
      send,
      sendUnheard: send,
      waitUntilAccepting: () => Promise.reject(new Error('not asked for')),
      close: async () => {},
    }
  }

  const emitter = await startEmitter({
    programs: { given: undefined, usual: builtInPrograms },
    members: { count: 20 },
    locales: DEFAULT_LOCALES,
    settings: { pacePerSecond: 0 },
    webhooks: [],
    keepMs: 86_400_000,
    transportFor,
    onAttempt: (attempt) => void attempts.push(attempt),
    onFailure: (error) => void failures.push(error),
    ...changes,
    store,
    clock,
    rules: {
      contract,
      signature: contract.signature,
      policy: { delaysMs: [1000, 2000] },
      concurrency: 1,
      order: 'none',
      batchWindowMs: 0,
      batchMax: 100,
      blockEndpointAfter: null,
      userAgent: 'test',
      curl: (request, url) => curlCommand(request, { url: url.href, flags: [] }),
      ...rules,
    },
  })
  let isKilled = false
  onTestFinished(async () => {
    if (!isKilled) await emitter.stop(0)
    if (setting.store === undefined) await store.close()
  })
  const someone = emitter.members('', { limit: 1 }).items[0]?.id ?? ''

  return {
    emitter,
    store,
    clock,
    arrived,
    attempts,
    failures,
    async advance(byMs) {
      clock.advance(byMs)
      await settled()
    },
    webhook: (name, more = {}) => emitter.createWebhook({ name, url: urlOf(name), ...more }),
    async events(count, memberId = someone) {
      const ids: string[] = []
      for (let nth = 0; nth < count; nth += 1) {
        const [event] = await emitter.memberEvent(memberId, { type: 'point-correction-plus' })
        ids.push(event?.id ?? '')
      }
      await settled()
      return ids
    },
    kill: () => void (isKilled = true),
    at: (name) => arrived.filter(({ url }) => url === urlOf(name)).map(({ ids }) => ids.join()),
  }
}

/** Where a webhook of this name is in these tests. */
export const urlOf = (name: string): string => `https://${name.trim().replace(' ', '-')}.example/hook`

/** A webhook as the configuration file sets it. */
export function configured(name: string, more: Partial<ConfiguredWebhook['change']> = {}): ConfiguredWebhook {
  return { origin: 'file', change: { name, url: urlOf(name), ...more } }
}
