import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { StreamMessage } from '../../../src/emitter/view/views.ts'
import { DOCUMENT, errorsOf } from './documented.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'
import { DELIVERY, EVENTS, PROGRAM, WEBHOOK } from './sample-views.ts'

let running: RunningApi
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await running.api.close()
})

interface Client {
  readonly socket: Socket
  text(): string
  isOver(): boolean
}

/** Opens the stream and reads it. */
async function open(): Promise<Client> {
  let text = ''
  let isOver = false
  const socket = connect(running.api.port, '127.0.0.1')
  sockets.add(socket)
  socket.on('data', (chunk) => void (text += chunk.toString('utf8')))
  socket.on('error', () => {})
  socket.on('close', () => void (isOver = true))
  socket.write(`GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${running.api.port}\r\n\r\n`)
  await expect.poll(() => text, { interval: 5 }).toMatch(/\r\n\r\n[\s\S]*\n\n/)
  return { socket, text: () => text, isOver: () => isOver }
}

/** What a browser would be told. */
const told = (text: string) =>
  [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, name, data]) => ({
    name,
    data: JSON.parse(data ?? '') as unknown,
  }))

const MESSAGES: readonly StreamMessage[] = [
  { name: 'deliveries', data: { items: [DELIVERY], more: false } },
  { name: 'events', data: { items: EVENTS, more: true } },
  { name: 'webhooks', data: { items: [WEBHOOK] } },
  { name: 'program', data: PROGRAM },
]

test('it greets with the program, and then tells everybody what changes', async () => {
  running = await runningApi()
  const clients = [await open(), await open()]
  for (const message of MESSAGES) running.tell(message)
  for (const { text } of clients) {
    await expect.poll(() => told(text())).toEqual([{ name: 'hello', data: PROGRAM }, ...MESSAGES])
    expect(text()).toContain('Content-Type: text/event-stream')
    expect(text()).toContain('Cache-Control: no-store')
  }
  const schema = { $ref: '#/components/schemas/StreamMessage' }
  expect(DOCUMENT.components).toHaveProperty('schemas.StreamMessage')
  for (const message of MESSAGES) expect(errorsOf(schema, message)).toEqual([])
})

test('it shows that it lives every 15 seconds', async () => {
  running = await runningApi()
  const { text } = await open()
  const beats = () => text().match(/^: .*\n\n/gm)?.length ?? 0
  running.clock.advance(14_999)
  expect(beats()).toBe(0)
  running.clock.advance(1)
  await expect.poll(beats).toBe(1)
  running.clock.advance(15_000)
  await expect.poll(beats).toBe(2)
})

test('the emitter is listened to while somebody looks, once for all of them', async () => {
  running = await runningApi()
  expect(running.listeners()).toBe(0)
  const [first, second] = [await open(), await open()]
  expect(running.listeners()).toBe(1)
  first.socket.destroy()
  second.socket.destroy()
  await expect.poll(() => running.listeners()).toBe(0)
  const third = await open()
  running.tell({ name: 'program', data: PROGRAM })
  await expect.poll(() => told(third.text())).toHaveLength(2)
})

test('who does not read is dropped, and the others go on', async () => {
  running = await runningApi()
  const [reader, sleeper] = [await open(), await open()]
  sleeper.socket.pause()
  let sent = 0
  // As much as the buffers of both kernels hold, and more.
  await expect
    .poll(
      () => {
        running.tell({ name: 'events', data: { items: Array.from({ length: 20 }).flatMap(() => EVENTS), more: false } })
        sent += 1
        return running.requests.length
      },
      { interval: 1, timeout: 10_000 },
    )
    .toBe(1)
  await expect.poll(() => told(reader.text()).length, { timeout: 10_000 }).toBe(sent + 1)
  expect(reader.isOver()).toBe(false)
})

test('a hundred may look, and the next one is asked to come later', async () => {
  running = await runningApi()
  for (let count = 0; count < 100; count += 1) await open()
  const refused = await running.ask('/api/stream')
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5'])
  const [one] = sockets
  one?.destroy()
  await expect.poll(() => running.requests.length).toBe(2)
  await open()
})

test('closing ends every stream properly', async () => {
  running = await runningApi()
  const clients = [await open(), await open()]
  await running.api.close()
  for (const { isOver, text } of clients) {
    await expect.poll(isOver).toBe(true)
    expect(text()).toMatch(/\r\n0\r\n\r\n$/)
  }
  expect(running.listeners()).toBe(0)
})
