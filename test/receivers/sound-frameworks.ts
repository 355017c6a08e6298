import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { readBody } from './node-receiver.ts'
import { MOST_BYTES, started, type CheckedReceiver } from './receiver.ts'
import { eventStore } from './store.ts'
import { answerTo, countOf, Refusal } from './steps.ts'

/** Fastify: a parser for application/json that hands on the bytes. */
export async function fastifyReceiver(): Promise<CheckedReceiver> {
  const store = eventStore()
  const app = fastify({ bodyLimit: MOST_BYTES, exposeHeadRoutes: false, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  // A body that is too large is answered before it was read, and Fastify closes: then the sender may never see 413.
  app.addHook('onSend', async (_, reply) => void (reply.statusCode === 413 && reply.removeHeader('connection')))
  app.post('/webhooks', async (request, reply) => {
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0)
    const { status } = await answerTo({ headers: request.headers, body }, store)
    return reply.status(status).send()
  })
  app.route({
    method: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    url: '/webhooks',
    handler: (_, reply) => reply.status(405).header('allow', 'POST').send(),
  })
  app.get<{ Params: { eventId: string } }>('/events/:eventId/count', async ({ params }) =>
    countOf(params.eventId, store),
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { ...(await started(app.server, store)), close: () => app.close() }
}

/**
 * Hono: the body as a stream of bytes, where `text()` drops a byte order mark and mends what is no UTF-8. Its `bodyLimit`
 * answers before the body was read, and half a second later the Node adapter ends the connection under the next request.
 */
export function honoReceiver(): Promise<CheckedReceiver> {
  const store = eventStore()
  const app = new Hono()
  app.post('/webhooks', async (context) => {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of context.req.raw.body ?? []) {
      bytes += chunk.length
      if (bytes <= MOST_BYTES) chunks.push(chunk)
    }
    if (bytes > MOST_BYTES) return new Response(null, { status: 413 })
    const { status } = await answerTo({ headers: context.req.header(), body: Buffer.concat(chunks) }, store)
    return new Response(null, { status })
  })
  app.all('/webhooks', () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  app.get('/events/:eventId/count', (context) => context.text(countOf(context.req.param('eventId'), store)))
  // A cut body ends here.
  app.onError(() => new Response(null, { status: 400 }))
  return started(createAdaptorServer({ fetch: app.fetch }) as Server, store)
}

/** Koa reads no body: the stream is there as `context.req`. */
export function koaReceiver(): Promise<CheckedReceiver> {
  const store = eventStore()
  const app = new Koa()
  app.use(async (context, next) => {
    if (context.path !== '/webhooks') {
      await next()
    } else if (context.method === 'POST') {
      context.status = await readBody(context.req)
        .then((body) => answerTo({ headers: context.headers, body }, store))
        .catch((error: unknown) => (error instanceof Refusal ? error.answer : { status: 400 }))
        .then(({ status }) => status)
    } else {
      context.set('Allow', 'POST')
      context.status = 405
    }
  })
  app.use((context) => {
    const [, eventId] = /^\/events\/([^/]+)\/count$/.exec(context.path) ?? []
    if (eventId !== undefined) context.body = countOf(decodeURIComponent(eventId), store)
  })
  // Koa prints what it calls an error, a connection that was cut among it, unless somebody listens.
  app.on('error', () => {})
  const handle = app.callback()
  return started(
    createServer((request, response) => void handle(request, response)),
    store,
  )
}
