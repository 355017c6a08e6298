import { idOf } from '../parameters.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { deliveryDetail } from '../schemas/delivery.ts'
import { webhookChange, webhookInput, webhookList, webhookView, webhookWithSecret } from '../schemas/webhook.ts'

const tag = 'webhooks'
const parameters = idOf('webhook')

/** Webhooks and their push rules. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/webhooks',
    id: 'listWebhooks',
    tag,
    summary: 'All webhooks',
    success: { kind: 'json', status: 200, description: 'the webhooks, in one page', schema: webhookList },
    handle: ({ emitter }) => ({ items: emitter.webhooks(), cursor: null }),
  }),
  route({
    method: 'POST',
    path: '/api/webhooks',
    id: 'createWebhook',
    tag,
    summary: 'A new webhook',
    body: webhookInput,
    success: {
      kind: 'json',
      status: 201,
      description: 'the new webhook, with its secret for the only time',
      schema: webhookWithSecret,
      location: ({ id }) => `/api/webhooks/${encodeURIComponent(id)}`,
    },
    problems: ['conflict'],
    handle: ({ emitter, body }) => emitter.createWebhook(body),
  }),
  route({
    method: 'GET',
    path: '/api/webhooks/{id}',
    id: 'getWebhook',
    tag,
    summary: 'A webhook',
    parameters,
    success: { kind: 'json', status: 200, description: 'the webhook', schema: webhookView },
    problems: ['not-found'],
    handle: ({ emitter, parameters }) => emitter.webhook(parameters.id),
  }),
  route({
    method: 'PATCH',
    path: '/api/webhooks/{id}',
    id: 'changeWebhook',
    tag,
    summary: 'Changes what is named; null takes away',
    parameters,
    body: webhookChange,
    success: {
      kind: 'json',
      status: 200,
      description: 'the webhook, with its secret if that was set',
      schema: webhookWithSecret,
    },
    problems: ['not-found', 'conflict'],
    handle: ({ emitter, parameters, body }) => emitter.changeWebhook(parameters.id, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/webhooks/{id}',
    id: 'deleteWebhook',
    tag,
    summary: 'Deletes a webhook; what is under way to it is cancelled',
    parameters,
    success: { kind: 'empty', status: 204, description: 'it is deleted' },
    problems: ['not-found', 'conflict'],
    handle: ({ emitter, parameters }) => emitter.deleteWebhook(parameters.id),
  }),
  route({
    method: 'POST',
    path: '/api/webhooks/{id}/ping',
    id: 'pingWebhook',
    tag,
    summary: 'Sends an empty payload, once, and waits for the answer; to a blocked webhook too, which stays blocked',
    parameters,
    success: { kind: 'json', status: 200, description: 'the delivery with its only attempt', schema: deliveryDetail },
    problems: ['not-found', 'conflict', 'stopping'],
    handle: ({ emitter, parameters }) => emitter.pingWebhook(parameters.id),
  }),
  route({
    method: 'POST',
    path: '/api/webhooks/{id}/unblock',
    id: 'unblockWebhook',
    tag,
    summary: 'Lets a blocked webhook have events again',
    parameters,
    success: { kind: 'json', status: 200, description: 'the webhook', schema: webhookView },
    problems: ['not-found', 'conflict'],
    handle: ({ emitter, parameters }) => emitter.unblockWebhook(parameters.id),
  }),
]
