import type { AttemptResult } from '../../delivery/outcome.ts'
import { decide } from '../../delivery/retry-policy.ts'
import type { RetryPolicy } from '../../delivery/retry-policy.ts'
import { unreachable } from '../../errors.ts'
import type { Webhook } from '../records.ts'
import type { Aftermath } from '../storage.ts'

const NO_RETRIES: RetryPolicy = { delaysMs: [] }

/** Waits as they are waited here: whole milliseconds, because due times are kept as such. */
export function realDelayMs(delayMs: number, speed: number | 'max'): number {
  return speed === 'max' ? 0 : Math.round(delayMs / speed)
}

/** What an attempt leads to. A ping is tried once; nothing is tried again at a webhook that was blocked meanwhile. */
export function aftermathOf(
  attempt: { readonly kind: 'events' | 'ping'; readonly retry: number; readonly result: AttemptResult },
  now: {
    readonly policy: RetryPolicy
    readonly speed: number | 'max'
    readonly nowMs: number
    readonly isBlocked: boolean
  },
): Aftermath {
  const { nowMs: atMs } = now
  const decision = decide(attempt.kind === 'ping' ? NO_RETRIES : now.policy, attempt.retry, attempt.result)
  switch (decision.kind) {
    case 'delivered':
      return { state: 'delivered', atMs }
    case 'blocked':
    case 'ended':
      return { state: 'blocked', by: 'retries', atMs }
    case 'retry':
      return now.isBlocked
        ? { state: 'blocked', by: 'webhook', atMs }
        : { state: 'retrying', dueAtMs: atMs + realDelayMs(decision.delayMs, now.speed) }
    default:
      return unreachable(decision)
  }
}

/**
 * The webhook after a delivery has ended: blocked when this was the last of so many in a row (assumed; off by
 * default). A ping counts for nothing, whatever it came to; a blocked webhook stays as it is.
 */
export function counted(
  webhook: Webhook,
  ended: { readonly kind: 'events' | 'ping'; readonly aftermath: Aftermath },
  { blockEndpointAfter, nowMs }: { readonly blockEndpointAfter: number | null; readonly nowMs: number },
): Webhook {
  const { kind, aftermath } = ended
  if (webhook.blockedAtMs !== null || kind === 'ping') return webhook
  if (aftermath.state === 'delivered') {
    return webhook.blockedInARow === 0 ? webhook : { ...webhook, blockedInARow: 0 }
  }
  if (aftermath.state !== 'blocked') return webhook
  const blockedInARow = webhook.blockedInARow + 1
  const isTooMany = blockEndpointAfter !== null && blockedInARow >= blockEndpointAfter
  return { ...webhook, blockedInARow, blockedAtMs: isTooMany ? nowMs : null }
}
