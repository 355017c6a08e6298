import { z } from 'zod'
import { eventSchemas } from '../../../contract/event.ts'
import { ALL_EVENT_TYPES } from '../../../contract/event-types.ts'
import { FAILURES } from '../../../delivery/failure.ts'
import type { AttemptResult, FailureCode } from '../../../delivery/outcome.ts'
import type { EventRequest } from '../../emitter.ts'
import type { DeliveryState } from '../../records.ts'
import type { EventView, ListView, Named, RouteView } from '../../view/views.ts'
import { component, count, listOf, milliseconds, time } from './component.ts'

/** Something with a name. */
export const named = component<Named>('Named')(z.object({ id: z.string(), name: z.string() }))

/** One of the eight, as the event model writes it. */
export const eventType = z.enum(ALL_EVENT_TYPES)

const STATES = {
  queued: true,
  retrying: true,
  delivered: true,
  blocked: true,
  cancelled: true,
} as const satisfies Record<DeliveryState, true>

/** Where a delivery stands. */
export const deliveryState = z.enum(Object.keys(STATES) as readonly DeliveryState[])

/** What one HTTP request came to. */
export const attemptResult = component<AttemptResult>('AttemptResult')(
  z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('responded'),
        status: z.int().min(100).max(999),
        headers: z.record(z.string(), listOf(z.string())).describe('names in lower case'),
        bodySnippet: z.string().describe('the first 2 KB, from the receiver: escape it before it is shown'),
        bodyBytes: count(),
        bodyIncomplete: z.enum(['cut', 'limit', 'deadline']).exactOptional(),
      }),
      z.object({
        kind: z.literal('failed'),
        code: z.enum(Object.keys(FAILURES) as readonly FailureCode[]),
        reason: z.string(),
      }),
    ])
    .describe('what one HTTP request came to'),
)

const routeView = component<RouteView>('Route')(
  z
    .object({
      webhook: named,
      goes: z
        .boolean()
        .describe('by the push rules, when it happened: also when it is kept because the webhook is blocked'),
      why: z
        .string()
        .describe(
          'a sentence without its full stop, as of now where the webhook is blocked: kept, and not sent while it is',
        ),
      delivery: z
        .object({
          id: z.int().min(1),
          state: deliveryState,
          lastResult: attemptResult.nullable(),
          lastDurationMs: milliseconds().nullable(),
        })
        .exactOptional()
        .describe('absent while its batch is open'),
    })
    .describe('what became of an event at one webhook, or why it did not go there'),
)

/** Something that happened. */
export const eventView = component<EventView>('Event')(
  z.object({
    id: z.string(),
    type: eventType,
    label: z.string().describe("Qualifio's label"),
    occurredAt: time(),
    program: named,
    member: named,
    sentence: z.string().describe('for people, without its full stop'),
    origin: z.enum(['life', 'request', 'story']),
    routes: listOf(routeView),
    why: z.string().exactOptional().describe('why there are no routes, without its full stop; absent where there are'),
    data: z
      .union([
        eventSchemas.profile_creation.shape.data,
        eventSchemas.member_portal_visit.shape.data,
        eventSchemas.change_in_level.shape.data,
        eventSchemas.earning.shape.data,
        eventSchemas.burning.shape.data,
        eventSchemas.point_correction_plus.shape.data,
        eventSchemas.point_correction_minus.shape.data,
        eventSchemas.free_gift.shape.data,
      ])
      .describe('as in the event model, whatever the contract'),
  }),
)

/** A page of events. */
export const eventList = component<ListView<EventView>>('EventList')(
  z.object({ items: listOf(eventView), cursor: z.string().nullable() }),
)

/** What happened because it was asked for. */
export const happened = component<{ readonly events: readonly EventView[] }>('Happened')(
  z.object({ events: listOf(eventView).describe('with the change of level that follows, two') }),
)

const asked = {
  type: z.string().min(1).describe("one of the eight, by name, wire type or Qualifio's label, in any case"),
  set: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'paths of the event model to values: { "data.points": 250 }. What is not set is drawn by chance, the direction of a change in level too: { "data.direction": "upgrade" } or "downgrade" chooses it, { "data.newLevel.id": "…" } the level itself',
    ),
}

/** An event to make happen to a member. */
export const eventRequest = component<EventRequest>('EventRequest')(z.strictObject(asked))

/** An event to make happen to a member drawn by chance. */
export const anyEventRequest = component<EventRequest & { readonly program?: string | undefined }>('AnyEventRequest')(
  z.strictObject({ ...asked, program: z.string().optional().describe('id of the program; any by default') }),
)
