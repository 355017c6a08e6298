import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { UsageError } from '../errors.ts'
import type { Unreadable } from './unreadable.ts'

/** A certificate and its key, in PEM. */
export interface ServerCertificate {
  readonly cert: string | Uint8Array
  readonly key: string | Uint8Array
}

/** A server that accepts connections. */
export interface Listening {
  readonly port: number
  /** The TCP connection under a socket: itself, or what TLS runs on. */
  tcpSocketOf(socket: Socket): Socket
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

/**
 * Starts node:http, or node:https with a certificate.
 * @param options `port` 0 is a free one
 * @throws UsageError when the port cannot be listened on, or the certificate cannot be used
 */
export async function listen(
  onRequest: RequestListener,
  options: {
    readonly host: string
    readonly port: number
    readonly tls: ServerCertificate | undefined
    readonly unreadable: Unreadable
  },
): Promise<Listening> {
  const { host, port, tls, unreadable } = options
  const server = tls === undefined ? createServer(onRequest) : await createTlsServer(tls, onRequest)
  unreadable.watch(server)
  const tcpSockets = new Map<string, Socket>()
  // TLS hides the TCP connection, which alone can be reset.
  if (tls !== undefined) server.on('connection', (socket) => rememberUntilClosed(tcpSockets, socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen({ host, port }, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    tcpSocketOf: (socket) => (tls === undefined ? socket : (tcpSockets.get(peerOf(socket)) ?? socket)),
    close: () =>
      new Promise((resolve) => {
        unreadable.stop()
        server.close(() => resolve())
        server.closeAllConnections()
        // A handshake that is not over is no connection to `closeAllConnections`.
        for (const socket of tcpSockets.values()) socket.destroy()
      }),
  }
}

async function createTlsServer({ cert, key }: ServerCertificate, onRequest: RequestListener): Promise<Server> {
  // Loaded here: who needs no TLS pays no start-up time for it.
  const https = await import('node:https')
  try {
    return https.createServer({ cert: bufferOf(cert), key: bufferOf(key) }, onRequest)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(
      `the TLS certificate and key cannot be used (${code ?? 'not PEM'}); give a certificate and its own key, both in PEM`,
    )
  }
}

function bufferOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem)
}

function rememberUntilClosed(sockets: Map<string, Socket>, socket: Socket): void {
  const peer = peerOf(socket)
  sockets.set(peer, socket)
  socket.once('close', () => {
    if (sockets.get(peer) === socket) sockets.delete(peer)
  })
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** Why a port cannot be listened on, as a UsageError where the user can mend it. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} is already in use on ${host}; stop what listens there or choose another port`)
    case 'EACCES':
      return new UsageError(`not allowed to listen on ${host}:${port}; choose a port above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`${host} is not an address of this machine; listen on 127.0.0.1 or 0.0.0.0`)
    default:
      return error
  }
}
