import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { loadContract } from '../../src/contract/contract.ts'
import { verify } from '../../src/signing/signature.ts'
import { createCollector } from '../../src/stress/collect.ts'
import { runLoad } from '../../src/stress/run.ts'
import type { RunLoadOptions } from '../../src/stress/run.ts'
import { serveWorker } from '../../src/stress/worker.ts'
import type { WorkerLoad } from '../../src/stress/worker.ts'
import { runWorkers } from '../../src/stress/workers.ts'
import type { WorkerThread } from '../../src/stress/workers.ts'
import { systemClock } from '../support/system-clock.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map(async (close) => close()))
})

/** A receiver that checks signatures and notes the ids it was given; the `nth` request may be answered otherwise. */
async function receiver(statusOf: (nth: number) => number = () => 200) {
  const ids: string[] = []
  let requests = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const { valid } = verify('s', body, request.headers['x-qualifio-signature'])
      response.statusCode = valid ? statusOf(requests++) : 401
      if (valid) ids.push(...(JSON.parse(body.toString()) as { id: string }[]).map(({ id }) => id))
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), ids }
}

async function optionsFor(url: URL, options: Partial<RunLoadOptions> = {}): Promise<RunLoadOptions> {
  return {
    schedule: { kind: 'closed', count: 300 },
    connections: 5,
    maxInFlight: 5,
    policy: { delaysMs: [1000, 1000, 1000] },
    speed: 60,
    drainMs: 5000,
    maxRequests: 10_000,
    timeoutMs: 5000,
    shares: {},
    seed: 3,
    nowMs: Date.UTC(2026, 10, 23),
    contract: await loadContract('assumed-1'),
    what: ['earning'],
    batch: 1,
    endpoint: { url, userAgent: 'qualifio-sim/0', secret: 's' },
    workers: 1,
    clock: systemClock,
    ...options,
  }
}

describe('a load', () => {
  test('arrives whole, signed, and every event once', async () => {
    const { url, ids } = await receiver()
    const result = await runLoad(await optionsFor(url, { batch: 3 }))
    expect(result.books).toMatchObject({ deliveries: 300, delivered: 300, requests: 300 })
    expect(result).toMatchObject({ endedBy: 'count', statuses: { 200: 300 }, failures: {} })
    expect(new Set(ids).size).toBe(900)
    expect(result.bytesSent).toBeGreaterThan(300 * 1000)
    expect(result.distribution.reduce((sum, { count }) => sum + count, 0)).toBe(300)
  })

  test('is retried with the same events, and refuses forged ones apart', async () => {
    const { url, ids } = await receiver((nth) => (nth % 4 === 0 ? 503 : 200))
    // Enough retries for everyone to come through.
    const policy = { delaysMs: Array.from({ length: 30 }, () => 500) }
    const result = await runLoad(await optionsFor(url, { policy, shares: { 'wrong-signature': 0.2 } }))
    const { delivered, refused, retries, requests } = result.books
    expect(refused).toBeGreaterThan(20)
    expect(delivered + refused).toBe(300)
    expect(requests).toBe(300 + retries)
    expect(new Set(ids).size).toBe(delivered)
    expect(ids).toHaveLength(delivered + retries)
  })

  test('cannot be forged without a secret', async () => {
    const options = await optionsFor(new URL('http://127.0.0.1:1/'), { shares: { 'wrong-signature': 0.1 } })
    const unsigned = { ...options, endpoint: { url: options.endpoint.url, userAgent: 'x' } }
    await expect(runLoad(unsigned)).rejects.toThrow('--fault wrong-signature: without a secret nothing is signed')
  })

  test('in several threads is the same load, and its seconds are added up', async () => {
    const { url, ids } = await receiver()
    const { clock: _, workers: __, ...load } = await optionsFor(url, { schedule: { kind: 'closed', count: 301 } })
    const collector = createCollector(3)
    await runWorkers(load, { workers: 3, collector, openThread })
    const { books, timeline, latencyMs } = collector.result()
    expect(books).toMatchObject({ deliveries: 301, delivered: 301, requests: 301 })
    expect(new Set(ids).size).toBe(301)
    expect(timeline.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(301)
    expect(latencyMs.p50).toBeGreaterThan(0)
  })
})

/** What a thread does, in this one; what goes between them is copied as between threads. */
function openThread(data: WorkerLoad): WorkerThread {
  const { port1, port2 } = new MessageChannel()
  void serveWorker(
    structuredClone(data),
    {
      tell: (news) => port2.postMessage(news),
      onOrder: (listener) => port2.on('message', listener),
    },
    systemClock,
  )
  return Object.assign(port1, { terminate: () => port1.close() })
}
