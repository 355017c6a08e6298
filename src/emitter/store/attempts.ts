import type { AttemptResult } from '../../delivery/outcome.ts'
import type { AttemptRecord, DeliveryState } from '../records.ts'
import type { Aftermath, Store } from '../storage.ts'
import type { Tables } from './database.ts'
import { ATTEMPTS_PER_DELIVERY } from './schema.ts'
import type { Counted, WebhookTable } from './webhooks.ts'

interface Row extends Omit<AttemptRecord, 'deliveryId' | 'number' | 'result' | 'possibleDuplicate'> {
  readonly key: number
  readonly result: string | null
  readonly possibleDuplicate: number
}

interface Standing extends Counted {
  readonly state: DeliveryState
  readonly round: number
  readonly attemptRound: number
  readonly attemptCount: number
  readonly result: string | null
}

/** Intents and results. */
export function attemptTable(
  tables: Tables,
  webhooks: WebhookTable,
): Pick<Store, 'attempts' | 'beginAttempt' | 'endAttempt'> {
  /** Moves a delivery to where its attempt leaves it. */
  function settle(id: number, standing: Standing, aftermath: Aftermath): void {
    if (aftermath.state === 'retrying')
      tables.write(
        `UPDATE deliveries SET state = 'retrying', blocked_by = NULL, retries_done = retries_done + 1, due_at = ?,
           finished_at = NULL
         WHERE id = ?`,
        aftermath.dueAtMs,
        id,
      )
    else
      tables.write(
        'UPDATE deliveries SET state = ?, blocked_by = ?, due_at = NULL, finished_at = ? WHERE id = ?',
        aftermath.state,
        aftermath.state === 'blocked' ? aftermath.by : null,
        aftermath.atMs,
        id,
      )
    webhooks.count(standing, standing.state, aftermath.state)
  }

  return {
    attempts(id) {
      const rows = tables.all(
        `SELECT key, round, retry, due_at AS dueAtMs, started_at AS startedAtMs, duration AS durationMs, result,
           possible_duplicate AS possibleDuplicate
         FROM attempts WHERE key > ? AND key < ? ORDER BY key`,
        attemptKey(id, 0),
        attemptKey(id + 1, 0),
      ) as Row[]
      return rows.map(({ key, result, possibleDuplicate, ...row }) => ({
        ...row,
        deliveryId: id,
        number: key % ATTEMPTS_PER_DELIVERY,
        result: result === null ? null : (JSON.parse(result) as AttemptResult),
        possibleDuplicate: possibleDuplicate === 1,
      }))
    },
    beginAttempt({ deliveryId, number, round, retry, dueAtMs, startedAtMs, possibleDuplicate }) {
      const { changes } = tables.write(
        `UPDATE deliveries SET attempt_count = ?, is_open = 1, possible_duplicate = possible_duplicate | ?
         WHERE id = ? AND attempt_count = ? AND state IN ('queued', 'retrying')`,
        number,
        possibleDuplicate ? 1 : 0,
        deliveryId,
        number - 1,
      )
      if (changes === 0) throw new Error(`delivery ${deliveryId} is not under way, or has no attempt ${number} to come`)
      tables.write(
        `INSERT INTO attempts (key, round, retry, due_at, started_at, possible_duplicate) VALUES (?, ?, ?, ?, ?, ?)`,
        attemptKey(deliveryId, number),
        round,
        retry,
        dueAtMs,
        startedAtMs,
        possibleDuplicate ? 1 : 0,
      )
      tables.mark('intent')
    },
    endAttempt({ deliveryId, number }, { result, durationMs, aftermath }) {
      const key = attemptKey(deliveryId, number)
      const standing = tables.one(
        `SELECT webhook, kind, state, deliveries.round, attempts.round AS attemptRound, attempt_count AS attemptCount, result
         FROM deliveries JOIN attempts ON key = ? WHERE id = ?`,
        key,
        deliveryId,
      ) as Standing | undefined
      if (standing === undefined || standing.result !== null)
        throw new Error(`attempt ${number} of delivery ${deliveryId} is not under way`)
      const json = JSON.stringify(result)
      tables.write('UPDATE attempts SET result = ?, duration = ? WHERE key = ?', json, durationMs, key)
      if (number === standing.attemptCount) tables.write('UPDATE deliveries SET is_open = 0 WHERE id = ?', deliveryId)
      // What was cancelled stays so, and a round that is over does not end the next.
      if (standing.state !== 'cancelled' && standing.round === standing.attemptRound)
        settle(deliveryId, standing, aftermath)
      tables.mark('result')
    },
  }
}

/** Where an attempt lies. `attemptKey(id, 0)` is before the first of a delivery. */
export function attemptKey(deliveryId: number, number: number): number {
  if (number >= ATTEMPTS_PER_DELIVERY) throw new Error(`delivery ${deliveryId} has had ${number} attempts`)
  return deliveryId * ATTEMPTS_PER_DELIVERY + number
}
