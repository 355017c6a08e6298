import { describe, expect, test } from 'vitest'
import type { Oracle } from '../../src/check/oracle.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Clock } from '../../src/ports.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { checked } from './checked.ts'
import { checkOf } from './found.ts'

const some = (...numbers: readonly string[]) => numbers.map(checkOf)
const CHECKS = some('CON-11', 'CON-01', 'CON-05', 'DLV-01', 'CON-09')
const SKIPPED = 'the run ended before'

/** A sound receiver that stops the run while it handles the nth request, and answers it a moment later or not at all. */
async function stoppingReceiver(nth: number, { answers }: { readonly answers: boolean }) {
  const stop = new AbortController()
  let requests = 0
  const receiver = await nodeReceiver({
    around: (next) => async (request) => {
      requests += 1
      if (requests < nth) return next(request)
      if (requests === nth) stop.abort()
      return answers ? next(request) : new Promise<never>(() => {})
    },
  })
  return { receiver, signal: stop.signal, requests: () => requests }
}

describe('a run that is stopped', () => {
  // Six requests of preflight, three of CON-11, eight of CON-01.
  test.each([true, false])('in the middle of a check blames nobody (answers still: %s)', async (answers) => {
    const { receiver, signal, requests } = await stoppingReceiver(13, { answers })
    try {
      const { run, summary } = await checked(receiver, { checks: CHECKS, signal })
      expect(run.results.map(({ check, verdict, reason }) => [check.number, verdict, reason])).toEqual([
        ['CON-11', 'PASS', undefined],
        ['CON-01', 'INCONCLUSIVE', 'stopped'],
        ['CON-05', 'SKIP', SKIPPED],
        ['DLV-01', 'SKIP', SKIPPED],
        // It would look at a part of the answers only.
        ['CON-09', 'INCONCLUSIVE', 'stopped'],
      ])
      expect(run.end).toMatchObject({ kind: 'interrupted' })
      expect(summary.exitCode).toBe(3)
      expect(requests()).toBe(13)
    } finally {
      await receiver.close()
    }
  })

  test('before it began sends nothing', async () => {
    const { receiver, requests } = await stoppingReceiver(99, { answers: true })
    try {
      const { run, summary } = await checked(receiver, { checks: CHECKS, signal: AbortSignal.abort() })
      expect(requests()).toBe(0)
      expect(run.results.map(({ verdict }) => verdict)).not.toContain('FAIL')
      expect(run.end?.kind).toBe('interrupted')
      expect(summary.exitCode).toBe(3)
    } finally {
      await receiver.close()
    }
  })

  test.each([
    ['between the pieces of a body', 'TRN-06', 100],
    ['while a connection is idle', 'TRN-07', 7000],
  ])('%s does not wait for the end of it', async (_, number, waitMs) => {
    const stop = new AbortController()
    const clock: Clock = {
      ...systemClock,
      async sleep(ms, signal) {
        if (ms < waitMs) return systemClock.sleep(ms, signal)
        stop.abort()
        await systemClock.sleep(60_000, signal)
      },
    }
    const receiver = await nodeReceiver()
    try {
      const { run } = await checked(receiver, { checks: some(number, 'PRF-03'), clock, signal: stop.signal })
      expect(run.results.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(['INCONCLUSIVE', 'SKIP']))
      expect(run.results.map(({ verdict }) => verdict)).not.toContain('FAIL')
      expect(run.end?.kind).toBe('interrupted')
    } finally {
      await receiver.close()
    }
  })

  test('while the oracle is asked does not take what has not shown yet for lost', async () => {
    const stop = new AbortController()
    const oracle: Oracle = {
      async count() {
        stop.abort()
        return { kind: 'count', count: 0 }
      },
    }
    const receiver = await nodeReceiver()
    try {
      const { run, summary } = await checked(receiver, {
        checks: CHECKS,
        signal: stop.signal,
        run: { oracle: { oracle, timeoutMs: 60_000 } },
      })
      expect(run.results[3]).toMatchObject({ check: { number: 'DLV-01' }, verdict: 'INCONCLUSIVE', reason: 'stopped' })
      expect(summary.exitCode).toBe(3)
    } finally {
      await receiver.close()
    }
  })
})
