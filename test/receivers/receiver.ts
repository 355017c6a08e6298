import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventStore } from './store.ts'

/** What every receiver here asks for, as set at Qualifio. */
export const SECRET = 's3cr3t-Ω'
/** The secret before that one, which may still sign: receivers take both. */
export const PREVIOUS_SECRET = 'pr3v1ous-Ω'
/** A secret that signs no more. */
export const RETIRED_SECRET = 'r3t1red-Ω'
/** The custom authorization header. */
export const AUTHORIZATION = ['x-test-authorization-header', '123456ots'] as const
/** The largest body that a receiver here takes, in bytes. */
export const MOST_BYTES = 10 * 1024 * 1024

/** A receiver that listens, somebody's own program. */
export interface RunningReceiver {
  readonly url: string
  close(): Promise<void>
}

/** A receiver whose store can be asked what it did. */
export interface CheckedReceiver extends RunningReceiver {
  /** Answers a number to GET: how often the event was applied; `{eventId}` stands for its id. */
  readonly oracleUrl: string
  /** How often each event was applied, by its id. */
  applied(): Promise<ReadonlyMap<string, number>>
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The signature header that a body must have come with. */
export function signatureOf(body: Uint8Array | string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Listens on a free loopback port, if the server does not listen already. */
export async function started(server: Server, store: EventStore): Promise<CheckedReceiver> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...addresses((server.address() as AddressInfo).port),
    applied: async () => store.applied(),
    close: () => stopped(server),
  }
}

/** Where a receiver on a loopback port is found, and its oracle. */
export function addresses(port: number): Pick<CheckedReceiver, 'url' | 'oracleUrl'> {
  const origin = `http://127.0.0.1:${port}`
  return { url: `${origin}/webhooks`, oracleUrl: `${origin}/events/{eventId}/count` }
}

/** Ends a server with all its connections; one that has ended already too. */
export function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
