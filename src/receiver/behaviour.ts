import type { Verdict } from './judge.ts'

/** How the receiver answers what it accepts: a status per request, the last one repeated. */
export interface Behaviour {
  readonly steps: readonly number[]
}

/** One failure, so that a retry is seen, then success: what the embedded receiver does. */
export const FAIL_ONCE: Behaviour = { steps: [503, 204] }

/** Success every time. */
export const ALWAYS_ACCEPT: Behaviour = { steps: [204] }

/**
 * The status to answer with. What is refused is refused whatever the script says.
 * @param index requests the script has seen before this one, from 0
 */
export function answerStatus(behaviour: Behaviour, index: number, verdict: Verdict): number {
  if (verdict.kind === 'refused') return verdict.status
  return behaviour.steps[Math.min(index, behaviour.steps.length - 1)] ?? 204
}
