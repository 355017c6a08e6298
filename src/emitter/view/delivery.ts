import { STATUS_CODES } from 'node:http'
import type { AttemptResult } from '../../delivery/outcome.ts'
import { displayUrl } from '../../delivery/display-url.ts'
import { unreachable } from '../../errors.ts'
import type { Desk } from '../desk/desk.ts'
import { outgoingTo } from '../dispatch/outgoing.ts'
import type { AttemptRecord, DeliveryRecord } from '../records.ts'
import { eventView, namedMember, timeText, timeTextOrNull } from './event.ts'
import type { AttemptView, DeliveryDetail, DeliveryView } from './views.ts'

/** A delivery in a list. */
export function deliveryView(desk: Desk, record: DeliveryRecord): DeliveryView {
  const { id, webhookId, memberIds } = record
  const [memberId] = memberIds
  const member = memberIds.length === 1 && memberId !== undefined ? desk.life.member(memberId) : undefined
  const isOpen = record.state === 'queued' || record.state === 'retrying'
  return {
    id,
    kind: record.kind,
    state: record.state,
    blockedBy: record.blockedBy,
    webhook: { id: webhookId, name: desk.store.webhookName(webhookId) ?? webhookId },
    types: record.types,
    eventCount: record.eventCount,
    member: member === undefined ? null : namedMember(member.state.member),
    createdAt: timeText(record.createdAtMs),
    finishedAt: timeTextOrNull(record.finishedAtMs),
    attempts: record.attemptCount,
    retry: retriesMade(record),
    retries: retriesOf(desk, record),
    resends: record.round - 1,
    nextAttemptAt: timeTextOrNull(isOpen ? (desk.dispatch.dueAtMs(id) ?? record.dueAtMs) : null),
    held: isOpen ? desk.dispatch.held(id) : null,
    lastResult: record.lastResult,
    lastDurationMs: record.lastDurationMs,
    possibleDuplicate: record.possibleDuplicate,
  }
}

/** Retries that have their result: the record counts the one that comes next. */
const retriesMade = ({ state, retriesDone }: Pick<DeliveryRecord, 'state' | 'retriesDone'>): number =>
  state === 'retrying' ? retriesDone - 1 : retriesDone

const retriesOf = ({ rules }: Desk, { kind }: DeliveryRecord) => (kind === 'ping' ? 0 : rules.policy.delaysMs.length)

/** A delivery in full. */
export function deliveryDetail(desk: Desk, record: DeliveryRecord): DeliveryDetail {
  const { store, rules } = desk
  const stored = store.request(record.id)
  if (stored === undefined) throw new Error(`delivery ${record.id} has no request`)
  const { body, signature } = stored
  const webhook = desk.webhooks.get(record.webhookId)
  const outgoing = webhook === undefined ? undefined : outgoingTo(webhook, rules.userAgent)
  const request = outgoing?.request(stored)
  const hidden = webhook?.header?.name
  const { speed } = desk.settings()
  const events = store.deliveryEvents(record.id).flatMap((seq) => store.eventBySeq(seq) ?? [])
  return {
    ...deliveryView(desk, record),
    events: events.map((event) => eventView(desk, event)),
    request: {
      method: 'POST',
      url: outgoing === undefined ? '' : displayUrl(outgoing.url),
      headers:
        request === undefined || outgoing === undefined
          ? []
          : [
              // The first and the last are the transport's.
              ['Host', outgoing.url.host] as const,
              ...request.headers.map(([name, value]) => [name, name === hidden ? '…' : value] as const),
              ['Content-Length', String(body.length)] as const,
            ],
      body: Buffer.from(body).toString('utf8'),
      bodyBytes: body.length,
      bodySha256: record.bodySha256,
    },
    signature: signature === null ? null : { ...signature, explanation: explanation(desk, body.length) },
    schedule: (record.kind === 'ping' ? [] : rules.policy.delaysMs).map((delayMs, index) => ({
      retry: index + 1,
      delayMs,
      realDelayMs: speed === 'max' ? 0 : delayMs / speed,
    })),
    attemptLog: store.attempts(record.id).map((attempt) => attemptView(attempt, retriesOf(desk, record))),
    curl: request === undefined || outgoing === undefined ? '' : rules.curl(request, outgoing.url),
  }
}

function explanation({ rules: { signature } }: Desk, bodyBytes: number): string {
  const encoding = signature.encoding === 'hex' ? 'lower-case hexadecimal' : 'base64'
  return (
    `HMAC with SHA-256 over the exact ${bodyBytes} bytes of the body, with the webhook's secret (its UTF-8 bytes) as the key, ` +
    `in ${encoding} after "${signature.prefix}". A receiver computes it over the raw body, before it parses the JSON, ` +
    'and compares in constant time.'
  )
}

function attemptView(attempt: AttemptRecord, retries: number): AttemptView {
  const { number, round, retry, durationMs, result, possibleDuplicate } = attempt
  const which = retry === 0 ? (round === 1 ? 'first delivery' : `resend ${round - 1}`) : `retry ${retry}/${retries}`
  return {
    number,
    round,
    retry,
    dueAt: timeText(attempt.dueAtMs),
    startedAt: timeText(attempt.startedAtMs),
    durationMs,
    result,
    possibleDuplicate,
    sentence: `${which}: ${result === null ? 'no result known' : resultWords(result)}`,
  }
}

/** What an attempt came to: `503 Service Unavailable`, or the failure's reason. */
export function resultWords(result: AttemptResult): string {
  switch (result.kind) {
    case 'responded':
      return `${result.status} ${STATUS_CODES[result.status] ?? ''}`.trim()
    case 'failed':
      return result.reason
    default:
      return unreachable(result)
  }
}
