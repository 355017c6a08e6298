import { explainFailure, FAILURES } from '../delivery/failure.ts'
import type { FailureCode } from '../delivery/outcome.ts'
import { headlineOf, NO_FORGED_ACCEPTED, SOMETHING_DELIVERED } from '../report/stress-headline.ts'
import { stressSummary, type StressEnding, type StressHeader } from '../report/stress-report.ts'
import { compareSummaries, differencesOfRuns } from '../stress/compare.ts'
import { meantInterrupted, meantOf } from '../stress/forged.ts'
import { unprovenRest } from '../stress/forged-text.ts'
import type { LoadSchedule } from '../stress/load-plan.ts'
import type { StressResult } from '../stress/result.ts'
import { totalOf } from '../stress/schedule.ts'
import { sentenceOf } from '../stress/sentence.ts'
import { judge, type JudgedThreshold } from '../stress/threshold.ts'
import { SIGNAL_EXIT_CODES, type InterruptSignal } from './context.ts'
import type { StressRun } from './stress-writers.ts'

/** Why a run ended, in the words of the other reports. */
const STOPPED_BY: Readonly<Partial<Record<StressResult['endedBy'], StressEnding['stoppedBy']>>> = {
  drain: 'drain',
  'max-requests': 'max-requests',
  'max-time': 'max-time',
  'never-connected': 'never-connected',
}

/** What a run came to, and its exit code. */
export function endingOf(
  { plan, options, target }: StressRun,
  result: StressResult,
  { header, interruptedBy }: { readonly header: StressHeader; readonly interruptedBy: InterruptSignal | undefined },
): StressEnding {
  const summary = stressSummary(result)
  const judged = [...judge(options.threshold, result), ...forgedThreshold(result)]
  // Who sends forged signatures wants them refused, and has a gate by that.
  const isGated = judged.length > 0 || (plan.shares['wrong-signature'] ?? 0) > 0
  const thresholds = [...judged, ...(isGated ? nothingDelivered(result) : [])]
  const stoppedBy = interruptedBy ?? STOPPED_BY[result.endedBy]
  const stopped = stoppedBy === undefined ? {} : { stoppedBy }
  const compared =
    plan.compare === undefined
      ? {}
      : { differences: differencesOfRuns(plan.compare, header), changes: compareSummaries(plan.compare, summary) }
  return {
    result,
    summary,
    thresholds,
    headline: headlineOf({
      result,
      summary,
      thresholds,
      drainMs: plan.drainMs,
      end: isWhole(plan.schedule, result) ? 'whole' : 'early',
      ...stopped,
    }),
    sentence: `${sentenceOf(result, plan.schedule.kind, header)}${hintOf(result, target.endpoint.url)}`,
    ...compared,
    ...stopped,
    exitCode: exitCodeOf(result, { interruptedBy, isCrossed: thresholds.some(({ crossed }) => crossed) }),
  }
}

/** Whether all was due that was to be, and came to its end. */
function isWhole(schedule: LoadSchedule, { books, loadMs }: StressResult): boolean {
  const { count, durationMs = 0 } = totalOf(schedule)
  const isDue = count === undefined ? loadMs >= durationMs : books.deliveries >= count
  return isDue && meantInterrupted(books) === 0
}

/** What to try where nothing was there. */
function hintOf({ endedBy, failures, unreached }: StressResult, url: URL): string {
  if (endedBy !== 'never-connected') return ''
  const [code] = (Object.keys(failures) as FailureCode[]).toSorted((a, b) => (failures[b] ?? 0) - (failures[a] ?? 0))
  if (unreached !== undefined && unreached.code === code) {
    const { sentence, nextStep } = explainFailure(unreached, url)
    return `; ${sentence}. ${nextStep}`
  }
  return code === undefined ? '' : `; ${FAILURES[code].meaning}. ${FAILURES[code].nextStep(url, 'attempt')}`
}

/** The first that applies: interrupted, never reached, a threshold crossed. Blocked deliveries are data. */
function exitCodeOf(
  { endedBy }: StressResult,
  { interruptedBy, isCrossed }: { readonly interruptedBy: InterruptSignal | undefined; readonly isCrossed: boolean },
): number {
  if (interruptedBy !== undefined) return SIGNAL_EXIT_CODES[interruptedBy]
  if (endedBy === 'never-connected') return 3
  return isCrossed ? 4 : 0
}

/** A gate must not open for a run in which nothing arrived, whatever its thresholds are of: refusing all is no proof. */
function nothingDelivered({ books }: StressResult): readonly JudgedThreshold[] {
  const isMeant = books.forged === 0 || meantOf(books) > 0
  if (books.delivered > 0 || !isMeant) return []
  return [{ text: SOMETHING_DELIVERED, actual: `0 of ${meantOf(books) || books.deliveries}`, crossed: true }]
}

/**
 * Forged signatures must be refused, whether somebody asked for it or not; where none was, nobody knows whether the
 * receiver looks at them, and no evidence is no pass.
 */
function forgedThreshold({ books }: StressResult): readonly JudgedThreshold[] {
  const { forged, refused, wronglyAccepted } = books
  if (forged === 0) return []
  const actual =
    wronglyAccepted + refused === 0 ? `none of ${forged} was refused` : `${wronglyAccepted} of ${forged} accepted`
  return [
    {
      text: NO_FORGED_ACCEPTED,
      actual: `${actual}${unprovenRest(books, String)}`,
      crossed: wronglyAccepted > 0 || refused === 0,
    },
  ]
}
