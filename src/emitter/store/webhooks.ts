import type { DeliveryRecord, DeliveryState, Webhook } from '../records.ts'
import type { Store } from '../storage.ts'
import type { Tables } from './database.ts'

/** The webhooks, all in memory: there are few, and they are asked for with every delivery. */
export interface WebhookTable extends Pick<Store, 'webhooks' | 'putWebhook' | 'webhookName' | 'counts'> {
  /** The short key of a webhook that is there. @throws Error when there is none, or it was deleted */
  keyOf(id: string): number
  /** The same, of a webhook that may be deleted by now; undefined when there never was one. */
  anyKeyOf(id: string): number | undefined
  idOf(key: number): string
  /** Leaves only the name. */
  bury(id: string): void
  /** A delivery appears (`from` is null), changes its state, or is forgotten (`to` is null). Pings are not counted. */
  count(delivery: Counted, from: DeliveryState | null, to: DeliveryState | null): void
}

/** What tells where a delivery is counted. */
export interface Counted {
  /** The key of its webhook. */
  readonly webhook: number
  readonly kind: DeliveryRecord['kind']
}

interface Known {
  readonly key: number
  readonly id: string
  readonly name: string
  /** Null when it was deleted. */
  readonly webhook: Webhook | null
  readonly counts: Map<DeliveryState, number>
  readonly changed: Set<DeliveryState>
}

/** Reads the webhooks and how many deliveries they have. */
export function webhookTable(tables: Tables): WebhookTable {
  const known = new Map<string, Known>()
  const byKey = new Map<number, Known>()
  const changed = new Set<Known>()

  const keep = (entry: Known): void => {
    known.set(entry.id, entry)
    byKey.set(entry.key, entry)
  }
  type Row = { readonly key: number; readonly id: string; readonly name: string; readonly record: string | null }
  for (const { key, id, name, record } of tables.all(
    'SELECT key, id, name, record FROM webhooks ORDER BY key',
  ) as Row[]) {
    const webhook = record === null ? null : (JSON.parse(record) as Webhook)
    keep({ key, id, name, webhook, counts: new Map(), changed: new Set() })
  }
  type Count = { readonly webhook: number; readonly state: DeliveryState; readonly count: number }
  for (const { webhook, state, count } of tables.all('SELECT webhook, state, count FROM counts') as Count[])
    byKey.get(webhook)?.counts.set(state, count)

  // They change several times with every delivery: written once per commit, with what they count.
  tables.beforeCommit(() => {
    for (const entry of changed) {
      for (const state of entry.changed)
        tables.write(
          `INSERT INTO counts (webhook, state, count) VALUES (?, ?, ?)
           ON CONFLICT (webhook, state) DO UPDATE SET count = excluded.count`,
          entry.key,
          state,
          entry.counts.get(state) ?? 0,
        )
      entry.changed.clear()
    }
    changed.clear()
  })

  function add(entry: Known, state: DeliveryState, by: number): void {
    entry.counts.set(state, (entry.counts.get(state) ?? 0) + by)
    entry.changed.add(state)
    changed.add(entry)
  }

  return {
    webhooks: () => [...known.values()].flatMap(({ webhook }) => webhook ?? []),
    webhookName: (id) => known.get(id)?.name,
    putWebhook(webhook) {
      const { id, name } = webhook
      const record = JSON.stringify(webhook)
      const before = known.get(id)
      if (before === undefined) {
        const sql = 'INSERT INTO webhooks (id, name, record) VALUES (?, ?, ?)'
        const key = tables.write(sql, id, name, record).lastInsertRowid
        keep({ key, id, name, webhook, counts: new Map(), changed: new Set() })
        return
      }
      tables.write('UPDATE webhooks SET name = ?, record = ? WHERE key = ?', name, record, before.key)
      keep({ ...before, name, webhook })
    },
    bury(id) {
      const entry = known.get(id)
      if (entry === undefined) return
      tables.write('UPDATE webhooks SET record = NULL WHERE key = ?', entry.key)
      keep({ ...entry, webhook: null })
    },
    keyOf(id) {
      const entry = known.get(id)
      if (entry === undefined || entry.webhook === null) throw new Error(`there is no webhook ${id}`)
      return entry.key
    },
    anyKeyOf: (id) => known.get(id)?.key,
    idOf(key) {
      const entry = byKey.get(key)
      if (entry === undefined) throw new Error(`there is no webhook with key ${key}`)
      return entry.id
    },
    counts: () =>
      [...known.values()].flatMap(({ id: webhookId, counts }) =>
        [...counts].flatMap(([state, count]) => (count === 0 ? [] : { webhookId, state, count })),
      ),
    count({ webhook: key, kind }, from, to) {
      if (kind === 'ping') return
      const entry = byKey.get(key)
      if (entry === undefined) throw new Error(`there is no webhook with key ${key}`)
      if (from !== null) add(entry, from, -1)
      if (to !== null) add(entry, to, 1)
    },
  }
}
