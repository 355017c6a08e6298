import { deliver, type DeliverOptions, type Wait } from '../delivery/deliver.ts'
import type { Copies } from '../delivery/fault.ts'
import { isNeverReached } from '../delivery/failure.ts'
import type { DeliveryOutcome } from '../delivery/outcome.ts'
import type { SignedRequest } from '../delivery/request.ts'
import { decide } from '../delivery/retry-policy.ts'
import { judgeExpectation, stopsAt, type Mismatch } from '../fixture/expectation.ts'
import type { Expectation, Fixture } from '../fixture/fixture.ts'
import type { PreparedRequest } from './request.ts'

/** What became of one fixture. */
export type ReplayedFixture = { readonly fixture: Fixture; readonly number: number } & (
  | {
      readonly kind: 'passed' | 'failed' | 'interrupted'
      readonly request: SignedRequest
      readonly outcome: DeliveryOutcome
      readonly mismatches: readonly Mismatch[]
      /** Of all attempts and waits. */
      readonly durationMs: number
    }
  | { readonly kind: 'skipped'; readonly reason: string }
)

/** How a replay is carried out. */
export interface ReplayOptions<Input> extends Omit<DeliverOptions, 'onAttempt' | 'onWait' | 'onConnected' | 'decide'> {
  /** The fixtures of a file, in its order. What it throws ends the run after what is in flight. */
  readonly read: (input: Input) => AsyncIterable<Fixture>
  readonly prepare: (fixture: Fixture) => Promise<PreparedRequest>
  /** What is expected of a fixture: its own word, or the user's. */
  readonly expectationOf: (fixture: Fixture) => Expectation | undefined
  /** Files under way at once; the fixtures of one file follow each other. */
  readonly concurrency: number
  /** Every fixture several times; once without it. */
  readonly copies?: Copies | undefined
  /** Whether the first failure ends the run. */
  readonly onFailure: 'continue' | 'stop'
  readonly onWait?: ((wait: Wait) => void) | undefined
  readonly onFixture: (result: ReplayedFixture) => void
}

/** What a replay came to, in counts. */
export interface ReplayCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly interrupted: number
  readonly requests: number
  /** Every attempt ended before a connection stood: exit code 3. */
  readonly nothingJudged: boolean
  /** Why the rest was not sent, when it was not. */
  readonly stopped?: 'never-connected' | 'interrupted' | 'first-failure'
}

/**
 * Sends the fixtures of the inputs and compares what the receiver does with what they expect. The first fixture is
 * sent alone: when it never connects, the rest is not sent.
 * @throws what `read` or `prepare` throws, after what was in flight
 */
export async function replay<Input>(inputs: Iterable<Input>, options: ReplayOptions<Input>): Promise<ReplayCounts> {
  const counts = { passed: 0, failed: 0, skipped: 0, interrupted: 0 }
  const queue = inputs[Symbol.iterator]()
  let requests = 0
  let number = 0
  let neverReached = true
  let stopped: ReplayCounts['stopped']
  let firstError: { readonly error: unknown } | undefined
  let letOthersStart: () => void = () => undefined
  const firstIsDone = new Promise<void>((resolve) => (letOthersStart = resolve))

  async function each(fixture: Fixture): Promise<void> {
    const prepared = await options.prepare(fixture)
    const { count = 1, order = 'in-turn' } = options.copies ?? {}
    if (count === 1) return await one(fixture, prepared)
    const copies = Array.from({ length: count }, (_, index) => copyOf(fixture, index + 1, count))
    if (order === 'at-once') return void (await Promise.all(copies.map((copy) => one(copy, again(prepared)))))
    for (const copy of copies) {
      if (hasStopped()) return
      await one(copy, again(prepared))
    }
  }

  async function one(fixture: Fixture, prepared: PreparedRequest): Promise<void> {
    number += 1
    const numbered = { fixture, number }
    if (prepared.kind === 'skip') {
      counts.skipped += 1
      options.onFixture({ ...numbered, kind: 'skipped', reason: prepared.reason })
      return
    }
    const expect = options.expectationOf(fixture)
    const startedMs = options.clock.monotonicMs()
    const outcome = await deliver(prepared.request, {
      ...options,
      decide: (policy, retriesDone, result) => {
        const decision = decide(policy, retriesDone, result)
        return decision.kind !== 'delivered' && stopsAt(expect, result) ? { kind: 'ended' } : decision
      },
    })
    requests += outcome.attempts.length
    neverReached &&= outcome.attempts.every(({ result }) => isNeverReached(result))
    const mismatches = outcome.outcome === 'interrupted' ? [] : judgeExpectation(expect, outcome)
    const kind = outcome.outcome === 'interrupted' ? 'interrupted' : mismatches.length > 0 ? 'failed' : 'passed'
    counts[kind] += 1
    const durationMs = options.clock.monotonicMs() - startedMs
    options.onFixture({ ...numbered, kind, request: prepared.request, outcome, mismatches, durationMs })
    if (kind === 'interrupted') stopped = 'interrupted'
    else if (neverReached && outcome.attempts.length > 0) stopped = 'never-connected'
    else if (kind === 'failed' && options.onFailure === 'stop') stopped = 'first-failure'
    letOthersStart()
  }

  async function work(): Promise<void> {
    try {
      for (let input = queue.next(); input.done !== true; input = queue.next()) {
        for await (const fixture of untilAborted(options.read(input.value), options.signal)) {
          if (hasStopped() || firstError !== undefined) return
          await each(fixture)
        }
        if (hasStopped()) return
      }
    } catch (error) {
      firstError ??= { error }
    } finally {
      letOthersStart()
    }
  }

  /** Read anew at every step: it changes while others await. */
  function hasStopped(): boolean {
    if (options.signal?.aborted === true) stopped ??= 'interrupted'
    return stopped !== undefined
  }

  const first = work()
  await firstIsDone
  await Promise.all([first, ...Array.from({ length: options.concurrency - 1 }, () => work())])
  if (firstError !== undefined) throw new ReplayError(firstError.error, requests)
  return {
    ...counts,
    requests,
    nothingJudged: requests > 0 && neverReached,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** Copy `number` of a fixture, by a name of its own. */
function copyOf(fixture: Fixture, number: number, of: number): Fixture {
  return { ...fixture, name: `${fixture.name} (copy ${number} of ${of})` }
}

/** The same bytes and signature as a delivery of its own. */
function again(prepared: PreparedRequest): PreparedRequest {
  return prepared.kind === 'skip' ? prepared : { ...prepared, request: { ...prepared.request } }
}

/** What comes until the signal aborts: a pipe may be silent for ever, and is left as it is then. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await nextUnlessAborted(iterator, signal)
      if (next === undefined || next.done === true) return
      yield next.value
    }
  } finally {
    // Nobody waits for it: it may itself be waiting for a line that never comes.
    void iterator.return?.()?.then(undefined, () => undefined)
  }
}

function nextUnlessAborted<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<T> | undefined> {
  if (signal === undefined) return iterator.next()
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** A fixture that cannot be read or prepared in the middle of a run; says how many requests were sent before. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
  readonly requests: number

  constructor(cause: unknown, requests: number) {
    super('a fixture could not be read', { cause })
    this.requests = requests
  }
}
