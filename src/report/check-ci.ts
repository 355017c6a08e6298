import { printable } from '../delivery/printable.ts'
import type { CheckEnding, CheckHeader, CheckRenderer, CheckResultReport, FindingReport } from './check-report.ts'
import { cell, data, property } from './github-text.ts'
import { junitDocument, seconds } from './junit-document.ts'

const NOTHING = { preflight: () => '', check: () => '' } as const

/** JUnit XML: a test case per check; what nothing could be said of is skipped, with its reason. */
export function checkJunitRenderer(suite: string): CheckRenderer {
  const checks: CheckResultReport[] = []
  const count = (wanted: (report: CheckResultReport) => boolean): number => checks.filter(wanted).length
  return {
    ...NOTHING,
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
  const { number, id, title, verdict, severity, durationMs, reason } = report
  const facts = { '@name': `${number} ${title}`, '@classname': id.replace('/', '.'), '@time': seconds(durationMs) }
  switch (verdict) {
    case 'FAIL': {
      const lines = failureLines(report)
      return { ...facts, failure: { '@message': lines[0] ?? 'failed', '@type': severity, '#text': lines.join('\n') } }
    }
    case 'ERROR':
      return { ...facts, error: { '@message': reason ?? 'error', '@type': 'bug' } }
    case 'SKIP':
    case 'INCONCLUSIVE':
      return { ...facts, skipped: { '#text': reason ?? verdict.toLowerCase() } }
    default:
      return facts
  }
}

/** A failure in lines: what was found, how to mend it, how to repeat it. */
export function failureLines({ findings, mend, again }: CheckResultReport): readonly string[] {
  return [
    ...findings.filter(({ verdict }) => verdict === 'FAIL').map(findingLine),
    ...(mend === undefined ? [] : [`mend: ${mend}`]),
    ...(again === undefined ? [] : [`again: ${again}`]),
  ]
}

function findingLine({ request, expected, actual, why, said }: FindingReport): string {
  const parts = [
    request === undefined ? undefined : `${request}:`,
    `expected ${expected ?? 'otherwise'}, actual ${actual ?? 'unknown'}`,
    why === undefined ? undefined : `(${why})`,
    said,
  ]
  return printable(parts.filter((part) => part !== undefined).join(' '))
}

/** Annotations for GitHub Actions: an error per failed MUST, a warning per failed SHOULD, and the headline. */
export function checkGithubRenderer(): CheckRenderer {
  return {
    ...NOTHING,
    check(report) {
      if (report.verdict !== 'FAIL' && report.verdict !== 'WARN') return ''
      const level = report.verdict === 'FAIL' && report.severity === 'MUST' ? 'error' : 'warning'
      const lines = report.verdict === 'FAIL' ? failureLines(report) : report.findings.flatMap(({ why }) => why ?? [])
      return `::${level} title=${property(`${report.number} ${report.title}`)}::${data(lines.join('\n'))}\n`
    },
    // A red job with nothing but notices would leave its reader to look for why.
    end: ({ summary, exitCode }) =>
      `::${exitCode === 0 ? 'notice' : 'error'} title=qualifio-sim check::${data(summary.headline)}\n`,
  }
}

/** Markdown, for a pull request or the job summary: the headline, what failed, and every check in a table. */
export function checkMarkdownRenderer({ target }: Pick<CheckHeader, 'target'>): CheckRenderer {
  const checks: CheckResultReport[] = []
  return {
    ...NOTHING,
    check(report) {
      checks.push(report)
      return ''
    },
    end: (ending) => markdown(target, checks, ending),
  }
}

function markdown(
  target: string,
  checks: readonly CheckResultReport[],
  { summary, requests, eventIds }: CheckEnding,
): string {
  const failed = checks.filter(({ verdict }) => verdict === 'FAIL')
  const details = failed.flatMap((report) => [
    `- **${report.number}** (${report.severity}) ${cell(report.title)}`,
    ...failureLines(report).map((line) => `  - ${cell(line)}`),
  ])
  const rows = checks.map(
    ({ number, severity, title, verdict, reason }) =>
      `| ${number} | ${severity} | ${cell(title)} | ${verdict} | ${cell(reason ?? '')} |`,
  )
  return [
    `### ${summary.headline}`,
    '',
    `qualifio-sim check of ${cell(target)}: ${requests} requests, ${eventIds.length} events.`,
    '',
    ...(details.length === 0 ? [] : [...details, '']),
    '| check | severity | title | verdict | why |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
