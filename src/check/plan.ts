import type { Plan } from './check.ts'
import type { EffectExpectation } from './effect.ts'
import type { Probe } from './probe.ts'

/** One request after the other, each on a connection of its own. */
export function each(probes: readonly Probe[]): Plan {
  return { steps: probes.map((probe) => ({ kind: 'one', probe })) }
}

/** Every event exactly so often; named A, B, C. */
export function onceEach(eventIds: readonly string[], times = 1): readonly EffectExpectation[] {
  return eventIds.map((eventId, index) => ({ eventId, name: String.fromCodePoint(65 + index), times }))
}

/** So many portal visits: the event that moves no points. */
export function visits(count: number): readonly 'member_portal_visit'[] {
  return Array.from({ length: count }, () => 'member_portal_visit')
}
