import { printable } from '../delivery/printable.ts'
import { failureLines } from './check-ci.ts'
import { findingLine } from './check-lines.ts'
import type { CheckEnding, CheckHeader, CheckRenderer, CheckResultReport, PreflightReport } from './check-report.ts'
import { acceptedText } from './check-text.ts'
import { cell } from './github-text.ts'
import { counted } from './wrapped.ts'

/** Findings of one check in its row; the rest is a matter for a report. */
const FINDINGS_SHOWN = 3

/** Markdown, for a pull request or the job summary: the headline, what failed, and every check in a table. */
export function checkMarkdownRenderer({ target, run }: Pick<CheckHeader, 'target' | 'run'>): CheckRenderer {
  const checks: CheckResultReport[] = []
  let notes: PreflightReport['notes'] = []
  return {
    preflight(report) {
      notes = report.notes
      return ''
    },
    check(report) {
      checks.push(report)
      return ''
    },
    end({ summary, requests, events }: CheckEnding) {
      const accepted = acceptedText(checks)
      const members = events === 0 ? '' : `, of members whose externalId begins with ${code(`qsim-${run}-`)}`
      return [
        `### ${summary.headline}`,
        '',
        `qualifio-sim check of ${cell(target)}: ${counted(requests, 'request')}, ${counted(events, 'event')}${members}.`,
        '',
        ...notes.flatMap((note) => [`> ${cell(note)}`, '']),
        ...(accepted === undefined ? [] : [cell(`${accepted}.`), '']),
        ...failures(checks),
        '| check | severity | title | verdict | why |',
        '|---|---|---|---|---|',
        ...checks.map(row),
        '',
      ].join('\n')
    },
  }
}

function failures(checks: readonly CheckResultReport[]): readonly string[] {
  const failed = checks.filter(({ verdict }) => verdict === 'FAIL')
  const lines = failed.flatMap((report) => [
    `- **${report.number}** (${report.severity}) ${cell(report.title)}`,
    ...failureLines({ ...report, again: undefined }).map((line) => `  - ${cell(line)}`),
    ...(report.again === undefined ? [] : [`  - again: ${code(report.again)}`]),
  ])
  return lines.length === 0 ? [] : [...lines, '']
}

function row(report: CheckResultReport): string {
  const { number, severity, title, verdict } = report
  return `| ${number} | ${severity} | ${cell(title)} | ${verdict} | ${cell(whyOf(report))} |`
}

/** Why a check came to what it did; nothing for what simply passed. */
function whyOf({ verdict, reason, accepted, findings }: CheckResultReport): string {
  if (reason !== undefined || accepted !== undefined) return reason ?? accepted ?? ''
  if (verdict === 'PASS') return ''
  const lines = [...new Set(findings.filter((one) => one.verdict === verdict).map(findingLine))]
  const more = lines.length - FINDINGS_SHOWN
  return [...lines.slice(0, FINDINGS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** A code span, whatever it holds: its fence is longer than any row of backticks inside (CommonMark, 6.1). */
function code(text: string): string {
  const line = printable(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return line === '' ? '' : `${fence}${space}${line}${space}${fence}`
}
