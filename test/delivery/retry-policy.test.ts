import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, parseRetrySchedule, retryPolicy, totalDelayMs } from '../../src/delivery/retry-policy.ts'
import { resultOf } from '../support/scripted-transport.ts'

describe('the waits', () => {
  test.each<[string, Parameters<typeof retryPolicy>[0], number[]]>([
    ['by default 7 retries, doubling from 1 s', {}, [1, 2, 4, 8, 16, 32, 64]],
    ['never more than an hour', { retries: 14 }, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]],
    ['no retries, no waits', { retries: 0 }, []],
    ['instant', { schedule: 'instant', retries: 3 }, [0, 0, 0]],
    ['as Svix', { schedule: 'svix' }, [5, 300, 1800, 7200, 18_000, 36_000, 36_000]],
    ['as Svix, fewer retries', { schedule: 'svix', retries: 2 }, [5, 300]],
    ['as Svix, more retries', { schedule: 'svix', retries: 8 }, [5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000]],
    ['a list, the last repeated', { schedule: [1000, 5000], retries: 4 }, [1, 5, 5, 5]],
    ['a list as long as the retries', { schedule: [1000, 5000], retries: 2 }, [1, 5]],
    [
      "the contract's own",
      { contractDefault: { retries: 4, firstDelayMs: 3000, factor: 3, maxDelayMs: 20_000 } },
      [3, 9, 20, 20],
    ],
  ])('%s', (_, choice, seconds) => {
    expect(retryPolicy(choice).delaysMs).toEqual(seconds.map((count) => count * 1000))
  })

  test('blocking takes 127 s by default', () => {
    expect(totalDelayMs(retryPolicy({}))).toBe(127_000)
    expect(totalDelayMs(retryPolicy({ retries: 0 }))).toBe(0)
  })

  test.each([-1, 7.5, Number.NaN, 101, 1e9, Number.POSITIVE_INFINITY])('--retries %d is an error', (retries) => {
    expect(() => retryPolicy({ retries })).toThrow('must be an integer 0-100')
  })

  test.each([
    [[1000, 2000, 3000], 2, '--retry-schedule has 3 waits but --retries is 2'],
    [[1000], 0, '--retry-schedule has 1 waits but --retries is 0'],
    [[], 2, '--retry-schedule is empty'],
  ])('a list %j with %i retries is an error', (schedule, retries, text) => {
    expect(() => retryPolicy({ schedule, retries })).toThrow(text)
  })

  test.each([
    ['default', 'default'],
    ['instant', 'instant'],
    ['svix', 'svix'],
    ['1s,5s,1m', [1000, 5000, 60_000]],
    ['1, 5', [1000, 5000]],
    ['250ms', [250]],
  ])('%s is read as %j', (text, schedule) => {
    expect(parseRetrySchedule(text)).toEqual(schedule)
  })

  test.each(['', 'Default', 'fast', '1s,', '1s;5s', ',', '-1s', '1s,abc'])('%j is no schedule', (text) => {
    expect(() => parseRetrySchedule(text)).toThrow(/^--retry-schedule /)
  })
})

describe('the decision', () => {
  const policy = retryPolicy({ retries: 2 })

  test('of all statuses from 100 to 599, exactly 200 to 299 are delivered, at every retry', () => {
    for (let status = 100; status <= 599; status += 1) {
      const isSuccess = status >= 200 && status <= 299
      for (const retriesDone of [0, 1, 2]) {
        const otherwise =
          retriesDone === 2 ? { kind: 'blocked' } : { kind: 'retry', delayMs: [1000, 2000][retriesDone] }
        expect(decide(policy, retriesDone, resultOf(status))).toEqual(isSuccess ? { kind: 'delivered' } : otherwise)
      }
    }
  })

  test('Retry-After changes nothing', () => {
    const result = { ...resultOf(429), headers: { 'retry-after': ['3600'] } }
    expect(decide(policy, 0, result)).toEqual({ kind: 'retry', delayMs: 1000 })
  })

  test('no answer is a failed request, whatever the reason', () => {
    const codes = ['dns', 'refused', 'unreachable', 'connect-timeout', 'timeout', 'reset', 'closed', 'tls'] as const
    for (const code of [...codes, 'protocol'] as const) {
      expect(decide(policy, 1, resultOf(code))).toEqual({ kind: 'retry', delayMs: 2000 })
      expect(decide(policy, 2, resultOf(code))).toEqual({ kind: 'blocked' })
    }
  })

  test('a receiver that always fails is asked once and as often as there are retries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (retries) => {
        const any = retryPolicy({ retries })
        let requests = 1
        while (decide(any, requests - 1, resultOf(500)).kind === 'retry') requests += 1
        expect(requests).toBe(retries + 1)
      }),
    )
  })
})
