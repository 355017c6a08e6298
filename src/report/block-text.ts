import type { Attempt } from '../delivery/outcome.ts'

/**
 * What it means that a delivery is blocked: the application has nothing, or has what it answered where only the answer
 * was lost.
 */
export function lossText(events: number, attempts: readonly Attempt[]): string {
  const lost = events === 1 ? 'the event' : `the ${events} events`
  const isHeard = attempts.some(({ result }) => result.kind === 'failed' && result.code === 'lost-ack')
  return isHeard
    ? `thinks that ${lost} never reached your application, which answered: its answer was lost on purpose`
    : `${lost} would never reach your application`
}
