import { formatDuration } from '../delivery/duration.ts'
import { meantInterrupted, meantOf } from '../stress/forged.ts'
import { STOPPED_BY } from './send-report.ts'
import { msText, number, shareText } from './stress-figures.ts'
import type { StressEnding } from './stress-report.ts'

/** The threshold that every run with forged signatures has. */
export const NO_FORGED_ACCEPTED = 'no forged signature is accepted'
/** The one that every run with thresholds has in which nothing was delivered. */
export const SOMETHING_DELIVERED = 'something is delivered'
/** Those that nobody gave. */
const UNASKED: readonly string[] = [NO_FORGED_ACCEPTED, SOMETHING_DELIVERED]

const STRESS_STOPPED_BY = { ...STOPPED_BY, 'max-requests': 'stopped at --max-requests' } as const

/** What the headline is made of. */
export type HeadlineFacts = Pick<StressEnding, 'result' | 'summary' | 'thresholds' | 'stoppedBy'> & {
  /** How long retries may go on after the load. */
  readonly drainMs: number
  /** Whether something was left to do. */
  readonly end: 'early' | 'whole'
}

/** The result in a line: forged signatures that were accepted, thresholds, what arrived, and what cut it short. */
export function headlineOf(facts: HeadlineFacts): string {
  const { summary } = facts
  const { books } = facts.result
  const { wronglyAccepted, delivered, latencyMs } = summary
  // Forged ones are not meant to arrive.
  const meant = meantOf(books)
  const forged =
    wronglyAccepted === 0 ? '' : `accepted ${number(wronglyAccepted)} of ${number(books.forged)} forged signatures; `
  // Those that were dropped did not.
  const due = meant === 0 ? 0 : meant + summary.dropped
  const arrived =
    due === 0 && books.forged > 0
      ? 'nothing was meant to arrive'
      : `${number(delivered)} of ${number(due)} delivered (${shareText(due === 0 ? 0 : (100 * delivered) / due)})`
  const latency = latencyMs.p99 === null || delivered === 0 ? '' : `, p99 ${msText(latencyMs.p99)}`
  const dropped = summary.dropped === 0 ? '' : `, ${number(summary.dropped)} dropped`
  return `${forged}${verdictOf(facts)}${arrived}${dropped}${latency}${endOf(facts)}`
}

function verdictOf({ thresholds, summary }: HeadlineFacts): string {
  // It was said already.
  const judged =
    summary.wronglyAccepted === 0 ? thresholds : thresholds.filter(({ text }) => text !== NO_FORGED_ACCEPTED)
  const crossed = judged.filter(({ crossed: one }) => one)
  // What nobody asked for is told by its name, and only when it matters.
  if (judged.every(({ text }) => UNASKED.includes(text)))
    return crossed.length === 0
      ? ''
      : `crossed: ${crossed.map(({ text, actual }) => `${text} (${actual})`).join(', ')}; `
  if (crossed.length === 0) return 'all thresholds kept: '
  return `${crossed.length} of ${judged.length} thresholds crossed: `
}

/** `; 52 interrupted: --drain 2s was over`. */
function endOf({ stoppedBy, result, drainMs, end }: HeadlineFacts): string {
  const interrupted = meantInterrupted(result.books)
  const left = `${number(interrupted)} interrupted`
  switch (stoppedBy) {
    case undefined:
      return interrupted === 0 ? '' : `, ${left}`
    case 'never-connected':
      return `; ${end === 'early' ? `stopped after ${formatDuration(result.durationMs)}: ` : ''}no connection was ever made`
    case 'drain':
      return `; ${interrupted === 0 ? '' : `${left}: `}--drain ${flagText(drainMs)} was over`
    case 'SIGINT':
    case 'SIGTERM':
      return interrupted === 0 ? `; ${STRESS_STOPPED_BY[stoppedBy]}` : `; ${left} by ${stoppedBy}`
    default:
      return `; ${interrupted === 0 ? '' : `${left}: `}${STRESS_STOPPED_BY[stoppedBy]}`
  }
}

/** A duration as it is typed. */
function flagText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
