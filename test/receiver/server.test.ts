import { afterEach, describe, expect, test } from 'vitest'
import { deliverAll } from '../../src/delivery/run.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import { UsageError } from '../../src/errors.ts'
import { ALWAYS_ACCEPT, FAIL_ONCE } from '../../src/receiver/behaviour.ts'
import { startReceiver } from '../../src/receiver/server.ts'
import type { Exchange, ReceiverOptions } from '../../src/receiver/server.ts'
import { systemClock } from '../support/system-clock.ts'

const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function start(options: Partial<ReceiverOptions> = {}) {
  const exchanges: Exchange[] = []
  const receiver = await startReceiver({
    requirements: { secrets: ['s'], headers: [['X-Auth', '1']] },
    behaviour: FAIL_ONCE,
    onRequest: (exchange) => exchanges.push(exchange),
    ...options,
  })
  const transport = createTransport({ url: receiver.url, connections: 2, timeoutMs: 5000, clock: systemClock })
  toClose.push(transport, receiver)
  const request = (body: string, secret = 's') =>
    buildRequest({ url: receiver.url, userAgent: 'x', secret, headers: [['X-Auth', '1']] }, body)
  return { receiver, transport, request, exchanges }
}

test('sender and receiver agree: one failure, a retry, then success', async () => {
  const { transport, request, exchanges } = await start()
  const jobs = ['[{"id":"a","type":"earning"}]', '[{"id":"🎁"}]'].map((body, index) => ({
    id: `d${index}`,
    request: request(body),
    events: [{}],
  }))
  const policy = retryPolicy({ schedule: 'instant' })
  const summary = await deliverAll(jobs, { transport, policy, clock: systemClock, concurrency: 2, total: 2 })
  expect(summary).toMatchObject({ delivered: 2, requests: 3, everConnected: true })
  const statuses = exchanges.map(({ nth, status }) => [nth, status])
  expect(statuses).toEqual([
    [1, 503],
    [2, 204],
    [3, 204],
  ])
  const ids = exchanges.flatMap(({ verdict }) =>
    verdict.kind === 'accepted' ? verdict.events.map(({ id }) => id) : [],
  )
  expect(new Set(ids)).toEqual(new Set(['a', '🎁']))
})

test('a forgery is refused, with the reason in the answer', async () => {
  const { transport, request, exchanges } = await start()
  const result = await transport.send(request('[]', 'another secret'))
  expect(result).toMatchObject({ status: 401, bodySnippet: 'the signature does not match the body and the secret\n' })
  expect(exchanges).toMatchObject([{ path: '/webhooks', method: 'POST', status: 401, verdict: { kind: 'refused' } }])
})

describe('a body', () => {
  test('of exactly the limit is read, one byte more is too large, and the connection goes on', async () => {
    const { transport, request, exchanges } = await start({ behaviour: ALWAYS_ACCEPT, maxBodyBytes: 100_000 })
    const body = JSON.stringify(['x'.repeat(100_000 - 4)])
    expect(await transport.send(request(body))).toMatchObject({ status: 204 })
    expect(await transport.send(request(`${body} `))).toMatchObject({ status: 413 })
    expect(await transport.send(request(body))).toMatchObject({ status: 204 })
    expect(exchanges.map(({ body: got }) => (got === 'too-large' ? got : got.length))).toEqual([
      100_000,
      'too-large',
      100_000,
    ])
  })
})

test('a port that is taken is an error that says so', async () => {
  const { receiver } = await start()
  const second = start({ port: receiver.port })
  await expect(second).rejects.toThrow(UsageError)
  await expect(second).rejects.toThrow(`port ${receiver.port} is already in use`)
})
