import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import type { Severity } from '../../src/check/check.ts'
import type { CheckResult, EarlyEnd } from '../../src/check/result.ts'
import type { CheckRun } from '../../src/check/run.ts'
import { summaryOf } from '../../src/check/summary.ts'
import { VERDICTS, type Finding, type Verdict } from '../../src/check/verdict.ts'
import { checkOf } from './found.ts'

function result(number: string, verdict: Verdict, more: Partial<CheckResult> = {}): CheckResult {
  const check = checkOf(number)
  return { check, verdict, severity: check.severity, findings: [], durationMs: 1, requests: 1, ...more }
}

function runOf(results: readonly CheckResult[], provenRefusal = true, end?: EarlyEnd): CheckRun {
  const preflight = { differential: [], form: 'events', provenRefusal, notes: [] } as const
  return { preflight, results, requests: 1, eventIds: [], ...(end === undefined ? {} : { end }) }
}

const refusal = (verdict: Verdict, actual: string): Finding => ({ verdict, actual })
const ends = (kind: EarlyEnd['kind'], after?: string): EarlyEnd => ({
  kind,
  reason: 'why',
  ...(after === undefined ? {} : { after: checkOf(after) }),
})
const [mustFailed, shouldFailed] = [result('ROB-01', 'FAIL'), result('CON-04', 'FAIL')]
const passed = result('CON-01', 'PASS')
const usual = { strict: false, authenticated: true }

describe('the headline and the exit code', () => {
  test.each<[string, CheckRun, { strict: boolean; authenticated: boolean }, string, number]>([
    ['all passed', runOf([passed]), usual, 'CONFORMANT', 0],
    ['a MUST failed', runOf([passed, mustFailed, shouldFailed]), usual, 'NOT CONFORMANT (1 MUST failed: ROB-01)', 1],
    ['a SHOULD failed', runOf([passed, shouldFailed]), usual, 'CONFORMANT (1 SHOULD failed)', 0],
    [
      'a SHOULD failed, strictly',
      runOf([passed, shouldFailed]),
      { ...usual, strict: true },
      'NOT CONFORMANT (--strict, 1 SHOULD failed: CON-04)',
      1,
    ],
    [
      'a MUST check that failed mildly',
      runOf([result('TRN-01', 'FAIL', { severity: 'SHOULD' }), passed]),
      usual,
      'CONFORMANT (1 SHOULD failed)',
      0,
    ],
    [
      'an INFO check that failed badly',
      runOf([result('AUT-13', 'FAIL', { severity: 'MUST' }), passed]),
      usual,
      'NOT CONFORMANT (1 MUST failed: AUT-13)',
      1,
    ],
    [
      'warnings and what could not be verified',
      runOf([passed, result('CON-03', 'WARN'), result('DLV-01', 'INCONCLUSIVE'), result('DLV-02', 'INCONCLUSIVE')]),
      usual,
      'CONFORMANT (1 warning, 2 not verifiable)',
      0,
    ],
    [
      'several warnings',
      runOf([result('CON-03', 'WARN'), result('ROB-07', 'WARN')]),
      usual,
      'CONFORMANT (2 warnings)',
      0,
    ],
    [
      'a control that was never accepted',
      runOf([mustFailed], false, ends('control-refused')),
      usual,
      'NOT JUDGED: the control was not accepted',
      3,
    ],
    [
      'a receiver that died',
      runOf([passed, result('ROB-11', 'FAIL', { severity: 'MUST' })], true, ends('dead', 'ROB-11')),
      usual,
      'NOT CONFORMANT (1 MUST failed: ROB-11)',
      1,
    ],
    [
      'a control that is refused half way',
      runOf([passed], true, ends('control-refused', 'AUT-07')),
      usual,
      'INCONCLUSIVE (the run ended early after AUT-07: why)',
      3,
    ],
    [
      '410 Gone',
      runOf([passed], true, ends('gone', 'CON-01')),
      usual,
      'INCONCLUSIVE (the run ended early after CON-01: why)',
      3,
    ],
    ['Ctrl-C', runOf([passed], true, ends('interrupted')), usual, 'INCONCLUSIVE (the run ended early: why)', 3],
    [
      'Ctrl-C after a failure',
      runOf([mustFailed], true, ends('interrupted')),
      usual,
      'NOT CONFORMANT (1 MUST failed: ROB-01)',
      1,
    ],
    [
      'a time limit, strictly',
      runOf([shouldFailed], true, ends('timed-out')),
      { ...usual, strict: true },
      'NOT CONFORMANT (--strict, 1 SHOULD failed: CON-04)',
      1,
    ],
    [
      'neither a secret nor an authorization',
      runOf([passed]),
      { ...usual, authenticated: false },
      'NOT JUDGED: unauthenticated endpoint (neither --secret nor an authorization was given)',
      3,
    ],
    [
      'neither, and a MUST failed',
      runOf([mustFailed]),
      { ...usual, authenticated: false },
      'NOT CONFORMANT (1 MUST failed: ROB-01)',
      1,
    ],
    [
      'everything skipped or inconclusive',
      runOf([result('CON-01', 'SKIP'), result('DLV-01', 'INCONCLUSIVE'), result('ROB-06', 'INFO')]),
      usual,
      'NOT JUDGED: every scored check was skipped or inconclusive',
      3,
    ],
    [
      'no refusal proven',
      runOf([passed], false),
      usual,
      'NOT JUDGED: no refusal was proven between two accepted controls',
      3,
    ],
    [
      'a refusal proven by a check',
      runOf([result('AUT-01', 'PASS', { findings: [refusal('PASS', '401 in 2 ms')] })], false),
      usual,
      'CONFORMANT',
      0,
    ],
    [
      'a refusal of a check without controls, which proves nothing',
      runOf([result('ROB-09', 'PASS', { findings: [refusal('PASS', '415 in 2 ms')] })], false),
      usual,
      'NOT JUDGED: no refusal was proven between two accepted controls',
      3,
    ],
    [
      'a refusal whose controls were not accepted',
      runOf([passed, result('AUT-01', 'INCONCLUSIVE', { findings: [refusal('INCONCLUSIVE', '401 in 2 ms')] })], false),
      usual,
      'NOT JUDGED: no refusal was proven between two accepted controls',
      3,
    ],
    [
      'the previous secret accepted, which is no refusal',
      runOf([result('AUT-14', 'PASS', { findings: [refusal('PASS', '204 in 2 ms')] })], false),
      usual,
      'NOT JUDGED: no refusal was proven between two accepted controls',
      3,
    ],
    [
      'a fault of ours',
      runOf([mustFailed, result('CON-01', 'ERROR')]),
      usual,
      'ERROR (a fault of this program; please report it)',
      70,
    ],
  ])('%s', (_, run, options, headline, exitCode) => {
    expect(summaryOf(run, options)).toMatchObject({ headline, exitCode })
  })

  test('comes with a count of every verdict and the names of what failed', () => {
    const run = runOf([passed, mustFailed, shouldFailed, result('ROB-06', 'INFO'), result('CON-03', 'WARN')])
    expect(summaryOf(run, usual)).toMatchObject({
      verdicts: { PASS: 1, FAIL: 2, WARN: 1, INFO: 1, SKIP: 0, INCONCLUSIVE: 0, ERROR: 0 },
      mustFailed: ['ROB-01'],
      shouldFailed: ['CON-04'],
    })
  })
})

