import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { rawRequest } from '../../support/raw-client.ts'
import { DELIVERY_DETAIL, WEBHOOK } from './sample-views.ts'
import { PAGE, runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'
import { sampleEmitter } from './sample-emitter.ts'

let running: RunningApi
afterEach(() => running.api.close())
const start = async () => void (running = await runningApi())
const [SCRIPT] = PAGE.files.keys()

test('the console is at /, looked up anew each time; its files are kept for ever', async () => {
  await start()
  const page = await running.ask('/')
  expect([page.text, page.headers['content-type']]).toEqual([PAGE.html, 'text/html; charset=utf-8'])
  expect(page.headers['cache-control']).toBe('no-cache')
  const again = await running.ask('/', { headers: { 'If-None-Match': String(page.headers.etag) } })
  expect([again.status, again.text]).toEqual([304, ''])
  const script = await running.ask(SCRIPT ?? '')
  expect([script.text, script.headers['cache-control']]).toEqual([
    "import 'Zoë'",
    'public, max-age=31536000, immutable',
  ])
  const head = await running.ask(SCRIPT ?? '', { method: 'HEAD' })
  expect([head.text, head.headers['content-length']]).toEqual(['', '13'])
})

test.each(['/', SCRIPT ?? '', '/api/program', '/api/nothing', '/nothing', '/api/logout'])(
  'the answer to %s lets nothing foreign run, frame, read or keep it',
  async (path) => {
    await start()
    const { headers } = await running.ask(path)
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    if (path.startsWith('/api')) expect(headers['cache-control']).toBe('no-store')
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  },
)

describe('what is no request', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', '400 '],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, '431 '],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil\r\n\r\n', '400 '],
    ['no host', 'GET /api/program HTTP/1.0\r\n\r\n', '421 '],
    ['a proxy request', 'GET http://evil.example/api/program HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', '400 '],
  ])('%s', async (_, request, status) => {
    await start()
    const { text } = await rawRequest(running.api.url, request.replace('PORT', String(running.api.port)))
    expect(text).toContain(`HTTP/1.1 ${status}`)
    expect(text).toContain('application/problem+json')
    expect(text.toLowerCase()).toContain('content-security-policy: default-src')
  })

  test('a body that is cut off changes nothing, and is no bug', async () => {
    await start()
    const head = `POST /api/events HTTP/1.1\r\nHost: 127.0.0.1:${running.api.port}\r\nContent-Type: application/json\r\n`
    await rawRequest(running.api.url, `${head}Content-Length: 100\r\n\r\n{"type":`, { waitMs: 50 })
    await expect.poll(() => running.requests.length).toBe(1)
    expect([running.calls, running.bugs]).toEqual([[], []])
  })
})

test('several requests go over one connection', async () => {
  await start()
  const get = `GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:${running.api.port}\r\n\r\n`
  const bad = `POST /api/events HTTP/1.1\r\nHost: 127.0.0.1:${running.api.port}\r\nContent-Length: 2\r\n\r\n{}`
  const { text } = await rawRequest(running.api.url, bad + get + get, { waitMs: 300 })
  await expect.poll(() => running.requests.map(({ status }) => status)).toEqual([415, 200, 200])
  expect(text).toContain('415 Unsupported Media Type')
})

test('a port that is in use is a mistake that the user can mend', async () => {
  await start()
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => void other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const error = await runningApi({ port }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UsageError)
  expect(String(error)).toContain(`port ${port} is already in use on 127.0.0.1`)
  other.close()
})

test('closing lets an answer that is on its way be given', async () => {
  let answer: (() => void) | undefined
  const sample = sampleEmitter({
    pingWebhook: () => new Promise((resolve) => void (answer = () => resolve(DELIVERY_DETAIL))),
  })
  running = await runningApi({ sample })
  const asked = running.ask(`/api/webhooks/${WEBHOOK.id}/ping`, { method: 'POST' })
  await expect.poll(() => answer).toBeDefined()
  const closed = running.api.close()
  answer?.()
  expect((await asked).status).toBe(200)
  await closed
  await expect(running.ask('/')).rejects.toThrow('ECONNREFUSED')
})

test('closing waits a second for an answer, not longer', async () => {
  const sample = sampleEmitter({ pingWebhook: () => new Promise(() => {}) })
  running = await runningApi({ sample })
  const asked = running.ask(`/api/webhooks/${WEBHOOK.id}/ping`, { method: 'POST' }).catch(String)
  await expect.poll(() => running.calls.length).toBe(1)
  const closed = running.api.close()
  running.clock.advance(1000)
  await closed
  expect(await asked).toContain('socket hang up')
})
