import { applied, keepWebhook, newWebhook } from './webhooks.ts'
import type { Desk } from './desk.ts'
import type { Webhook, WebhookOrigin } from '../records.ts'
import { EVERYTHING, type WebhookChange } from './webhook-input.ts'

/** A webhook that a file or the command line sets at every start; known by its name. */
export interface ConfiguredWebhook {
  readonly change: WebhookChange & { readonly name: string; readonly url: string }
  readonly origin: Exclude<WebhookOrigin, 'request'>
}

/** What is not said is as if it had never been said: a file that no longer names a secret takes it away. */
const UNSAID = { header: null, secret: null, rotation: 'overlap' } as const

/**
 * Sets up the webhooks that are configured: new ones are made, known ones changed, and one that is configured no longer
 * stays as it was and may be changed by anybody. That of the command line counts for the run that has it: without it,
 * it rests, for its receiver may have ended with that run.
 * @returns those that are configured no longer, as they were; said once, for from now on they are anybody's
 */
export function configureWebhooks(
  desk: Pick<Desk, 'store' | 'clock' | 'webhooks' | 'settings'>,
  configured: readonly ConfiguredWebhook[],
): readonly Webhook[] {
  for (const { change, origin } of configured) {
    const known = [...desk.webhooks.values()].find(({ name }) => name === change.name)
    keepWebhook(
      desk,
      known === undefined
        ? newWebhook(desk, change, origin)
        : { ...applied(desk, known, { ...UNSAID, ...change, scope: { ...EVERYTHING, ...change.scope } }), origin },
    )
  }
  const names = new Set(configured.map(({ change }) => change.name))
  const released = [...desk.webhooks.values()].filter(({ origin, name }) => origin !== 'request' && !names.has(name))
  for (const webhook of released)
    keepWebhook(desk, { ...webhook, origin: 'request', active: webhook.active && webhook.origin === 'file' })
  return released
}
