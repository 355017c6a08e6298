import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'
import type { Connector } from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'
import type { Clock } from '../ports.ts'
import { untilAccepting } from './acceptance.ts'
import type { Acceptance } from './acceptance.ts'
import { isRefusedAddress } from './address.ts'
import { parseCertificates } from './certificates.ts'
import { exchange } from './exchange.ts'
import type { Connection } from './exchange.ts'
import { ADDRESSING, refused } from './guarded-lookup.ts'
import type { AttemptResult } from './outcome.ts'
import type { SignedRequest } from './request.ts'
import { delayWasmTiering } from './wasm-tiering.ts'

/** The network, as deliveries see it. */
export interface Transport {
  /**
   * One HTTP request, exactly one: no redirect, no resend. Never rejects for what the receiver or the
   * network did.
   * @param onConnected called when the connection stands and the request is about to be written
   */
  send(request: SignedRequest, signal?: AbortSignal, onConnected?: () => void): Promise<AttemptResult>
  /**
   * The same, but the connection is cut as soon as the answer begins: the receiver has done its work, and the result
   * is the failure `lost-ack`.
   */
  sendUnheard: Transport['send']
  /** Waits until the target accepts a TCP connection, for `--wait-for`. Certificates are not judged here. */
  waitUntilAccepting(deadlineMs: number, signal?: AbortSignal): Promise<Acceptance>
  /** Drops every connection; what is in flight fails. */
  close(): Promise<void>
}

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
  /** PEM certificates that replace the built-in roots; `parseCertificates` is for those of a user. */
  readonly ca?: string | undefined
}

/** A receiver that keeps idle connections for 2 s must not meet a retry after 2 s: stay well below. */
const IDLE_MS = 1000

/**
 * Connections to one origin over HTTP/1.1, kept alive, one request at a time on each. Proxy variables
 * and NODE_TLS_REJECT_UNAUTHORIZED are ignored.
 * @throws UsageError when `ca` holds no certificate
 */
export function createTransport(options: TransportOptions): Transport {
  const { url, clock } = options
  delayWasmTiering()
  const ca = options.ca === undefined ? undefined : parseCertificates(options.ca, 'ca')
  const connect = buildConnector({
    allowH2: false,
    // Ours is the total deadline; undici's coarse timers would only blur it.
    timeout: 0,
    ...ADDRESSING,
    rejectUnauthorized: options.certificates !== 'accept-any',
    ...(ca === undefined ? {} : { ca }),
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

  const sending =
    (answer: 'heard' | 'unheard'): Transport['send'] =>
    async (request, signal, onConnected) => {
      const connection = await acquire()
      try {
        return await exchange(connection, request, { clock, timeoutMs: options.timeoutMs, signal, onConnected, answer })
      } finally {
        release(connection)
      }
    }

  return {
    send: sending('heard'),
    sendUnheard: sending('unheard'),
    waitUntilAccepting: (deadlineMs, signal) => untilAccepting({ url, connect, clock, deadlineMs, signal }),
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
        queueMicrotask(() => {
          connection.discarded = true
          callback(refused(target.hostname, [target.hostname]))
        })
        return
      }
      connecting = connect(target, (error, socket) => {
        connecting = undefined
        if (error === null) connection.phase = 'open'
        // A client that could not connect is not used again: undici 7 leaves its queue stuck after a certificate
        // for another name.
        else connection.discarded = true
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
