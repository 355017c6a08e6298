import { describe, expect, test } from 'vitest'
import { deliver } from '../../src/delivery/deliver.ts'
import type { DeliverOptions, Wait } from '../../src/delivery/deliver.ts'
import type { Attempt } from '../../src/delivery/outcome.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import { fakeClock } from '../support/fake-clock.ts'
import type { FakeClock } from '../support/fake-clock.ts'
import { scriptedTransport } from '../support/scripted-transport.ts'
import type { Step } from '../support/scripted-transport.ts'

const url = new URL('http://localhost/hook')
const request = buildRequest({ url, userAgent: 'x', secret: 's' }, '[{"n":1}]')

/** Delivers against a script; every attempt takes 100 ms. */
async function run(script: readonly Step[], options: Partial<DeliverOptions> = {}, clock: FakeClock = fakeClock()) {
  const transport = scriptedTransport(script, () => clock.advance(100))
  const { outcome, attempts } = await deliver(request, { policy: retryPolicy({}), clock, transport, ...options })
  return { outcome, attempts, sent: transport.sent, sleeps: clock.sleeps }
}

const seconds = (...counts: number[]) => counts.map((count) => count * 1000)

test('a receiver that always fails gets 8 requests, 127 s apart in all, and is blocked', async () => {
  const { outcome, attempts, sleeps } = await run([500])
  expect(outcome).toBe('blocked')
  expect(attempts.map(({ retry }) => retry)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(sleeps).toEqual(seconds(1, 2, 4, 8, 16, 32, 64))
  expect(sleeps.reduce((sum, delayMs) => sum + delayMs)).toBe(127_000)
  expect(attempts.map(({ nextDelayMs }) => nextDelayMs)).toEqual([...sleeps, undefined])
})

test.each<[Step[], string, number]>([
  [[204], 'delivered', 1],
  [[503, 204], 'delivered', 2],
  [['refused', 302, 'timeout', 410, 200], 'delivered', 5],
  [[500, 500, 500, 500, 500, 500, 500, 200], 'delivered', 8],
  [[500, 500, 500, 500, 500, 500, 500, 500, 200], 'blocked', 8],
])('%j is %s after %i requests', async (script, expected, requests) => {
  const { outcome, attempts } = await run(script)
  expect([outcome, attempts.length]).toEqual([expected, requests])
})

test('every attempt sends the very same request', async () => {
  const { sent } = await run([500])
  expect(new Set(sent)).toEqual(new Set([request]))
})

describe('speed', () => {
  test('shortens waits and nothing else; the other clock is told', async () => {
    const { attempts, sleeps } = await run([500, 500, 204], { speed: 10 })
    expect(sleeps).toEqual([100, 200])
    expect(attempts).toEqual([
      expect.objectContaining({
        startedAt: '2026-01-01T00:00:00.000Z',
        dueAtSimulated: '2026-01-01T00:00:00.000Z',
        durationMs: 100,
        nextDelayMs: 1000,
        nextDelayRealMs: 100,
      }),
      expect.objectContaining({ startedAt: '2026-01-01T00:00:00.200Z', dueAtSimulated: '2026-01-01T00:00:01.100Z' }),
      expect.objectContaining({ startedAt: '2026-01-01T00:00:00.500Z', dueAtSimulated: '2026-01-01T00:00:03.200Z' }),
    ])
  })

  test('max waits not at all', async () => {
    const { attempts, sleeps } = await run([500], { speed: 'max' })
    expect(sleeps).toEqual([])
    expect(attempts.at(-1)?.dueAtSimulated).toBe('2026-01-01T00:02:07.700Z')
  })
})

test('progress is told as it happens', async () => {
  const told: (['attempt', Attempt] | ['wait', Wait])[] = []
  await run([503, 204], {
    speed: 2,
    onAttempt: (attempt) => told.push(['attempt', attempt]),
    onWait: (wait) => told.push(['wait', wait]),
  })
  expect(told).toEqual([
    ['attempt', expect.objectContaining({ retry: 0 })],
    ['wait', { retry: 1, delayMs: 1000, realDelayMs: 500, dueAtMs: Date.UTC(2026, 0, 1) + 600 }],
    ['attempt', expect.objectContaining({ retry: 1 })],
  ])
})

describe('stopping', () => {
  test('during a wait ends it at once and keeps the attempts', async () => {
    const stop = new AbortController()
    const { outcome, attempts } = await run(
      [500],
      { signal: stop.signal, onWait: () => setImmediate(() => stop.abort()) },
      fakeClock('hold'),
    )
    expect(outcome).toBe('interrupted')
    expect(attempts).toHaveLength(1)
  })

  test('during an attempt gives it the code aborted, with no next wait', async () => {
    const stop = new AbortController()
    const clock = fakeClock()
    const transport = scriptedTransport([500], (nth) => void (nth === 2 && stop.abort()))
    const { outcome, attempts } = await deliver(request, {
      policy: retryPolicy({}),
      clock,
      transport,
      signal: stop.signal,
    })
    expect(outcome).toBe('interrupted')
    expect(attempts).toHaveLength(3)
    expect(attempts[2]).toMatchObject({ result: { code: 'aborted' } })
    expect(attempts[2]).not.toHaveProperty('nextDelayMs')
    expect(clock.sleeps).toEqual([1000, 2000])
  })

  test('before the start sends nothing', async () => {
    expect(await run([200], { signal: AbortSignal.abort() })).toMatchObject({
      outcome: 'interrupted',
      attempts: [],
      sent: [],
    })
  })

  test('after the answer that settles it changes nothing', async () => {
    const stop = new AbortController()
    expect(await run([200], { signal: stop.signal, onAttempt: () => stop.abort() })).toMatchObject({
      outcome: 'delivered',
    })
    const last = new AbortController()
    const blocked = await run([500], {
      signal: last.signal,
      onAttempt: ({ retry }) => void (retry === 7 && last.abort()),
    })
    expect(blocked.outcome).toBe('blocked')
  })
})
