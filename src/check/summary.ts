import { SENT_BEFORE } from './oracle.ts'
import type { CheckRun } from './run.ts'
import type { CheckResult } from './result.ts'
import { VERDICTS, type Verdict } from './verdict.ts'

/** Exit codes of `check`: 0 no MUST failure, 1 one, 3 nothing could be judged, 70 a fault of ours. */
export type CheckExitCode = 0 | 1 | 3 | 70

/** A run in a few figures. */
export interface CheckSummary {
  /** What the receiver is found to be; never a percentage, which would hide a MUST failure. */
  readonly headline: string
  readonly exitCode: CheckExitCode
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly mustFailed: readonly string[]
  readonly shouldFailed: readonly string[]
  /** Whether a refusal was seen between two accepted controls. */
  readonly provenRefusal: boolean
}

/** What a summary depends on besides the run. */
export interface SummaryOptions {
  /** `--strict`: SHOULD failures count as well. */
  readonly strict: boolean
  /** Whether a secret or an authorization was given. */
  readonly authenticated: boolean
}

/** The headline and the exit code, from results alone. */
export function summaryOf(run: CheckRun, { strict, authenticated }: SummaryOptions): CheckSummary {
  const { results, end } = run
  const failed = (severity: string) => results.filter((one) => one.verdict === 'FAIL' && one.severity === severity)
  const [must, should] = [failed('MUST'), failed('SHOULD')]
  const count = (verdict: Verdict): number => results.filter((one) => one.verdict === verdict).length
  const provenRefusal = run.preflight.provenRefusal || results.some(provesRefusal)
  const isScored = results.some(
    ({ verdict, check }) =>
      check.severity !== 'INFO' && (verdict === 'PASS' || verdict === 'WARN' || verdict === 'FAIL'),
  )
  const [headline, exitCode] = judged()
  return {
    headline,
    exitCode,
    verdicts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, count(verdict)])) as Record<Verdict, number>,
    mustFailed: must.map(numberOf),
    shouldFailed: should.map(numberOf),
    provenRefusal,
  }

  function judged(): [string, CheckExitCode] {
    if (count('ERROR') > 0) return ['ERROR (a fault of this program; please report it)', 70]
    if (end?.kind === 'control-refused' && end.after === undefined)
      return ['NOT JUDGED: the control was not accepted', 3]
    if (must.length > 0) return [`NOT CONFORMANT (${must.length} MUST failed: ${must.map(numberOf).join(', ')})`, 1]
    if (strict && should.length > 0)
      return [`NOT CONFORMANT (--strict, ${should.length} SHOULD failed: ${should.map(numberOf).join(', ')})`, 1]
    if (end !== undefined) {
      const after = end.after === undefined ? '' : ` after ${end.after.number}`
      return [`INCONCLUSIVE (the run ended early${after}: ${end.reason})`, 3]
    }
    if (!authenticated)
      return ['NOT JUDGED: unauthenticated endpoint (neither --secret nor an authorization was given)', 3]
    if (results.some(({ reason }) => reason?.includes(SENT_BEFORE) === true))
      return ['NOT JUDGED: the oracle counts events before they are sent (the same --seed again, or another oracle)', 3]
    if (!isScored) return ['NOT JUDGED: every scored check was skipped or inconclusive', 3]
    if (!provenRefusal)
      return [`NOT JUDGED: no refusal was proven between two accepted controls${failedText(should)}`, 3]
    const notes = [
      [should.length, 'SHOULD failed'],
      [count('WARN'), count('WARN') === 1 ? 'warning' : 'warnings'],
      [count('INCONCLUSIVE'), 'not verifiable'],
    ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]))
    return [notes.length === 0 ? 'CONFORMANT' : `CONFORMANT (${notes.join(', ')})`, 0]
  }
}

/** What failed although nothing is proven. */
function failedText(should: readonly CheckResult[]): string {
  return should.length === 0 ? '' : ` (${should.length} SHOULD failed)`
}

function numberOf({ check }: CheckResult): string {
  return check.number
}

/** A refusal counts only between two accepted controls. */
function provesRefusal({ check, findings }: CheckResult): boolean {
  return (
    check.controls === 'around' &&
    findings.some(({ verdict, actual }) => verdict === 'PASS' && /^4\d\d /.test(actual ?? ''))
  )
}
