import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** Tells of what came in and is no request that could be judged. */
export interface Unreadable {
  /** Listens to a server, and answers as node does when nobody listens. */
  watch(server: Server): void
  /** A request whose body is read: what goes wrong on its connection is told once. */
  begins(request: IncomingMessage): void
  ends(request: IncomingMessage): void
  /** Its sender went away. @param bytes how much of the body came */
  cut(request: IncomingMessage, bytes: number): void
  /** From now on nothing is told: connections are dropped by this side. */
  stop(): void
}

/** @param tell gets one plain sentence without anything of what came */
export function createUnreadable(tell: (what: string) => void): Unreadable {
  const reading = new WeakSet<object>()
  const told = new WeakSet<object>()
  let isStopped = false

  function say(socket: object, what: string): void {
    if (isStopped || told.has(socket)) return
    told.add(socket)
    tell(what)
  }

  return {
    watch(server) {
      // Before https' own listener, which hands the error on as a `clientError`.
      server.prependListener('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
        say(socket, handshakeText(error.code))
        socket.destroy()
      })
      server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
        const code = error.code ?? ''
        // What is cut off in its body is told by `cut`, which knows how much came.
        const what = !reading.has(socket) ? errorText(code) : isEnd(code) ? undefined : BAD_BODY
        if (what !== undefined) say(socket, what)
        answer(socket as Socket, code)
      })
    },
    begins: ({ socket }) => void reading.add(socket),
    ends: ({ socket }) => void reading.delete(socket),
    cut({ socket, headers }, bytes) {
      reading.delete(socket)
      const length = headers['content-length']
      say(socket, `a request was cut off after ${length === undefined ? '' : `${bytes} of `}${length ?? bytes} bytes`)
    },
    stop: () => void (isStopped = true),
  }
}

const BAD_BODY = 'a request with a body that is no HTTP (a chunk that is none)'

function isEnd(code: string): boolean {
  return code === 'HPE_INVALID_EOF_STATE' || code === 'ERR_HTTP_REQUEST_TIMEOUT' || !/^(HPE|ERR)_/.test(code)
}

/** Undefined for a connection that was dropped between two requests. */
function errorText(code: string): string | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'a request with headers over the limit, answered with 431'
    case 'HPE_INVALID_EOF_STATE':
      return 'a request was cut off in its headers'
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'a request did not come whole in time, answered with 408'
    default:
      return code.startsWith('HPE_') ? 'bytes that are no HTTP, answered with 400' : undefined
  }
}

function handshakeText(code: string | undefined): string {
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'a request in plain HTTP where TLS is spoken'
  return `a TLS handshake failed (${code ?? 'no reason given'})`
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** The answer that is being written on a socket: node has no other name for it. */
const ANSWER_OF = '_httpMessage'

/** What node answers; nothing in the middle of another answer. */
function answer(socket: Socket & { readonly [ANSWER_OF]?: { readonly headersSent: boolean } }, code: string): void {
  if (socket.destroyed) return
  if (socket.writable && socket[ANSWER_OF]?.headersSent !== true)
    socket.write(`HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`)
  socket.destroySoon()
}
