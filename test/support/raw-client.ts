import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** What a connection brought, byte for byte as latin-1 text, and how it ended. */
export interface RawAnswer {
  readonly text: string
  /** The other side closed, reset, or had said nothing more when the time was over. */
  readonly end: 'closed' | 'reset' | 'open'
  /** When each piece came, in milliseconds after the request. */
  readonly piecesAtMs: readonly number[]
}

/** An HTTP/1.1 POST with its length, as text. */
export function rawPost(body: string, head: readonly string[] = [], path = '/webhooks'): string {
  const lines = [`POST ${path} HTTP/1.1`, 'Host: x', `Content-Length: ${Buffer.byteLength(body)}`, ...head]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/**
 * Sends a text on a connection of its own and reads until the connection ends, an answer with a length is whole,
 * or the time is over.
 * @param options `ca` makes it speak TLS
 */
export async function rawRequest(
  url: URL,
  request: string,
  options: { readonly waitMs?: number; readonly ca?: string } = {},
): Promise<RawAnswer> {
  const { hostname, port } = url
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket: Socket =
    options.ca === undefined
      ? connect({ host, port: Number(port) })
      : connectTls({ host, port: Number(port), ca: options.ca, servername: 'localhost' })
  const startedMs = performance.now()
  const piecesAtMs: number[] = []
  let text = ''
  const end = await new Promise<RawAnswer['end']>((resolve) => {
    const timer = setTimeout(() => resolve('open'), options.waitMs ?? 2000)
    const done = (how: RawAnswer['end']): void => {
      clearTimeout(timer)
      resolve(how)
    }
    socket.on('error', ({ code }: NodeJS.ErrnoException) => done(code === 'ECONNRESET' ? 'reset' : 'closed'))
    socket.on('close', () => done('closed'))
    socket.on('data', (chunk) => {
      piecesAtMs.push(performance.now() - startedMs)
      text += chunk.toString('latin1')
      if (isWhole(text)) done('open')
    })
    socket.write(request)
  })
  socket.destroy()
  return { text, end, piecesAtMs }
}

function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return false
  if (/^HTTP\/1\.1 (204|304)/.test(text)) return true
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1]
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length)
}
