import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../ports.ts'
import { listenError } from '../../receiver/listening.ts'
import type { Emitter } from '../emitter.ts'
import { openApiOf } from './document.ts'
import { checkHost, checkOrigin } from './gate.ts'
import { knownHosts } from './hosts.ts'
import { answerUnreadable, SAFE_HEADERS, sendProblem } from './http-answer.ts'
import { servePage } from './page.ts'
import type { ConsolePage } from './page.ts'
import { Problem, problemOf } from './problem.ts'
import { createRouter } from './router.ts'
import { serveRoute } from './serve-route.ts'
import { createSessions } from './sessions.ts'
import { createStreams } from './streams.ts'
import { ROUTES } from './table.ts'

/** A request that was answered, or left by its sender. */
export interface RequestLog {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly durationMs: number
}

/** How the API is set up. */
export interface ApiOptions {
  readonly emitter: Emitter
  readonly clock: Clock
  /** An address of this machine. */
  readonly host: string
  /** 0 is a free one. */
  readonly port: number
  /** Names under which it may be asked besides those of this machine: `name`, or `name:port`. */
  readonly publicHosts: readonly string[]
  /** What has to be shown; without one everybody who reaches the port may do everything. */
  readonly token?: string | undefined
  readonly page: ConsolePage
  /** A fresh session id, that nobody can guess. */
  readonly random: () => string
  readonly onRequest?: ((log: RequestLog) => void) | undefined
  /** A bug of ours: the answer says nothing of it. */
  readonly onBug?: ((error: unknown) => void) | undefined
}

/** The API, listening. */
export interface Api {
  /** As this machine reaches it. */
  readonly url: URL
  readonly port: number
  /** Stops listening, ends the streams, and gives what is being answered a second. */
  close(): Promise<void>
}

/** Node looks after these every few seconds. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
}
const MOST_CONNECTIONS = 1000
const CLOSING_MS = 1000

/**
 * Starts the HTTP API with the console on node:http.
 * @throws UsageError when the port cannot be listened on, or a public host is none
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { emitter, clock, host, page, token } = options
  const server = createServer(LIMITS, (request, response) => void answer(request, response))
  server.maxConnections = MOST_CONNECTIONS
  answerUnreadable(server)
  // Known before it listens: what is wrong with them is wrong before anything happens.
  knownHosts({ ...options, port: 0 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, options.port)))
    server.listen({ host, port: options.port }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const hosts = knownHosts({ ...options, port })
  const sessions = createSessions({ clock, port, token, random: options.random })
  const streams = createStreams({ emitter, clock })
  const router = createRouter(ROUTES)
  const surroundings = { emitter, sessions, streams, document: openApiOf(ROUTES) }

  return { url: new URL(`http://${reachable(host)}:${port}/`), port, close }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = clock.monotonicMs()
    const { method = '', url: target = '' } = request
    const [path, search] = splitAt(target, '?')
    response.once('close', () =>
      options.onRequest?.({ method, path, status: response.statusCode, durationMs: clock.monotonicMs() - startedMs }),
    )
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value)
    try {
      if (!path.startsWith('/')) throw new Problem('malformed', 'The request names no path.')
      checkHost(request, hosts)
      if (path !== '/api' && !path.startsWith('/api/')) return servePage(page, path, { request, response })
      checkOrigin(request, path, hosts)
      await serveRoute({ path, search, router, surroundings, request, response })
    } catch (error) {
      sendProblem(response, problemOf(error) ?? bug(error), path)
    }
  }

  function bug(error: unknown): Problem {
    options.onBug?.(error)
    return new Problem('bug', 'This is a bug of qualifio-sim; its own log has the error.')
  }

  async function close(): Promise<void> {
    streams.close()
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
    server.closeIdleConnections()
    const cancel = clock.after(CLOSING_MS, () => server.closeAllConnections())
    await closed
    cancel()
  }
}

function splitAt(text: string, mark: string): readonly [before: string, after: string] {
  const index = text.indexOf(mark)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

/** A host as a URL on this machine has it: who listens everywhere is reached on the loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
