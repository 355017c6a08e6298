import { z } from 'zod'
import type { ListView, WebhookInput, WebhookView, WebhookWithSecret } from '../../view/views.ts'
import { component, count, listOf, time } from './component.ts'
import { deliveryState, eventType, named } from './event.ts'

const rotation = z.enum(['overlap', 'immediate'])

/** A webhook. */
export const webhookView = component<WebhookView>('Webhook')(
  named.extend({
    url: z.string().describe('all of it, values of its query too'),
    header: z.object({ name: z.string() }).nullable().describe('the authorization header; its value is never shown'),
    hasSecret: z.boolean(),
    rotation: rotation.describe('whether the old secret goes on signing for 30 minutes after a change'),
    previousSecretUntil: time().nullable().describe('until when the secret before the last change goes on signing'),
    scope: z
      .object({ events: listOf(eventType).nullable(), programs: listOf(z.string()).nullable() })
      .describe('the push rules; null is all'),
    active: z.boolean(),
    blocked: z.object({ at: time(), afterDeliveries: count() }).nullable(),
    managedBy: z.enum(['file', 'command-line', 'request']),
    createdAt: time(),
    counts: z.record(deliveryState, count()).describe('its deliveries of events by state; pings are not counted'),
  }),
)

/** The answer to a new or changed webhook. */
export const webhookWithSecret = component<WebhookWithSecret>('WebhookWithSecret')(
  webhookView.extend({
    secret: z.string().exactOptional().describe('the secret that was just set: the only place where it is seen again'),
  }),
)

/** All webhooks. */
export const webhookList = component<ListView<WebhookView> & { readonly cursor: null }>('WebhookList')(
  z.object({ items: listOf(webhookView), cursor: z.null() }),
)

const settings = {
  header: z
    .strictObject({ name: z.string().min(1), value: z.string() })
    .nullish()
    .describe('the authorization header: any name and value'),
  secret: z.string().min(1).nullish().describe('signs the payloads; none, or null: not signed'),
  rotation: rotation.optional(),
  scope: z
    .strictObject({
      events: listOf(z.string()).nullish().describe('types by name, wire type or label; null is all'),
      programs: listOf(z.string()).nullish().describe('ids of programs; null is all'),
    })
    .nullish()
    .describe('the push rules; what is not named is all of a new webhook and stays of a known one; null is all'),
  active: z.boolean().optional().describe('whether it gets events: true for a new one, else as it was'),
}

/** A new webhook. */
export const webhookInput = component<WebhookInput>('WebhookInput')(
  z.strictObject({ name: z.string().min(1), url: z.string().min(1), ...settings }),
)

/** A change of a webhook: it names only what changes, and null takes away. */
export const webhookChange = component<Partial<WebhookInput>>('WebhookChange')(
  z.strictObject({ name: z.string().min(1).exactOptional(), url: z.string().min(1).exactOptional(), ...settings }),
)
