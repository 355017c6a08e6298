import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { isRefusedAddress } from '../delivery/address.ts'
import { ADDRESSING, refused } from '../delivery/guarded-lookup.ts'
import type { Failed } from '../delivery/outcome.ts'
import type { ConnectionPhase } from '../delivery/transport-error.ts'
import type { Clock } from '../ports.ts'
import type { Exchange, TlsFacts, WireRequest } from './probe.ts'
import { exchangeOn, failure, overdue, wireFailure } from './wire-exchange.ts'
import { createGate } from './wire-gate.ts'
import { wireSocket } from './wire-socket.ts'
import type { WireSocket } from './wire-socket.ts'

/** Where requests go, and how long each may take. */
export interface WireOptions {
  /** Scheme, host and port count; the path is in the bytes of the request. */
  readonly url: URL
  readonly clock: Clock
  /** Total deadline of one request, connecting included. */
  readonly timeoutMs: number
  /** `accept-any` switches the check of certificates off. */
  readonly certificates?: 'verify' | 'accept-any' | undefined
  /** PEM certificates that replace the built-in roots, as `parseCertificates` leaves them. */
  readonly ca?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** One connection for several requests, one after the other. Nothing is added to their bytes. */
export interface WireConnection {
  /** Never rejects for what the receiver or the network does. On a connection that is closed: `closed`. */
  request(request: WireRequest): Promise<Exchange>
  /** False once the receiver closed or reset it, or an answer said that it would. */
  readonly isOpen: boolean
  close(): void
}

/** What came of a request for which there was no connection. */
export type NoConnection = Exchange & { readonly result: Failed }

/** Opens a connection (TCP, and TLS for https). Never rejects for what the receiver or the network does. */
export async function openWire(options: WireOptions): Promise<WireConnection | NoConnection> {
  const opened = await open(options)
  if ('result' in opened) return opened
  const { clock, timeoutMs, signal } = options
  return {
    request: (request) => exchangeOn(opened, request, { clock, timeoutMs, signal }),
    get isOpen() {
      return opened.isOpen
    },
    close: () => opened.destroy(),
  }
}

/** One request on a connection of its own. Never rejects for what the receiver or the network does. */
export function exchangeOnce(request: WireRequest, options: WireOptions): Promise<Exchange> {
  return exchangeAlone(request, options)
}

/** So long the last bytes wait at most: a receiver that serves one connection at a time accepts no second one before. */
export const TOGETHER_WAIT_MS = 3000

/**
 * Requests at the same moment, each on a connection of its own: the last byte of each is held back until all others are
 * written, or what could not be written has failed, or half the deadline (at most 3 s) has passed.
 */
export function exchangeTogether(requests: readonly WireRequest[], options: WireOptions): Promise<Exchange[]> {
  const gate = createGate(requests.length, Math.min(TOGETHER_WAIT_MS, options.timeoutMs / 2), options.clock)
  const exchanges = requests.map(async (request, index) => {
    const exchange = await exchangeAlone(request, options, () => gate.arrive(index))
    void gate.arrive(index)
    return exchange
  })
  return Promise.all(exchanges).finally(gate.dismiss)
}

/**
 * A TLS handshake and nothing else. The certificate is judged, not refused: the facts come also when it is expired,
 * self-signed or for another host. Never rejects for what the receiver or the network does.
 * @param options an https URL
 */
export async function handshake(options: WireOptions): Promise<TlsFacts | Failed> {
  const connected = await connectTo({ ...options, certificates: 'accept-any' })
  if ('kind' in connected) return connected
  const { socket, raw } = connected
  const { authorized, authorizationError } = socket as TLSSocket
  const certificate = (socket as TLSSocket).getPeerX509Certificate()
  const protocol = (socket as TLSSocket).getProtocol()
  socket.destroy()
  raw.destroy()
  if (certificate === undefined || protocol === null) return failure('tls')
  return {
    protocol,
    // Typed as an Error, but the code of one.
    ...(authorized ? {} : { distrust: String(authorizationError) }),
    validToMs: Date.parse(certificate.validTo),
  }
}

async function exchangeAlone(
  request: WireRequest,
  options: WireOptions,
  beforeLastByte?: () => Promise<void>,
): Promise<Exchange> {
  const { clock, timeoutMs, signal } = options
  const beganMs = clock.monotonicMs()
  const opened = await open(options)
  if ('result' in opened) return opened
  const leftMs = timeoutMs - (clock.monotonicMs() - beganMs)
  const exchange = await exchangeOn(opened, request, { clock, timeoutMs, leftMs, signal, beforeLastByte })
  opened.destroy()
  return exchange
}

async function open(options: WireOptions): Promise<WireSocket | NoConnection> {
  const startedMs = options.clock.monotonicMs()
  const connected = await connectTo(options)
  if (!('kind' in connected)) return wireSocket(connected.socket, connected.raw)
  return { result: connected, startedMs, endedMs: options.clock.monotonicMs() }
}

interface Connected {
  readonly socket: Socket
  /** The TCP connection: the same, or what is below TLS. */
  readonly raw: Socket
}

function connectTo({ url, clock, timeoutMs, signal, ca, certificates }: WireOptions): Promise<Connected | Failed> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  if (signal?.aborted === true) return Promise.resolve(failure('aborted'))
  if (isRefusedAddress(host)) return Promise.resolve(failure('unreachable', refused(host, [host]).message))
  return new Promise((resolve, reject) => {
    let phase: ConnectionPhase = 'tcp'
    const raw = connect({
      host,
      port: Number(url.port || (isSecure ? 443 : 80)),
      noDelay: true,
      ...ADDRESSING,
    })
    let socket = raw
    let isSettled = false

    function finish(): void {
      isSettled = true
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    function fail(failed: Failed): void {
      if (isSettled) return
      finish()
      socket.destroy()
      raw.destroy()
      resolve(failed)
    }
    function stand(): void {
      finish()
      resolve({ socket, raw })
    }
    function onError(error: Error): void {
      const failed = wireFailure(error, phase)
      if (failed !== undefined) return fail(failed)
      finish()
      reject(error)
    }
    const onClose = (): void => onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    const onAbort = (): void => fail(failure('aborted'))
    const cancel = clock.after(timeoutMs, () => fail(overdue('connect-timeout', timeoutMs)))
    signal?.addEventListener('abort', onAbort)
    raw.on('error', onError).on('close', onClose)
    raw.once('connect', () => {
      if (!isSecure) return stand()
      phase = 'tls'
      // The name in the handshake is for names only: RFC 6066, section 3.
      const servername = isIP(host) === 0 ? { servername: host } : {}
      const trust = { rejectUnauthorized: certificates !== 'accept-any', ...(ca === undefined ? {} : { ca }) }
      socket = connectTls({ socket: raw, host, ...servername, ...trust, ALPNProtocols: ['http/1.1'] }, stand)
      socket.on('error', onError).on('close', onClose)
    })
  })
}
