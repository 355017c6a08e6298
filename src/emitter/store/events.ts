import type { LoyaltyEvent } from '../../contract/event.ts'
import type { EventType } from '../../contract/event-types.ts'
import type { Clock } from '../../ports.ts'
import type { EventOrigin, EventRecord, Routing } from '../records.ts'
import type { Store } from '../storage.ts'
import type { Tables } from './database.ts'
import type { WebhookTable } from './webhooks.ts'

/** What a delivery needs of an event that it carries. */
export interface Carried {
  readonly seq: number
  readonly type: EventType
  readonly member: string
}

/** The events, and the routes that lead from them to deliveries. */
export interface EventTable extends Pick<Store, 'addEvent' | 'event' | 'eventBySeq' | 'events' | 'unbatched'> {
  /** @throws Error when there is no such event */
  carried(seq: number): Carried
  /** This delivery carries the event to this webhook. */
  take(seq: number, webhook: number, delivery: number): void
  /** Open batches of a webhook that is deleted. */
  dropOpen(webhook: number): void
}

interface Row {
  readonly seq: number
  readonly origin: EventOrigin
  readonly routings: string
  readonly event: string
}

type WhyNot = Extract<Routing, { readonly goes: false }>['why']
type StoredRouting = readonly [webhook: number, whyNot: WhyNot | 0]

const COLUMNS = 'SELECT seq, origin, routings, event FROM events'

/** The events of a state. */
export function eventTable(tables: Tables, webhooks: WebhookTable, clock: Pick<Clock, 'nowMs'>): EventTable {
  /** Most events are carried by a delivery at once. */
  let latest: Carried | undefined

  function recordOf({ seq, origin, routings, event }: Row): EventRecord {
    const routes = new Map(
      (
        tables.all('SELECT webhook, delivery FROM routes WHERE seq = ?', seq) as {
          webhook: number
          delivery: number | null
        }[]
      ).map(({ webhook, delivery }) => [webhook, delivery]),
    )
    const deliveries = new Map<string, number>()
    for (const [webhook, delivery] of routes) if (delivery !== null) deliveries.set(webhooks.idOf(webhook), delivery)
    // A route that is gone, with a webhook or a forgotten delivery, would look like an open batch.
    const stored = JSON.parse(routings) as StoredRouting[]
    const kept = stored.filter(([key, whyNot]) => whyNot !== 0 || routes.has(key))
    const routingOf = ([key, why]: StoredRouting): Routing => {
      const webhookId = webhooks.idOf(key)
      return why === 0 ? { webhookId, goes: true } : { webhookId, goes: false, why }
    }
    return {
      seq,
      origin,
      routings: kept.map(routingOf),
      hadNoWebhook: stored.length === 0,
      event: JSON.parse(event) as LoyaltyEvent,
      deliveries,
    }
  }

  const first = (row: Row | undefined) => (row === undefined ? undefined : recordOf(row))

  return {
    addEvent({ event, origin, routings }) {
      const stored = routings.map((each): StoredRouting => [webhooks.keyOf(each.webhookId), each.goes ? 0 : each.why])
      const going = stored.flatMap(([key, whyNot]) => (whyNot === 0 ? key : []))
      const { id, type, member } = event
      const { lastInsertRowid: seq } = tables.write(
        'INSERT INTO events (id, member, type, added_at, routes, origin, routings, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        id,
        member.id,
        type,
        clock.nowMs(),
        going.length,
        origin,
        JSON.stringify(stored),
        JSON.stringify(event),
      )
      for (const key of going) tables.write('INSERT INTO routes (seq, webhook) VALUES (?, ?)', seq, key)
      tables.mark('accept')
      latest = { seq, type, member: member.id }
      return seq
    },
    event: (id) => first(tables.one(`${COLUMNS} WHERE id = ? ORDER BY seq DESC`, id) as Row | undefined),
    eventBySeq: (seq) => first(tables.one(`${COLUMNS} WHERE seq = ?`, seq) as Row | undefined),
    events({ limit, before = Number.MAX_SAFE_INTEGER, memberId }) {
      const rows =
        memberId === undefined
          ? (tables.all(`${COLUMNS} WHERE seq < ? ORDER BY seq DESC LIMIT ?`, before, limit) as Row[])
          : (tables.all(
              `${COLUMNS} WHERE member = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
              memberId,
              before,
              limit,
            ) as Row[])
      return rows.map(recordOf)
    },
    unbatched(webhookId) {
      const key = webhooks.anyKeyOf(webhookId)
      if (key === undefined) return []
      const sql = 'SELECT seq FROM routes WHERE webhook = ? AND delivery IS NULL ORDER BY seq'
      return (tables.all(sql, key) as { readonly seq: number }[]).map(({ seq }) => seq)
    },
    carried(seq) {
      if (latest?.seq === seq) return latest
      const row = tables.one('SELECT seq, type, member FROM events WHERE seq = ?', seq) as Carried | undefined
      if (row === undefined) throw new Error(`there is no event ${seq}`)
      return row
    },
    take(seq, webhook, delivery) {
      const sql = 'UPDATE routes SET delivery = ? WHERE seq = ? AND webhook = ? AND delivery IS NULL'
      if (tables.write(sql, delivery, seq, webhook).changes === 0)
        throw new Error(`event ${seq} does not go to this webhook, or is in a delivery already`)
    },
    dropOpen(webhook) {
      const open = 'SELECT seq FROM routes WHERE webhook = ? AND delivery IS NULL'
      tables.write(`UPDATE events SET routes = routes - 1 WHERE seq IN (${open})`, webhook)
      tables.write('DELETE FROM routes WHERE webhook = ? AND delivery IS NULL', webhook)
    },
  }
}
