import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What every receiver here asks for, as set at Qualifio. */
export const SECRET = 's3cr3t-Ω'
/** The custom authorization header. */
export const AUTHORIZATION = ['x-test-authorization-header', '123456ots'] as const

/** A receiver that listens, somebody's own program. */
export interface RunningReceiver {
  readonly url: string
  close(): Promise<void>
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The signature header that a body must have come with. */
export function signatureOf(body: Uint8Array | string): string {
  return `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
}

/** What a sound receiver answers: 401 to a stranger, 400 to what is no array of events, 204 otherwise. */
export function statusFor(given: {
  readonly authorization: string | undefined
  readonly signature: string | undefined
  readonly body: Uint8Array
}): 401 | 400 | 204 {
  if (!isSame(given.authorization, AUTHORIZATION[1])) return 401
  if (!isSame(given.signature, signatureOf(given.body))) return 401
  try {
    return Array.isArray(JSON.parse(Buffer.from(given.body).toString())) ? 204 : 400
  } catch {
    return 400
  }
}

/** Listens on a free loopback port. */
export async function listening(handler: RequestListener): Promise<RunningReceiver> {
  return started(createServer(handler))
}

/** The same for a server that exists, whether it listens already or not. */
export async function started(server: Server): Promise<RunningReceiver> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
