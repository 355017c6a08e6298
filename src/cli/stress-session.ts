import { isLocalTarget } from '../check/consent.ts'
import { parseEventType, type EventType } from '../contract/event-types.ts'
import { addressesOf } from '../delivery/guarded-lookup.ts'
import { totalDelayMs } from '../delivery/retry-policy.ts'
import { formatDuration } from '../delivery/duration.ts'
import { UsageError } from '../errors.ts'
import { wrapped } from '../report/wrapped.ts'
import { compareSummaries } from '../stress/compare.ts'
import { faultShares } from '../stress/fault-plan.ts'
import type { FaultShares, LoadSchedule } from '../stress/load-plan.ts'
import { loadSchedule, scheduleText } from '../stress/schedule-text.ts'
import { scenarioText } from '../stress/scenario.ts'
import { distinctThresholds } from '../stress/threshold.ts'
import type { Context } from './context.ts'
import { readText } from './files.ts'
import { whereText, type OpenedTarget } from './opened-target.ts'
import type { OptionValues } from './option.ts'
import type { stressOptions } from './options/commands.ts'

/** The options of `stress`. */
export type StressOptions = OptionValues<typeof stressOptions>

/** A load that is read and checked: everything but where it goes. */
export interface LoadPlan {
  readonly what: readonly EventType[] | 'random' | 'all'
  readonly schedule: LoadSchedule
  readonly scheduleText: string
  readonly batch: number
  readonly shares: FaultShares
  readonly speed: number | 'max'
  readonly drainMs: number
  readonly connections: number
  readonly maxInFlight: number
  readonly workers: number
  readonly maxRequests: number
  readonly seed: number
  readonly nowMs: number
  /** An earlier run's report, parsed. */
  readonly compare: unknown
}

const CONNECTIONS = 50
const SPEED = 60
const DRAIN_MS = 30_000
const MAX_REQUESTS = 1_000_000
/** A report of `stress` is kilobytes, and megabytes where it has a line for every second of a day. */
const LARGEST_REPORT_BYTES = 64 * 1024 * 1024
const WORDS = ['random', 'all'] as const

/**
 * Reads what decides the load.
 * @throws UsageError for a load that has no end, events that are none, an earlier report that is none, …
 */
export function planLoad(context: Context, words: readonly string[], options: StressOptions): LoadPlan {
  const { scenario } = options
  if (
    scenario !== undefined &&
    (options.rate !== undefined || options.stages !== undefined || options.duration !== undefined)
  )
    throw new UsageError(
      '--scenario has its own schedule; leave out --rate, --stages and --duration, or leave out --scenario.',
    )
  const schedule = loadSchedule({
    rate: options.rate,
    stages: options.stages ?? scenario?.stages,
    durationMs: options.duration,
    count: options.count,
  })
  distinctThresholds(options.threshold)
  if (schedule.kind === 'closed' && options.threshold.some(({ name }) => name === 'lateness'))
    throw new UsageError(
      '--threshold lateness with --rate max: without a schedule nothing is late; leave it out, or give a rate.',
    )
  const batch = options.batch ?? scenario?.batch ?? 1
  const connections = options.connections ?? CONNECTIONS
  const maxInFlight = options.maxInFlight ?? connections
  const shares = options.fault.length > 0 ? faultShares(options.fault) : (scenario?.faults ?? {})
  const speed = options.speed ?? scenario?.speed ?? SPEED
  const drainMs = options.drain ?? scenario?.drainMs ?? DRAIN_MS
  return {
    what: readWhat(words, scenario !== undefined),
    schedule,
    scheduleText:
      scenario === undefined
        ? `${scheduleText(schedule)}${batch === 1 ? '' : `, ${batch} events each`}`
        : scenarioText({ ...scenario, count: options.count, batch, faults: shares, speed, drainMs }),
    batch,
    shares,
    speed,
    drainMs,
    connections,
    maxInFlight,
    // A thread without a connection would have nothing to do.
    workers: Math.min(options.workers ?? 1, connections, maxInFlight),
    maxRequests: options.maxRequests ?? MAX_REQUESTS,
    seed: options.seed ?? context.randomSeed(),
    nowMs: options.now ?? context.clock.nowMs(),
    compare: readEarlier(context, options.compare),
  }
}

