import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeliveryOutcome } from '../../src/delivery/outcome.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import { deliverAll } from '../../src/delivery/run.ts'
import type { DeliverAllOptions, DeliveryJob } from '../../src/delivery/run.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { resultOf, scriptedTransport } from '../support/scripted-transport.ts'
import type { Step } from '../support/scripted-transport.ts'

const url = new URL('http://localhost/hook')

function job(index: number, events = 1): DeliveryJob {
  const request = buildRequest({ url, userAgent: 'x' }, String(index))
  return { id: `d${index}`, request, events: Array.from({ length: events }) }
}

const jobs = (count: number) => Array.from({ length: count }, (_, index) => job(index))
const indexOf = (body: Uint8Array) => Number(Buffer.from(body).toString())
const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

function options(overrides: Partial<DeliverAllOptions<DeliveryJob>>): DeliverAllOptions<DeliveryJob> {
  const transport = overrides.transport ?? scriptedTransport([204])
  return { concurrency: 1, policy: retryPolicy({}), clock: fakeClock(), ...overrides, transport }
}

test('the books balance, whatever the receiver does and whenever the run is stopped', async () => {
  const step = fc.constantFrom<Step>(200, 204, 302, 404, 500, 'refused', 'timeout', 'reset', 'tls', 'dns')
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        scripts: fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        concurrency: fc.integer({ min: 1, max: 4 }),
        retries: fc.integer({ min: 0, max: 3 }),
        stopAfter: fc.option(fc.nat(12), { nil: undefined }),
      }),
      async ({ scripts, concurrency, retries, stopAfter }) => {
        const stop = new AbortController()
        const tries = scripts.map(() => 0)
        const transport = scriptedTransport(
          ({ body }) => {
            const index = indexOf(body)
            const script = scripts[index] as Step[]
            const nth = (tries[index] ?? 0) + 1
            tries[index] = nth
            return script[Math.min(nth, script.length) - 1] as Step
          },
          (nth) => void (nth === stopAfter && stop.abort()),
        )
        const ended: [string, DeliveryOutcome][] = []
        let attempts = 0
        const summary = await deliverAll(
          scripts.map((_, index) => job(index, index + 1)),
          options({
            transport,
            concurrency,
            policy: retryPolicy({ retries }),
            total: scripts.length,
            signal: stop.signal,
            onAttempt: () => (attempts += 1),
            onDelivery: ({ id }, outcome) => ended.push([id, outcome]),
          }),
        )
        expect(summary.delivered + summary.blocked + summary.interrupted).toBe(summary.deliveries)
        expect(summary.deliveries + summary.notStarted).toBe(scripts.length)
        expect(summary.requests).toBe(attempts)
        expect(summary.requests).toBe(transport.sent.length)
        expect(ended.map(([id]) => id).toSorted()).toEqual(jobs(summary.deliveries).map(({ id }) => id))
        expect(summary.requests).toBe(ended.reduce((sum, [, outcome]) => sum + outcome.attempts.length, 0))
        expect(summary.events).toBe((summary.deliveries * (summary.deliveries + 1)) / 2)
        expect(summary.stopped === undefined).toBe(summary.notStarted === 0)
        const count = (kind: string) => ended.filter(([, { outcome }]) => outcome === kind).length
        expect([summary.delivered, summary.blocked]).toEqual([count('delivered'), count('blocked')])
      },
    ),
  )
})

test('nothing in, nothing out', async () => {
  expect(await deliverAll([], options({ total: 0 }))).toEqual({
    deliveries: 0,
    delivered: 0,
    blocked: 0,
    interrupted: 0,
    ended: 0,
    notStarted: 0,
    requests: 0,
    events: 0,
    everConnected: false,
    nothingJudged: false,
  })
})

describe('concurrency', () => {
  test.each([1, 3, 50])('%i in flight at most, and that many, started in order', async (concurrency) => {
    let inFlight = 0
    let most = 0
    const transport = scriptedTransport([204], async () => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await tick()
      inFlight -= 1
    })
    await deliverAll(jobs(120), options({ transport, concurrency }))
    expect(most).toBe(concurrency)
    expect(transport.sent.map(({ body }) => indexOf(body))).toEqual(jobs(120).map((_, index) => index))
  })

  test('jobs are pulled when there is room for them, from any kind of iterable', async () => {
    let pulled = 0
    let done = 0
    let mostAhead = 0
    async function* lazy() {
      for (let index = 0; index < 100; index += 1) {
        pulled += 1
        mostAhead = Math.max(mostAhead, pulled - done)
        await tick()
        yield job(index)
      }
    }
    const summary = await deliverAll(lazy(), options({ concurrency: 4, onDelivery: () => (done += 1) }))
    expect(summary.delivered).toBe(100)
    expect(mostAhead).toBeLessThanOrEqual(4)
  })
})

