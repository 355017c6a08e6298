import { DEFAULT_LIMIT, deliveryQuery, numberOf, webhookQuery } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { deliveryDetail, deliveryList, deliveryView, resendBlockedRequest, resent } from '../schemas/delivery.ts'

const tag = 'deliveries'
const parameters = numberOf('delivery')

/** What was sent where, and what came back. */
export const DELIVERY_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/deliveries',
    id: 'listDeliveries',
    tag,
    summary: 'Deliveries, the latest first',
    query: deliveryQuery,
    success: { kind: 'json', status: 200, description: 'a page of deliveries', schema: deliveryList },
    problems: ['not-found'],
    handle: ({ emitter, query }) =>
      emitter.deliveries(
        { state: query.state, webhookId: query.webhook, type: query.type, memberId: query.member },
        { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor },
      ),
  }),
  route({
    method: 'GET',
    path: '/api/deliveries/{id}',
    id: 'getDelivery',
    tag,
    summary: 'A delivery, with every attempt',
    parameters,
    success: { kind: 'json', status: 200, description: 'the delivery', schema: deliveryDetail },
    problems: ['not-found'],
    handle: ({ emitter, parameters }) => emitter.delivery(parameters.id),
  }),
  route({
    method: 'POST',
    path: '/api/deliveries/{id}/resend',
    id: 'resendDelivery',
    tag,
    summary: 'Sends a finished delivery again: the same bytes',
    parameters,
    success: { kind: 'json', status: 202, description: 'it will be sent again', schema: deliveryView },
    problems: ['not-found', 'conflict'],
    handle: ({ emitter, parameters }) => emitter.resend(parameters.id),
  }),
  route({
    method: 'POST',
    path: '/api/deliveries/resend-blocked',
    id: 'resendBlocked',
    tag,
    summary:
      'Sends all blocked deliveries of events again, or those of one webhook: named in the query or in the body. Pings are not sent again, nor what goes to a webhook that is blocked itself',
    query: webhookQuery,
    body: resendBlockedRequest,
    isBodyOptional: true,
    success: {
      kind: 'json',
      status: 202,
      description: 'they will be sent again, but for those that are left out',
      schema: resent,
    },
    problems: ['not-found', 'conflict'],
    handle: ({ emitter, query, body }) => {
      if (query.webhook !== undefined && body.webhook !== undefined && query.webhook !== body.webhook)
        throw new Problem('invalid', 'The query and the body name different webhooks; name one.')
      return emitter.resendBlocked(query.webhook ?? body.webhook)
    },
  }),
]
