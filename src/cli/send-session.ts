import { formatDuration } from '../delivery/duration.ts'
import type { Endpoint } from '../delivery/request.ts'
import { retryPolicy, totalDelayMs, type RetryPolicy } from '../delivery/retry-policy.ts'
import { displayUrl } from '../delivery/target.ts'
import type { SendHeader } from '../report/send-report.ts'
import type { Receiver } from '../receiver/server.ts'
import { toolVersion } from '../version.ts'
import type { Context } from './context.ts'
import { embeddedCredentials, startEmbedded } from './embedded.ts'
import { readCredentials } from './endpoint.ts'
import { readText } from './files.ts'
import type { OptionValues } from './option.ts'
import type { sendOptions } from './options/commands.ts'
import type { PlannedSelection } from './selection.ts'

/** The options of `send`. */
export type SendOptions = OptionValues<typeof sendOptions>

/** Everything that a run needs, read and checked before the first request. */
export interface SendSession {
  readonly plan: PlannedSelection
  readonly options: SendOptions
  readonly endpoint: Endpoint
  readonly policy: RetryPolicy
  readonly header: SendHeader
  /** The endpoint as it may be shown. */
  readonly displayedUrl: string
  readonly ca: string | undefined
  /** Notes of the embedded receiver, oldest first; taken by whoever shows them. */
  readonly notes: string[]
  readonly embedded: Receiver | undefined
}

/**
 * Reads target, credentials and retry policy; starts the embedded receiver where there is no target.
 * @throws UsageError for anything that cannot be sent
 */
export async function openSession(
  context: Context,
  plan: PlannedSelection,
  options: SendOptions,
): Promise<SendSession> {
  const target = options.to === 'embedded' ? undefined : options.to
  const isEmbedded = target === undefined
  const given = readCredentials(context, options, plan.contract)
  const credentials = isEmbedded ? embeddedCredentials(given) : given
  const policy = retryPolicy({
    retries: options.retries,
    schedule: options.retrySchedule,
    contractDefault: plan.contract.retryPolicy,
  })
  const ca = options.cacert === undefined ? undefined : readText(context, options.cacert, '--cacert')
  for (const warning of target?.warnings ?? []) context.stderr.write(`warning: ${warning}\n`)
  if (options.insecure) context.stderr.write('warning: --insecure: the TLS certificate is not verified\n')
  const notes: string[] = []
  const embedded =
    isEmbedded && !options.dryRun
      ? await startEmbedded(plan.contract, credentials, {
          retries: policy.delaysMs.length,
          onRequest: (note) => notes.push(note),
        })
      : undefined
  const url = target?.url ?? embedded?.url ?? new URL('http://127.0.0.1/webhooks')
  const version = toolVersion()
  return {
    plan,
    options,
    policy,
    ca,
    notes,
    embedded,
    displayedUrl: displayUrl(url),
    endpoint: { url, userAgent: `qualifio-sim/${version}`, ...credentials },
    header: {
      schemaVersion: 1,
      toolVersion: version,
      command: 'send',
      contract: plan.contract.name,
      target: isEmbedded ? 'embedded' : displayUrl(url),
      seed: plan.seed,
      now: new Date(plan.nowMs).toISOString(),
      speed: options.speed ?? 1,
      insecure: options.insecure,
      dryRun: options.dryRun,
    },
  }
}

/** The lines before a run: what, where, how many requests at least, how long blocking takes, seed and now. */
export function preflightText({ plan, options, policy, header, displayedUrl }: SendSession): string {
  const { payloadCount } = plan.generation
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
    ...(header.target === 'embedded' && !options.dryRun
      ? [
          `${options.to === undefined ? 'no --to: ' : ''}sending to a receiver of my own at ${displayedUrl}; your application is not called`,
        ]
      : []),
    `${plan.label} in ${deliveries} to ${header.target === 'embedded' ? 'the embedded receiver' : displayedUrl}, ${
      options.dryRun
        ? 'not sent (--dry-run)'
        : `at least ${payloadCount === 1 ? '1 request' : `${payloadCount} requests`}; what fails is ${blocking}; ${plan.repeat}`
    }${options.dryRun ? `; ${plan.repeat}` : ''}`,
  ]
  return `${lines.join('\n')}\n`
}
