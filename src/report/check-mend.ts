import type { ChalkInstance } from 'chalk'
import { CAUSES, type CauseId } from '../check/cause.ts'
import type { Severity } from '../check/check.ts'
import type { CheckResultReport, FindingReport } from './check-report.ts'
import { wrapped } from './wrapped.ts'

/** How the mends are told. */
export interface MendOptions {
  readonly paint: ChalkInstance
  /** Columns of a line. */
  readonly width: number
  /** The command that repeats these checks, by their numbers. */
  readonly again: (numbers: readonly string[]) => string
  /** What must be set before these commands are typed; undefined when nothing must. */
  readonly setFirst: (commands: string) => string | undefined
}

/** Failures that one change mends. */
interface Fault {
  readonly cause: CauseId
  readonly severity: Severity
  readonly reports: readonly CheckResultReport[]
}

const SEVERITIES: readonly Severity[] = ['MUST', 'SHOULD', 'INFO']
/** Columns before a text: three, the name of the line, two. */
const INDENT = 11

/**
 * All failures again, by what causes them: several checks often find the same fault, and one change mends them all.
 * Worst first; empty when nothing failed.
 */
export function mendText(options: MendOptions, reports: readonly CheckResultReport[]): string {
  const { paint, again, setFirst } = options
  const faults = faultsOf(reports)
  if (faults.length === 0) return ''
  const head = paint.bold(faults.length === 1 ? 'One thing to mend' : `${faults.length} things to mend, worst first`)
  const commands = faults.map((fault) => again(fault.reports.map(({ number }) => number)))
  const texts = faults.map((fault, index) => faultText(options, { fault, number: index + 1, again: commands[index] }))
  const first = setFirst(commands.join('\n'))
  const note = first === undefined ? '' : `\n   ${paint.dim('set first:')} ${first}\n`
  return `\n${head}\n\n${texts.join('\n')}${note}`
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

function faultText(
  options: MendOptions,
  {
    fault: { cause, severity, reports },
    number,
    again,
  }: { readonly fault: Fault; readonly number: number; readonly again: string | undefined },
): string {
  const { paint } = options
  const numbers = reports.map((report) => report.number)
  // The same words once: a receiver that crashes says the same of every crash.
  const told = new Set<string>()
  return [
    `${paint.red.bold(`${number}. ${CAUSES[cause].title}`)}  ${severity} ${numbers.join(' ')}\n`,
    text(options, 'why', { words: CAUSES[cause].why }),
    text(options, 'mend', { words: reports[0]?.mend, colour: paint.yellow }),
    ...reports.map((report) => proofText(options, report, told)),
    line(paint, 'again', again),
  ].join('')
}

/** What proves it: the first request that failed, and how many more did. */
function proofText(options: MendOptions, { number, findings }: CheckResultReport, told: Set<string>): string {
  const { paint } = options
  const failed = findings.filter(({ verdict }) => verdict === 'FAIL')
  const [first] = failed
  if (first === undefined) return ''
  const more = failed.length === 1 ? '' : paint.dim(` (and ${failed.length - 1} more)`)
  const notes = [first.why, first.said].filter((words) => words !== undefined && !told.has(words))
  for (const words of notes) if (words !== undefined) told.add(words)
  const effect = `${shownEffect(paint, first)}${more}`
  return [
    first.sent === undefined
      ? line(paint, number, effect)
      : line(paint, number, `sent ${first.sent}`) + line(paint, '', effect),
    ...notes.map((words) => text(options, '', { words })),
  ].join('')
}

function shownEffect(paint: ChalkInstance, { expected = '', actual = '' }: FindingReport): string {
  return `expected ${paint.green(expected)}, actual ${paint.red(actual)}`
}

/** Words that may be broken into lines. */
function text(
  { paint, width }: MendOptions,
  name: string,
  { words, colour = (one) => one }: { readonly words: string | undefined; readonly colour?: (one: string) => string },
): string {
  if (words === undefined || words === '') return ''
  const [first = '', ...more] = wrapped(words, { width, indent: INDENT })
  return [line(paint, name, colour(first)), ...more.map((one) => `${colour(one)}\n`)].join('')
}

function line(paint: ChalkInstance, name: string, words: string | undefined): string {
  return words === undefined || words === '' ? '' : `   ${paint.dim(name.padEnd(INDENT - 4))} ${words}\n`
}