describe('the gate', () => {
  test('nothing else starts before the first delivery has connected', async () => {
    const order: string[] = []
    const transport = {
      async send(request: DeliveryJob['request'], _signal?: AbortSignal, onConnected?: () => void) {
        const index = indexOf(request.body)
        order.push(`start ${index}`)
        for (let ticks = 0; ticks < 5; ticks += 1) await tick()
        order.push(`connected ${index}`)
        onConnected?.()
        // The first answer takes long: the others do not wait for it.
        for (let left = index === 0 ? 50 : 0; left > 0; left -= 1) await tick()
        order.push(`answer ${index}`)
        return { kind: 'responded', status: 204, headers: {}, bodySnippet: '', bodyBytes: 0 } as const
      },
    }
    await deliverAll(jobs(3), options({ transport, concurrency: 3 }))
    expect(order.slice(0, 4)).toEqual(['start 0', 'connected 0', 'start 1', 'start 2'])
    expect(order.at(-1)).toBe('answer 0')
  })

  test.each<Step>(['dns', 'refused', 'unreachable', 'connect-timeout', 'tls'])(
    'a first delivery that never connected (%s) is the last',
    async (code) => {
      const transport = scriptedTransport([code])
      const summary = await deliverAll(jobs(5), options({ transport, concurrency: 3, total: 5 }))
      expect(summary).toMatchObject({
        deliveries: 1,
        blocked: 1,
        notStarted: 4,
        requests: 8,
        everConnected: false,
        nothingJudged: true,
        stopped: 'never-connected',
      })
    },
  )

  test('one that connected in the end lets the rest go on, refused or not', async () => {
    const transport = scriptedTransport(({ body }, nth) => (indexOf(body) > 0 || nth < 3 ? 'refused' : 500))
    const summary = await deliverAll(jobs(3), options({ transport, total: 3 }))
    expect(summary).toMatchObject({ deliveries: 3, blocked: 3, everConnected: true, nothingJudged: false })
    expect(summary).not.toHaveProperty('stopped')
  })

  test.each<Step>(['timeout', 'reset', 'closed', 'protocol', 500])(
    '%s is an answer of sorts: it was judged',
    async (step) => {
      const summary = await deliverAll(jobs(2), options({ transport: scriptedTransport([step]), total: 2 }))
      expect(summary).toMatchObject({ deliveries: 2, blocked: 2, nothingJudged: false })
    },
  )
})

describe('stopped in the middle of an attempt', () => {
  /** The first attempts end as scripted; then one gets its connection, or not, and hangs until it is stopped. */
  function hanging(script: readonly Step[], connects: 'connects' | 'does not connect') {
    const stop = new AbortController()
    let nth = 0
    const transport = {
      async send(_: DeliveryJob['request'], signal?: AbortSignal, onConnected?: () => void) {
        const step = script[nth]
        nth += 1
        if (step !== undefined) return resultOf(step)
        if (connects === 'connects') onConnected?.()
        setImmediate(() => stop.abort())
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
        return resultOf('aborted')
      },
    }
    return deliverAll(jobs(2), options({ transport, total: 2, signal: stop.signal }))
  }

  test('a receiver that took the connection and hangs was reached', async () => {
    expect(await hanging([], 'connects')).toMatchObject({
      interrupted: 1,
      everConnected: true,
      nothingJudged: false,
      stopped: 'interrupted',
    })
  })

  test.each<[readonly Step[]]>([[[]], [['refused', 'refused']]])(
    'one that was not reached yet is not judged unreachable (after %j)',
    async (script) => {
      expect(await hanging(script, 'does not connect')).toMatchObject({
        everConnected: false,
        nothingJudged: false,
        stopped: 'interrupted',
      })
    },
  )
})

test('a decider of one’s own ends deliveries of a run, too', async () => {
  const decide = () => ({ kind: 'ended' }) as const
  const transport = scriptedTransport([400])
  const summary = await deliverAll(jobs(2), options({ transport, decide }))
  expect(summary).toMatchObject({ deliveries: 2, ended: 2, requests: 2 })
})

test('stopping starts nothing more and tells what was not started', async () => {
  const stop = new AbortController()
  const transport = scriptedTransport([204], (nth) => void (nth === 2 && stop.abort()))
  const summary = await deliverAll(jobs(10), options({ transport, total: 10, signal: stop.signal }))
  expect(summary).toMatchObject({ delivered: 2, interrupted: 1, notStarted: 7, stopped: 'interrupted' })
})

test('a job that was being made when the run was stopped is not started', async () => {
  const stop = new AbortController()
  async function* slow() {
    yield job(0)
    stop.abort()
    await tick()
    yield job(1)
  }
  const transport = scriptedTransport([204])
  const summary = await deliverAll(slow(), options({ transport, total: 2, signal: stop.signal }))
  expect(summary).toMatchObject({ deliveries: 1, interrupted: 0, notStarted: 1, stopped: 'interrupted' })
})

test('many in flight are not taken for a leak of listeners', async () => {
  const warnings: Error[] = []
  const listener = (warning: Error) => warnings.push(warning)
  process.on('warning', listener)
  const transport = {
    async send(request: DeliveryJob['request'], signal?: AbortSignal, onConnected?: () => void) {
      if (indexOf(request.body) === 0) onConnected?.()
      const onAbort = () => {}
      signal?.addEventListener('abort', onAbort)
      await tick()
      signal?.removeEventListener('abort', onAbort)
      return { kind: 'responded', status: 204, headers: {}, bodySnippet: '', bodyBytes: 0 } as const
    },
  }
  for (const signal of [undefined, new AbortController().signal]) {
    await deliverAll(jobs(60), options({ transport, concurrency: 30, signal }))
  }
  process.off('warning', listener)
  expect(warnings).toEqual([])
})

describe('an error of the caller ends the run and is passed on', () => {
  test('from the jobs', async () => {
    function* broken() {
      yield job(0)
      throw new Error('no more')
    }
    await expect(deliverAll(broken(), options({ concurrency: 3 }))).rejects.toThrow('no more')
  })

  test('from a callback, and the source is closed', async () => {
    let closed = false
    function* source() {
      try {
        for (let index = 0; ; index += 1) yield job(index)
      } finally {
        closed = true
      }
    }
    const failing = options({
      concurrency: 3,
      onDelivery: ({ id }) => {
        if (id === 'd5') throw new Error('disk full')
      },
    })
    await expect(deliverAll(source(), failing)).rejects.toThrow('disk full')
    expect(closed).toBe(true)
  })
})
