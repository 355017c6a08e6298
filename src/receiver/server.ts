import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { UsageError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { randomStream } from '../program/random.ts'
import { answerWith, REDIRECT_PATH, refuse } from './answer.ts'
import { readBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { judge, refusal } from './judge.ts'
import type { ReceivedRequest, Requirements, Verdict } from './judge.ts'
import { listen } from './listening.ts'
import type { ServerCertificate } from './listening.ts'
import { createMemory } from './memory.ts'
import type { MemoryCounts } from './memory.ts'
import { ALWAYS_ACCEPT, nextStep, statusOf } from './step.ts'
import type { Script, Step } from './step.ts'
import { createUnreadable } from './unreadable.ts'

/** How a receiver is set up. */
export interface ReceiverOptions {
  readonly requirements: Requirements
  readonly clock: Clock
  /** How what is accepted is answered: 204 by default. */
  readonly script?: Script | undefined
  /** The script answers what is refused, too; the verdicts are still reported. */
  readonly respondAlways?: boolean | undefined
  /** Waited before every answer, a uniform draw. */
  readonly latency?: { readonly minMs: number; readonly maxMs: number } | undefined
  /** What mixes and latencies are drawn from, 0 to 4294967295; 0 by default. */
  readonly seed?: number | undefined
  /** Called before the answer goes out, so a reader sees both sides in order. */
  readonly onRequest?: ((exchange: Exchange) => void) | undefined
  /** Called when a request that came whole is done with: answered, or left by one side. */
  readonly onAnswered?: (() => void) | undefined
  /**
   * Called with one plain sentence for what came and is no request to judge: cut off, no HTTP, headers over the limit,
   * a TLS handshake that failed. It gets no number.
   */
  readonly onUnreadable?: ((note: { readonly what: string }) => void) | undefined
  /** 127.0.0.1 by default. */
  readonly host?: string | undefined
  /** 0, a free one, by default. */
  readonly port?: number | undefined
  /** Requests to other paths are 404; any path by default. */
  readonly path?: string | undefined
  readonly tls?: ServerCertificate | undefined
  /** 10 MB by default. */
  readonly maxBodyBytes?: number | undefined
  /** How many bodies, and how many event ids, are remembered: 100,000 by default. */
  readonly remembered?: number | undefined
}

/** A receiver that listens. */
export interface Receiver {
  /** Its endpoint, as this machine reaches it. */
  readonly url: URL
  readonly port: number
  /** How many bodies and event ids it remembers, and how many it forgot. */
  memory(): MemoryCounts
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

const BODY_MAX_BYTES = 10 * 1024 * 1024

/**
 * Starts a scripted receiver on node:http: it judges every request and answers as its script says.
 * @throws UsageError when the port cannot be listened on, or the path or the certificate cannot be used
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { clock, requirements, path, latency, script = ALWAYS_ACCEPT, seed = 0, host = '127.0.0.1' } = options
  const maxBodyBytes = options.maxBodyBytes ?? BODY_MAX_BYTES
  if (path !== undefined && !/^\/[^\s?#]*$/.test(path))
    throw new UsageError(`the path ${JSON.stringify(path)} is not a path; write it as /webhooks`)
  const memory = createMemory(options.remembered)
  let requests = 0

  const unreadable = createUnreadable((what) => options.onUnreadable?.({ what }))
  const listening = await listen(onRequest, { host, port: options.port ?? 0, tls: options.tls, unreadable })
  const url = new URL(`${options.tls === undefined ? 'http' : 'https'}://${reachable(host)}:${listening.port}`)
  url.pathname = path ?? '/webhooks'
  return { url, port: listening.port, memory: memory.counts, close: listening.close }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const came = { atMs: clock.nowMs(), startedMs: clock.monotonicMs() }
    unreadable.begins(request)
    readBody(request, maxBodyBytes, {
      body: (body) => {
        unreadable.ends(request)
        // Numbered when it is reported, so that the numbers have no holes.
        requests += 1
        onBody({ request, response, body, head: { nth: requests, ...came } })
      },
      // A sender that goes away in the middle of its body cannot be answered.
      cut: (bytes) => unreadable.cut(request, bytes),
    })
  }

  function onBody(got: Got): void {
    const { request, response, body } = got
    if (options.onAnswered !== undefined) response.once('close', options.onAnswered)
    const readAtMs = clock.monotonicMs()
    const received: ReceivedRequest = { method: request.method ?? '', headers: headersOf(request.rawHeaders), body }
    const target = request.url ?? ''
    const pathname = target.split('?', 1)[0]
    const followedRedirect = pathname === REDIRECT_PATH
    const isHere = path === undefined || pathname === path || followedRedirect
    const verdict = isHere ? judge(received, requirements) : refusal(404, `the path is ${pathname}, not ${path}`)
    const bodySha256 = body === 'too-large' ? undefined : createHash('sha256').update(body).digest('hex')
    const key = bodySha256 ?? 'too large'
    // What is no delivery (another path, another method) is not one of its tries either.
    const isDelivery = isHere && !followedRedirect && received.method === 'POST' && bodySha256 !== undefined
    const isScripted = !followedRedirect && (verdict.kind === 'accepted' || options.respondAlways === true)
    const arrival = memory.arrive(key, {
      eventIds: idsOf(verdict),
      as: isDelivery ? 'try' : 'stray',
      takes: isScripted ? 'step' : 'nothing',
    })
    const state = { bodySha256: key, taken: arrival.taken, requestsBefore: got.head.nth - 1, seed }
    const step = isScripted ? nextStep(script, state) : undefined
    const waitMs = latencyMs(key, arrival.request)
    const status = step !== undefined ? statusOf(step) : verdict.kind === 'refused' ? verdict.status : 204
    // Field by field: a spread would cost more than the hash of the body.
    options.onRequest?.({
      method: received.method,
      headers: received.headers,
      body,
      nth: got.head.nth,
      atMs: got.head.atMs,
      path: target,
      bodySha256,
      verdict,
      request: arrival.request,
      repetition: arrival.repetition,
      step,
      status,
      followedRedirect,
      durations: { readMs: readAtMs - got.head.startedMs, judgeMs: clock.monotonicMs() - readAtMs, waitMs },
    })
    if (waitMs === 0) return answer(got, verdict, step)
    const cancel = clock.after(waitMs, () => answer(got, verdict, step))
    response.once('close', cancel)
  }

  function answer({ request, response }: Got, verdict: Verdict, step: Step | undefined): void {
    if (step !== undefined) answerWith(step, response, { clock, tcpSocket: listening.tcpSocketOf(request.socket) })
    else if (verdict.kind === 'refused') refuse(response, verdict.status, verdict.reason)
    else response.writeHead(204).end()
  }

  function latencyMs(bodySha256: string, request: number): number {
    if (latency === undefined || latency.maxMs === 0) return 0
    const { minMs, maxMs } = latency
    return minMs === maxMs ? minMs : randomStream(seed, `latency:${bodySha256}:${request}`).int(minMs, maxMs)
  }
}

interface Got {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: Uint8Array | 'too-large'
  readonly head: { readonly nth: number; readonly atMs: number; readonly startedMs: number }
}

const NO_IDS: readonly string[] = []

function idsOf(verdict: Verdict): readonly string[] {
  if (verdict.kind === 'refused') return NO_IDS
  const ids: string[] = []
  for (const { id } of verdict.events) if (id !== undefined) ids.push(id)
  return ids
}

/** Each header's values by its name in lower case; a name such as `__proto__` is a name like any other. */
function headersOf(rawHeaders: readonly string[]): Record<string, string[]> {
  const headers = Object.create(null) as Record<string, string[]>
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const known = headers[name]
    if (known === undefined) headers[name] = [value]
    else known.push(value)
  }
  return headers
}

/** A host as a URL on this machine has it: who listens everywhere is reached on the loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
