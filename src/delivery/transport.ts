import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'
import type { Connector } from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import type { Clock } from '../ports.ts'
import { isRefusedAddress } from './address.ts'
import { exchange } from './exchange.ts'
import type { Connection } from './exchange.ts'
import { failureReason } from './failure.ts'
import { guardedLookup, refused } from './guarded-lookup.ts'
import type { AttemptResult, Failed } from './outcome.ts'
import type { SignedRequest } from './request.ts'
import { failureOf } from './transport-error.ts'
import { delayWasmTiering } from './wasm-tiering.ts'

/** The network, as deliveries see it. */
export interface Transport {
  /**
   * One HTTP request, exactly one: no redirect, no resend. Never rejects for what the receiver or the
   * network did.
   * @param onConnected called when the connection stands and the request is about to be written
   */
  send(request: SignedRequest, signal?: AbortSignal, onConnected?: () => void): Promise<AttemptResult>
  /** Waits until the target accepts a TCP connection, for `--wait-for`. Certificates are not judged here. */
  waitUntilAccepting(deadlineMs: number, signal?: AbortSignal): Promise<Acceptance>
  /** Drops every connection; what is in flight fails. */
  close(): Promise<void>
}

/** Whether the target accepts connections; if not, what the last try came to. */
export type Acceptance =
  | { readonly accepting: true; readonly waitedMs: number }
  | { readonly accepting: false; readonly waitedMs: number; readonly last: Failed }

/** What a transport is made of. One origin each. */
export interface TransportOptions {
  readonly url: URL
  /** Connections at most; further sends wait for a free one. */
  readonly connections: number
  /** Total deadline of an attempt, from its start to the end of its answer. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** `accept-any` switches the check of certificates off. */
  readonly certificates?: 'verify' | 'accept-any' | undefined
  /** PEM certificates that replace the built-in roots. */
  readonly ca?: string | undefined
}

/** A receiver that keeps idle connections for 2 s must not meet a retry after 2 s: stay well below. */
const IDLE_MS = 1000
const POLL_MS = 100

/**
 * Connections to one origin over HTTP/1.1, kept alive, one request at a time on each. Proxy variables
 * and NODE_TLS_REJECT_UNAUTHORIZED are ignored.
 */
export function createTransport(options: TransportOptions): Transport {
  const { url, clock } = options
  delayWasmTiering()
  const connect = buildConnector({
    allowH2: false,
    // Ours is the total deadline; undici's coarse timers would only blur it.
    timeout: 0,
    autoSelectFamily: true,
    // Node's 250 ms gives up good addresses on slow networks.
    autoSelectFamilyAttemptTimeout: 1000,
    lookup: guardedLookup,
    rejectUnauthorized: options.certificates !== 'accept-any',
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const idle: Connection[] = []
  const open = new Set<Connection>()
  const waiting: ((connection: Connection) => void)[] = []

  function acquire(): Connection | Promise<Connection> {
    const connection = idle.pop()
    if (connection !== undefined) return connection
    if (open.size < Math.max(1, options.connections)) return add()
    return new Promise((resolve) => waiting.push(resolve))
  }

  function add(): Connection {
    const connection = openConnection(url, connect)
    open.add(connection)
    return connection
  }

  function release(connection: Connection): void {
    const usable = open.has(connection)
    if (usable && connection.discarded) {
      open.delete(connection)
      void connection.destroy()
    }
    const next = waiting.shift()
    if (next !== undefined) next(usable && !connection.discarded ? connection : add())
    else if (usable && !connection.discarded) idle.push(connection)
  }

  return {
    async send(request, signal, onConnected) {
      const connection = await acquire()
      try {
        return await exchange(connection, request, { clock, timeoutMs: options.timeoutMs, signal, onConnected })
      } finally {
        release(connection)
      }
    },
    async waitUntilAccepting(deadlineMs, signal) {
      const startedMs = clock.monotonicMs()
      for (;;) {
        const leftMs = deadlineMs - (clock.monotonicMs() - startedMs)
        const last = await tryToConnect(url, connect, { clock, timeoutMs: Math.max(leftMs, 1), signal })
        const waitedMs = Math.round(clock.monotonicMs() - startedMs)
        if (last === undefined) return { accepting: true, waitedMs }
        if (signal?.aborted === true || waitedMs + POLL_MS >= deadlineMs) return { accepting: false, waitedMs, last }
        await clock.sleep(POLL_MS, signal)
      }
    },
    async close() {
      const connections = [...open]
      open.clear()
      idle.length = 0
      await Promise.all(connections.map((connection) => connection.destroy()))
    },
  }
}

function openConnection(url: URL, connect: Connector): Connection {
  let connecting: Socket | undefined
  const connection: Connection = {
    phase: 'tcp',
    discarded: false,
    dispatch: (request, handler) => {
      client.dispatch(request, handler)
    },
    destroy: async () => {
      connecting?.destroy()
      await client.destroy()
    },
  }
  const client = new Client(url.origin, {
    connect: (target: Parameters<Connector>[0], callback: Parameters<Connector>[1]) => {
      connection.phase = 'tcp'
      if (isRefusedAddress(target.hostname)) {
        // Not in this tick: undici is still in the middle of its own bookkeeping.
        queueMicrotask(() => callback(refused(target.hostname, [target.hostname])))
        return
      }
      connecting = connect(target, (error, socket) => {
        connecting = undefined
        if (error === null) connection.phase = 'open'
        callback(error, socket)
      })
      if (target.protocol === 'https:') {
        connecting.once('connect', () => {
          if (connection.phase === 'tcp') connection.phase = 'tls'
        })
      }
    },
    pipelining: 1,
    // 0 switches undici's own timers off.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    keepAliveTimeoutThreshold: 500,
  })
  return connection
}

function tryToConnect(
  url: URL,
  connect: Connector,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal | undefined },
): Promise<Failed | undefined> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  if (isRefusedAddress(hostname)) return Promise.resolve(failureOf(refused(hostname, [hostname]), 'tcp'))
  return new Promise((resolve, reject) => {
    const settle = (result: Failed | undefined) => {
      cancelDeadline()
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(result)
    }
    const onAbort = () => settle({ kind: 'failed', code: 'aborted', reason: failureReason('aborted') })
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    const socket = connect({ hostname, host: url.host, protocol: 'http:', port }, (error) => {
      const failed = error === null ? undefined : failureOf(error, 'tcp')
      if (error !== null && failed === undefined) reject(error)
      settle(failed)
    })
    const cancelDeadline = clock.after(timeoutMs, () =>
      settle({ kind: 'failed', code: 'connect-timeout', reason: failureReason('connect-timeout') }),
    )
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort)
  })
}
