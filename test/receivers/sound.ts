import { spawn } from 'node:child_process'
import { createServer, connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { AUTHORIZATION, listening, SECRET, started, statusFor, type RunningReceiver } from './receiver.ts'

/** Plain node:http: the raw bytes are what the request's chunks join to. */
export function nodeReceiver(): Promise<RunningReceiver> {
  return listening((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { headers } = request
      const status = statusFor({
        authorization: headers[AUTHORIZATION[0]]?.toString(),
        signature: headers['x-qualifio-signature']?.toString(),
        body: Buffer.concat(chunks),
      })
      response.writeHead(status).end()
    })
  })
}

/** Express: `express.raw()` keeps the bytes that `express.json()` would throw away. */
export function expressReceiver(): Promise<RunningReceiver> {
  const app = express()
  app.post('/webhooks', express.raw({ type: '*/*', limit: '10mb' }), (request, response) => {
    const status = statusFor({
      authorization: request.get(AUTHORIZATION[0]),
      signature: request.get('x-qualifio-signature'),
      body: request.body as Buffer,
    })
    response.sendStatus(status)
  })
  return listening(app)
}

/** Fastify: a parser for application/json that hands on the bytes. */
export async function fastifyReceiver(): Promise<RunningReceiver> {
  const app = fastify({ bodyLimit: 10 * 1024 * 1024 })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.post('/webhooks', (request, reply) => {
    const status = statusFor({
      authorization: request.headers[AUTHORIZATION[0]]?.toString(),
      signature: request.headers['x-qualifio-signature']?.toString(),
      body: request.body as Buffer,
    })
    void reply.status(status).send()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { url } = await started(app.server)
  return { url, close: () => app.close() }
}

/** Hono: `arrayBuffer()` before anything parses. */
export function honoReceiver(): Promise<RunningReceiver> {
  const app = new Hono()
  app.post('/webhooks', async (context) => {
    const status = statusFor({
      authorization: context.req.header(AUTHORIZATION[0]),
      signature: context.req.header('x-qualifio-signature'),
      body: new Uint8Array(await context.req.arrayBuffer()),
    })
    return context.body(null, status)
  })
  return started(createAdaptorServer({ fetch: app.fetch }) as Server)
}

/** PHP: `php://input` under PHP's own server with four workers. */
export async function phpReceiver(php: string): Promise<RunningReceiver> {
  const port = await freePort()
  const router = fileURLToPath(new URL('router.php', import.meta.url))
  // A process group of its own: the workers must end with the one that forked them.
  const child = spawn(php, ['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, router], {
    detached: true,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      PHP_CLI_SERVER_WORKERS: '4',
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_AUTHORIZATION: AUTHORIZATION[1],
    },
  })
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  process.once('exit', kill)
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries > 500 || child.exitCode !== null) throw new Error('php -S does not accept connections')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      kill()
      await ended
    },
  }
}

/** A port that was free a moment ago: PHP cannot tell which one it took. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}
