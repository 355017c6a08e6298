import type { ChalkInstance } from 'chalk'
import type { Verdict } from '../check/verdict.ts'
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
/** Fewer lines are still on the screen. */
const REPEATED_FROM = 10
/** Ids that are shown; the rest is a matter for a report. */
const IDS_SHOWN = 10

/** `--format text`: a line per check, failures with what mends them, and all failures again at the end. */
export function checkTextRenderer(options: CheckTextOptions): CheckRenderer {
  const { paint, verbose } = options
  const failures: string[] = []
  const skipped = new Map<string, string[]>()
  let told = 0
  return {
    preflight: (report) => preflightText(paint, report),
    check(report) {
      if (report.verdict === 'SKIP' && !verbose) {
        const reason = report.reason ?? 'skipped'
        skipped.set(reason, [...(skipped.get(reason) ?? []), report.number])
        return ''
      }
      told += 1
      const text = checkText(options, report)
      if (report.verdict === 'FAIL' || report.verdict === 'ERROR') failures.push(text)
      return text
    },
    end(ending) {
      const left = [...skipped].map(
        ([reason, numbers]) => `${paint.dim(`- ${numbers.length} not run (${numbers.join(' ')}): ${reason}`)}\n`,
      )
      const again =
        failures.length > 0 && told > REPEATED_FROM ? `\n${paint.red.bold('Failures')}\n\n${failures.join('')}` : ''
      return `${left.join('')}${again}${endText(options, ending)}`
    },
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
  const { number, id, verdict, severity, title, reason, mend, again, findings } = report
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
  const head = `${colour(MARKS[verdict])} ${number}${colour(label)} ${title} ${paint.dim(id)}${why}\n`
  const worth = findings.filter((finding) => verbose || isWorthTelling(verdict, finding))
  const details = worth.map((finding) => findingText(paint, finding)).join('')
  const line = (name: string, text: string): string => `     ${paint.dim(name.padEnd(9))} ${text}\n`
  const isBad = verdict === 'FAIL' || verdict === 'WARN'
  return [
    head,
    details,
    isBad && mend !== undefined ? line('mend', paint.yellow(mend)) : '',
    verdict === 'FAIL' && again !== undefined ? line('again', again) : '',
  ].join('')
}

function isWorthTelling(verdict: Verdict, finding: FindingReport): boolean {
  if (verdict === 'INFO') return finding.verdict === 'INFO' || finding.verdict === 'FAIL'
  return (verdict === 'FAIL' || verdict === 'WARN') && (finding.verdict === 'FAIL' || finding.verdict === 'WARN')
}

function findingText(
  paint: ChalkInstance,
  { verdict, request, sent, expected, actual, said, why }: FindingReport,
): string {
  const line = (name: string, text: string | undefined): string =>
    text === undefined ? '' : `     ${paint.dim(name.padEnd(9))} ${text}\n`
  if (verdict === 'INFO' || verdict === 'PASS')
    return line('', [request, actual, why].filter((one) => one !== undefined).join(': '))
  return [
    line('sent', sent),
    line('expected', expected === undefined ? undefined : paint.green(expected)),
    line('actual', actual === undefined ? undefined : paint.red(actual)),
    line('', said),
    line('why', why),
  ].join('')
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
    `${ids.length} events were sent, of members whose externalId begins with qsim-${run}-:`,
    `  ${shown.join('\n  ')}${where === '' ? '' : `\n ${where}`}`,
  ]
}