/** `random` where nothing is named and a scenario says the rest. */
function readWhat(words: readonly string[], hasScenario: boolean): LoadPlan['what'] {
  if (words.length === 0) {
    if (hasScenario) return 'random'
    throw new UsageError('which event? For instance: earning, burning, random or all.')
  }
  const types = words.map((text) => WORDS.find((word) => word === text.toLowerCase()) ?? parseEventType(text, WORDS))
  const word = WORDS.find((known) => types.includes(known))
  if (word !== undefined && types.length > 1)
    throw new UsageError(`"${word}" stands alone: leave the other events out.`)
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice; all that are named are sent equally often.`)
  return word ?? (types as readonly EventType[])
}

/** @throws UsageError for a file that is no result of `stress`: before the load, not after it */
function readEarlier(context: Context, path: string | undefined): unknown {
  if (path === undefined) return undefined
  const where = `--compare ${path}`
  let earlier: unknown
  try {
    earlier = JSON.parse(readText(context, path, { option: '--compare', mostBytes: LARGEST_REPORT_BYTES }))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${where} is no JSON; write one with --format json --output old.json.`)
  }
  compareSummaries(earlier, {}, where)
  return earlier
}

/**
 * Load goes to this machine, or to a host that was named for it.
 * @throws UsageError with what would be sent, and the flag to pass
 */
export async function refuseForeignHost({ hostname }: URL, plan: LoadPlan, options: StressOptions): Promise<void> {
  const isAllowed = options.allowHost.some((host) => host.toLowerCase() === hostname.toLowerCase())
  if (isAllowed || (await isLocalTarget(hostname, options.localHost, addressesOf))) return
  throw new UsageError(
    `${hostname} is not this machine, and this would be sent to it: ${plan.scheduleText}. If its owner agrees, add --allow-host ${hostname}.`,
  )
}

/** @throws UsageError for forged signatures where nothing is signed: before the plan is told, not after it */
export function refuseForgingUnsigned({ shares }: LoadPlan, { endpoint }: OpenedTarget): void {
  if ((shares['wrong-signature'] ?? 0) > 0 && endpoint.secret === undefined)
    throw new UsageError('--fault wrong-signature: without a secret nothing is signed; give one with --secret.')
}

/** The lines before a run: what, how much, how fast, what retries do, and what makes the same run again. */
export function preflightText(plan: LoadPlan, target: OpenedTarget, width: number): string {
  const { policy } = target
  const totalMs = totalDelayMs(policy)
  const here = plan.speed === 'max' ? 'at once' : formatDuration(Math.round(totalMs / plan.speed))
  const blocked =
    policy.delaysMs.length === 0
      ? 'what fails is blocked at once'
      : `blocked after ${policy.delaysMs.length + 1} requests: ${formatDuration(totalMs)} at Qualifio, ${here} here (--speed ${plan.speed})`
  const faults = Object.entries(plan.shares).map(
    ([fault, share]) => `${fault}:${Number((share * 100).toPrecision(3))}%`,
  )
  const lines = [
    plan.scheduleText,
    `to ${whereText(target)}`,
    `${plan.connections} ${plan.connections === 1 ? 'connection' : 'connections'}, at most ${plan.maxInFlight} in flight${plan.workers > 1 ? `, ${plan.workers} workers` : ''}`,
    blocked,
    ...(faults.length === 0 ? [] : [`on the way ${faults.join(', ')}`]),
    `--seed ${plan.seed} --now ${new Date(plan.nowMs).toISOString()}`,
  ]
  return lines.map((line) => `${wrapped(line, { width, indent: 2 }).join('\n')}\n`).join('')
}
