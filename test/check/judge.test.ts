import { describe, expect, test } from 'vitest'
import type { FailureCode } from '../../src/delivery/outcome.ts'
import type { Effect } from '../../src/check/effect.ts'
import {
  accepted,
  both,
  effectsIfCounted,
  effectsVerified,
  observed,
  refused,
  refusedOrQueued,
  survived,
} from '../../src/check/judge.ts'
import type { Judge } from '../../src/check/verdict.ts'
import { answer, observedOf, sent } from './found.ts'

const verdict = (judge: Judge, what: number | FailureCode, controls: 'accepted' | 'not-accepted' | 'none' = 'none') => {
  const [found] = judge(observedOf([sent(answer(what), { controls })]))
  return [found?.verdict, ...(found?.severity === undefined ? [] : [found.severity])].join(' ')
}

test.each([
  [200, 'PASS'],
  [204, 'PASS'],
  [301, 'FAIL'],
  [400, 'FAIL'],
  [401, 'FAIL'],
  [410, 'FAIL'],
  [429, 'FAIL'],
  [500, 'FAIL'],
  ['timeout', 'FAIL'],
  ['reset', 'FAIL'],
] as const)('what must be accepted, answered with %s: %s', (what, wanted) => {
  expect(verdict(accepted, what)).toBe(wanted)
})

describe('a forged request', () => {
  test.each([
    [200, 'accepted', 'FAIL MUST'],
    [204, 'accepted', 'FAIL MUST'],
    // Accepted is accepted, whatever the controls say.
    [204, 'not-accepted', 'FAIL MUST'],
    [401, 'accepted', 'PASS'],
    [403, 'accepted', 'PASS'],
    [400, 'accepted', 'PASS'],
    [404, 'accepted', 'PASS'],
    [406, 'accepted', 'PASS'],
    [415, 'accepted', 'PASS'],
    [422, 'accepted', 'PASS'],
    [418, 'accepted', 'WARN'],
    [429, 'accepted', 'INCONCLUSIVE'],
    [500, 'accepted', 'FAIL SHOULD'],
    [503, 'accepted', 'FAIL SHOULD'],
    [302, 'accepted', 'FAIL'],
    ['timeout', 'accepted', 'FAIL'],
    ['closed', 'accepted', 'FAIL'],
    // A refusal proves nothing without a control.
    [401, 'not-accepted', 'INCONCLUSIVE'],
    [403, 'none', 'INCONCLUSIVE'],
    [500, 'not-accepted', 'INCONCLUSIVE'],
    ['timeout', 'not-accepted', 'INCONCLUSIVE'],
  ] as const)('answered with %s, controls %s: %s', (what, controls, wanted) => {
    expect(verdict(refused, what, controls)).toBe(wanted)
  })

  test('refused otherwise than with 401 or 403 is noted', () => {
    const why = (status: number) => refused(observedOf([sent(answer(status), { controls: 'accepted' })]))[0]?.why
    expect(why(401)).toBeUndefined()
    expect(why(406)).toContain('401 or 403')
  })

  test('that crashes the receiver is said to; one accepted is said to be forged', () => {
    const found = (status: number) => refused(observedOf([sent(answer(status), { controls: 'accepted' })]))[0]
    expect(found(500)).toMatchObject({ severity: 'SHOULD', why: expect.stringContaining('crashing') })
    expect(found(200)).toMatchObject({ why: expect.stringContaining('forged') })
  })
})

test.each([
  [400, 'PASS'],
  [401, 'PASS'],
  [415, 'PASS'],
  [204, 'WARN'],
  [500, 'FAIL'],
  [302, 'FAIL'],
  ['reset', 'FAIL'],
] as const)('what cannot be read, answered with %s: %s', (what, wanted) => {
  expect(verdict(refusedOrQueued, what)).toBe(wanted)
})

test.each([
  [200, 'PASS'],
  [413, 'PASS'],
  [500, 'FAIL'],
  [301, 'FAIL'],
  ['closed', 'FAIL'],
  ['timeout', 'FAIL'],
] as const)('what must be survived, answered with %s: %s', (what, wanted) => {
  expect(verdict(survived, what)).toBe(wanted)
})

test.each([200, 401, 500, 'reset'] as const)('what is only observed is INFO: %s', (what) => {
  expect(verdict(observed, what)).toBe('INFO')
})

describe('effects', () => {
  const counted = (times: number, count: number | string): Effect => ({
    eventId: 'id',
    name: 'A',
    times,
    counted: typeof count === 'number' ? { kind: 'count', count } : { kind: 'unknown', reason: count },
  })

  test.each([
    [1, 1, 'PASS', 'event A applied once'],
    [1, 0, 'FAIL', 'applied never'],
    [1, 2, 'FAIL', 'applied 2 times'],
    [1, 5, 'FAIL', 'applied 5 times'],
    [0, 0, 'PASS', 'event A applied never'],
    [0, 1, 'FAIL', 'applied once'],
    [1, 'it exits with 1', 'INCONCLUSIVE', undefined],
  ] as const)('expected %s times, counted %s: %s', (times, count, wanted, actual) => {
    for (const judge of [effectsVerified, effectsIfCounted]) {
      const told = actual === undefined ? {} : { actual }
      expect(judge(observedOf([], { effects: [counted(times, count)] }))).toMatchObject([{ verdict: wanted, ...told }])
    }
  })

  test('without an oracle are not verifiable; where the status is a verdict as well it stands', () => {
    expect(effectsVerified(observedOf([]))).toMatchObject([
      { verdict: 'INCONCLUSIVE', why: expect.stringContaining('--oracle-url') },
    ])
    expect(effectsIfCounted(observedOf([]))).toMatchObject([{ verdict: 'PASS', why: expect.stringContaining('not') }])
  })

  test('judges together bring the findings of all, in order', () => {
    const seen = observedOf([sent(answer(500))], { effects: [counted(1, 1)] })
    expect(both(accepted, effectsVerified)(seen).map((found) => found.verdict)).toEqual(['FAIL', 'PASS'])
  })
})
