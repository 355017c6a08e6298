import { setMaxListeners } from 'node:events'
import { deliver } from './deliver.ts'
import type { DeliverOptions, Wait } from './deliver.ts'
import { hadConnection, isNeverReached } from './failure.ts'
import type { Copies } from './fault.ts'
import type { Attempt, DeliveryOutcome, OutcomeKind } from './outcome.ts'
import type { SignedRequest } from './request.ts'

/** A delivery to be made. What else a caller knows of it comes back with every callback. */
export interface DeliveryJob {
  readonly id: string
  readonly request: SignedRequest
  /** Its events, counted in the summary. */
  readonly events: readonly unknown[]
}

/** How a run is carried out. Callbacks get the job they are about; one that throws ends the run. */
export interface DeliverAllOptions<J extends DeliveryJob> extends Omit<
  DeliverOptions,
  'onAttempt' | 'onWait' | 'onConnected'
> {
  /** Deliveries in flight at once, waits included. */
  readonly concurrency: number
  /** Every delivery several times; `of` makes copy 1, 2, … of a job. A copy is a delivery of its own. */
  readonly copies?: (Copies & { readonly of: (job: J, copy: number) => J }) | undefined
  /** How many there are, copies too, when known: what was not started can then be told. */
  readonly total?: number | undefined
  readonly onAttempt?: ((job: J, attempt: Attempt) => void) | undefined
  readonly onWait?: ((job: J, wait: Wait) => void) | undefined
  readonly onDelivery?: ((job: J, outcome: DeliveryOutcome) => void) | undefined
}

/** What a run came to, in counts; `deliveries` = `delivered` + `blocked` + `interrupted` + `ended`. */
export interface RunSummary {
  /** Started, of any outcome. */
  readonly deliveries: number
  readonly delivered: number
  readonly blocked: number
  readonly interrupted: number
  /** Ended by an expected answer; none without a decider of one's own. */
  readonly ended: number
  /** `total` − `deliveries`; 0 when `total` was not given. */
  readonly notStarted: number
  /** Attempts of all deliveries. */
  readonly requests: number
  /** Events of all deliveries that were started. */
  readonly events: number
  /** Whether any attempt got as far as a connection. */
  readonly everConnected: boolean
  /**
   * Every attempt ended in dns, refused, unreachable, connect-timeout or tls, so nothing is known of the receiver:
   * exit code 3. One that was stopped is none of them.
   */
  readonly nothingJudged: boolean
  /** Why the rest was not started, when it was not. */
  readonly stopped?: 'never-connected' | 'interrupted'
}

/**
 * Many deliveries, pulled lazily and in order, `concurrency` in flight. The first one is alone until
 * it has connected; when it ends without ever having connected, the rest is not sent: the commonest
 * bad day is a receiver that is not there. Outcomes are handed to the callbacks and not kept.
 * @throws what the iterable or a callback throws, after the deliveries in flight were stopped
 */
export async function deliverAll<J extends DeliveryJob>(
  jobs: Iterable<J> | AsyncIterable<J>,
  options: DeliverAllOptions<J>,
): Promise<RunSummary> {
  const counts: Record<OutcomeKind, number> = { delivered: 0, blocked: 0, interrupted: 0, ended: 0 }
  const seen = { deliveries: 0, requests: 0, events: 0, everConnected: false }
  let allNeverReached = true
  const fault = new AbortController()
  const signal = options.signal === undefined ? fault.signal : AbortSignal.any([options.signal, fault.signal])
  // Every delivery in flight listens to it: many are no leak.
  setMaxListeners(0, signal)
  const pull = serialPull(jobs)
  const gate = openGate()
  let stopped: RunSummary['stopped']
  let firstError: { readonly error: unknown } | undefined

  async function deliverJob(job: J, isFirst: boolean): Promise<void> {
    seen.deliveries += 1
    seen.events += job.events.length
    const outcome = await deliver(job.request, {
      policy: options.policy,
      clock: options.clock,
      transport: options.transport,
      speed: options.speed,
      signal,
      decide: options.decide,
      redact: options.redact,
      onConnected: () => {
        seen.everConnected = true
        if (isFirst) gate.open()
      },
      onWait: (wait) => options.onWait?.(job, wait),
      onAttempt: (attempt) => {
        seen.requests += 1
        allNeverReached &&= isNeverReached(attempt.result)
        if (hadConnection(attempt.result)) {
          seen.everConnected = true
          gate.open()
        }
        options.onAttempt?.(job, attempt)
      },
    })
    counts[outcome.outcome] += 1
    if (isFirst && allNeverReached && outcome.outcome === 'blocked') stopped = 'never-connected'
    options.onDelivery?.(job, outcome)
  }

  async function deliverCopies(job: J, isFirst: boolean): Promise<void> {
    const { copies } = options
    if (copies === undefined || copies.count === 1) return await deliverJob(job, isFirst)
    const jobs = Array.from({ length: copies.count }, (_, index) => copies.of(job, index + 1))
    if (copies.order === 'at-once') return void (await Promise.all(jobs.map((copy) => deliverJob(copy, isFirst))))
    for (const [index, copy] of jobs.entries()) {
      if (stopped !== undefined || signal.aborted) return
      await deliverJob(copy, isFirst && index === 0)
    }
  }

  async function work(index: number): Promise<void> {
    try {
      if (index > 0) await gate.opened
      for (let isFirst = index === 0; stopped === undefined; isFirst = false) {
        const pulled = signal.aborted ? undefined : pull.next()
        // A turn of the event loop's queue for every delivery adds up: wait only for what is not there yet.
        const next = pulled instanceof Promise ? await pulled : pulled
        if (next?.done === true) break
        if (next === undefined || signal.aborted) {
          stopped = 'interrupted'
          break
        }
        await deliverCopies(next.value, isFirst)
        if (isFirst) gate.open()
      }
    } catch (error) {
      firstError ??= { error }
      fault.abort()
    } finally {
      gate.open()
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, (_, index) => work(index)))
  await pull.stop()
  if (firstError !== undefined) throw firstError.error
  const notStarted = Math.max(0, (options.total ?? seen.deliveries) - seen.deliveries)
  return {
    ...counts,
    ...seen,
    notStarted,
    nothingJudged: seen.requests > 0 && allNeverReached,
    ...(stopped !== undefined && (options.total === undefined || notStarted > 0) ? { stopped } : {}),
  }
}

/** Hands out one item after the other, whoever asks: an iterator need not stand overlapping calls. */
function serialPull<J>(jobs: Iterable<J> | AsyncIterable<J>): {
  next(): IteratorResult<J> | Promise<IteratorResult<J>>
  stop(): Promise<void>
} {
  if (!(Symbol.asyncIterator in jobs)) {
    const iterator = jobs[Symbol.iterator]()
    return { next: () => iterator.next(), stop: async () => void iterator.return?.() }
  }
  const iterator = jobs[Symbol.asyncIterator]()
  let last: Promise<unknown> = Promise.resolve()
  return {
    next(): Promise<IteratorResult<J>> {
      const step = last.then(() => iterator.next())
      last = step.catch(() => undefined)
      return step
    },
    async stop(): Promise<void> {
      await iterator.return?.()
    },
  }
}

function openGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}
