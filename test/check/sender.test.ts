import { describe, expect, test } from 'vitest'
import { createSender } from '../../src/check/sender.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Clock } from '../../src/ports.ts'
import { answerOf, hostileServer } from '../support/hostile-server.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { checked } from './checked.ts'
import { checkOf, kitFor, NOW_MS } from './found.ts'

/** Waits are noted and pass at once; deadlines are real. The wall stands at NOW_MS, plus what was waited for. */
function hurriedClock(onSleep = (_ms: number): void => {}): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = []
  let sleptMs = 0
  return {
    ...systemClock,
    nowMs: () => NOW_MS + sleptMs,
    monotonicMs: () => sleptMs,
    sleeps,
    async sleep(ms) {
      sleeps.push(ms)
      sleptMs += ms
      onSleep(ms)
    },
  }
}

async function asked(answers: readonly string[], clock = hurriedClock(), signal = new AbortController().signal) {
  const server = await hostileServer((socket, nth) => void socket.write(answers[nth - 1] ?? answerOf(204)))
  try {
    const sender = createSender({ wire: { url: server.url, timeoutMs: 2000 }, clock, signal })
    const kit = await kitFor('contract/empty-array', { form: 'zero-event' })
    const { exchange } = await sender.one(kit.control())
    const status = exchange.result.kind === 'responded' ? exchange.result.status : exchange.result.code
    return { status, sleeps: clock.sleeps, requests: server.requests, sender }
  } finally {
    await server.close()
  }
}

const busy = (...retryAfter: readonly string[]) =>
  answerOf(
    429,
    '',
    retryAfter.map((value) => `Retry-After: ${value}`),
  )

describe('429 with Retry-After', () => {
  test.each<[string, string, number]>([
    ['in seconds', '7', 7000],
    ['as a date', new Date(NOW_MS + 9000).toUTCString(), 9000],
    ['as a date that is past', new Date(NOW_MS - 9000).toUTCString(), 0],
    ['at once', '0', 0],
    ['in an hour: a minute at most', '3600', 60_000],
    ['tomorrow: a minute at most', new Date(NOW_MS + 86_400_000).toUTCString(), 60_000],
  ])('%s is waited for, and the same bytes are sent again', async (_, value, waitMs) => {
    const { status, sleeps, requests, sender } = await asked([busy(value)])
    expect(status).toBe(204)
    expect(sleeps).toEqual([waitMs])
    expect(requests).toHaveLength(2)
    expect(requests[1]).toBe(requests[0])
    expect(sender.requests).toBe(2)
    // Both answers are seen by the checks that only look.
    expect(sender.seen.map(({ exchange }) => exchange.result)).toMatchObject([{ status: 429 }, { status: 204 }])
  })

  test.each<[string, string]>([
    ['without it', busy()],
    ['with what is neither', busy('soon')],
    ['of another status', answerOf(503, '', ['Retry-After: 7'])],
  ])('%s is an answer like any other', async (_, text) => {
    expect(await asked([text])).toMatchObject({ sleeps: [], requests: { length: 1 } })
  })

  test('is tried three times, not for ever', async () => {
    const { status, sleeps } = await asked(Array.from({ length: 9 }, () => busy('1')))
    expect(status).toBe(429)
    expect(sleeps).toEqual([1000, 1000])
  })

  test('ends with a stop', async () => {
    const stop = new AbortController()
    const clock = hurriedClock(() => stop.abort())
    const { requests, status } = await asked([busy('7')], clock, stop.signal)
    expect(requests).toHaveLength(1)
    expect(status).toBe('aborted')
  })

  test('lets a run through that is slowed down', async () => {
    let requests = 0
    const receiver = await nodeReceiver({
      around: (next) => async (request) => {
        requests += 1
        return requests % 3 === 0 ? { status: 429, headers: { 'retry-after': '2' } } : next(request)
      },
    })
    const clock = hurriedClock()
    try {
      const checks = ['AUT-01', 'AUT-03', 'CON-01', 'PRF-04'].map(checkOf)
      const { failed, summary } = await checked(receiver, { checks, clock })
      expect(failed).toEqual([])
      expect(summary.headline).toBe('CONFORMANT')
      expect(clock.sleeps.length).toBeGreaterThan(3)
      expect(new Set(clock.sleeps)).toEqual(new Set([2000]))
    } finally {
      await receiver.close()
    }
  })
})

describe('410', () => {
  const GONE_AT = [1, 3, 6, 9] as const
  test.each(GONE_AT)('as the answer %i is the last request', async (nth) => {
    let requests = 0
    const receiver = await nodeReceiver({
      around: (next) => async (request) => {
        requests += 1
        return requests >= nth ? { status: 410 } : next(request)
      },
    })
    try {
      const { run, summary } = await checked(receiver, { checks: ['CON-01', 'CON-05'].map(checkOf), oracle: 'none' })
      expect(requests).toBe(nth)
      expect(run.results.at(-1)).toMatchObject({ check: { number: 'CON-05' }, verdict: 'SKIP' })
      // Six requests are preflight's: it could not judge. After that the run ends where it was said.
      expect(run.end).toMatchObject(
        nth > 6 ? { kind: 'gone', after: { number: 'CON-01' } } : { kind: 'control-refused' },
      )
      if (nth <= 6) expect(run.preflight.notes.join(' ')).toContain('410')
      expect(summary.exitCode).toBe(3)
    } finally {
      await receiver.close()
    }
  })

  test('of a twin over plain http says nothing of the endpoint', async () => {
    const server = await hostileServer((socket) => void socket.write(answerOf(410)))
    try {
      const { signal } = new AbortController()
      const sender = createSender({ wire: { url: server.url, timeoutMs: 2000 }, clock: systemClock, signal })
      const kit = await kitFor('transport/plain-http', { httpTwin: server.url, form: 'zero-event' })
      const [step] = checkOf('TRN-02').plan(kit).steps
      if (step?.kind !== 'one') throw new Error('no request')
      await sender.one(step.probe)
      expect([server.requests.length, sender.gone, sender.seen]).toEqual([1, false, []])
    } finally {
      await server.close()
    }
  })
})

describe('the pace', () => {
  const sentAt = async (perSecond: number | undefined, count: number) => {
    const clock = hurriedClock()
    const server = await hostileServer((socket) => void socket.write(answerOf(204)))
    try {
      const { signal } = new AbortController()
      const sender = createSender({ wire: { url: server.url, timeoutMs: 2000 }, clock, signal, perSecond })
      const kit = await kitFor('contract/empty-array')
      for (let index = 0; index < count; index += 1) await sender.one(kit.control())
      return { sleeps: clock.sleeps, ids: sender.eventIds.size }
    } finally {
      await server.close()
    }
  }

  test('is kept: five a second are 200 ms apart', async () => {
    const { sleeps, ids } = await sentAt(5, 4)
    expect(sleeps).toEqual([200, 200, 200])
    expect(ids).toBe(4)
  })

  test('has no cap without one', async () => {
    expect((await sentAt(undefined, 4)).sleeps).toEqual([])
  })
})
