import { printable } from '../delivery/printable.ts'
import { findingLine as shownFinding } from './check-lines.ts'
import type { CheckRenderer, CheckResultReport, FindingReport } from './check-report.ts'
import { acceptedText } from './check-text.ts'
import { data, property } from './github-text.ts'
import { junitDocument, seconds } from './junit-document.ts'

/** JUnit XML: a test case per check; what nothing could be said of is skipped, with its reason. */
export function checkJunitRenderer(suite: string): CheckRenderer {
  const checks: CheckResultReport[] = []
  const count = (wanted: (report: CheckResultReport) => boolean): number => checks.filter(wanted).length
  return {
    preflight: () => '',
    check(report) {
      checks.push(report)
      return ''
    },
    end: ({ summary, exitCode }) => {
      const isUnjudged = exitCode !== 0 && exitCode !== 1
      const run = {
        '@name': 'the run',
        '@classname': suite,
        '@time': seconds(0),
        error: { '@message': summary.headline, '@type': 'run' },
      }
      return junitDocument({
        suite,
        cases: [...checks.map(junitCase), ...(isUnjudged ? [run] : [])],
        failures: count(({ verdict }) => verdict === 'FAIL'),
        errors: count(({ verdict }) => verdict === 'ERROR') + (isUnjudged ? 1 : 0),
        skipped: count(({ verdict }) => verdict === 'SKIP' || verdict === 'INCONCLUSIVE'),
        durationMs: checks.reduce((sum, { durationMs }) => sum + durationMs, 0),
      })
    },
  }
}

function junitCase(report: CheckResultReport): object {
  const { number, id, title, verdict, severity, durationMs, reason, accepted } = report
  const facts = { '@name': `${number} ${title}`, '@classname': id.replace('/', '.'), '@time': seconds(durationMs) }
  switch (verdict) {
    case 'FAIL': {
      const lines = failureLines(report)
      return { ...facts, failure: { '@message': lines[0] ?? 'failed', '@type': severity, '#text': lines.join('\n') } }
    }
    case 'ERROR':
      return { ...facts, error: { '@message': reason ?? 'error', '@type': 'bug' } }
    case 'SKIP':
      return { ...facts, skipped: { '#text': prefixed('not run', reason) } }
    case 'INCONCLUSIVE':
      return { ...facts, skipped: { '#text': prefixed('not verifiable', reason) } }
    default: {
      const lines = accepted === undefined ? reportedLines(report) : [accepted]
      return lines.length === 0 ? facts : { ...facts, 'system-out': lines.join('\n') }
    }
  }
}

/** Two kinds of skipped, which JUnit has one word for. */
function prefixed(what: string, reason = 'no reason is known'): string {
  return reason.startsWith(`${what}: `) ? reason : `${what}: ${reason}`
}

/** What INFO and WARN are about. */
function reportedLines({ verdict, findings }: CheckResultReport): readonly string[] {
  if (verdict !== 'INFO' && verdict !== 'WARN') return []
  return findings.filter((one) => one.verdict === verdict).map((one) => printable(shownFinding(one)))
}

/** A failure in lines: what was found, how to mend it, how to repeat it. */
export function failureLines({
  findings,
  mend,
  again,
}: Pick<CheckResultReport, 'findings' | 'mend'> & { readonly again?: string | undefined }): readonly string[] {
  return [
    ...findings.filter(({ verdict }) => verdict === 'FAIL').map(failureLine),
    ...(mend === undefined ? [] : [`mend: ${mend}`]),
    ...(again === undefined ? [] : [`again: ${again}`]),
  ]
}

function failureLine({ request, expected, actual, why, said }: FindingReport): string {
  const parts = [
    request === undefined ? undefined : `${request.name}:`,
    `expected ${expected ?? 'otherwise'}, actual ${actual ?? 'unknown'}`,
    why === undefined ? undefined : `(${why})`,
    said,
  ]
  return printable(parts.filter((part) => part !== undefined).join(' '))
}

/**
 * Annotations for GitHub Actions: an error per failed MUST, a warning per failed SHOULD, what passed because of
 * `--accept`, and the headline; where nothing could be judged, with the reason.
 */
export function checkGithubRenderer(): CheckRenderer {
  const checks: CheckResultReport[] = []
  let notes: readonly string[] = []
  const line = (level: 'error' | 'warning' | 'notice', title: string, lines: readonly string[]): string =>
    `::${level} title=${property(title)}::${data(lines.join('\n'))}\n`
  return {
    preflight(report) {
      notes = report.notes
      return ''
    },
    check(report) {
      checks.push(report)
      if (report.verdict !== 'FAIL' && report.verdict !== 'WARN') return ''
      const level = report.verdict === 'FAIL' && report.severity === 'MUST' ? 'error' : 'warning'
      const lines = report.verdict === 'FAIL' ? failureLines(report) : reportedLines(report)
      return line(level, `${report.number} ${report.title}`, lines)
    },
    end({ summary, exitCode }) {
      const accepted = acceptedText(checks)
      return [
        accepted === undefined ? '' : line('notice', 'qualifio-sim check', [accepted]),
        // A red job with nothing but notices would leave its reader to look for why.
        line(exitCode === 0 ? 'notice' : 'error', 'qualifio-sim check', [
          summary.headline,
          ...(exitCode === 3 ? notes : []),
        ]),
      ].join('')
    },
  }
}
