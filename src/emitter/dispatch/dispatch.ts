import { alarm } from './alarm.ts'
import { dispatchAttempts } from './attempts.ts'
import { dispatchEnding } from './ending.ts'
import { dispatchJobs } from './jobs.ts'
import type { DispatchOptions } from './options.ts'
import { laneOf, sendableOn } from './lane.ts'
import type { Lane } from './lane.ts'
import type { Webhook } from '../records.ts'
import type { Unfinished } from '../storage.ts'

/**
 * Sends what is due, in order: the one place that writes intents, sends and writes results. Each webhook has its own
 * connections and its own queue, so that one which hangs slows no other.
 */
export interface Dispatch {
  /**
   * Takes over a delivery that was written down. First attempts start in the order of these calls; what is overdue
   * starts in order of due time among all that are added without waiting in between.
   */
  add(delivery: Unfinished): void
  /** A webhook was made or changed: its address, header, secret, whether it is active or blocked. */
  webhookIs(webhook: Webhook): void
  /** A webhook was deleted: nothing more goes there. */
  webhookGone(id: string): void
  /** Waits that begin from now on, and those under way, are this many times shorter. */
  setSpeed(speed: number | 'max'): void
  /** Why an unfinished delivery is not sent although it is due. */
  held(id: number): 'webhook-inactive' | 'earlier-delivery' | null
  /** When a delivery that waits is due: after a change of speed the store does not know. Null when it does not wait. */
  dueAtMs(id: number): number | null
  /** Resolves when the delivery is delivered, blocked or cancelled, or all is stopped; at once when it is not under way. */
  finished(id: number): Promise<void>
  /** Deliveries that are not finished. */
  size(): number
  /** Starts nothing more, waits for what is in flight at most this long, writes the results. */
  stop(graceMs: number): Promise<void>
}

/** Whoever waits for a delivery when all is stopped hears that it is not finished while they can still be answered. */
const PATIENCE_MS = 500

/** A dispatch with nothing to send: whoever makes it adds what the store knows to be unfinished. */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { store, clock, concurrency } = options
  const lanes = new Map(options.webhooks.map((webhook) => [webhook.id, laneOf(webhook, options)]))
  const jobs = dispatchJobs(options.order)
  const planned = new Set<Lane>()
  let { speed } = options
  let isPlanned = false

  const bell = alarm(clock, () => lanes.forEach(plan))
  const ending = dispatchEnding({ clock, store, lanes, onStop: bell.cancel, onFailure: options.onFailure })
  const attempts = dispatchAttempts({ options, jobs, ending, speed: () => speed, onRoom })

  /** Looks at a lane once everything of this moment was said: what is overdue may be added in any order. */
  function plan(lane: Lane): void {
    planned.add(lane)
    if (isPlanned) return
    isPlanned = true
    queueMicrotask(startPlanned)
  }

  function startPlanned(): void {
    isPlanned = false
    try {
      for (const lane of planned) startDue(lane)
      planned.clear()
      attempts.commit()
    } catch (error) {
      ending.fail(error)
    }
  }

  function startDue(lane: Lane): void {
    const sendable = sendableOn(lane)
    if (ending.phase !== 'running' || sendable === 'nothing') return
    const nowMs = clock.nowMs()
    while (lane.underWay.size < concurrency) {
      const job = sendable === 'all' ? lane.waiting.next(nowMs) : lane.waiting.nextPing()
      if (job === undefined) {
        if (sendable === 'all') bell.by(lane.waiting.nextDueAtMs)
        return
      }
      attempts.begin(job, nowMs)
    }
  }

  function onRoom(lane: Lane): void {
    if (lane.isGone && lane.underWay.size === 0) lanes.delete(lane.webhook.id)
    plan(lane)
  }

  return {
    add(delivery) {
      const lane = lanes.get(delivery.webhookId)
      if (lane === undefined || lane.isGone)
        throw new Error(`delivery ${delivery.id} goes to a webhook that is not known`)
      const known = jobs.get(delivery.id)
      // A resend of one that was blocked with its webhook while under way: one request of a delivery at a time.
      if (known !== undefined && known.stage === 'under-way' && delivery.round > known.round) known.again = delivery
      if (known !== undefined) return
      jobs.enter(speed === 'max' ? { ...delivery, dueAtMs: Math.min(delivery.dueAtMs, clock.nowMs()) } : delivery, lane)
      plan(lane)
    },
    webhookIs(webhook) {
      const lane = lanes.get(webhook.id)
      if (lane === undefined) {
        lanes.set(webhook.id, laneOf(webhook, options))
        return
      }
      lane.webhook = webhook
      lane.route.webhookIs(webhook)
      plan(lane)
    },
    webhookGone(id) {
      const lane = lanes.get(id)
      if (lane === undefined) return
      lane.isGone = true
      for (const left of jobs.finishWaiting(lane)) options.onDelivery(left)
      lane.route.leave()
      if (lane.underWay.size === 0) lanes.delete(id)
    },
    setSpeed(changed) {
      const factor = changed === 'max' ? 0 : speed === 'max' ? 1 : speed / changed
      speed = changed
      jobs.stretch(factor, clock.nowMs())
      lanes.forEach(plan)
    },
    held(id) {
      const job = jobs.get(id)
      if (job === undefined || job.stage !== 'waiting') return null
      if (job.earlier > 0) return 'earlier-delivery'
      const sendable = sendableOn(job.lane)
      const isHeld = sendable === 'nothing' || (sendable === 'pings' && job.kind !== 'ping')
      return isHeld && (job.retry === 0 || job.dueAtMs <= clock.nowMs()) ? 'webhook-inactive' : null
    },
    dueAtMs(id) {
      const job = jobs.get(id)
      return job === undefined || job.stage !== 'waiting' ? null : job.dueAtMs
    },
    finished: jobs.finished,
    size: () => jobs.size,
    async stop(graceMs) {
      const cancel = clock.after(Math.min(graceMs, PATIENCE_MS), jobs.letGo)
      await ending.stop(graceMs)
      cancel()
      jobs.letGo()
    },
  }
}
