import { z } from 'zod'
import type { AttemptView, DeliveryDetail, DeliveryView, ListView, ResentView } from '../../view/views.ts'
import { component, count, listOf, milliseconds, time } from './component.ts'
import { attemptResult, deliveryState, eventType, eventView, named } from './event.ts'

/** A delivery in a list. */
export const deliveryView = component<DeliveryView>('Delivery')(
  z.object({
    id: z.int().min(1),
    kind: z.enum(['events', 'ping']),
    state: deliveryState,
    blockedBy: z
      .enum(['retries', 'webhook'])
      .nullable()
      .describe('its own retries are used up, or its webhook is blocked'),
    webhook: named,
    types: listOf(eventType),
    eventCount: count(),
    member: named.nullable().describe('when its events are of one member only'),
    createdAt: time(),
    finishedAt: time().nullable(),
    attempts: count().describe('of all rounds'),
    retry: count().describe('retries done in this round'),
    retries: count().describe('of how many'),
    resends: count(),
    nextAttemptAt: time().nullable(),
    held: z
      .enum(['webhook-inactive', 'earlier-delivery'])
      .nullable()
      .describe('why nothing is sent although it is due'),
    lastResult: attemptResult.nullable(),
    lastDurationMs: milliseconds().nullable(),
    possibleDuplicate: z.boolean().describe('an attempt ended with the process: the receiver may have got it twice'),
  }),
)

const attemptView = component<AttemptView>('Attempt')(
  z.object({
    number: z.int().min(1),
    round: z.int().min(1).describe('1, and one more with every resend'),
    retry: count().describe("0 is the round's first delivery"),
    dueAt: time(),
    startedAt: time(),
    durationMs: milliseconds().nullable(),
    result: attemptResult.nullable().describe('null while it is under way, or when the process ended then'),
    possibleDuplicate: z.boolean(),
    sentence: z.string(),
  }),
)

/** A delivery in full. */
export const deliveryDetail = component<DeliveryDetail>('DeliveryDetail')(
  deliveryView.extend({
    events: listOf(eventView),
    request: z.object({
      method: z.literal('POST'),
      url: z.string().describe('values of its query as …'),
      headers: z
        .array(z.tuple([z.string(), z.string()]).readonly())
        .readonly()
        .describe('names and values in the order they are sent; authorization values as …'),
      body: z.string(),
      bodyBytes: count(),
      bodySha256: z.string(),
    }),
    signature: z
      .object({ header: z.string(), value: z.string(), explanation: z.string().describe('how a receiver verifies it') })
      .nullable(),
    schedule: listOf(
      z.object({ retry: z.int().min(1), delayMs: milliseconds(), realDelayMs: milliseconds() }),
    ).describe(
      'the waits before each retry as Qualifio would wait, and as waited here: with the schedule and the speed of now, whatever they were when the attempts were made',
    ),
    attemptLog: listOf(attemptView),
    curl: z
      .string()
      .describe('sends the same request, to the whole address; the authorization is taken from a variable'),
  }),
)

/** A page of deliveries. */
export const deliveryList = component<ListView<DeliveryView>>('DeliveryList')(
  z.object({ items: listOf(deliveryView), cursor: z.string().nullable() }),
)

/** How many deliveries were sent again, and which were not. */
export const resent = component<ResentView>('Resent')(
  z.object({
    resent: count().describe('deliveries of events; pings are never sent again together'),
    leftOut: listOf(
      z.object({ webhook: z.string().describe('its id'), name: z.string(), deliveries: count() }),
    ).describe(
      'webhooks that are blocked themselves, and how many blocked deliveries of each were not sent: unblock them first',
    ),
  }),
)

/** Whose blocked deliveries are sent again. */
export const resendBlockedRequest = component<{ readonly webhook?: string | undefined }>('ResendBlocked')(
  z.strictObject({ webhook: z.string().optional().describe('id of the webhook; all of them by default') }),
)
