import { EVENT_TYPES } from '../../contract/event-types.ts'
import type { LoyaltyEvent } from '../../contract/event.ts'
import { unreachable } from '../../errors.ts'
import type { Routing, Webhook } from '../records.ts'

/**
 * Whether an event goes to a webhook: a scope is event types × programs (documented). A blocked webhook still gets its
 * deliveries, blocked from the start, so that none is lost when it is unblocked.
 */
export function routingTo(webhook: Webhook, event: Pick<LoyaltyEvent, 'type' | 'program'>): Routing {
  const { id: webhookId, scope, active } = webhook
  if (!active) return { webhookId, goes: false, why: 'inactive' }
  if (scope.events?.includes(event.type) === false) return { webhookId, goes: false, why: 'event-not-in-scope' }
  if (scope.programs?.includes(event.program.id) === false)
    return { webhookId, goes: false, why: 'program-not-in-scope' }
  return { webhookId, goes: true }
}

/** Why an event went to a webhook or did not, as a sentence without its full stop. */
export function routingWords(
  routing: Routing,
  webhookName: string,
  { type, program }: Pick<LoyaltyEvent, 'type' | 'program'>,
): string {
  if (routing.goes) return `goes to "${webhookName}"`
  switch (routing.why) {
    case 'inactive':
      return `"${webhookName}" was not active`
    case 'event-not-in-scope':
      return `"${webhookName}" does not have ${EVENT_TYPES[type].label} in its scope`
    case 'program-not-in-scope':
      return `"${webhookName}" does not have the program ${program.name} in its scope`
    default:
      return unreachable(routing.why)
  }
}

/** The same of an event that is kept because its webhook is blocked, as things stand now. */
export function keptWords(webhookName: string, webhookIs: 'open' | 'blocked' | 'deleted'): string {
  switch (webhookIs) {
    case 'blocked':
      return `kept, and not sent while "${webhookName}" is blocked`
    case 'open':
      return `kept, for "${webhookName}" was blocked; it can be sent again`
    case 'deleted':
      return `not sent: "${webhookName}" was blocked, and then deleted`
    default:
      return unreachable(webhookIs)
  }
}

/** How a webhook is now; undefined was deleted. */
export function webhookIs(webhook: Webhook | undefined): 'open' | 'blocked' | 'deleted' {
  return webhook === undefined ? 'deleted' : webhook.blockedAtMs === null ? 'open' : 'blocked'
}
