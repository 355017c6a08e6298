import { aftermathOf, counted } from './aftermath.ts'
import type { DispatchEnding } from './ending.ts'
import type { DispatchJobs } from './jobs.ts'
import type { AttemptMade, DispatchOptions } from './options.ts'
import type { Job } from './lane-job.ts'
import type { Lane } from './lane.ts'
import type { Aftermath } from '../storage.ts'

/** The attempts that are under way, and what is written of them. */
export interface DispatchAttempts {
  /** Writes the intent down. It is sent by the next `commit`. */
  readonly begin: (job: Job, nowMs: number) => void
  /** Makes safe what was written, and then sends what was begun; nothing was written: does nothing. */
  readonly commit: () => void
}

/** What attempts have to do with the rest of a dispatch. */
export interface AttemptsOptions {
  readonly options: DispatchOptions
  readonly jobs: DispatchJobs
  readonly ending: DispatchEnding
  readonly speed: () => number | 'max'
  /** An attempt is over: there is room on the lane, and perhaps a retry. */
  readonly onRoom: (lane: Lane) => void
}

/** No attempts. */
export function dispatchAttempts({ options, jobs, ending, speed, onRoom }: AttemptsOptions): DispatchAttempts {
  const { store, clock } = options
  let begun: Job[] = []
  let isWritten = false
  // Calls, because the phase changes while an attempt waits.
  const isSealed = () => ending.phase === 'sealed'
  const isAborting = () => ending.phase === 'aborting'

  function begin(job: Job, nowMs: number): void {
    job.lane.underWay.add(job)
    job.stage = 'under-way'
    job.attemptCount += 1
    job.startedAtMs = nowMs
    const { id, attemptCount: number, round, retry, dueAtMs, startedAtMs, possibleDuplicate } = job
    store.beginAttempt({ deliveryId: id, number, round, retry, dueAtMs, startedAtMs, possibleDuplicate })
    begun.push(job)
    isWritten = true
  }

  function commit(): void {
    if (!isWritten) return
    isWritten = false
    const batch = begun
    begun = []
    void send(batch).catch(ending.fail)
  }

  async function send(batch: readonly Job[]): Promise<void> {
    await store.durable()
    for (const job of batch) void attempt(job).catch(ending.fail)
  }

  async function attempt(job: Job): Promise<void> {
    const { lane } = job
    // Without a result it is sent again at the next start.
    if (isAborting() || isSealed()) return
    if (!lane.isGone) {
      const stored = store.request(job.id)
      if (stored === undefined) throw new Error(`the store has no request for delivery ${job.id}`)
      const startedMs = clock.monotonicMs()
      const result = await lane.route.send(stored)
      const durationMs = Math.round((clock.monotonicMs() - startedMs) * 100) / 100
      const isAborted = result.kind === 'failed' && result.code === 'aborted'
      if (isSealed() || (isAborting() && isAborted)) return
      options.atPoint?.('after-send')
      write(job, { result, durationMs })
    }
    if (job.stage === 'under-way') finish(job)
    ending.settled()
    onRoom(lane)
  }

  function write(job: Job, made: Pick<AttemptMade, 'result' | 'durationMs'>): void {
    const { id: deliveryId, lane, kind, attemptCount: number, round, retry, possibleDuplicate, startedAtMs } = job
    const nowMs = clock.nowMs()
    const isBlocked = lane.isGone || lane.webhook.blockedAtMs !== null
    const attempt = { kind, retry, result: made.result }
    const aftermath = aftermathOf(attempt, { policy: options.policy, speed: speed(), nowMs, isBlocked })
    store.endAttempt({ deliveryId, number }, { ...made, aftermath })
    isWritten = true
    const { webhook } = lane
    const identity = { deliveryId, kind, webhook, number, round, retry, possibleDuplicate, startedAtMs }
    // Told before what follows from it.
    options.onAttempt?.({ ...identity, ...made, aftermath })
    // The store knows which round an attempt belongs to: what it came to does not end the next one.
    if (job.again === null) {
      if (aftermath.state === 'retrying') waitAgain(job, aftermath.dueAtMs)
      else if (!lane.isGone) count(lane, { kind, aftermath }, nowMs)
    }
    options.onDelivery(deliveryId)
  }

  function waitAgain(job: Job, dueAtMs: number): void {
    job.lane.underWay.delete(job)
    job.stage = 'waiting'
    job.retry += 1
    job.dueAtMs = dueAtMs
    job.possibleDuplicate = false
    job.lane.waiting.again(job)
  }

  /** Counts blocked deliveries in a row, and blocks the webhook after too many. */
  function count(lane: Lane, ended: { kind: 'events' | 'ping'; aftermath: Aftermath }, nowMs: number): void {
    const { blockEndpointAfter } = options
    const webhook = counted(lane.webhook, ended, { blockEndpointAfter, nowMs })
    if (webhook === lane.webhook) return
    lane.webhook = webhook
    store.putWebhook(webhook)
    if (webhook.blockedAtMs === null) return options.onWebhook(webhook)
    store.blockUnfinished(webhook.id, nowMs)
    const waiting = jobs.finishWaiting(lane)
    for (const id of waiting) options.onDelivery(id)
    options.onWebhook(webhook)
    options.onBlocked?.(webhook, waiting)
  }

  function finish(job: Job): void {
    const { again, lane, attemptCount } = job
    jobs.finish(job)
    if (again !== null && !lane.isGone) jobs.enter({ ...again, attemptCount, isUnknown: false }, lane)
  }

  return { begin, commit }
}
