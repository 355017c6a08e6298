import type { ChalkInstance } from 'chalk'
import type { Verdict } from '../check/verdict.ts'
import { mendText } from './check-mend.ts'
import type { CheckEnding, CheckRenderer, CheckResultReport, FindingReport, PreflightReport } from './check-report.ts'

/** How a run is told to a person. */
export interface CheckTextOptions {
  readonly paint: ChalkInstance
  /** Every passed request and every event id as well. */
  readonly verbose: boolean
  readonly run: string
}

const MARKS: Readonly<Record<Verdict, string>> = {
  PASS: '✓',
  FAIL: '✗',
  WARN: '!',
  INFO: 'i',
  SKIP: '-',
  INCONCLUSIVE: '?',
  ERROR: '✗',
}
/** Ids that are shown; the rest is a matter for a report. */
const IDS_SHOWN = 10

/** `--format text`: a line per check as it is done, what is not run by its reason, and at the end what to mend. */
export function checkTextRenderer(options: CheckTextOptions): CheckRenderer {
  const { paint, verbose } = options
  const reports: CheckResultReport[] = []
  return {
    preflight: (report) => preflightText(paint, report),
    check(report) {
      reports.push(report)
      return report.verdict === 'SKIP' && !verbose ? '' : checkText(options, report)
    },
    end: (ending) => `${skippedText(options, reports)}${mendText(paint, reports)}${endText(options, ending)}`,
  }
}

function preflightText(paint: ChalkInstance, { differential, firstEvent, notes }: PreflightReport): string {
  const answers = differential.map(({ request, answer }) => `${request} ${paint.bold(answer)}`)
  if (firstEvent !== undefined) answers.push(`signed portal visit ${paint.bold(firstEvent)}`)
  return [
    `${paint.bold('preflight')}  ${answers.join(' | ')}`,
    ...notes.map((note) => paint.yellow(`  ${note}`)),
    '',
    '',
  ].join('\n')
}

function checkText({ paint, verbose }: CheckTextOptions, report: CheckResultReport): string {
  const { number, id, verdict, severity, title, reason, findings } = report
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
  const details = findings
    .filter((finding) => verbose || finding.verdict === verdict)
    .filter(() => verbose || verdict !== 'PASS')
    .map(findingLine)
    .filter((line) => line !== '' && line !== reason)
  return [
    `${colour(MARKS[verdict])} ${number}${colour(label)} ${title} ${paint.dim(id)}${why}\n`,
    ...details.map((line) => `     ${line}\n`),
  ].join('')
}

/** A finding in one line. */
function findingLine({ verdict, request, expected, actual, why }: FindingReport): string {
  const isBad = verdict === 'FAIL' || verdict === 'WARN'
  return [
    [request, actual].filter((part) => part !== undefined).join(': '),
    isBad && expected !== undefined ? `expected ${expected}` : undefined,
    why,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('; ')
}

function skippedText({ paint, verbose }: CheckTextOptions, reports: readonly CheckResultReport[]): string {
  if (verbose) return ''
  const byReason = new Map<string, string[]>()
  for (const { verdict, reason = 'skipped', number } of reports)
    if (verdict === 'SKIP') byReason.set(reason, [...(byReason.get(reason) ?? []), number])
  return [...byReason]
    .map(([reason, numbers]) => `${paint.dim(`- ${numbers.length} not run (${numbers.join(' ')}): ${reason}`)}\n`)
    .join('')
}

function endText(
  { paint, verbose, run }: CheckTextOptions,
  { summary, requests, eventIds, ended }: CheckEnding,
): string {
  const { verdicts, headline, exitCode } = summary
  const colour = exitCode === 0 ? paint.green : exitCode === 1 ? paint.red : paint.yellow
  const counts = (
    [
      ['PASS', 'passed'],
      ['FAIL', 'failed'],
      ['WARN', 'warned'],
      ['INFO', 'reported'],
      ['INCONCLUSIVE', 'inconclusive'],
      ['SKIP', 'not run'],
    ] as const
  ).flatMap(([verdict, word]) => (verdicts[verdict] === 0 ? [] : [`${verdicts[verdict]} ${word}`]))
  return [
    '',
    ...(ended === undefined
      ? []
      : [paint.yellow(`ended early${ended.after === undefined ? '' : ` after ${ended.after}`}: ${ended.reason}`)]),
    ...eventsText(eventIds, { verbose, run }),
    colour.bold(headline),
    `${counts.join(', ')}; ${requests} requests`,
    '',
  ].join('\n')
}

function eventsText(
  ids: readonly string[],
  { verbose, run }: { readonly verbose: boolean; readonly run: string },
): readonly string[] {
  if (ids.length === 0) return ['no event was sent']
  const shown = verbose ? ids : ids.slice(0, IDS_SHOWN)
  const more = ids.length - shown.length
  const where = more === 0 ? '' : ` … and ${more} more: all with --verbose, or --report json=FILE`
  return [
    `${ids.length === 1 ? '1 event was' : `${ids.length} events were`} sent, of members whose externalId begins with qsim-${run}-:`,
    `  ${shown.join('\n  ')}${where === '' ? '' : `\n ${where}`}`,
  ]
}
