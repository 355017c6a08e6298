import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { isRefusedAddress } from '../delivery/address.ts'
import { ADDRESSING, refused } from '../delivery/guarded-lookup.ts'
import type { ConnectionPhase } from '../delivery/transport-error.ts'

/** Where connections go. */
export interface ConnectionOptions {
  readonly url: URL
  /** `accept-any` switches the check of certificates off. */
  readonly certificates?: 'verify' | 'accept-any' | undefined
  /** PEM certificates that replace the built-in roots, as `parseCertificates` leaves them. */
  readonly ca?: string | undefined
}

/** Who hears of a connection. */
export interface SocketListener {
  /** It stands. */
  readonly onOpen: () => void
  /** Bytes came: the first `length` of `bytes`, which are others when this returns. */
  readonly onData: (bytes: Buffer, length: number) => void
  /** The other side says nothing more, or something went wrong. Nothing is heard afterwards. */
  readonly onEnd: (error: Error | undefined) => void
}

/** A connection, TCP or TLS. */
export interface LaneSocket {
  readonly phase: ConnectionPhase
  /** Whether all that was written is with the operating system. */
  readonly isWritten: boolean
  readonly write: (bytes: Uint8Array) => void
  /** Drops it; nothing is heard afterwards. */
  readonly destroy: () => void
}

/**
 * Opens a connection.
 * @param readBuffer plain connections read into it, all of a process into the same
 */
export function openSocket(options: ConnectionOptions, readBuffer: Buffer, listener: SocketListener): LaneSocket {
  const { url, certificates, ca } = options
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  let phase: ConnectionPhase = 'tcp'
  let isLive = true
  let raw: Socket | undefined
  let socket: Socket | undefined

  function destroy(): void {
    isLive = false
    socket?.destroy()
    raw?.destroy()
  }

  function end(error?: Error): void {
    if (!isLive) return
    destroy()
    listener.onEnd(error)
  }

  function onClose(): void {
    if (phase === 'open') end()
    else end(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
  }

  function stand(): void {
    if (!isLive) return
    phase = 'open'
    listener.onOpen()
  }

  function open(): Socket {
    return connect({
      host,
      port: Number(url.port || (isSecure ? 443 : 80)),
      noDelay: true,
      ...ADDRESSING,
      // Without this every answer is a buffer and an event of its own.
      ...(isSecure ? {} : { onread: { buffer: readBuffer, callback: onRead } }),
    })
  }

  function onRead(length: number): boolean {
    if (isLive) listener.onData(readBuffer, length)
    return true
  }

  function secure(below: Socket): Socket {
    phase = 'tls'
    // The name in the handshake is for names only: RFC 6066, section 3.
    const servername = isIP(host) === 0 ? { servername: host } : {}
    const trust = { rejectUnauthorized: certificates !== 'accept-any', ...(ca === undefined ? {} : { ca }) }
    const above = connectTls({ socket: below, host, ...servername, ...trust, ALPNProtocols: ['http/1.1'] }, stand)
    above.on('data', (bytes) => {
      if (isLive) listener.onData(bytes, bytes.length)
    })
    // An error after the end is nobody's business, and would end the process unheard.
    return above
      .on('error', end)
      .on('end', () => end())
      .on('close', onClose)
  }

  if (isRefusedAddress(host)) {
    queueMicrotask(() => end(refused(host, [host])))
  } else {
    const below = open()
    raw = below
    socket = below
    below.on('error', end)
    below.once('connect', () => {
      if (!isLive) return
      if (isSecure) socket = secure(below)
      else stand()
    })
    // What is above TCP still has what came before, and its own end.
    below.on('end', () => {
      if (!isSecure) end()
    })
    below.on('close', () => {
      if (!isSecure || phase !== 'open') onClose()
    })
  }

  return {
    get phase() {
      return phase
    },
    get isWritten() {
      return socket?.writableLength === 0
    },
    write: (bytes) => void socket?.write(bytes),
    destroy,
  }
}
