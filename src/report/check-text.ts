import { checkLines, skippedLines } from './check-lines.ts'
import { exchangeLines } from './check-exchange.ts'
import { mendText, type MendOptions } from './check-mend.ts'
import type { CheckEnding, CheckRenderer, CheckResultReport, PreflightReport } from './check-report.ts'
import { counted, wrapped } from './wrapped.ts'

/** How a run is told to a person. */
export interface CheckTextOptions extends MendOptions {
  /** Every request and every event id as well. */
  readonly verbose: boolean
  readonly run: string
}

/** Ids that are shown; the rest is a matter for a report. */
const IDS_SHOWN = 10

/**
 * `--format text`: a line per check as it is done, what is not run by its reason, and at the end what to mend. Last
 * stands what matters most, for that is what a terminal still shows.
 */
export function checkTextRenderer(options: CheckTextOptions): CheckRenderer {
  const { paint, verbose } = options
  const reports: CheckResultReport[] = []
  let exchanges: string[] = []
  const exchanged = (): string => {
    const text = exchanges.map((line) => `     ${paint.dim(line)}\n`).join('')
    exchanges = []
    return text
  }
  return {
    exchange(report) {
      if (verbose) exchanges.push(...exchangeLines(report))
      return ''
    },
    preflight: (report) => `${preflightText(options, report)}${exchanged()}\n`,
    check(report) {
      reports.push(report)
      const lines = report.verdict === 'SKIP' && !verbose ? '' : checkLines(options, report)
      return `${lines}${exchanged()}`
    },
    end: (ending) =>
      [
        exchanged(),
        verbose ? '' : skippedLines(paint, reports),
        '\n',
        eventsText(options, ending),
        mendText(options, reports),
        '\n',
        endText(options, reports, ending),
      ].join(''),
  }
}

function preflightText(
  { paint, width }: CheckTextOptions,
  { differential, firstEvent, notes }: PreflightReport,
): string {
  const answers = differential.map(({ request, answer }) => `${request} ${paint.bold(answer)}`)
  if (firstEvent !== undefined) answers.push(`signed portal visit ${paint.bold(firstEvent)}`)
  return [
    `${paint.bold('preflight')}  ${answers.join(' | ')}`,
    ...notes.flatMap((note) =>
      wrapped(note, { width, indent: 2 }).map((line) => paint.yellow(`  ${line.trimStart()}`)),
    ),
    '',
  ].join('\n')
}

function endText(
  { paint }: CheckTextOptions,
  reports: readonly CheckResultReport[],
  { summary, requests, ended }: CheckEnding,
): string {
  const { verdicts, headline, exitCode, stopped } = summary
  const colour = exitCode === 0 ? paint.green : exitCode === 1 ? paint.red : paint.yellow
  const counts = (
    [
      [verdicts.PASS, 'passed'],
      [verdicts.FAIL, 'failed'],
      [verdicts.WARN, 'warned'],
      [verdicts.INFO, 'reported'],
      [verdicts.INCONCLUSIVE, 'inconclusive'],
      [stopped, 'stopped'],
      [verdicts.SKIP - stopped, 'not run'],
    ] as const
  ).flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]))
  const accepted = acceptedText(reports)
  const where = ended?.after === undefined ? '' : ` after ${ended.after}`
  return [
    ...(ended === undefined ? [] : [paint.yellow(`ended early${where}: ${ended.reason}`)]),
    ...(accepted === undefined ? [] : [paint.yellow(accepted)]),
    colour.bold(headline),
    `${counts.join(', ')}; ${counted(requests, 'request')}`,
    '',
  ].join('\n')
}

/** Which checks passed because of `--accept`; undefined where none did. */
export function acceptedText(reports: readonly CheckResultReport[]): string | undefined {
  const numbers = reports.flatMap(({ number, accepted }) => (accepted === undefined ? [] : [number]))
  return numbers.length === 0
    ? undefined
    : `${counted(numbers.length, 'check')} passed because of --accept: ${numbers.join(', ')}`
}

function eventsText({ verbose, run }: CheckTextOptions, { eventIds, events }: CheckEnding): string {
  if (events === 0) return 'no event was sent\n'
  const sent = `${events === 1 ? '1 event was' : `${events.toLocaleString('en')} events were`} sent, of members whose externalId begins with qsim-${run}-`
  if (eventIds.length === 0) return `${sent}; this contract gives them no id\n`
  const shown = verbose ? eventIds : eventIds.slice(0, IDS_SHOWN)
  const more = eventIds.length - shown.length
  const where = more === 0 ? '' : `  … and ${more} more: all with --verbose, or --report json=FILE\n`
  return `${sent}:\n  ${shown.join('\n  ')}\n${where}`
}
