import { applied, keepWebhook, newWebhook } from './webhooks.ts'
import type { Desk } from './desk.ts'
import type { Webhook, WebhookOrigin } from '../records.ts'
import { EVERYTHING, type WebhookChange } from './webhook-input.ts'

/** A webhook that a file or the command line sets at every start; known by its name. */
export interface ConfiguredWebhook {
  readonly change: WebhookChange & { readonly name: string; readonly url: string }
  readonly origin: Exclude<WebhookOrigin, 'request'>
}

/** What becomes of the webhooks that there were. */
export interface Configuration {
  /** Those that are configured no longer, as they were: from now on they are anybody's. */
  readonly released: readonly Webhook[]
  /** Those that were anybody's until now. */
  readonly takenOver: readonly TakenOver[]
}

/** A webhook that a request had made, and is configured from now on. */
export interface TakenOver {
  /** As it is now. */
  readonly webhook: Webhook
  /** What it has of another kind now, and what it has no longer. */
  readonly replaced: readonly Setting[]
  readonly takenAway: readonly Setting[]
}

const SETTINGS = ['url', 'header', 'secret', 'rotation', 'scope', 'active'] as const

/** What of a webhook somebody has set. */
export type Setting = (typeof SETTINGS)[number]

/** What is not said is as if it had never been said: a file that no longer names a secret takes it away. */
const UNSAID = { header: null, secret: null, rotation: 'overlap' } as const

/**
 * Sets up the webhooks that are configured: new ones are made, known ones changed, and one that is configured no longer
 * stays as it was and may be changed by anybody. That of the command line counts for the run that has it: without it,
 * it rests, for its receiver may have ended with that run. Whether it is active stays as it was where that is not said.
 */
export function configureWebhooks(
  desk: Pick<Desk, 'store' | 'clock' | 'webhooks' | 'settings'>,
  configured: readonly ConfiguredWebhook[],
): Configuration {
  const takenOver: TakenOver[] = []
  for (const { change, origin } of configured) {
    const known = [...desk.webhooks.values()].find(({ name }) => name === change.name)
    const whole = { ...UNSAID, ...change, scope: { ...EVERYTHING, ...change.scope } }
    const webhook = known === undefined ? newWebhook(desk, change, origin) : { ...applied(desk, known, whole), origin }
    if (known?.origin === 'request') takenOver.push(takeover(known, webhook))
    keepWebhook(desk, webhook)
  }
  const names = new Set(configured.map(({ change }) => change.name))
  const released = [...desk.webhooks.values()].filter(({ origin, name }) => origin !== 'request' && !names.has(name))
  for (const webhook of released)
    keepWebhook(desk, { ...webhook, origin: 'request', active: webhook.active && webhook.origin === 'file' })
  return { released, takenOver }
}

function takeover(before: Webhook, webhook: Webhook): TakenOver {
  const changed = SETTINGS.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(webhook[name]))
  return {
    webhook,
    replaced: changed.filter((name) => webhook[name] !== null),
    takenAway: changed.filter((name) => webhook[name] === null),
  }
}
