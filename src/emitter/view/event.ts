import { EVENT_TYPES } from '../../contract/event-types.ts'
import type { Member } from '../../contract/event.ts'
import type { Desk } from '../desk/desk.ts'
import { keptWords, routingWords, webhookIs } from '../desk/push-rules.ts'
import type { EventRecord } from '../records.ts'
import { eventSentence } from '../life/sentence.ts'
import type { EventView, Named, RouteView } from './views.ts'

/** A wall time, written. */
export const timeText = (ms: number): string => new Date(ms).toISOString()

/** The same where there may be none. */
export const timeTextOrNull = (ms: number | null): string | null => (ms === null ? null : timeText(ms))

/** A member as they are called. */
export const namedMember = ({ id, firstName, lastName }: Member): Named => ({ id, name: `${firstName} ${lastName}` })

type Seen = Pick<Desk, 'store' | 'webhooks'>

/** An event for people. */
export function eventView(desk: Seen, record: EventRecord): EventView {
  const { event, origin } = record
  return {
    id: event.id,
    type: event.type,
    label: EVENT_TYPES[event.type].label,
    occurredAt: event.occurredAt,
    program: { id: event.program.id, name: event.program.name },
    member: namedMember(event.member),
    sentence: eventSentence(event),
    origin,
    routes: routesOf(desk, record),
    ...(record.routings.length === 0 && { why: record.hadNoWebhook ? NO_WEBHOOK : GONE }),
    data: event.data,
  }
}

const NO_WEBHOOK = 'no webhook existed when it happened'
const GONE = 'its deliveries are forgotten (--keep), or went with their webhook'

function routesOf({ store, webhooks }: Seen, { event, routings, deliveries }: EventRecord): readonly RouteView[] {
  return routings.map((routing) => {
    const id = routing.webhookId
    const name = store.webhookName(id) ?? id
    const deliveryId = deliveries.get(id)
    const delivery = deliveryId === undefined ? undefined : store.delivery(deliveryId)
    const { goes } = routing
    const now = webhookIs(webhooks.get(id))
    const isKept = delivery === undefined ? now === 'blocked' : delivery.blockedBy === 'webhook'
    const why = goes && isKept ? keptWords(name, now) : routingWords(routing, name, event)
    if (delivery === undefined) return { webhook: { id, name }, goes, why }
    const { state, lastResult, lastDurationMs } = delivery
    return { webhook: { id, name }, goes, why, delivery: { id: delivery.id, state, lastResult, lastDurationMs } }
  })
}
