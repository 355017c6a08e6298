import type { EventType } from '../../contract/event-types.ts'
import { ALL_EVENT_TYPES } from '../../contract/event-types.ts'
import type { AttemptResult } from '../../delivery/outcome.ts'
import type { DeliveryRecord } from '../records.ts'
import type { DeliveryFilter, Page, Store } from '../storage.ts'
import type { Tables, Value } from './database.ts'
import { typeBit } from './deliveries.ts'
import { ATTEMPTS_PER_DELIVERY, TYPE_CODES } from './schema.ts'
import type { WebhookTable } from './webhooks.ts'

type Derived = 'webhookId' | 'signature' | 'types' | 'memberIds' | 'lastResult' | 'lastDurationMs' | 'possibleDuplicate'

interface Row extends Omit<DeliveryRecord, Derived> {
  readonly webhook: number
  readonly header: string | null
  readonly value: string | null
  readonly typeOrder: string
  readonly members: string
  readonly possibleDuplicate: number
  readonly result: string | null
  readonly durationMs: number | null
}

/** Deliveries with their requests (no bodies) and latest results: of one, or of the ids that a list has chosen. */
const rowsOf = (ids: string) => `
SELECT id, webhook, kind, state, blocked_by AS blockedBy, type_order AS typeOrder, event_count AS eventCount,
  deliveries.round, retries_done AS retriesDone, attempt_count AS attemptCount, deliveries.due_at AS dueAtMs,
  created_at AS createdAtMs, finished_at AS finishedAtMs, members, deliveries.possible_duplicate AS possibleDuplicate,
  content_type AS contentType, signature_header AS header, signature_value AS value, body_sha256 AS bodySha256,
  body_bytes AS bodyBytes, result, duration AS durationMs
FROM deliveries JOIN requests ON delivery = id
LEFT JOIN attempts ON key = (
  SELECT max(key) FROM attempts
  WHERE key > id * ${ATTEMPTS_PER_DELIVERY} AND key < (id + 1) * ${ATTEMPTS_PER_DELIVERY} AND result IS NOT NULL
)
WHERE id IN (${ids}) ORDER BY id DESC`

const TYPE_OF_CODE = new Map<string, EventType>(ALL_EVENT_TYPES.map((type) => [String(TYPE_CODES[type]), type]))

/** One delivery, and lists of them. */
export function deliveryList(tables: Tables, webhooks: WebhookTable): Pick<Store, 'delivery' | 'deliveries'> {
  function recordOf({ webhook, header, value, typeOrder, members, result, durationMs, ...row }: Row): DeliveryRecord {
    return {
      ...row,
      webhookId: webhooks.idOf(webhook),
      types: Array.from(typeOrder, (code) => TYPE_OF_CODE.get(code) as EventType),
      memberIds: JSON.parse(members) as string[],
      signature: header === null || value === null ? null : { header, value },
      lastResult: result === null ? null : (JSON.parse(result) as AttemptResult),
      lastDurationMs: durationMs,
      possibleDuplicate: row.possibleDuplicate === 1,
    }
  }

  return {
    delivery: (id) => (tables.all(rowsOf('?'), id) as Row[]).map(recordOf)[0],
    deliveries(filter, page) {
      const webhook = filter.webhookId === undefined ? undefined : webhooks.anyKeyOf(filter.webhookId)
      if (webhook === undefined && filter.webhookId !== undefined) return []
      const { sql, values } = chosen(filter, webhook, page)
      return (tables.all(rowsOf(sql), ...values) as Row[]).map(recordOf)
    },
  }
}

/** The ids of a page, out of the index that narrows most. */
function chosen(
  { state, type, memberId }: DeliveryFilter,
  webhook: number | undefined,
  { before = Number.MAX_SAFE_INTEGER, limit }: Page,
): { readonly sql: string; readonly values: readonly Value[] } {
  const index = state !== undefined ? 'state' : webhook !== undefined ? 'webhook' : undefined
  const from =
    memberId !== undefined
      ? 'delivery_members CROSS JOIN deliveries ON id = delivery'
      : index === undefined
        ? 'deliveries'
        : `deliveries INDEXED BY deliveries_by_${index}`
  const position = memberId === undefined ? 'id' : 'delivery'
  const conditions: [sql: string, value: Value | undefined][] = [
    [`${position} < ?`, before],
    ['member = ?', memberId],
    ['state = ?', state],
    ['webhook = ?', webhook],
    ['types & ? <> 0', type === undefined ? undefined : typeBit(type)],
  ]
  const narrowing = conditions.filter((each): each is [string, Value] => each[1] !== undefined)
  const where = narrowing.map(([sql]) => sql).join(' AND ')
  return {
    sql: `SELECT id FROM ${from} WHERE ${where} ORDER BY ${position} DESC LIMIT ?`,
    values: [...narrowing.map(([, value]) => value), limit],
  }
}
