import { connect } from 'node:net'
import { request } from 'undici'
import { AUTHORIZATION, signatureOf, type CheckedReceiver } from './receiver.ts'

/** What a request has besides a good signature over its body. */
export interface Differences {
  readonly method?: string
  /** `null` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | null>>
}

/** Posts a body, rightly signed and authorized but for the differences. @returns the status */
export async function post(
  url: string,
  body: string | Buffer | AsyncIterable<Uint8Array>,
  { method = 'POST', headers = {} }: Differences = {},
): Promise<number> {
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  const all: Record<string, string | null> = {
    'content-type': 'application/json',
    'user-agent': 'qualifio-sim/0',
    [AUTHORIZATION[0]]: AUTHORIZATION[1],
    'X-Qualifio-Signature': isText ? signatureOf(body) : null,
    ...headers,
  }
  const kept = Object.entries(all).filter((header): header is [string, string] => header[1] !== null)
  const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(method)
  // Not fetch, which writes all names of headers in lower case and adds some of its own.
  const response = await request(url, {
    method: method as 'POST',
    headers: Object.fromEntries(kept),
    body: hasBody ? (body as string) : null,
  })
  await response.body.dump()
  return response.statusCode
}

/** An event of any type, as the shipped contract writes it, with what is given on top. */
export function anEvent(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const member = { id: `member-of-${id}`, externalId: 'qsim-1', email: 'qsim-1@example.com', firstName: 'Zoë' }
  return {
    id,
    type: 'member_portal_visit',
    occurredAt: new Date().toISOString(),
    program: { id: 'program-1', name: 'Club' },
    member,
    data: { page: 'home' },
    ...more,
  }
}

/** What the oracle says of an event. */
export async function counted({ oracleUrl }: CheckedReceiver, eventId: string): Promise<number> {
  const response = await fetch(oracleUrl.replace('{eventId}', encodeURIComponent(eventId)))
  if (response.status !== 200) throw new Error(`the oracle answers ${response.status}`)
  return Number(await response.text())
}

/** Begins an upload and drops the connection in the middle, by RST or FIN; signed over what is sent, as if it were all. */
export async function cutUpload(url: string, body: string, how: 'reset' | 'end'): Promise<void> {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
    `${AUTHORIZATION[0]}: ${AUTHORIZATION[1]}`,
    `X-Qualifio-Signature: ${signatureOf(body)}`,
    `Content-Length: ${Buffer.byteLength(body) + 100}`,
  ]
  await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, resolve))
  if (how === 'reset') socket.resetAndDestroy()
  else socket.end().resume()
  await closed
}
