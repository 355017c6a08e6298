import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import type { Came } from './receiver.ts'
import type { Snapshot } from './snapshot.ts'

/** Events that came before an earlier one of their member was answered with 2xx: with `--ordered` there are none. */
export function outOfTurn(came: readonly Came[], { events }: Snapshot): readonly string[] {
  const before = new Map<string, string>()
  const last = new Map<string, string>()
  for (const { event } of events) {
    const previous = last.get(event.member.id)
    if (previous !== undefined) before.set(event.id, previous)
    last.set(event.member.id, event.id)
  }
  const arrived = new Set<string>()
  const early: string[] = []
  for (const { body, status } of came) {
    const ids = (JSON.parse(body) as LoyaltyEvent[]).map(({ id }) => id)
    // Those of one body come in their order.
    const known = new Set(arrived)
    for (const id of ids) {
      const previous = before.get(id)
      if (previous !== undefined && !known.has(previous)) early.push(id)
      known.add(id)
    }
    if (status < 300) for (const id of ids) arrived.add(id)
  }
  return early
}
