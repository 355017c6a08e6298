import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { MOST_BYTES, started, type CheckedReceiver } from './receiver.ts'
import { eventStore, type EventStore } from './store.ts'
import { answerTo, countOf, Refusal, SOUND_STEPS, type Answer, type Steps } from './steps.ts'

/** Answers a request, or never does. */
export type Handler = (request: IncomingMessage) => Promise<Answer>

/** The seams of a receiver on node:http: the steps, and what happens around them. */
export interface NodeSteps extends Steps {
  read(request: IncomingMessage): Promise<Uint8Array>
  /** What becomes of an error; a Refusal has its answer with it. */
  failed(error: unknown): Answer
  /** Around all that concerns the endpoint. */
  around(next: Handler, store: EventStore, server: Server): Handler
}

const NODE_STEPS: NodeSteps = {
  ...SOUND_STEPS,
  read: readBody,
  failed: (error) => (error instanceof Refusal ? error.answer : { status: 500 }),
  around: (next) => next,
}

/** Plain node:http: the raw bytes are what the request's chunks join to. Sound but for what is changed. */
export function nodeReceiver(changes: Partial<NodeSteps> = {}): Promise<CheckedReceiver> {
  const store = eventStore()
  return started(serving(createServer(), store, changes), store)
}

/** Makes a server, plain or TLS, a receiver. */
export function serving<S extends Server>(server: S, store: EventStore, changes: Partial<NodeSteps> = {}): S {
  const steps = { ...NODE_STEPS, ...changes }

  async function received(request: IncomingMessage): Promise<Answer> {
    if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } }
    try {
      const body = await steps.read(request)
      return await answerTo({ headers: request.headers, body }, store, steps)
    } catch (error) {
      return steps.failed(error)
    }
  }

  function asked(request: IncomingMessage): Answer {
    const [, eventId] = /^\/events\/([^/]+)\/count$/.exec(request.url ?? '') ?? []
    if (eventId === undefined) return { status: 404 }
    try {
      return { status: 200, body: countOf(decodeURIComponent(eventId), store) }
    } catch {
      return { status: 400 }
    }
  }

  const handle = steps.around(received, store, server)
  return server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const [path] = (request.url ?? '').split('?')
    const answer = path === '/webhooks' ? handle(request) : Promise.resolve(asked(request))
    answer.catch(steps.failed).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: Error) => response.destroy(error),
    )
  })
}

/** All bytes of a body. Rejects when it is cut (then nothing was sent whole), with a Refusal past ten megabytes. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MOST_BYTES) chunks.push(chunk)
      // The rest is still read and thrown away: who is cut off while writing may never see the answer.
      else reject(new Refusal({ status: 413 }))
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Refusal({ status: 400 })))
  })
}
