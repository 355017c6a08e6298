import type { Transport } from '../delivery/transport.ts'
import type { LocaleWeights } from '../program/locale.ts'
import type { Person } from '../program/people.ts'
import type { Program } from '../program/program.ts'
import type { Clock } from '../ports.ts'
import { createBatches } from './desk/batches.ts'
import { createChanges } from './desk/changes.ts'
import { configureWebhooks, type ConfiguredWebhook, type TakenOver } from './desk/configured-webhooks.ts'
import { deliveryDesk } from './desk/deliveries.ts'
import { memberDesk, viewsOf } from './desk/members.ts'
import { storyDesk } from './desk/stories.ts'
import { webhookDesk } from './desk/webhooks.ts'
import type { DeliveryRules, Desk } from './desk/desk.ts'
import type { AttemptMade } from './dispatch/options.ts'
import { createDispatch } from './dispatch/dispatch.ts'
import type { Emitter } from './emitter.ts'
import { guarded, watched } from './failure-watch.ts'
import { closeBatch, takeIn } from './desk/intake.ts'
import { settle } from './inhabitants.ts'
import { startLife } from './life/life.ts'
import { createPace } from './desk/pace.ts'
import type { News } from './news.ts'
import type { LifeSettings, Webhook } from './records.ts'
import type { CrashPoint, Store } from './storage.ts'
import { startUpkeep } from './desk/upkeep.ts'
import { deliveryView } from './view/delivery.ts'
import { healthView, programView } from './view/program.ts'
import { webhookViews } from './view/webhook.ts'

/** What the emitter starts, or goes on, with. */
export interface EmitterOptions {
  readonly store: Store
  readonly clock: Clock
  readonly rules: DeliveryRules
  /** The programs that members live in; those of the state by default, if it has any. */
  readonly programs: { readonly given: readonly Program[] | undefined; readonly usual: readonly Program[] }
  readonly members: { readonly count: number; readonly people?: readonly Person[] | undefined }
  readonly locales: LocaleWeights
  /** What is given goes before what the state remembers. */
  readonly settings: Partial<LifeSettings>
  readonly webhooks: readonly ConfiguredWebhook[]
  /** Told once of every webhook that is configured no longer, as it was. */
  readonly onReleased?: ((webhook: Webhook) => void) | undefined
  /** Told once of every webhook that a request had made, and is configured from now on. */
  readonly onTakenOver?: ((taken: TakenOver) => void) | undefined
  /** How long finished deliveries and their events are kept. */
  readonly keepMs: number
  readonly transportFor: (url: URL) => Transport
  readonly onAttempt?: ((attempt: AttemptMade) => void) | undefined
  readonly onNews?: ((news: News) => void) | undefined
  /** The state cannot be written any more: whoever started it stops it. */
  readonly onFailure: (error: unknown) => void
  readonly atPoint?: ((point: CrashPoint) => void) | undefined
}

/** An emitter that runs. */
export interface RunningEmitter extends Emitter {
  /** Lets members live, and sends what is due. Before, everything can be asked but nothing happens by itself. */
  begin(): void
  /** Starts nothing more, lets what is in flight end (at most `graceMs`), and writes everything down. */
  stop(graceMs: number): Promise<void>
}

const USUAL_SETTINGS: LifeSettings = { paused: false, pacePerSecond: 1, speed: 1 }

/**
 * Starts the emitter on its state: what was under way goes on.
 * @throws UsageError when the state was made with other programs
 */
export async function startEmitter(options: EmitterOptions): Promise<RunningEmitter> {
  const { clock, rules, keepMs, onFailure } = options
  const news = (told: News): void => options.onNews?.(told)
  const store = watched(options.store, onFailure)
  // What a timer starts has nobody else to tell that it failed.
  const timing = guarded(clock, onFailure)
  const programs = await settle(options)
  const stories = store.stories(Number.MAX_SAFE_INTEGER)
  const life = await startLife({
    seed: store.seed,
    programs,
    locales: options.locales,
    mostMembers: store.mostMembers(),
    members: store.members(),
    storyNumbers: stories.map(({ memberNumber }) => memberNumber),
  })
  let settings: LifeSettings = { ...(store.settings() ?? USUAL_SETTINGS), ...options.settings }
  const webhooks = new Map<string, Webhook>(store.webhooks().map((webhook) => [webhook.id, webhook]))
  const { released, takenOver } = configureWebhooks(
    { store, clock, webhooks, settings: () => settings },
    options.webhooks,
  )

  const changes = createChanges(timing, {
    deliveries: (ids) => ids.flatMap((id) => store.delivery(id) ?? []).map((record) => deliveryView(desk, record)),
    events: (seqs) => viewsOf(desk, seqs),
    webhooks: () => ({ items: webhookViews(desk) }),
    program: () => programView(desk),
  })
  const dispatch = createDispatch({
    ...rules,
    store,
    clock,
    speed: settings.speed,
    webhooks: [...webhooks.values()],
    transportFor: options.transportFor,
    onDelivery: changes.delivery,
    onWebhook(webhook) {
      webhooks.set(webhook.id, webhook)
      changes.webhooks()
    },
    onBlocked(webhook, deliveries) {
      const atMs = clock.nowMs()
      news({ kind: 'webhook-blocked', atMs, webhook, afterDeliveries: webhook.blockedInARow })
      for (const deliveryId of deliveries) news({ kind: 'not-sent', atMs, webhook, deliveryId })
    },
    onAttempt: options.onAttempt,
    onFailure,
    atPoint: options.atPoint,
  })
  const batches = createBatches({
    clock: timing,
    windowMs: rules.batchWindowMs,
    max: rules.batchMax,
    onBatch: (webhookId, events) => closeBatch(desk, webhookId, events),
  })
  const pace = createPace(timing, (atMs) => void takeIn(desk, life.happen(atMs), 'life'))
  const desk: Desk = {
    store,
    clock,
    rules,
    life,
    dispatch,
    batches,
    changes,
    news,
    programs,
    webhooks,
    startedAtMs: clock.nowMs(),
    settings: () => settings,
    setSettings(changed) {
      const { speed } = settings
      settings = changed
      store.putSettings(changed)
      if (changed.speed !== speed) dispatch.setSpeed(changed.speed)
      pace.set(changed.paused ? 0 : changed.pacePerSecond)
      changes.program()
    },
  }

  let cancelUpkeep = (): void => {}
  await store.durable()
  for (const webhook of released) options.onReleased?.(webhook)
  for (const taken of takenOver) options.onTakenOver?.(taken)

  return {
    ...webhookDesk(desk),
    ...memberDesk(desk),
    ...deliveryDesk(desk),
    ...storyDesk(desk),
    program: () => programView(desk),
    async changeProgram(change) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      desk.setSettings({ ...settings, ...given })
      await store.durable()
      return programView(desk)
    },
    begin() {
      for (const delivery of store.unfinished()) dispatch.add(delivery)
      for (const id of webhooks.keys()) for (const seq of store.unbatched(id)) batches.add(id, seq)
      batches.flush()
      desk.setSettings(settings)
      cancelUpkeep = startUpkeep({
        store,
        clock: timing,
        keepMs,
        onForgotten: (deliveries) => news({ kind: 'forgotten', atMs: clock.nowMs(), deliveries, keepMs }),
      })
    },
    health: () => healthView(desk),
    subscribe: changes.subscribe,
    async stop(graceMs) {
      pace.set(0)
      cancelUpkeep()
      batches.flush()
      await dispatch.stop(graceMs)
    },
  }
}
