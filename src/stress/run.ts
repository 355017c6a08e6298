import type { Contract } from '../contract/contract-file.ts'
import { parseCertificates } from '../delivery/certificates.ts'
import type { Endpoint } from '../delivery/request.ts'
import { UsageError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Program } from '../program/program.ts'
import type { What } from '../program/selection.ts'
import { createBodies } from './bodies.ts'
import { createCollector } from './collect.ts'
import { runEngine } from './engine.ts'
import type { EngineEnd, EngineOptions } from './engine-options.ts'
import { connectionMaker } from './load-connection.ts'
import type { FaultShares, LoadSchedule } from './load-plan.ts'
import type { SecondRecord } from './meters.ts'
import { frameMaker } from './request-frame.ts'
import type { StressResult, StressSecond } from './result.ts'

/** A load, wherever its workers run. */
export interface LoadOptions extends Pick<
  EngineOptions,
  'connections' | 'maxInFlight' | 'policy' | 'speed' | 'drainMs' | 'maxRequests' | 'timeoutMs'
> {
  readonly schedule: LoadSchedule
  /** First deliveries at most, when the schedule does not say it. */
  readonly count?: number | undefined
  readonly shares: FaultShares
  /** 0 to 4294967295. */
  readonly seed: number
  /** When the events happen from, ms since the epoch. */
  readonly nowMs: number
  readonly contract: Contract
  readonly what: What
  /** Events of one body. */
  readonly batch: number
  readonly program?: Program | undefined
  readonly endpoint: Endpoint
  readonly certificates?: 'verify' | 'accept-any' | undefined
  readonly ca?: string | undefined
}

/** What `runLoad` needs besides the load. */
export interface RunLoadOptions extends LoadOptions {
  /** Threads; 1 is this one. */
  readonly workers: number
  readonly clock: Clock
  /** Aborted: nothing new is started, and retries go on for `drainMs`. */
  readonly signal?: AbortSignal | undefined
  /** Aborted: everything ends at once. */
  readonly endSignal?: AbortSignal | undefined
  /** Hears of every second when it is over. */
  readonly onSecond?: ((second: StressSecond) => void) | undefined
}

/**
 * Runs a load to its end. Nothing that the receiver does makes it reject.
 * @throws UsageError for a selection that cannot be generated, and for forged signatures without a secret
 */
export async function runLoad(options: RunLoadOptions): Promise<StressResult> {
  const load = checked(options)
  const workers = Math.max(1, Math.min(options.workers, options.connections, options.maxInFlight))
  const collector = createCollector(workers, options.onSecond)
  if (workers === 1) {
    const { clock, signal, endSignal } = options
    const onSecond = (record: SecondRecord): void => collector.add(0, record)
    const part = { part: 0, of: 1 }
    const run = await preparePart(load)
    collector.ended(0, await run({ part, clock, signal, endSignal, recordsKept: 1, onSecond }))
  } else {
    const { runWorkers } = await import('./workers.ts')
    await runWorkers(load, { workers, collector, signal: options.signal, endSignal: options.endSignal })
  }
  return collector.result()
}

function checked(options: RunLoadOptions): LoadOptions {
  const { shares, endpoint, ca, count, schedule } = options
  if ((shares['wrong-signature'] ?? 0) > 0 && endpoint.secret === undefined)
    throw new UsageError('--fault wrong-signature: without a secret nothing is signed; give one with --secret.')
  const most = Math.min(count ?? Number.POSITIVE_INFINITY, schedule.count ?? Number.POSITIVE_INFINITY)
  const { workers: _, clock: __, signal: ___, endSignal: ____, onSecond: _____, ...load } = options
  return {
    ...load,
    ...(ca === undefined ? {} : { ca: parseCertificates(ca, 'ca') }),
    schedule: Number.isFinite(most) ? { ...schedule, count: most } : schedule,
  }
}

/** What one part of a load needs besides the load. */
export interface PartOptions {
  readonly part: { readonly part: number; readonly of: number }
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly endSignal?: AbortSignal | undefined
  /** How many seconds a record must stay as it was handed out. */
  readonly recordsKept: number
  readonly onSecond: (record: SecondRecord) => void
}

/** Makes one part of a load ready to run in this thread. */
export async function preparePart(load: LoadOptions): Promise<(options: PartOptions) => Promise<EngineEnd>> {
  const bodies = await createBodies(load)
  const { schedule, shares, seed, policy, speed, drainMs, timeoutMs, endpoint, certificates, ca } = load
  const makeLane = connectionMaker({ url: endpoint.url, certificates, ca }, frameMaker(endpoint, bodies))
  return ({ part, clock, signal, endSignal, recordsKept, onSecond }) =>
    runEngine({
      schedule,
      shares,
      seed,
      policy,
      speed,
      drainMs,
      timeoutMs,
      share: part,
      connections: shareOf(load.connections, part),
      maxInFlight: shareOf(load.maxInFlight, part),
      maxRequests: shareOf(load.maxRequests, part),
      clock,
      makeLane,
      signal,
      endSignal,
      recordsKept,
      onSecond,
    })
}

/** A part of a number, so that all parts add up to it. */
const shareOf = (number: number, { part, of }: PartOptions['part']): number => Math.ceil((number - part) / of)
