import type { CheckRun } from '../check/run.ts'
import { skipped } from '../check/result.ts'
import { summaryOf } from '../check/summary.ts'
import { formatDuration } from '../delivery/duration.ts'
import { isStopped, type CheckEnding } from '../report/check-report.ts'
import { isAuthorized, type CheckSession } from './check-session.ts'
import { SIGNAL_EXIT_CODES, type InterruptSignal } from './context.ts'

/** What ended a run besides itself. */
export interface Interruption {
  readonly interruptedBy: InterruptSignal | undefined
  /** `--max-time`. */
  readonly timedOut: boolean
}

/** How a run ended, as the reports hold it. @param events how many were sent */
export function endingOf(
  { target, options }: CheckSession,
  run: CheckRun,
  { interruptedBy, timedOut, events }: Interruption & { readonly events: number },
): CheckEnding {
  const authenticated = target.endpoint.secret !== undefined || isAuthorized(target)
  const summary = summaryOf(run, { strict: options.strict, authenticated })
  const { end } = run
  const stopped = run.results.filter(isStopped).length
  const { INCONCLUSIVE, SKIP } = summary.verdicts
  const exitCode = interruptedBy === undefined ? summary.exitCode : SIGNAL_EXIT_CODES[interruptedBy]
  return {
    summary: {
      ...summary,
      exitCode,
      verdicts: { ...summary.verdicts, INCONCLUSIVE: INCONCLUSIVE - stopped, SKIP: SKIP + stopped },
      stopped,
    },
    ...(end === undefined
      ? {}
      : {
          ended: {
            kind: end.kind,
            reason: end.reason,
            ...(end.after === undefined ? {} : { after: end.after.number }),
          },
        }),
    ...stoppedBy({ interruptedBy, timedOut }),
    requests: run.requests,
    eventIds: run.eventIds,
    events,
    exitCode,
  }
}

/** A run that never began, for the target took no connection: no check of it says anything. */
export function unreachedRun({ checks, options }: CheckSession, { interruptedBy, timedOut }: Interruption): CheckRun {
  const within = options.waitFor === undefined ? '' : ` within ${formatDuration(options.waitFor)}`
  const reason =
    interruptedBy === undefined && !timedOut
      ? `the target did not accept connections${within}`
      : 'stopped before the target accepted a connection'
  return {
    preflight: { differential: [], provenRefusal: false, notes: [] },
    results: checks.map(({ check }) => skipped(check, reason)),
    end: { kind: 'control-refused', reason },
    requests: 0,
    eventIds: [],
  }
}

/** How such a run ended. */
export function unreachedEnding(session: CheckSession, run: CheckRun, interruption: Interruption): CheckEnding {
  const { summary, ended: _, ...ending } = endingOf(session, run, { ...interruption, events: 0 })
  return { ...ending, summary: { ...summary, headline: `NOT JUDGED: ${run.end?.reason ?? 'nothing was sent'}` } }
}

function stoppedBy({ interruptedBy, timedOut }: Interruption): Pick<CheckEnding, 'stoppedBy'> {
  const by = interruptedBy ?? (timedOut ? 'max-time' : undefined)
  return by === undefined ? {} : { stoppedBy: by }
}
