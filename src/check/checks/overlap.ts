import type { Judge, ProbeResult } from '../verdict.ts'

/** The names of the requests that are compared. */
export const ALONE = 'one alone'
/** The same, of the five. */
export const OTHER = 'different event'

/**
 * Whether the receiver handles simultaneous requests at the same time. Copies are no measure, for a second one may cost
 * nothing; five different events are: one after the other they take five times as long as one alone.
 */
export function overlap(results: readonly ProbeResult[]): ReturnType<Judge> {
  const named = (name: string): readonly ProbeResult[] => results.filter(({ probe }) => probe.name.startsWith(name))
  const spanMs = (some: readonly ProbeResult[]): number => {
    const times = some.map(({ exchange: { sentMs, headMs } }) => ({
      sentMs: sentMs ?? Number.NaN,
      headMs: headMs ?? Number.NaN,
    }))
    return Math.max(...times.map(({ headMs }) => headMs)) - Math.min(...times.map(({ sentMs }) => sentMs))
  }
  const others = named(OTHER)
  if (spanMs(others) <= OVERLAP_RATIO * others.length * spanMs(named(ALONE))) return []
  return [
    {
      verdict: 'INCONCLUSIVE',
      why: 'five different events took as long as one after the other, so the copies may not have met. One process that waits for nothing between looking an event up and writing it down has nothing to mend; with more workers this check tells more',
    },
  ]
}

/** Of the time that requests take one after the other. */
const OVERLAP_RATIO = 0.7
