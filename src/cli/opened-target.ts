import type { Contract } from '../contract/contract.ts'
import { parseCertificates } from '../delivery/certificates.ts'
import type { Endpoint } from '../delivery/request.ts'
import { retryPolicy, type RetryPolicy } from '../delivery/retry-policy.ts'
import { displayUrl } from '../delivery/display-url.ts'
import type { Receiver } from '../receiver/server.ts'
import { toolVersion } from '../version.ts'
import type { Context } from './context.ts'
import { embeddedCredentials, startEmbedded } from './embedded.ts'
import { readCredentials, warnUnsigned } from './endpoint.ts'
import { readBytes } from './files.ts'
import type { OptionValues } from './option.ts'
import type { deliveryOptions } from './options/delivery.ts'
import type { endpointOptions, transportOptions } from './options/endpoint.ts'

/** The options that say where to and how patiently. */
export type TargetOptions = OptionValues<typeof endpointOptions & typeof transportOptions & typeof deliveryOptions>

/** A target that may be sent to, with what signs and authorizes, and the embedded receiver if it is the target. */
export interface OpenedTarget {
  readonly options: TargetOptions
  readonly endpoint: Endpoint
  readonly policy: RetryPolicy
  /** The URL as it may be shown. */
  readonly displayedUrl: string
  /** The same for reports: `embedded` for the receiver that comes with the tool. */
  readonly label: string
  readonly ca: string | undefined
  /** At once; as many as `--concurrency` without it. */
  readonly connections?: number
  readonly embedded: Receiver | undefined
}

/** Where requests go, for the lines before a run. */
export function whereText({ label, displayedUrl }: Pick<OpenedTarget, 'label' | 'displayedUrl'>): string {
  return label === 'embedded' ? `a receiver of my own at ${displayedUrl}; your application is not called` : displayedUrl
}

/** How the embedded receiver behaves where it is the target; `off` for a dry run. */
export type EmbeddedBehaviour = 'fails-once' | 'accepts' | 'off'

/**
 * Reads target, credentials and retry policy; starts the embedded receiver where there is no target.
 * @throws UsageError for anything that cannot be sent
 */
export async function openTarget(
  context: Context,
  contract: Contract,
  {
    options,
    behaviour,
    onRequest = () => undefined,
  }: {
    readonly options: TargetOptions
    readonly behaviour: EmbeddedBehaviour
    readonly onRequest?: (note: string) => void
  },
): Promise<OpenedTarget> {
  const target = options.to === 'embedded' ? undefined : options.to
  const given = readCredentials(context, options, contract)
  const credentials = target === undefined ? embeddedCredentials(given) : given
  const policy = retryPolicy({
    retries: options.retries,
    schedule: options.retrySchedule,
    contractDefault: contract.retryPolicy,
  })
  const ca = options.cacert === undefined ? undefined : readCertificates(context, options.cacert)
  for (const warning of target?.warnings ?? []) context.stderr.write(`warning: ${warning}\n`)
  for (const warning of warningsOf(options, target?.url.protocol)) context.stderr.write(`warning: ${warning}\n`)
  warnUnsigned(context, options, credentials)
  const embedded =
    target === undefined && behaviour !== 'off'
      ? await startEmbedded(contract, credentials, {
          retries: behaviour === 'accepts' ? 0 : policy.delaysMs.length,
          onRequest,
        })
      : undefined
  const url = target?.url ?? embedded?.url ?? new URL('http://127.0.0.1/webhooks')
  return {
    options,
    policy,
    ca,
    embedded,
    displayedUrl: displayUrl(url),
    label: target === undefined ? 'embedded' : displayUrl(url),
    endpoint: { url, userAgent: `qualifio-sim/${toolVersion()}`, ...credentials },
  }
}

/** What the options for certificates do, or that they do nothing. */
function warningsOf({ insecure, cacert }: TargetOptions, protocol: string | undefined): readonly string[] {
  if (protocol === 'https:') return insecure ? ['--insecure: the TLS certificate is not verified'] : []
  const pointless = [...(insecure ? ['--insecure'] : []), ...(cacert === undefined ? [] : ['--cacert'])]
  return pointless.map((flag) => `${flag} changes nothing: http has no certificate`)
}

/**
 * The certificates of `--cacert`. Comments between them may be in any encoding, and a file that is no text (DER)
 * deserves the same error as one without a certificate.
 * @throws UsageError
 */
export function readCertificates(context: Context, path: string): string {
  return parseCertificates(readBytes(context, path, { option: '--cacert' }).toString('latin1'), `--cacert ${path}`)
}
