import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './tls.ts'

/** A server that does with a connection whatever a test likes. */
export interface HostileServer {
  readonly url: URL
  readonly port: number
  /** Every complete request, byte for byte, as latin-1 text. */
  readonly requests: readonly string[]
  /** How many connections were accepted. */
  readonly connections: () => number
  close(): Promise<void>
}

/**
 * Listens on a free loopback port and calls `answer` with each complete request.
 * @param certificate makes it speak TLS
 */
export async function hostileServer(
  answer: (socket: Socket, nth: number) => void,
  certificate?: Certificate,
): Promise<HostileServer> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  function onConnection(socket: Socket): void {
    connections += 1
    sockets.add(socket)
    let pending = ''
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      for (let end = endOfRequest(pending); end !== undefined; end = endOfRequest(pending)) {
        requests.push(pending.slice(0, end))
        pending = pending.slice(end)
        answer(socket, requests.length)
      }
    })
  }

  const server: Server =
    certificate === undefined
      ? createServer(onConnection)
      : createTlsServer({ ...certificate }, onConnection).on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const [scheme, host] = certificate === undefined ? ['http', '127.0.0.1'] : ['https', 'localhost']
  return {
    url: new URL(`${scheme}://${host}:${port}/hook`),
    port,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function endOfRequest(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return undefined
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + length
  return text.length >= end ? end : undefined
}

/** An answer with its length, as it goes over the wire. */
export function answerOf(status: number, body = '', headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status} Whatever`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** A loopback port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = await hostileServer(() => {})
  await server.close()
  return server.port
}
