import { SIGNAL_EXIT_CODES, type InterruptSignal } from './context.ts'

/** What the exit code of a run depends on. */
export interface RunVerdict {
  readonly interruptedBy?: InterruptSignal | undefined
  /** No attempt of the run got as far as a connection. */
  readonly nothingJudged: boolean
  readonly blocked: number
  readonly interrupted: number
  readonly notStarted: number
}

/**
 * The verdict on the receiver as a number, the first that applies: 130/143 interrupted, 3 nothing could
 * be judged, 1 the receiver did not do what was expected, 0 all as expected.
 */
export function runExitCode({ interruptedBy, nothingJudged, blocked, interrupted, notStarted }: RunVerdict): number {
  if (interruptedBy !== undefined) return SIGNAL_EXIT_CODES[interruptedBy]
  if (nothingJudged) return 3
  return blocked + interrupted + notStarted > 0 ? 1 : 0
}
