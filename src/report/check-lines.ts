import type { ChalkInstance } from 'chalk'
import type { Verdict } from '../check/verdict.ts'
import type { CheckResultReport, FindingReport } from './check-report.ts'
import { wrapped } from './wrapped.ts'

const MARKS: Readonly<Record<Verdict, string>> = {
  PASS: '✓',
  FAIL: '✗',
  WARN: '!',
  INFO: 'i',
  SKIP: '-',
  INCONCLUSIVE: '?',
  ERROR: '✗',
}
/** Columns before what was found. */
const INDENT = 5
/** Of so many checks the numbers are worth reading. */
const NUMBERS_SHOWN = 20

/** A check for people: what it came to, and what was found that is not as it should be. */
export function checkLines(
  { paint, verbose, width }: { readonly paint: ChalkInstance; readonly verbose: boolean; readonly width: number },
  report: CheckResultReport,
): string {
  const { number, id, verdict, severity, title, reason, accepted, findings } = report
  const colour = {
    PASS: paint.green,
    FAIL: paint.red,
    WARN: paint.yellow,
    INFO: paint.cyan,
    SKIP: paint.dim,
    INCONCLUSIVE: paint.yellow,
    ERROR: paint.red,
  }[verdict]
  const label = verdict === 'FAIL' ? ` ${severity}` : ''
  const why = reason === undefined ? '' : paint.dim(`: ${reason}`)
  const because = accepted === undefined ? '' : paint.yellow(` (${accepted})`)
  const details = findings
    .filter((finding) => verbose || (finding.verdict === verdict && verdict !== 'PASS'))
    .map(findingLine)
    .filter((line) => line !== '' && line !== reason)
  return [
    `${colour(MARKS[verdict])} ${number}${colour(label)} ${title}${because}  ${paint.dim(`(${id})`)}${why}\n`,
    ...[...new Set(details)].map((line) => `     ${wrapped(line, { width, indent: INDENT }).join('\n')}\n`),
  ].join('')
}

/** A finding in one line. */
export function findingLine({ verdict, request, expected, actual, why }: FindingReport): string {
  const isBad = verdict === 'FAIL' || verdict === 'WARN'
  return [
    [request?.name, actual].filter((part) => part !== undefined).join(': '),
    isBad && expected !== undefined ? `expected ${expected}` : undefined,
    why,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('; ')
}

/** What was not run, a line per reason; a line of nothing but numbers tells nothing. */
export function skippedLines(paint: ChalkInstance, reports: readonly CheckResultReport[]): string {
  const byReason = new Map<string, string[]>()
  for (const { verdict, reason = 'skipped', number } of reports)
    if (verdict === 'SKIP') byReason.set(reason, [...(byReason.get(reason) ?? []), number])
  return [...byReason]
    .map(([reason, numbers]) => {
      const which = numbers.length > NUMBERS_SHOWN ? '' : ` (${numbers.join(' ')})`
      const what = reason === 'stopped' ? `stopped${which}` : `not run${which}: ${reason}`
      return `${paint.dim(`- ${numbers.length} ${what}`)}\n`
    })
    .join('')
}
