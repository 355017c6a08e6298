import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Severity } from '../../src/check/check.ts'
import { isAccepted } from '../../src/delivery/outcome.ts'
import { isOfClass, shownResult, VERDICTS, verdictOf, type Finding } from '../../src/check/verdict.ts'
import { answer, sent } from './found.ts'

const fail = (severity?: Severity): Finding => ({ verdict: 'FAIL', ...(severity === undefined ? {} : { severity }) })
const pass: Finding = { verdict: 'PASS' }
const warn: Finding = { verdict: 'WARN' }
const info: Finding = { verdict: 'INFO' }
const inconclusive: Finding = { verdict: 'INCONCLUSIVE' }
const skip: Finding = { verdict: 'SKIP' }
const error: Finding = { verdict: 'ERROR' }

describe('the verdict of a check is its worst finding', () => {
  test.each<[string, Severity, readonly Finding[], string, Severity]>([
    ['all passed', 'MUST', [pass, pass], 'PASS', 'MUST'],
    ['one failed among many', 'MUST', [pass, fail(), pass], 'FAIL', 'MUST'],
    ['a failure before what is inconclusive', 'MUST', [inconclusive, fail()], 'FAIL', 'MUST'],
    ['inconclusive before a warning', 'MUST', [warn, inconclusive, pass], 'INCONCLUSIVE', 'MUST'],
    ['inconclusive before passed', 'SHOULD', [pass, inconclusive], 'INCONCLUSIVE', 'SHOULD'],
    ['a warning before passed', 'SHOULD', [pass, warn], 'WARN', 'SHOULD'],
    ['a fault of ours before all', 'MUST', [fail(), error], 'ERROR', 'MUST'],
    ['skipped', 'MUST', [skip], 'SKIP', 'MUST'],
    ['passed before skipped', 'MUST', [skip, pass], 'PASS', 'MUST'],
    ['nothing found is a fault of ours', 'MUST', [], 'ERROR', 'MUST'],
    ['a milder failure than the check', 'MUST', [fail('SHOULD')], 'FAIL', 'SHOULD'],
    ['the worse of two failures', 'SHOULD', [fail(), fail('MUST')], 'FAIL', 'MUST'],
    ['the worse of two failures, in the other order', 'MUST', [fail(), fail('SHOULD')], 'FAIL', 'MUST'],
    ['what is only INFO is not scored, passed', 'INFO', [pass], 'INFO', 'INFO'],
    ['what is only INFO is not scored, warned', 'INFO', [warn, info], 'INFO', 'INFO'],
    ['what is only INFO is not scored, failed', 'INFO', [fail()], 'INFO', 'INFO'],
    ['INFO with a finding that is worse', 'INFO', [info, fail('SHOULD')], 'FAIL', 'SHOULD'],
    ['INFO without a proof', 'INFO', [info, inconclusive], 'INCONCLUSIVE', 'INFO'],
  ])('%s', (_, severity, findings, verdict, wanted) => {
    expect(verdictOf(severity, findings)).toEqual({ verdict, severity: wanted })
  })

  test('whatever else is found: no failure of a scored check is lost, and order changes nothing', () => {
    const finding = fc.record({ verdict: fc.constantFrom(...VERDICTS.filter((one) => one !== 'ERROR')) })
    fc.assert(
      fc.property(fc.constantFrom('MUST', 'SHOULD'), fc.array(finding), (severity: Severity, findings) => {
        const all = [...findings, fail()]
        expect(verdictOf(severity, all)).toEqual({ verdict: 'FAIL', severity })
        expect(verdictOf(severity, all.toReversed())).toEqual({ verdict: 'FAIL', severity })
      }),
    )
  })
})

describe('answers', () => {
  test.each([
    [199, false],
    [200, true],
    [202, true],
    [204, true],
    [299, true],
    [300, false],
    [404, false],
    ['timeout', false],
  ] as const)('%s is accepted: %s', (what, wanted) => {
    expect(isAccepted(answer(what))).toBe(wanted)
  })

  test.each([
    [400, 4, true],
    [499, 4, true],
    [500, 4, false],
    [399, 4, false],
    [503, 5, true],
    ['reset', 5, false],
  ] as const)('%s is of the class %s: %s', (what, hundreds, wanted) => {
    expect(isOfClass(answer(what), hundreds)).toBe(wanted)
  })

  test('are shown with the time until their head', () => {
    expect(shownResult(sent(answer(401), { tookMs: 14.4, exchange: { endedMs: 900 } }).exchange)).toBe('401 in 14 ms')
    expect(shownResult({ result: answer('timeout'), startedMs: 0, endedMs: 5000 })).toBe(
      'no answer: timeout (after 5000 ms)',
    )
  })
})
