import type { Contract } from '../contract/contract.ts'
import { deliver as deliverRequest, type Wait } from '../delivery/deliver.ts'
import type { Attempt, DeliveryOutcome } from '../delivery/outcome.ts'
import { buildRequest } from '../delivery/request.ts'
import { retryPolicy, type RetrySchedule } from '../delivery/retry-policy.ts'
import { parseTarget } from '../delivery/target.ts'
import { createTransport } from '../delivery/transport.ts'
import { authorizationHeaders } from '../signing/authorization.ts'
import { parseSecret, sign } from '../signing/signature.ts'
import { systemClock } from '../system-clock.ts'
import { toolVersion } from '../version.ts'
import { loaded, type Payload } from './payloads.ts'

/** What signs and authorizes a request. */
export interface SignOptions {
  /** Signs the body; without one there is no signature. */
  readonly secret?: string
  /** Further headers, such as Qualifio's custom authorization header. */
  readonly headers?: Readonly<Record<string, string>>
  /** Decides the signature's header and form. `assumed-1` by default. */
  readonly contract?: string | Contract
}

/** Where a payload goes, and how patiently. */
export interface DeliverOptions extends SignOptions {
  readonly to: string
  /** 7 by default. */
  readonly retries?: number
  /** `default` by default; in tests `instant` is what you want. */
  readonly retrySchedule?: RetrySchedule
  /** Waits this many times shorter, `max` for none. */
  readonly speed?: number | 'max'
  /** Deadline of one attempt. 10,000 by default. */
  readonly timeoutMs?: number
  /** `accept-any` switches the check of TLS certificates off. */
  readonly certificates?: 'verify' | 'accept-any'
  /** PEM certificates to trust instead of the usual ones. */
  readonly ca?: string
  /** Ends the delivery as `interrupted`. */
  readonly signal?: AbortSignal
  readonly onAttempt?: (attempt: Attempt) => void
  readonly onWait?: (wait: Wait) => void
}

/**
 * The headers Qualifio would send with this body: content type, authorization and signature. For a
 * framework's own test client, or `fetch`.
 * @throws UsageError for an empty secret or a header that cannot be sent
 */
export async function requestHeaders(body: string | Uint8Array, options: SignOptions): Promise<Record<string, string>> {
  const { signature, contentType } = await loaded(options.contract)
  const { secret } = options
  return {
    'Content-Type': contentType,
    ...Object.fromEntries(headersOf(options, signature.header)),
    ...(secret === undefined
      ? {}
      : { [signature.header]: sign(parseSecret(secret).secret, Buffer.from(body as string), signature) }),
  }
}

/**
 * Delivers a payload as Qualifio would: signed, retried, blocked. What the receiver does is data, not an
 * exception.
 * @throws UsageError for a target, secret or header that cannot be used
 */
export async function deliver(
  payload: Payload | string | Uint8Array,
  options: DeliverOptions,
): Promise<DeliveryOutcome> {
  const contract = await loaded(options.contract)
  const { url } = parseTarget(options.to, 'to')
  const body = typeof payload === 'string' || payload instanceof Uint8Array ? payload : payload.body
  const request = buildRequest(
    {
      url,
      userAgent: `qualifio-sim/${toolVersion()}`,
      headers: headersOf(options, contract.signature.header),
      secret: options.secret === undefined ? undefined : parseSecret(options.secret, 'secret').secret,
      signature: contract.signature,
      contentType: contract.contentType,
    },
    body,
  )
  const transport = createTransport({
    url,
    connections: 1,
    timeoutMs: options.timeoutMs ?? 10_000,
    clock: systemClock,
    certificates: options.certificates,
    ca: options.ca,
  })
  try {
    return await deliverRequest(request, {
      policy: retryPolicy({
        retries: options.retries,
        schedule: options.retrySchedule,
        contractDefault: contract.retryPolicy,
      }),
      clock: systemClock,
      transport,
      speed: options.speed,
      signal: options.signal,
      onAttempt: options.onAttempt,
      onWait: options.onWait,
    })
  } finally {
    await transport.close()
  }
}

function headersOf({ headers = {} }: SignOptions, signatureHeader: string) {
  return authorizationHeaders({
    headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    signatureHeader,
  })
}
