import type { ChalkInstance } from 'chalk'
import { CAUSES, type CauseId } from '../check/cause.ts'
import type { Severity } from '../check/check.ts'
import type { CheckResultReport, FindingReport } from './check-report.ts'

/** Failures that one change mends. */
interface Fault {
  readonly cause: CauseId
  readonly severity: Severity
  readonly reports: readonly CheckResultReport[]
}

const SEVERITIES: readonly Severity[] = ['MUST', 'SHOULD', 'INFO']

/**
 * All failures again, by what causes them: several checks often find the same fault, and one change mends them all.
 * Worst first; empty when nothing failed.
 */
export function mendText(paint: ChalkInstance, reports: readonly CheckResultReport[]): string {
  const faults = faultsOf(reports)
  if (faults.length === 0) return ''
  const head = paint.bold(faults.length === 1 ? 'One thing to mend' : `${faults.length} things to mend, worst first`)
  return `\n${head}\n\n${faults.map((fault, index) => faultText(paint, fault, index + 1)).join('\n')}`
}

function faultsOf(reports: readonly CheckResultReport[]): readonly Fault[] {
  const byCause = new Map<CauseId, CheckResultReport[]>()
  for (const report of reports) {
    const { verdict, cause } = report
    if (verdict === 'FAIL' && cause !== undefined) byCause.set(cause, [...(byCause.get(cause) ?? []), report])
  }
  return [...byCause]
    .map(([cause, some]): Fault => {
      const severity = SEVERITIES.find((one) => some.some((report) => report.severity === one)) ?? 'INFO'
      return { cause, severity, reports: some }
    })
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

function faultText(paint: ChalkInstance, { cause, severity, reports }: Fault, index: number): string {
  const [first] = reports
  const numbers = reports.map(({ number }) => number)
  const again = first?.again?.replace(`--only ${first.number}`, `--only ${numbers.join(',')}`)
  return [
    `${paint.red.bold(`${index}. ${CAUSES[cause].title}`)}  ${severity} ${numbers.join(' ')}\n`,
    line(paint, 'why', CAUSES[cause].why),
    line(paint, 'mend', first?.mend === undefined ? undefined : paint.yellow(first.mend)),
    ...reports.map((report) => proofText(paint, report)),
    line(paint, 'again', again),
  ].join('')
}

/** What proves it: the first request that failed, and how many more did. */
function proofText(paint: ChalkInstance, { number, findings }: CheckResultReport): string {
  const failed = findings.filter(({ verdict }) => verdict === 'FAIL')
  const [first] = failed
  if (first === undefined) return ''
  const more = failed.length === 1 ? '' : paint.dim(` (and ${failed.length - 1} more)`)
  return [
    first.sent === undefined
      ? line(paint, number, shownEffect(paint, first))
      : line(paint, number, `sent ${first.sent}`),
    first.sent === undefined
      ? ''
      : line(
          paint,
          '',
          `expected ${paint.green(first.expected ?? '')}, actual ${paint.red(first.actual ?? '')}${more}`,
        ),
    line(paint, '', first.why),
    line(paint, '', first.said),
  ].join('')
}

function shownEffect(paint: ChalkInstance, { expected = '', actual = '' }: FindingReport): string {
  return `expected ${paint.green(expected)}, actual ${paint.red(actual)}`
}

function line(paint: ChalkInstance, name: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `   ${paint.dim(name.padEnd(7))} ${text}\n`
}
