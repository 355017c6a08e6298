import { UsageError } from '../errors.ts'
import type { ReplayCounts } from '../replay/run.ts'
import { replaySummary, type ReplayEnding } from '../report/replay-report.ts'
import type { InterruptSignal } from './context.ts'
import { runExitCode } from './exit-code.ts'
import type { ReplayPlan } from './replay-run.ts'

/** How the sending of fixtures went; without counts the target never accepted a connection. */
export interface Sent {
  /** How many fixtures of a file are done: they follow each other, so it is the first ones. */
  readonly done?: ReadonlyMap<string, number> | undefined
  readonly counts?: ReplayCounts
  /** A fixture that could not be read in the middle of the run. */
  readonly problem?: UsageError | undefined
  readonly timedOut?: boolean
}

/** A pipe's fixtures could not be counted before, so it shows at the end that none was sent. */
export function nothingTested(
  { count }: ReplayPlan,
  { counts, interruptedBy }: Sent & { readonly interruptedBy?: InterruptSignal | undefined },
): UsageError | undefined {
  if (counts === undefined || counts.stopped !== undefined || interruptedBy !== undefined) return undefined
  if (count.pipes === 0 || counts.passed + counts.failed > 0) return undefined
  return new UsageError(
    counts.skipped > 0
      ? 'every fixture was skipped, so nothing was tested; the reasons say which credentials are needed.'
      : 'no fixture came through the pipe, or none is selected: look at --only and --skip.',
  )
}

/** The books of a replay, why it stopped early if it did, and its exit code. */
export function endingOf(
  { count, options, faults }: ReplayPlan,
  { counts, problem, interruptedBy }: Sent & { readonly interruptedBy?: InterruptSignal | undefined },
): ReplayEnding {
  const run = counts ?? { passed: 0, failed: 0, skipped: 0, interrupted: 0, requests: 0, nothingJudged: true }
  // What comes through a pipe cannot be counted before.
  const total = count.pipes > 0 ? 0 : count.fixtures * (options.repeat ?? 1) * faults.copies.count
  const summary = replaySummary(run, total)
  const stoppedBy =
    interruptedBy ??
    (counts === undefined ? 'never-connected' : counts.stopped === 'interrupted' ? 'max-time' : counts.stopped)
  const { interrupted, notStarted } = summary
  const verdict = { interruptedBy, nothingJudged: run.nothingJudged, blocked: run.failed, interrupted, notStarted }
  return {
    summary,
    exitCode: problem === undefined ? runExitCode(verdict) : 2,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    ...problemOf(problem, stoppedBy),
  }
}

/** Why a report must not look as if all were well, where nothing else in it says so. */
function problemOf(
  problem: UsageError | undefined,
  stoppedBy: ReplayEnding['stoppedBy'],
): { readonly problem?: string } {
  if (problem !== undefined) return { problem: problem.message }
  if (stoppedBy === undefined || stoppedBy === 'first-failure') return {}
  return { problem: PROBLEMS[stoppedBy] }
}

const PROBLEMS = {
  'never-connected': 'the target was never reached',
  'max-time': 'the run ended at --max-time',
  SIGINT: 'the run was interrupted',
  SIGTERM: 'the run was terminated',
  SIGHUP: 'the terminal went away',
} as const
