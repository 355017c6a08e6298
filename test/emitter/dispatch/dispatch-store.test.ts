import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createTransport } from '../../../src/delivery/transport.ts'
import { createDispatch } from '../../../src/emitter/dispatch/dispatch.ts'
import type { Store } from '../../../src/emitter/storage.ts'
import { openStore } from '../../../src/emitter/store/store.ts'
import { sign } from '../../../src/signing/signature.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { webhookCalled } from './dispatch-setting.ts'

const COUNT = 60
const CONCURRENCY = 4

/** A receiver that hangs until it is mended, fails the first request of every third delivery, and keeps what it got. */
async function receiver() {
  const got: { readonly body: string; readonly signature: unknown; readonly status: number }[] = []
  let isMended = false
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const nth = Number(/\d+/.exec(body))
      const isRetry = got.some((each) => each.body === body)
      const hangs = !isMended && nth > COUNT / 2
      const status = hangs ? 0 : nth % 3 === 0 && !isRetry ? 503 : 200
      got.push({ body, signature: request.headers['x-qualifio-signature'], status })
      if (!hangs) response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.closeAllConnections())
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return { got, url, mend: () => (isMended = true) }
}

function dispatchOn(store: Store) {
  const dispatch = createDispatch({
    store,
    clock: systemClock,
    policy: { delaysMs: [1000] },
    speed: 'max',
    concurrency: CONCURRENCY,
    order: 'none',
    blockEndpointAfter: null,
    userAgent: 'test',
    transportFor: (url) => createTransport({ url, connections: CONCURRENCY, timeoutMs: 10_000, clock: systemClock }),
    webhooks: store.webhooks(),
    onDelivery: () => {},
    onWebhook: () => {},
  })
  for (const unfinished of store.unfinished()) dispatch.add(unfinished)
  return dispatch
}

test('a real store and a real receiver, with a stop while requests hang: all arrives, nothing finished goes twice', async () => {
  const { got, url, mend } = await receiver()
  const folder = await mkdtemp(join(tmpdir(), 'qualifio-sim-dispatch-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const open = () => openStore({ folder, clock: systemClock, newSeed: () => 1 })

  const first = await open()
  first.putWebhook(webhookCalled('shop', { url, secret: 'my-secret' }))
  for (let nth = 1; nth <= COUNT; nth += 1) {
    const body = Buffer.from(`[{"nth":${nth}}]`)
    const signature = { header: 'X-Qualifio-Signature', value: sign('my-secret', body) }
    const bodySha256 = createHash('sha256').update(body).digest('hex')
    const nowMs = systemClock.nowMs()
    const times = { createdAtMs: nowMs, dueAtMs: nowMs }
    const contentType = 'application/json'
    first.addDelivery({
      webhookId: 'shop',
      kind: 'events',
      events: [],
      body,
      bodySha256,
      contentType,
      signature,
      ...times,
      state: 'queued',
    })
  }
  await first.durable()
  const hanging = dispatchOn(first)
  while (got.filter(({ status }) => status === 0).length < CONCURRENCY) await sleep(5)
  await hanging.stop(0)
  await first.close()
  const before = got.length

  mend()
  const second = await open()
  expect(second.unfinished().filter(({ isUnknown }) => isUnknown)).toHaveLength(CONCURRENCY)
  const going = dispatchOn(second)
  await Promise.all(Array.from({ length: COUNT }, (_, index) => going.finished(index + 1)))
  await going.stop(1000)

  const page = second.deliveries({}, { limit: COUNT })
  expect(page.map(({ state }) => state)).toEqual(page.map(() => 'delivered'))
  const marked = page.filter(({ possibleDuplicate }) => possibleDuplicate).map(({ id }) => id)
  expect(marked).toHaveLength(CONCURRENCY)
  const delivered = got.filter(({ status }) => status === 200).map(({ body }) => body)
  expect(new Set(delivered).size).toBe(COUNT)
  expect(delivered).toHaveLength(COUNT)
  expect(
    got
      .slice(before)
      .some(({ body }) => got.slice(0, before).some((each) => each.status === 200 && each.body === body)),
  ).toBe(false)
  for (const { body, signature } of got) expect(signature).toBe(sign('my-secret', Buffer.from(body)))
  await second.close()
})
