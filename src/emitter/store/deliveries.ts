import type { EventType } from '../../contract/event-types.ts'
import type { BlockedBy, DeliveryState } from '../records.ts'
import type { Store, Unfinished } from '../storage.ts'
import type { Tables } from './database.ts'
import type { EventTable } from './events.ts'
import { TYPE_CODES } from './schema.ts'
import type { Counted, WebhookTable } from './webhooks.ts'

type Deliveries = Pick<
  Store,
  'addDelivery' | 'deliveryEvents' | 'unfinished' | 'request' | 'blockUnfinished' | 'resend' | 'deleteWebhook'
>

interface UnfinishedRow extends Omit<Unfinished, 'webhookId' | 'isUnknown' | 'memberIds'> {
  readonly webhook: number
  readonly isOpen: number
  readonly members: string
}

interface RequestRow {
  readonly contentType: string
  readonly header: string | null
  readonly value: string | null
  readonly body: Buffer
}

const UNFINISHED = "state IN ('queued', 'retrying')"

/** Deliveries, but for their lists and attempts. */
export function deliveryTable(tables: Tables, webhooks: WebhookTable, events: EventTable): Deliveries {
  /** Ends what is under way to a webhook; returns the ids. */
  function endUnfinished(
    key: number,
    end: { readonly state: 'blocked' | 'cancelled'; readonly by: BlockedBy | null; readonly atMs: number },
  ): readonly number[] {
    const rows = tables.all(
      `SELECT id, webhook, kind, state FROM deliveries INDEXED BY deliveries_by_state WHERE ${UNFINISHED} AND webhook = ? ORDER BY id`,
      key,
    ) as (Counted & { readonly id: number; readonly state: DeliveryState })[]
    for (const row of rows) {
      const sql = 'UPDATE deliveries SET state = ?, blocked_by = ?, due_at = NULL, finished_at = ? WHERE id = ?'
      tables.write(sql, end.state, end.by, end.atMs, row.id)
      webhooks.count(row, row.state, end.state)
    }
    return rows.map(({ id }) => id)
  }

  return {
    addDelivery(delivery) {
      const { webhookId, kind, state, body, bodySha256, contentType, signature, createdAtMs, dueAtMs } = delivery
      const webhook = webhooks.keyOf(webhookId)
      const carried = delivery.events.map((seq) => events.carried(seq))
      const types = [...new Set(carried.map(({ type }) => type))]
      const members = [...new Set(carried.map(({ member }) => member))]
      const isBlocked = state === 'blocked'
      const { lastInsertRowid: id } = tables.write(
        `INSERT INTO deliveries (webhook, kind, state, blocked_by, types, type_order, event_count, round, retries_done,
           attempt_count, is_open, possible_duplicate, created_at, due_at, finished_at, members)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 0, 0, 0, ?, ?, ?, ?)`,
        webhook,
        kind,
        state,
        isBlocked ? 'webhook' : null,
        types.reduce((mask, type) => mask | typeBit(type), 0),
        types.map((type) => TYPE_CODES[type]).join(''),
        carried.length,
        createdAtMs,
        isBlocked ? null : dueAtMs,
        isBlocked ? createdAtMs : null,
        JSON.stringify(members),
      )
      tables.write(
        `INSERT INTO requests (delivery, content_type, signature_header, signature_value, body_sha256, body_bytes, body)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        id,
        contentType,
        signature?.header ?? null,
        signature?.value ?? null,
        bodySha256,
        body.length,
        body,
      )
      for (const member of members)
        tables.write('INSERT INTO delivery_members (member, delivery) VALUES (?, ?)', member, id)
      for (const { seq } of carried) events.take(seq, webhook, id)
      webhooks.count({ webhook, kind }, null, state)
      return id
    },
    deliveryEvents: (id) =>
      (tables.all('SELECT seq FROM routes WHERE delivery = ? ORDER BY seq', id) as { readonly seq: number }[]).map(
        ({ seq }) => seq,
      ),
    unfinished: () =>
      (
        tables.all(
          `SELECT id, webhook, kind, due_at AS dueAtMs, round, retries_done AS retriesDone,
             attempt_count AS attemptCount, is_open AS isOpen, members
           FROM deliveries INDEXED BY deliveries_by_state WHERE ${UNFINISHED} ORDER BY id`,
        ) as UnfinishedRow[]
      ).map(({ webhook, isOpen, members, ...rest }) => ({
        ...rest,
        webhookId: webhooks.idOf(webhook),
        isUnknown: isOpen === 1,
        memberIds: JSON.parse(members) as string[],
      })),
    request(id) {
      const row = tables.one(
        `SELECT content_type AS contentType, signature_header AS header, signature_value AS value, body
         FROM requests WHERE delivery = ?`,
        id,
      ) as RequestRow | undefined
      if (row === undefined) return undefined
      const { contentType, header, value, body } = row
      return { body, contentType, signature: header === null || value === null ? null : { header, value } }
    },
    blockUnfinished(webhookId, atMs) {
      const key = webhooks.keyOf(webhookId)
      return endUnfinished(key, { state: 'blocked', by: 'webhook', atMs })
    },
    deleteWebhook(id, atMs) {
      const key = webhooks.keyOf(id)
      endUnfinished(key, { state: 'cancelled', by: null, atMs })
      events.dropOpen(key)
      webhooks.bury(id)
    },
    resend(id, { dueAtMs, signature }) {
      const sql = 'SELECT state, webhook, kind FROM deliveries WHERE id = ?'
      const row = tables.one(sql, id) as (Counted & { readonly state: DeliveryState }) | undefined
      if (row === undefined) throw new Error(`there is no delivery ${id}`)
      if (row.state === 'queued' || row.state === 'retrying') throw new Error(`delivery ${id} is still under way`)
      // Only where there is somewhere to send it.
      webhooks.keyOf(webhooks.idOf(row.webhook))
      tables.write(
        `UPDATE deliveries
         SET state = 'queued', blocked_by = NULL, round = round + 1, retries_done = 0, due_at = ?, finished_at = NULL
         WHERE id = ?`,
        dueAtMs,
        id,
      )
      tables.write(
        'UPDATE requests SET signature_header = ?, signature_value = ? WHERE delivery = ?',
        signature?.header ?? null,
        signature?.value ?? null,
        id,
      )
      webhooks.count(row, row.state, 'queued')
    },
  }
}

/** The bit of a type in `deliveries.types`. */
export function typeBit(type: EventType): number {
  return 1 << TYPE_CODES[type]
}
