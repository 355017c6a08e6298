import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came in whole. */
export interface Came {
  readonly body: string
  readonly signature: string
  readonly status: number
}

/** A receiver that writes down what it got, and knows nothing of whoever sends. */
export interface Receiver {
  readonly url: string
  readonly came: readonly Came[]
  close(): Promise<void>
}

/** How it answers. */
export interface ReceiverRules {
  /** Of this body, which came so many times before. */
  readonly status: (body: string, before: number) => number
  readonly delayMs: number
}

/** Starts one on a port of the loopback. */
export async function startReceiver({ status, delayMs }: ReceiverRules): Promise<Receiver> {
  const came: Came[] = []
  const times = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const before = times.get(body) ?? 0
      times.set(body, before + 1)
      const answer = status(body, before)
      came.push({ body, signature: String(request.headers['x-qualifio-signature']), status: answer })
      setTimeout(() => response.writeHead(answer).end(), delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    came,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Fails a part of all first requests, by their bytes, so that it is the same ones each time. */
export function failing(part: number): (body: string, before: number) => number {
  return (body, before) => {
    const chance = Number.parseInt(/"id":\s*"([0-9a-f]{8})/.exec(body)?.[1] ?? '0', 16) / 2 ** 32
    return before === 0 && chance < part ? 503 : 200
  }
}
