import { formatDuration } from '../delivery/duration.ts'
import { deliveryFaults, faultLines, type DeliveryFaults } from '../delivery/fault.ts'
import { totalDelayMs } from '../delivery/retry-policy.ts'
import { UsageError } from '../errors.ts'
import type { Generation } from '../program/generate.ts'
import type { SendHeader } from '../report/send-report.ts'
import { toolVersion } from '../version.ts'
import type { Context } from './context.ts'
import { withConnectionsFor } from './faults.ts'
import { openTarget, type OpenedTarget } from './opened-target.ts'
import type { OptionValues } from './option.ts'
import type { sendOptions } from './options/send.ts'
import type { PlannedSelection } from './selection.ts'

/** The options of `send`. */
export type SendOptions = OptionValues<typeof sendOptions>

/** Everything that a run needs, read and checked before the first request. */
export interface SendSession {
  readonly plan: PlannedSelection
  readonly options: SendOptions
  readonly target: OpenedTarget
  readonly header: SendHeader
  readonly faults: DeliveryFaults
  /** How many deliveries there are, copies too, and how many events, each counted once. */
  readonly totals: Pick<Generation, 'payloadCount' | 'eventCount'>
  /** Notes of the embedded receiver, oldest first; taken by whoever shows them. */
  readonly notes: string[]
}

/**
 * Reads the target and what goes with it; starts the embedded receiver where there is none.
 * @throws UsageError for anything that cannot be sent
 */
export async function openSession(
  context: Context,
  plan: PlannedSelection,
  options: SendOptions,
): Promise<SendSession> {
  const notes: string[] = []
  const faults = deliveryFaults(options.fault)
  const { payloadCount, eventCount } = plan.generation
  if (faults.reorder === 'yes' && payloadCount === 1)
    throw new UsageError('--fault reorder: there is one delivery only; send more, with --count 2 or all.')
  const opened = await openTarget(context, plan.contract, {
    options,
    behaviour: options.dryRun ? 'off' : 'fails-once',
    onRequest: (note) => notes.push(note),
  })
  return {
    plan,
    options,
    target: withConnectionsFor(faults, opened),
    faults,
    totals: { payloadCount: payloadCount * faults.copies.count, eventCount },
    notes,
    header: {
      schemaVersion: 1,
      toolVersion: toolVersion(),
      command: 'send',
      contract: plan.contract.name,
      target: opened.label,
      seed: plan.seed,
      now: new Date(plan.nowMs).toISOString(),
      speed: options.speed ?? 1,
      insecure: options.insecure,
      dryRun: options.dryRun,
      ...(faults.texts.length === 0 ? {} : { faults: faults.texts }),
    },
  }
}

/** The lines before a run: what, where, how many requests at least, how long blocking takes, seed and now. */
export function preflightText({ plan, options, target, faults, totals }: SendSession): string {
  const { policy, displayedUrl, label } = target
  const { payloadCount } = totals
  // What is lost comes again, unless nothing is retried.
  const leastRequests = payloadCount * (faults.lostAck === 'yes' && policy.delaysMs.length > 0 ? 2 : 1)
  const deliveries = payloadCount === 1 ? '1 delivery' : `${payloadCount} deliveries`
  const totalMs = totalDelayMs(policy)
  const here =
    options.speed === undefined || totalMs === 0
      ? ''
      : ` (${options.speed === 'max' ? 'at once' : formatDuration(totalMs / options.speed)} here)`
  const blocking =
    policy.delaysMs.length === 0
      ? 'blocked after 1 request, without a retry'
      : `blocked after ${policy.delaysMs.length + 1} requests and ${formatDuration(totalMs)}${here}`
  const lines = [
    ...(label === 'embedded' && !options.dryRun
      ? [
          `${options.to === undefined ? 'no --to: ' : ''}sending to a receiver of my own at ${displayedUrl}; your application is not called`,
        ]
      : []),
    `${plan.label} in ${deliveries} to ${label === 'embedded' ? 'the embedded receiver' : displayedUrl}, ${
      options.dryRun
        ? 'not sent (--dry-run)'
        : `at least ${leastRequests === 1 ? '1 request' : `${leastRequests} requests`}; what fails is ${blocking}; ${plan.repeat}`
    }${options.dryRun ? `; ${plan.repeat}` : ''}`,
    ...faultLines(faults),
  ]
  return `${lines.join('\n')}\n`
}
