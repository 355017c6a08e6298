import type { RunSummary } from '../delivery/run.ts'
import type { Generation } from '../program/generate.ts'
import type { SendEnding } from '../report/send-renderer.ts'
import type { StoppedBy } from '../report/send-report.ts'
import type { InterruptSignal } from './context.ts'
import { runExitCode } from './exit-code.ts'

/** How a run came to its end; without a summary the target never accepted a connection and nothing was sent. */
export interface Ended {
  readonly summary?: RunSummary
  readonly timedOut?: boolean
  readonly interruptedBy?: InterruptSignal | undefined
}

type Totals = Pick<Generation, 'payloadCount' | 'eventCount'>

/** The books of a run, why it stopped early if it did, and its exit code. */
export function endingOf(
  { payloadCount, eventCount }: Totals,
  { summary: run, timedOut, interruptedBy }: Ended,
): SendEnding {
  const summary = {
    deliveries: payloadCount,
    delivered: run?.delivered ?? 0,
    blocked: run?.blocked ?? 0,
    interrupted: run?.interrupted ?? 0,
    notStarted: payloadCount - (run?.deliveries ?? 0),
    requests: run?.requests ?? 0,
    events: eventCount,
  }
  const stoppedBy = interruptedBy ?? stopOf(run, timedOut)
  const exitCode = runExitCode({ ...summary, interruptedBy, nothingJudged: run?.nothingJudged ?? true })
  return { summary, exitCode, ...(stoppedBy === undefined ? {} : { stoppedBy }) }
}

/** The ending of `--dry-run`: nothing was started, as asked. */
export function plannedEnding(totals: Totals): SendEnding {
  return { summary: endingOf(totals, {}).summary, exitCode: 0 }
}

/** Why a run that `--max-time` ended has the exit code of a failure; `''` for any other. */
export function maxTimeText({ summary, stoppedBy, exitCode }: SendEnding): string {
  const unfinished = summary.interrupted + summary.notStarted
  if (stoppedBy !== 'max-time' || unfinished === 0) return ''
  return `--max-time was reached: ${unfinished} of ${summary.deliveries} ${summary.deliveries === 1 ? 'delivery was' : 'deliveries were'} not finished, hence exit code ${exitCode}\n`
}

function stopOf(run: RunSummary | undefined, timedOut: boolean | undefined): StoppedBy | undefined {
  if (run?.stopped === 'never-connected' || (run === undefined && timedOut !== true)) return 'never-connected'
  return timedOut === true ? 'max-time' : undefined
}
