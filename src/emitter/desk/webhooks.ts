import { randomStream, uuidV4 } from '../../program/random.ts'
import type { Desk } from './desk.ts'
import { addPing } from './intake.ts'
import type { Webhook, WebhookOrigin } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { rotated } from '../dispatch/signing-secret.ts'
import { deliveryDetail } from '../view/delivery.ts'
import { webhookView, webhookViews } from '../view/webhook.ts'
import type { DeliveryDetail, WebhookInput, WebhookView, WebhookWithSecret } from '../view/views.ts'
import { EVERYTHING, webhookChange, type WebhookChange } from './webhook-input.ts'

/** Everything that can be done with webhooks. */
export function webhookDesk(desk: Desk) {
  const { store, dispatch, changes, webhooks } = desk

  async function save(webhook: Webhook): Promise<Webhook> {
    keepWebhook(desk, webhook)
    dispatch.webhookIs(webhook)
    changes.webhooks()
    await store.durable()
    return webhook
  }

  return {
    webhooks: (): readonly WebhookView[] => webhookViews(desk),
    webhook: (id: string): WebhookView => webhookView(desk, webhookNamed(desk, id)),
    async createWebhook(input: WebhookInput): Promise<WebhookWithSecret> {
      const change = changeOf(desk, input)
      refuseTaken(desk, change.name)
      const webhook = await save(newWebhook(desk, change, 'request'))
      return shownOnce(webhookView(desk, webhook), input.secret)
    },
    async changeWebhook(id: string, input: Partial<WebhookInput>): Promise<WebhookWithSecret> {
      const webhook = webhookNamed(desk, id)
      const change = changeOf(desk, input)
      refuseManaged(webhook, change)
      refuseTaken(desk, change.name, id)
      const changed = await save(applied(desk, webhook, change))
      return shownOnce(webhookView(desk, changed), input.secret)
    },
    async deleteWebhook(id: string): Promise<void> {
      const webhook = webhookNamed(desk, id)
      if (webhook.origin !== 'request')
        throw new Refusal(
          'conflict',
          `${managedWords(webhook)}; take it out there, and it can be deleted here after the next start.`,
        )
      desk.batches.drop(id)
      webhooks.delete(id)
      dispatch.webhookGone(id)
      store.deleteWebhook(id, desk.clock.nowMs())
      changes.webhooks()
      await store.durable()
    },
    async pingWebhook(id: string): Promise<DeliveryDetail> {
      const webhook = webhookNamed(desk, id)
      if (!webhook.active)
        throw new Refusal('conflict', `"${webhook.name}" is not active, so nothing is sent; activate it first.`)
      const delivery = addPing(desk, webhook)
      await dispatch.finished(delivery)
      const record = store.delivery(delivery)
      if (record === undefined) throw new Error('a ping was forgotten while it was sent')
      if (record.state === 'queued')
        throw new Refusal('stopping', `emit stops, and the ping has no answer yet; it is delivery ${delivery}.`)
      return deliveryDetail(desk, record)
    },
    async unblockWebhook(id: string): Promise<WebhookView> {
      const webhook = webhookNamed(desk, id)
      if (webhook.blockedAtMs === null) throw new Refusal('conflict', `"${webhook.name}" is not blocked.`)
      const view = webhookView(desk, await save({ ...webhook, blockedAtMs: null, blockedInARow: 0 }))
      const atMs = desk.clock.nowMs()
      desk.news({ kind: 'webhook-unblocked', atMs, webhook, deliveries: view.counts.blocked })
      return view
    },
  }
}

/** Remembers a webhook as it is now, and writes it down. */
export function keepWebhook({ store, webhooks }: Pick<Desk, 'store' | 'webhooks'>, webhook: Webhook): void {
  webhooks.set(webhook.id, webhook)
  store.putWebhook(webhook)
}

type Making = Pick<Desk, 'store' | 'clock' | 'webhooks' | 'settings'>

