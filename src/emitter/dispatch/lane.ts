import type { Job } from './lane-job.ts'
import { laneRoute } from './lane-route.ts'
import type { LaneRoute, RouteOptions } from './lane-route.ts'
import { laneWaiting } from './lane-waiting.ts'
import type { LaneWaiting } from './lane-waiting.ts'
import type { Webhook } from '../records.ts'

/** A webhook and what goes there: connections and a queue of its own, so that one which hangs slows no other. */
export interface Lane {
  webhook: Webhook
  readonly route: LaneRoute
  readonly waiting: LaneWaiting
  readonly underWay: Set<Job>
  /** The webhook was deleted. */
  isGone: boolean
}

/** What a lane is made of. */
export interface LaneOptions extends RouteOptions {
  /** `by-member`: later deliveries of a member wait until the earlier one is finished. */
  readonly order: 'none' | 'by-member'
}

/** A lane on which nothing waits. */
export function laneOf(webhook: Webhook, options: LaneOptions): Lane {
  return {
    webhook,
    route: laneRoute(webhook, options),
    waiting: laneWaiting(options.order),
    underWay: new Set(),
    isGone: false,
  }
}

/** What may be sent there now: a ping tells of a blocked webhook whether it was mended. */
export function sendableOn({ webhook, isGone }: Lane): 'all' | 'pings' | 'nothing' {
  if (isGone || !webhook.active) return 'nothing'
  return webhook.blockedAtMs === null ? 'all' : 'pings'
}