describe('whatever a run came to', () => {
  const results = fc.array(
    fc.record({
      check: fc.constantFrom(...CATALOG),
      verdict: fc.constantFrom(...VERDICTS),
      severity: fc.constantFrom<Severity>('MUST', 'SHOULD', 'INFO'),
      findings: fc.array(
        fc.record({
          verdict: fc.constantFrom(...VERDICTS),
          actual: fc.constantFrom('204 in 1 ms', '401 in 1 ms', '500 in 1 ms', 'no answer: 401 ways to fail'),
        }),
        { maxLength: 2 },
      ),
      durationMs: fc.constant(1),
      requests: fc.constant(1),
    }),
    { maxLength: 6 },
  )
  const end = fc.option(
    fc
      .record({
        kind: fc.constantFrom<EarlyEnd['kind']>('dead', 'control-refused', 'gone', 'interrupted', 'timed-out'),
        after: fc.option(fc.constantFrom(...CATALOG), { nil: undefined }),
      })
      .map(({ kind, after }) => ends(kind, after?.number)),
    { nil: undefined },
  )
  const options = fc.record({ strict: fc.boolean(), authenticated: fc.boolean() })
  const everyRun = fc.tuple(results, fc.boolean(), end).map(([found, proven, early]) => runOf(found, proven, early))

  test('exit 0 is CONFORMANT and CONFORMANT is exit 0', () => {
    fc.assert(
      fc.property(everyRun, options, (run, how) => {
        const { headline, exitCode } = summaryOf(run, how)
        expect(headline.startsWith('CONFORMANT')).toBe(exitCode === 0)
        expect(headline.startsWith('NOT CONFORMANT')).toBe(exitCode === 1)
        expect(headline).not.toContain('%')
      }),
    )
  })

  test('it is never 0 with a MUST failure, nor strictly with any, nor when the run ended early', () => {
    fc.assert(
      fc.property(everyRun, options, (run, how) => {
        const isFailed = run.results.some(
          ({ verdict, severity }) =>
            verdict === 'FAIL' && (severity === 'MUST' || (how.strict && severity === 'SHOULD')),
        )
        if (isFailed || run.end !== undefined) expect(summaryOf(run, how).exitCode).not.toBe(0)
      }),
    )
  })

  test('CONFORMANT needs authentication, a scored check and a refusal proven between controls', () => {
    fc.assert(
      fc.property(everyRun, options, (run, how) => {
        if (summaryOf(run, how).exitCode !== 0) return
        expect(how.authenticated).toBe(true)
        const scored = run.results.filter(({ check }) => check.severity !== 'INFO')
        expect(scored.some(({ verdict }) => ['PASS', 'WARN', 'FAIL'].includes(verdict))).toBe(true)
        const byCheck = run.results.some(
          ({ check, findings }) =>
            check.controls === 'around' &&
            findings.some(({ verdict, actual }) => verdict === 'PASS' && actual?.startsWith('4')),
        )
        expect(run.preflight.provenRefusal || byCheck).toBe(true)
      }),
    )
  })
})
