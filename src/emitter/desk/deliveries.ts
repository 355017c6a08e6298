import type { Desk } from './desk.ts'
import { signatureOf } from './intake.ts'
import type { DeliveryRecord } from '../records.ts'
import { Refusal } from '../refusal.ts'
import type { DeliveryFilter } from '../storage.ts'
import { deliveryDetail, deliveryView } from '../view/delivery.ts'
import type { DeliveryDetail, DeliveryView, ListView, ResentView } from '../view/views.ts'
import { noSuchWebhook, refuseBlocked } from './webhooks.ts'

/** A page as it is asked for. */
export interface CursorPage {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** How many blocked deliveries are looked at together. */
const RESENT_TOGETHER = 500

/** Everything that can be done with deliveries. */
export function deliveryDesk(desk: Desk) {
  const { store, dispatch, changes, webhooks } = desk

  /** Another round of a finished delivery: same bytes, signed with the secret that signs now. */
  function again(record: DeliveryRecord): void {
    const webhook = webhooks.get(record.webhookId)
    const stored = store.request(record.id)
    if (webhook === undefined || stored === undefined)
      throw new Refusal('conflict', 'its webhook was deleted, so there is nowhere to send it.')
    const dueAtMs = desk.clock.nowMs()
    store.resend(record.id, { dueAtMs, signature: signatureOf(desk, webhook, stored.body) })
    const { id, webhookId, kind, attemptCount, memberIds } = record
    const round = record.round + 1
    // Blocked with its webhook while a request was under way, and the process ended then: the receiver may have it.
    const isUnknown = store.attempts(id).at(-1)?.result === null
    dispatch.add({ id, webhookId, kind, dueAtMs, round, retriesDone: 0, attemptCount, isUnknown, memberIds })
    changes.delivery(id)
  }

  return {
    deliveries(filter: DeliveryFilter, { limit, cursor }: CursorPage): ListView<DeliveryView> {
      const { webhookId, memberId } = filter
      // A deleted webhook has deliveries still.
      if (webhookId !== undefined && store.webhookName(webhookId) === undefined)
        throw noSuchWebhook(desk, webhookId, '?webhook')
      if (memberId !== undefined && desk.life.member(memberId) === undefined)
        throw new Refusal(
          'not-found',
          'there is no such member; GET /api/members?query= finds them, with the ids that are expected here.',
          '?member',
        )
      const records = store.deliveries(filter, { limit: limit + 1, before: cursorNumber(cursor) })
      const items = records.slice(0, limit).map((record) => deliveryView(desk, record))
      return { items, cursor: records.length > limit ? String(items.at(-1)?.id) : null }
    },
    delivery: (id: number): DeliveryDetail => deliveryDetail(desk, deliveryNumbered(desk, id)),
    async resend(id: number): Promise<DeliveryView> {
      const record = deliveryNumbered(desk, id)
      if (record.state === 'queued' || record.state === 'retrying')
        throw new Refusal('conflict', `delivery ${id} is still under way; it can be sent again once it is finished.`)
      const webhook = webhooks.get(record.webhookId)
      if (webhook !== undefined) refuseBlocked(webhook)
      again(record)
      await store.durable()
      return deliveryView(desk, deliveryNumbered(desk, id))
    },
    async resendBlocked(webhookId?: string): Promise<ResentView> {
      if (webhookId !== undefined) {
        const webhook = webhooks.get(webhookId)
        if (webhook === undefined) throw noSuchWebhook(desk, webhookId, 'webhook')
        refuseBlocked(webhook)
      }
      let resent = 0
      const leftOut = new Map<string, number>()
      for (const id of blockedIds(desk, webhookId)) {
        const record = deliveryNumbered(desk, id)
        const webhook = webhooks.get(record.webhookId)
        // Of a webhook that was deleted there is nothing to be done about.
        if (webhook === undefined) continue
        if (webhook.blockedAtMs === null) {
          again(record)
          resent++
        } else leftOut.set(webhook.id, (leftOut.get(webhook.id) ?? 0) + 1)
      }
      await store.durable()
      const named = ([id, deliveries]: readonly [string, number]) => ({
        webhook: id,
        name: store.webhookName(id) ?? id,
        deliveries,
      })
      return { resent, leftOut: [...leftOut].map(named) }
    },
  }
}

/** Blocked deliveries in the order in which they were made, so that events arrive in order of occurrence again. */
function blockedIds({ store }: Desk, webhookId: string | undefined): readonly number[] {
  const ids: number[] = []
  let before: number | undefined
  for (;;) {
    const page = store.deliveries({ state: 'blocked', webhookId }, { limit: RESENT_TOGETHER, before })
    ids.push(...page.filter(({ kind }) => kind === 'events').map(({ id }) => id))
    if (page.length < RESENT_TOGETHER) return ids.toReversed()
    before = page.at(-1)?.id
  }
}

/** A page's cursor as it was given out. @throws Refusal */
export function cursorNumber(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const number = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN
  if (Number.isNaN(number)) throw new Refusal('invalid', 'the cursor is not one that a list gave out.', 'cursor')
  return number
}

function deliveryNumbered({ store }: Desk, id: number): DeliveryRecord {
  const record = store.delivery(id)
  if (record !== undefined) return record
  const [latest] = store.deliveries({}, { limit: 1 })
  const why =
    latest === undefined
      ? 'there is none at all now'
      : id > latest.id
        ? `the latest one is ${latest.id}`
        : 'finished ones are forgotten after --keep'
  throw new Refusal('not-found', `there is no delivery ${id}; ${why}.`)
}
