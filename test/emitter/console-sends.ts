import { createHash } from 'node:crypto'
import type { AttemptResult, Responded } from '../../src/delivery/outcome.ts'
import type { AttemptView, DeliveryDetail, EventView, WebhookView } from '../../src/emitter/view/views.ts'

/** The waits of the samples, at sixty times their speed. */
export const DELAYS_MS = [60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_840_000]
const SPEED = 60

/** What a receiver might say to do harm: markup, terminal escapes, a turned reading direction, a line without end. */
export const HOSTILE =
  '<img src=x onerror="window.broken=1"><script>window.broken=1</script>\n' +
  '\u001b]0;owned\u0007\u001b[31mred\u001b[0m \u202egnp.exe\u0000\n' +
  'x'.repeat(1500)

/** A new delivery, before its first attempt. */
export function sampleDelivery(
  id: number,
  webhook: WebhookView,
  events: readonly EventView[],
  atMs: number,
): DeliveryDetail {
  const body = JSON.stringify(
    events.map(({ id: eventId, type, member, data }) => ({ id: eventId, type, member, data })),
  )
  const value = `sha256=${createHash('sha256').update(`${id}${body}`).digest('hex')}`
  const at = new Date(atMs).toISOString()
  return {
    id,
    kind: events.length === 0 ? 'ping' : 'events',
    state: webhook.blocked === null ? 'queued' : 'blocked',
    blockedBy: webhook.blocked === null ? null : 'webhook',
    webhook: { id: webhook.id, name: webhook.name },
    types: [...new Set(events.map(({ type }) => type))],
    eventCount: events.length,
    member: events[0]?.member ?? null,
    createdAt: at,
    finishedAt: null,
    attempts: 0,
    retry: 0,
    retries: events.length === 0 ? 0 : DELAYS_MS.length,
    resends: 0,
    nextAttemptAt: webhook.blocked === null ? at : null,
    held: null,
    lastResult: null,
    lastDurationMs: null,
    possibleDuplicate: false,
    events,
    request: {
      method: 'POST',
      url: webhook.url,
      headers: [
        ['Host', 'localhost:3000'],
        ['Content-Type', 'application/json'],
        ['Content-Length', String(Buffer.byteLength(body))],
        ['User-Agent', 'qualifio-sim/0.1.0'],
        ['X-Api-Key', '…'],
        ['X-Qualifio-Signature', value],
      ],
      body,
      bodyBytes: Buffer.byteLength(body),
      bodySha256: createHash('sha256').update(body).digest('hex'),
    },
    signature: {
      header: 'X-Qualifio-Signature',
      value,
      explanation:
        'HMAC-SHA-256 of the exact bytes of the body, keyed with the secret, in lower-case hexadecimal after "sha256=". ' +
        'Compute it over the raw body, before any parser sees it, and compare in constant time.',
    },
    schedule: DELAYS_MS.map((delayMs, index) => ({ retry: index + 1, delayMs, realDelayMs: delayMs / SPEED })),
    attemptLog: [],
    curl: `# first: export QUALIFIO_SIM_AUTH='the value of your X-Api-Key header'\ncurl -X POST '${webhook.url}' \\\n  -H "X-Api-Key: $QUALIFIO_SIM_AUTH" \\\n  -H 'X-Qualifio-Signature: ${value}' \\\n  --data-binary '${body}'`,
  }
}

/** How a receiver answers the nth attempt. */
export function answerTo(url: string, attempt: number): AttemptResult {
  const said = (status: number, text: string): AttemptResult => ({
    kind: 'responded',
    status,
    headers: { 'content-type': ['text/plain'], server: ['sample'], ...(text === HOSTILE && { 'x-said': [HOSTILE] }) },
    bodySnippet: text,
    bodyBytes: Buffer.byteLength(text),
  })
  if (url.endsWith('/error')) return said(500, 'TypeError: cannot read properties of undefined (reading "points")')
  if (url.endsWith('/hostile')) return said(500, HOSTILE)
  if (url.endsWith('/flaky') && attempt < 3) return said(503, 'Back in a moment')
  // Down for all of the first round.
  if (url.endsWith('/mended') && attempt <= DELAYS_MS.length + 1) return said(500, 'Under repair')
  if (url.endsWith('/moved')) return { ...(said(307, '') as Responded), headers: { location: ['/webhooks/'] } }
  if (url.endsWith('/down'))
    return {
      kind: 'failed',
      code: 'refused',
      reason: 'Nothing listens at localhost:3000: the connection was refused. Is the receiver started?',
    }
  return said(200, '{"ok":true}')
}

/** The delivery after one more attempt. */
export function attempted(delivery: DeliveryDetail, atMs: number, durationMs: number): DeliveryDetail {
  const isFirst = delivery.attemptLog.every(({ round }) => round !== delivery.resends + 1)
  const retry = isFirst ? 0 : delivery.retry + 1
  const result = answerTo(delivery.request.url, delivery.attempts + 1)
  const attempt: AttemptView = {
    number: delivery.attempts + 1,
    round: delivery.resends + 1,
    retry,
    dueAt: delivery.nextAttemptAt ?? new Date(atMs).toISOString(),
    startedAt: new Date(atMs).toISOString(),
    durationMs,
    result,
    possibleDuplicate: false,
    sentence: `${retry === 0 ? 'first delivery' : `retry ${retry}/${delivery.retries}`}: ${
      result.kind === 'responded' ? result.status : 'connection refused'
    }`,
  }
  const isOk = result.kind === 'responded' && result.status < 300
  const wait = delivery.schedule[retry]?.realDelayMs
  const isOver = isOk || wait === undefined || delivery.kind === 'ping'
  const endMs = atMs + durationMs
  return {
    ...delivery,
    state: isOk ? 'delivered' : isOver ? 'blocked' : 'retrying',
    blockedBy: isOver && !isOk ? 'retries' : null,
    finishedAt: isOver ? new Date(endMs).toISOString() : null,
    attempts: attempt.number,
    retry,
    nextAttemptAt: isOver ? null : new Date(endMs + wait).toISOString(),
    lastResult: result,
    lastDurationMs: durationMs,
    attemptLog: [...delivery.attemptLog, attempt],
  }
}
