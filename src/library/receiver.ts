import type { Contract } from '../contract/contract.ts'
import { loadEventModel } from '../contract/event-model.ts'
import { formatDuration, MAX_DURATION_MS } from '../delivery/duration.ts'
import { payloadReader } from '../receiver/reader.ts'
import { parseScript } from '../receiver/script.ts'
import { authorizationHeaders } from '../signing/authorization.ts'
import { parseSecret } from '../signing/signature.ts'
import { systemClock } from '../system-clock.ts'
import { inLibraryWords } from './library-words.ts'
import { checkOptions, contractOption, textOption, wholeOption, type OptionCheck } from './option-check.ts'
import { loaded } from './payloads.ts'
import { deliveryOf, type ReceivedDelivery } from './received-delivery.ts'
import { SIGN_CHECKS } from './request-headers.ts'

/** What a test receiver asks for, and how it answers. */
export interface CreateReceiverOptions {
  /** One of these must have signed; without one, signatures are not looked at. */
  readonly secret?: string | readonly string[] | undefined
  /** Headers that must be there with these values. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** How what is accepted is answered, as `--respond` takes it: `503,204`, `hang`, `204:90%,503:10%`. 204 by default. */
  readonly respond?: string | undefined
  /** What is refused is answered by the script, too. */
  readonly respondAlways?: boolean | undefined
  /** Decides how events are read, and the form of the signature. `assumed-1` by default. */
  readonly contract?: string | Contract | undefined
  /** A free one by default. */
  readonly port?: number | undefined
  /** 127.0.0.1 by default. */
  readonly host?: string | undefined
  /** Requests to other paths are 404; any path by default. */
  readonly path?: string | undefined
  /** What a mix is drawn from, 0 to 4294967295; 0 by default. */
  readonly seed?: number | undefined
}

const CHECKS = {
  secret: {
    expected: 'a text, or a list of at least one',
    shows: 'nothing',
    // An empty list would let everything in.
    isRight: (value) =>
      typeof value === 'string' ||
      (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')),
  },
  headers: SIGN_CHECKS.headers,
  respond: textOption("a text such as '503,204', 'hang' or '204:90%,503:10%'"),
  respondAlways: { expected: 'true or false', isRight: (value) => typeof value === 'boolean' },
  contract: contractOption,
  port: wholeOption(0, 65_535),
  host: textOption("the name or address of a network interface, such as '127.0.0.1'"),
  path: textOption("a path such as '/webhooks'"),
  seed: wholeOption(0, 0xffff_ffff),
} as const satisfies Record<keyof CreateReceiverOptions, OptionCheck>

const NEXT_CHECKS = {
  timeoutMs: {
    expected: `a number of milliseconds, above 0 and at most ${MAX_DURATION_MS}`,
    isRight: (value) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= MAX_DURATION_MS,
  },
} as const satisfies Record<string, OptionCheck>

/** A receiver for a test suite. */
export interface TestReceiver {
  /** Its endpoint: what your sender delivers to. */
  readonly url: string
  readonly port: number
  /** Everything that came, in order of arrival. */
  readonly requests: readonly ReceivedDelivery[]
  /**
   * The next request that was not taken yet, at once or when it comes. What came before `close` can still be taken.
   * @param options `timeoutMs` 5,000 by default
   * @throws Error when none comes in time, or the receiver is closed
   */
  next(options?: { readonly timeoutMs?: number | undefined }): Promise<ReceivedDelivery>
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (delivery: ReceivedDelivery) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts a receiver for a test suite: it verifies, reads and answers as scripted, and keeps what it got.
 *
 *     const receiver = await createReceiver({ secret: 'my-secret', respond: '503,204' })
 *     await sendMyWebhook(receiver.url)
 *     const { events } = await receiver.next()
 *     await receiver.close()
 *
 * @throws UsageError for options that cannot be used, and for a port that is taken
 */
export async function createReceiver(options: CreateReceiverOptions = {}): Promise<TestReceiver> {
  checkOptions('createReceiver', options, CHECKS)
  try {
    return await createChecked(options)
  } catch (error) {
    throw inLibraryWords(error)
  }
}

async function createChecked(options: CreateReceiverOptions): Promise<TestReceiver> {
  // The HTTP server is loaded here: whoever only sends does without it.
  const [contract, model, { startReceiver }] = await Promise.all([
    loaded(options.contract),
    loadEventModel(),
    import('../receiver/server.ts'),
  ])
  const { secret = [], headers = {} } = options
  const requests: ReceivedDelivery[] = []
  const waiting: Waiting[] = []
  let taken = 0
  let state: 'open' | 'closed' = 'open'

  const receiver = await startReceiver({
    requirements: {
      secrets: [secret].flat().map((text) => parseSecret(text, 'secret').secret),
      headers: authorizationHeaders({
        headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        signatureHeader: contract.signature.header,
      }),
      signature: contract.signature,
      readEvents: payloadReader(contract, model),
    },
    clock: systemClock,
    script: options.respond === undefined ? undefined : parseScript(options.respond, 'respond'),
    respondAlways: options.respondAlways,
    seed: options.seed,
    host: options.host,
    port: options.port,
    path: options.path,
    onRequest: (exchange) => {
      const delivery = deliveryOf(exchange, contract)
      requests.push(delivery)
      const next = waiting.shift()
      if (next === undefined) return
      taken += 1
      next.resolve(delivery)
    },
  })

  return {
    url: receiver.url.href,
    port: receiver.port,
    requests,
    next: async (options = {}) => {
      checkOptions('next', options, NEXT_CHECKS)
      const { timeoutMs = 5000 } = options
      const came = requests[taken]
      if (came !== undefined) {
        taken += 1
        return came
      }
      if (state === 'closed') throw new Error('the receiver is closed, and no request is left')
      return await new Promise<ReceivedDelivery>((resolve, reject) => {
        const entry: Waiting = {
          resolve: (delivery) => {
            cancel()
            resolve(delivery)
          },
          reject: (error) => {
            cancel()
            reject(error)
          },
        }
        const cancel = systemClock.after(timeoutMs, () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(new Error(`${noneCame(timeoutMs, requests.length)}; it listens on ${receiver.url.href}`))
        })
        waiting.push(entry)
      })
    },
    close: async () => {
      state = 'closed'
      for (const { reject } of waiting.splice(0)) reject(new Error('the receiver was closed before a request came'))
      await receiver.close()
    },
  }
}

function noneCame(timeoutMs: number, before: number): string {
  const waited = formatDuration(timeoutMs)
  if (before === 0) return `no request came to the receiver within ${waited}, and none before`
  return `no further request came to the receiver within ${waited}; ${before} came before and ${before === 1 ? 'was' : 'were'} taken`
}