/** A webhook that nobody knows yet. */
export function newWebhook({ store, clock }: Making, change: WebhookChange, origin: WebhookOrigin): Webhook {
  const { name, url } = change
  if (name === undefined) throw new Refusal('invalid', 'the name is missing; a webhook is known by its name', 'name')
  if (url === undefined) throw new Refusal('invalid', 'the url is missing, e.g. http://localhost:3000/webhooks', 'url')
  const createdAtMs = clock.nowMs()
  return {
    id: newId(store, `webhook:${createdAtMs}:${name}`),
    name,
    url,
    header: change.header ?? null,
    secret: change.secret ?? null,
    previousSecret: null,
    rotation: change.rotation ?? 'overlap',
    scope: { ...EVERYTHING, ...change.scope },
    active: change.active ?? true,
    blockedAtMs: null,
    blockedInARow: 0,
    origin,
    createdAtMs,
  }
}

/** One deleted and made again within a millisecond is another one. */
function newId(store: Desk['store'], stream: string): string {
  const id = uuidV4(randomStream(store.seed, stream))
  return store.webhookName(id) === undefined ? id : newId(store, `${stream}'`)
}

/** A webhook after a change; another secret takes over as its rotation says. */
export function applied({ clock, settings }: Making, webhook: Webhook, change: WebhookChange): Webhook {
  const { secret, scope, ...rest } = change
  const changed = { ...webhook, ...rest, scope: { ...webhook.scope, ...scope } }
  if (secret === undefined) return changed
  return rotated(changed, secret, { nowMs: clock.nowMs(), speed: settings().speed })
}

/** The webhook with this id. @throws Refusal */
export function webhookNamed({ webhooks }: Pick<Desk, 'webhooks'>, id: string): Webhook {
  const webhook = webhooks.get(id)
  if (webhook === undefined) throw noSuchWebhook({ webhooks }, id)
  return webhook
}

/** That there is no webhook with this id; where it is a name, with the id. `at`: where it was named. */
export function noSuchWebhook({ webhooks }: Pick<Desk, 'webhooks'>, id: string, at?: string): Refusal {
  const named = [...webhooks.values()].find(({ name }) => name === id)
  const text =
    named === undefined
      ? 'there is no such webhook; GET /api/webhooks lists them, with the ids that are expected here.'
      : `"${id}" is the name of a webhook; its id is expected here: ${named.id}.`
  return new Refusal('not-found', text, at)
}

/** Nothing is sent to a blocked webhook. @throws Refusal */
export function refuseBlocked({ name, blockedAtMs }: Webhook): void {
  if (blockedAtMs === null) return
  throw new Refusal('conflict', `"${name}" is blocked, so nothing is sent; unblock it first.`)
}

function changeOf({ rules, programs }: Desk, input: Partial<WebhookInput>): WebhookChange {
  return webhookChange(input, {
    programs: programs.map(({ id }) => id),
    signatureHeader: rules.signature.header,
    ownPort: rules.ownPort,
  })
}

function refuseTaken({ webhooks }: Desk, name: string | undefined, except?: string): void {
  const taken = [...webhooks.values()].some((other) => other.name === name && other.id !== except)
  if (taken) throw new Refusal('conflict', `there is a webhook "${name}" already; choose another name.`, 'name')
}

function refuseManaged(webhook: Webhook, { active: _, ...change }: WebhookChange): void {
  const [first] = Object.keys(change)
  if (webhook.origin === 'request' || first === undefined) return
  throw new Refusal(
    'conflict',
    `${managedWords(webhook)}; change its ${first} there. Only active can be changed here.`,
    first,
  )
}

const managedWords = ({ name, origin }: Webhook): string =>
  `"${name}" is set by ${origin === 'file' ? 'qualifio-sim.json' : 'the command line'}`

function shownOnce(view: WebhookView, secret: string | null | undefined): WebhookWithSecret {
  return secret === null || secret === undefined ? view : { ...view, secret }
}
