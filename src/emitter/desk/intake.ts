import { createHash } from 'node:crypto'
import { renderPayload } from '../../contract/contract.ts'
import type { LoyaltyEvent } from '../../contract/event.ts'
import { sign } from '../../signing/signature.ts'
import type { Desk } from './desk.ts'
import type { Happening } from '../life/life.ts'
import { routingTo } from './push-rules.ts'
import type { EventOrigin, Webhook } from '../records.ts'
import { secretSigning } from '../dispatch/signing-secret.ts'
import type { StoredRequest } from '../storage.ts'

/** What writing things down needs of the desk. */
export type Intake = Pick<Desk, 'store' | 'clock' | 'rules' | 'dispatch' | 'batches' | 'changes' | 'news' | 'webhooks'>

/**
 * Writes down what happened, and what follows for each webhook: its delivery with its bytes, or its place in a batch.
 * Durable once the store's `durable()` resolves. Returns the events' `seq`.
 */
export function takeIn(desk: Intake, happenings: readonly Happening[], origin: EventOrigin): readonly number[] {
  return happenings.map(({ event, member }) => {
    const { store, webhooks, changes } = desk
    const routings = [...webhooks.values()].map((webhook) => routingTo(webhook, event))
    const seq = store.addEvent({ event, origin, routings })
    store.putMember(member)
    changes.event(seq)
    // One body for all webhooks that get the event alone.
    let alone: Uint8Array | undefined
    for (const { webhookId, goes } of routings) {
      if (!goes) continue
      if (desk.rules.batchWindowMs > 0) {
        desk.batches.add(webhookId, seq)
        continue
      }
      alone ??= bodyOf(desk, [event])
      addDelivery(desk, webhooks.get(webhookId) as Webhook, {
        events: [seq],
        body: alone,
        memberIds: [event.member.id],
      })
    }
    return seq
  })
}

/** Makes one delivery of the events of a batch. */
export function closeBatch(desk: Intake, webhookId: string, seqs: readonly number[]): void {
  const webhook = desk.webhooks.get(webhookId)
  const events = seqs.flatMap((seq) => desk.store.eventBySeq(seq)?.event ?? [])
  if (webhook === undefined || events.length === 0) return
  const memberIds = [...new Set(events.map(({ member }) => member.id))]
  addDelivery(desk, webhook, { events: seqs, body: bodyOf(desk, events), memberIds })
}

/** Writes a delivery of no event down: whether anybody answers. Returns its id. */
export function addPing(desk: Intake, webhook: Webhook): number {
  return addDelivery(desk, webhook, { events: [], body: bodyOf(desk, []), memberIds: [] })
}

function bodyOf({ rules }: Intake, events: readonly LoyaltyEvent[]): Uint8Array {
  return Buffer.from(renderPayload(rules.contract, events))
}

function addDelivery(
  desk: Intake,
  webhook: Webhook,
  carried: { readonly events: readonly number[]; readonly body: Uint8Array; readonly memberIds: readonly string[] },
): number {
  const { store, clock, rules, dispatch, changes } = desk
  const { events, body, memberIds } = carried
  const nowMs = clock.nowMs()
  const kind = events.length === 0 ? 'ping' : 'events'
  const state = webhook.blockedAtMs !== null && kind === 'events' ? 'blocked' : 'queued'
  const id = store.addDelivery({
    webhookId: webhook.id,
    kind,
    events,
    body,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    contentType: rules.contract.contentType,
    signature: signatureOf(desk, webhook, body),
    createdAtMs: nowMs,
    dueAtMs: nowMs,
    state,
  })
  if (state === 'queued') {
    const fresh = { round: 1, retriesDone: 0, attemptCount: 0, isUnknown: false }
    dispatch.add({ id, webhookId: webhook.id, kind, dueAtMs: nowMs, memberIds, ...fresh })
  } else desk.news({ kind: 'not-sent', atMs: nowMs, webhook, deliveryId: id })
  changes.delivery(id)
  return id
}

/** The signature of a body by the secret of a webhook that signs now. */
export function signatureOf({ rules, clock }: Intake, webhook: Webhook, body: Uint8Array): StoredRequest['signature'] {
  const secret = secretSigning(webhook, clock.nowMs())
  const { signature: format } = rules
  return secret === null ? null : { header: format.header, value: sign(secret, body, format) }
}
