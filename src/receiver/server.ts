import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../errors.ts'
import { answerStatus } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { judge } from './judge.ts'
import type { ReceivedRequest, Requirements, Verdict } from './judge.ts'

/** One request as it came, what was made of it, and what was answered. */
export interface Exchange extends ReceivedRequest {
  /** 1 for the first request of the run. */
  readonly nth: number
  readonly path: string
  readonly verdict: Verdict
  /** The status that was answered. */
  readonly status: number
}

/** How a receiver is set up. */
export interface ReceiverOptions {
  readonly requirements: Requirements
  readonly behaviour: Behaviour
  /** Called before the answer goes out, so a reader sees both sides in order. */
  readonly onRequest?: ((exchange: Exchange) => void) | undefined
  /** 127.0.0.1 by default. */
  readonly host?: string | undefined
  /** 0, a free one, by default. */
  readonly port?: number | undefined
  /** 10 MB by default. */
  readonly maxBodyBytes?: number | undefined
}

/** A receiver that listens. */
export interface Receiver {
  /** Its endpoint. */
  readonly url: URL
  readonly port: number
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

const BODY_MAX_BYTES = 10 * 1024 * 1024

/**
 * Starts a scripted receiver on node:http: it judges every request and answers as its behaviour says.
 * @throws UsageError when the port cannot be listened on
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const host = options.host ?? '127.0.0.1'
  let nth = 0
  const server = createServer((request, response) => {
    nth += 1
    void receive(request, response, { ...options, nth })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, options.port ?? 0)))
    server.listen({ host, port: options.port ?? 0 }, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/webhooks`),
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiverOptions & { readonly nth: number },
): Promise<void> {
  let body: Uint8Array | 'too-large'
  try {
    body = await readBody(request, options.maxBodyBytes ?? BODY_MAX_BYTES)
  } catch {
    // The sender went away in the middle of its body: there is nobody to answer.
    return
  }
  const received: ReceivedRequest = {
    method: request.method ?? '',
    headers: request.headersDistinct as Readonly<Record<string, readonly string[]>>,
    body,
  }
  const verdict = judge(received, options.requirements)
  const status = answerStatus(options.behaviour, options.nth - 1, verdict)
  options.onRequest?.({ ...received, nth: options.nth, path: request.url ?? '', verdict, status })
  const text = verdict.kind === 'refused' ? `${verdict.reason}\n` : ''
  response.writeHead(status, {
    ...(status === 204 || status === 304 ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }),
    // The rest of the body is still on its way and must not be taken for the next request.
    ...(body === 'too-large' ? { Connection: 'close' } : {}),
  })
  response.end(text)
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | 'too-large'> {
  const chunks: Buffer[] = []
  let bytes = 0
  let tooLarge = false
  // Read to the end even so: closing with unread bytes would reset the connection and lose the answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) tooLarge = true
    else chunks.push(chunk)
  }
  return tooLarge ? 'too-large' : Buffer.concat(chunks)
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const address = `${host}:${port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} is already in use on ${host}; stop what listens there or choose another port`)
    case 'EACCES':
      return new UsageError(`not allowed to listen on ${address}; choose a port above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`${host} is not an address of this machine; listen on 127.0.0.1 or 0.0.0.0`)
    default:
      return error
  }
}
