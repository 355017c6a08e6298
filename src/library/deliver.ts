import { deliver as deliverRequest, type Wait } from '../delivery/deliver.ts'
import { MAX_DURATION_MS } from '../delivery/duration.ts'
import type { Attempt, DeliveryOutcome } from '../delivery/outcome.ts'
import { buildRequest } from '../delivery/request.ts'
import { parseTarget } from '../delivery/target.ts'
import { createTransport } from '../delivery/transport.ts'
import { parseSecret } from '../signing/signature.ts'
import { systemClock } from '../system-clock.ts'
import { toolVersion } from '../version.ts'
import { inLibraryWords } from './library-words.ts'
import { checkOptions, functionOption, textOption, wordOption, type OptionCheck } from './option-check.ts'
import { loaded, type Payload } from './payloads.ts'
import { bodyOf, headersOf, SIGN_CHECKS, type SignOptions } from './request-headers.ts'
import { retriesOption, retryPolicy, retryScheduleOption, type RetryWaits } from './retry-policy.ts'

/** Where a payload goes, and how patiently. */
export interface DeliverOptions extends SignOptions {
  /** The endpoint: an http or https URL. */
  readonly to: string | URL
  /** 0 to 100. 7 by default. */
  readonly retries?: number | undefined
  /**
   * `default`, `instant` or `svix`; waits such as `1s,5s,1m`; or a list of milliseconds. `default` by default; in tests
   * `instant` is what you want.
   */
  readonly retrySchedule?: RetryWaits | undefined
  /** Waits this many times shorter, `max` for none. 1 by default. */
  readonly speed?: number | 'max' | undefined
  /** Deadline of one attempt. 10,000 by default. */
  readonly timeoutMs?: number | undefined
  /** `accept-any` switches the check of TLS certificates off. `verify` by default. */
  readonly certificates?: 'verify' | 'accept-any' | undefined
  /** PEM certificates to trust instead of the usual ones, as text. */
  readonly ca?: string | undefined
  /** Ends the delivery as `interrupted`. */
  readonly signal?: AbortSignal | undefined
  /** Called after each attempt. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined
  /** Called before each wait. */
  readonly onWait?: ((wait: Wait) => void) | undefined
}

const DELIVER_CHECKS = {
  ...SIGN_CHECKS,
  to: {
    expected: "a URL, such as 'http://localhost:3000/webhooks'",
    isRight: (value) => typeof value === 'string' || value instanceof URL,
    required: 'yes',
    shows: 'nothing',
  },
  retries: retriesOption,
  retrySchedule: retryScheduleOption,
  speed: {
    expected: "a number above 0, or 'max'",
    isRight: (value) => value === 'max' || (Number.isFinite(value) && (value as number) > 0),
  },
  timeoutMs: {
    expected: `a number of milliseconds, above 0 and at most ${MAX_DURATION_MS}`,
    isRight: (value) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= MAX_DURATION_MS,
  },
  certificates: wordOption('verify', 'accept-any'),
  ca: { ...textOption('a text of PEM certificates'), shows: 'nothing' },
  signal: {
    expected: 'an AbortSignal',
    isRight: (value) => value instanceof AbortSignal,
  },
  onAttempt: functionOption,
  onWait: functionOption,
} as const satisfies Record<keyof DeliverOptions, OptionCheck>

/**
 * Delivers a payload as Qualifio would: signed, retried, blocked. What the receiver does is data, not an
 * exception.
 * @param payload one of `generatePayloads`, or a body of your own: text (sent as UTF-8) or bytes
 * @throws UsageError for a target, secret, header or other option that cannot be used
 */
export async function deliver(
  payload: Payload | string | Uint8Array,
  options: DeliverOptions,
): Promise<DeliveryOutcome> {
  checkOptions('deliver', options, DELIVER_CHECKS)
  try {
    return await deliverChecked(bodyOf(payload, 'deliver'), options)
  } catch (error) {
    throw inLibraryWords(error)
  }
}

async function deliverChecked(body: string | Uint8Array, options: DeliverOptions): Promise<DeliveryOutcome> {
  const contract = await loaded(options.contract)
  const { url } = parseTarget(String(options.to), 'to')
  const { retries, retrySchedule } = options
  const policy = retryPolicy({ retries, retrySchedule, contract })
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
      policy,
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
