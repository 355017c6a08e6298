import { EVENT_TYPES, type EventType } from '../../../contract/event-types.ts'
import { isAccepted, isRedirect, type AttemptResult, type FailureCode } from '../../../delivery/outcome.ts'
import { confirmedText } from '../../life/story-sentence.ts'
import type { DeliveryState } from '../../records.ts'
import type { DeliveryView, RouteView } from '../../view/views.ts'
import { durationText } from './time.ts'

/** What a state means, for those who see it for the first time. */
export const STATES: Readonly<Record<DeliveryState, string>> = {
  queued: 'waits for its first attempt',
  retrying: 'failed so far, is tried again',
  delivered: 'confirmed by the receiver',
  blocked: 'given up: all retries failed, or its webhook is blocked',
  cancelled: 'its webhook was deleted',
}

const FAILURES: Readonly<Record<FailureCode, string>> = {
  dns: 'host not found',
  refused: 'connection refused',
  unreachable: 'host unreachable',
  'connect-timeout': 'no connection in time',
  timeout: 'no answer in time',
  reset: 'connection reset',
  closed: 'connection closed',
  tls: 'TLS failed',
  protocol: 'not an HTTP answer',
  aborted: 'stopped',
  'lost-ack': 'answer lost',
}

/** Qualifio's label of a type. */
export function typeLabel(type: EventType): string {
  return EVENT_TYPES[type].label
}

/** What is in a delivery: `Earning`, `Earning + Change in level`, `3 events: Earning, Burning`. */
export function contentText({ kind, types, eventCount }: DeliveryView): string {
  if (kind === 'ping') return 'Ping'
  const labels = types.map(typeLabel)
  if (eventCount === types.length && labels.length < 3) return labels.join(' + ')
  return `${eventCount} events: ${labels.slice(0, 2).join(', ')}${labels.length > 2 ? ', …' : ''}`
}

/** `200`, `503`, `connection refused`. */
export function resultText(result: AttemptResult): string {
  return result.kind === 'responded' ? String(result.status) : FAILURES[result.code]
}

/** What kind of result it is, for colour and shape. */
export function resultKind(result: AttemptResult | null): 'ok' | 'refused' | 'silent' | 'open' {
  if (result === null) return 'open'
  if (result.kind === 'failed') return 'silent'
  return isAccepted(result) ? 'ok' : 'refused'
}

/** `confirmed in 0.2 s`, `answered 500`, `answered 307 (a redirect)`, `gave no answer: connection refused`. */
export function answerText(result: AttemptResult, durationMs: number | null): string {
  if (result.kind === 'failed') return `gave no answer: ${FAILURES[result.code]}`
  const time = durationMs === null ? '' : ` in ${durationText(durationMs)}`
  if (resultKind(result) === 'ok') return `confirmed${time}`
  return `answered ${result.status}${isRedirect(result.status) ? ' (a redirect)' : ''}`
}

/** Where a delivery stands, in a few words. `inMs` is the time to the next attempt. */
export function standingText(delivery: DeliveryView, inMs: number | undefined): string {
  const { state, lastResult, lastDurationMs, retry, retries, held, blockedBy } = delivery
  const last = lastResult === null ? undefined : answerText(lastResult, lastDurationMs)
  if (held === 'webhook-inactive') return joined(last, 'waits until the webhook is active')
  if (held === 'earlier-delivery') return joined(last, 'waits for an earlier delivery')
  switch (state) {
    case 'queued':
      return last === undefined ? 'not sent yet' : joined(last, 'sent again soon')
    case 'retrying': {
      const when = inMs === undefined || inMs <= 0 ? 'now' : `in ${durationText(inMs, 'countdown')}`
      return joined(last, `retry ${Math.min(retry + 1, retries)}/${retries} ${when}`)
    }
    case 'delivered':
      return delivery.attempts > 1 ? confirmedText(delivery) : (last ?? 'confirmed')
    case 'blocked':
      if (delivery.kind === 'ping' && last !== undefined) return last
      return joined(
        last,
        blockedBy === 'webhook' ? 'blocked with its webhook' : `blocked after ${times(retry, 'retry')}`,
      )
    default:
      return 'cancelled: the webhook was deleted'
  }
}

/** What became of an event at one webhook: `shop confirmed in 0.2 s`. */
export function routeText(route: RouteView, standing: string | undefined): string {
  if (!route.goes) return `not sent: ${route.why}`
  return `${route.webhook.name} ${standing ?? 'will get it with the next batch'}`
}

/** `1 retry`, `7 retries`. */
export function times(count: number, one: string): string {
  const plural = one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`
  return `${numberText(count)} ${count === 1 ? one : plural}`
}

/** `1 event`, `0.5 events`, `20 events`: in a second. */
export function paceText(pacePerSecond: number): string {
  return `${pacePerSecond.toLocaleString('en-GB', { maximumFractionDigits: 6 })} ${pacePerSecond === 1 ? 'event' : 'events'}`
}

/** `12,345`. */
export function numberText(value: number): string {
  return value.toLocaleString('en-GB')
}

function joined(first: string | undefined, second: string): string {
  return first === undefined ? second : `${first}, ${second}`
}
