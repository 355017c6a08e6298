import type { DeliveryState } from '../records.ts'
import type { Store } from '../storage.ts'
import { attemptKey } from './attempts.ts'
import type { Tables } from './database.ts'
import type { Counted, WebhookTable } from './webhooks.ts'

/** Deletes what is old. */
export function forgetting(tables: Tables, webhooks: WebhookTable): Pick<Store, 'forget'> {
  type Row = Counted & {
    readonly id: number
    readonly state: DeliveryState
    readonly members: string
  }

  function forgetDelivery(row: Row): void {
    const { id, state, members } = row
    for (const member of JSON.parse(members) as string[])
      tables.write('DELETE FROM delivery_members WHERE member = ? AND delivery = ?', member, id)
    const carried = 'SELECT seq FROM routes WHERE delivery = ?'
    tables.write(`UPDATE events SET routes = routes - 1 WHERE seq IN (${carried})`, id)
    tables.write(`DELETE FROM routes WHERE delivery = ?`, id)
    tables.write('DELETE FROM attempts WHERE key > ? AND key < ?', attemptKey(id, 0), attemptKey(id + 1, 0))
    tables.write('DELETE FROM requests WHERE delivery = ?', id)
    tables.write('DELETE FROM deliveries WHERE id = ?', id)
    webhooks.count(row, state, null)
  }

  return {
    forget(beforeMs, limit) {
      const old = tables.all(
        'SELECT id, webhook, kind, state, members FROM deliveries WHERE finished_at < ? ORDER BY finished_at LIMIT ?',
        beforeMs,
        limit,
      ) as Row[]
      for (const row of old) forgetDelivery(row)
      const unrouted = 'SELECT seq FROM events WHERE routes = 0 AND added_at < ? ORDER BY added_at LIMIT ?'
      const events = tables.all(unrouted, beforeMs, limit) as { readonly seq: number }[]
      for (const { seq } of events) tables.write('DELETE FROM events WHERE seq = ?', seq)
      const blocked = old.filter(({ kind, state }) => kind === 'events' && state === 'blocked')
      return { forgotten: Math.max(old.length, events.length), blocked: blocked.length }
    },
  }
}
