import { CATALOG } from '../check/catalog.ts'
import type { Check } from '../check/check.ts'
import { mayHaveEffects } from '../check/consent.ts'
import { estimateOf } from '../check/estimate.ts'
import { createKit } from '../check/kit.ts'
import { unmet } from '../check/means.ts'
import { formatDuration } from '../delivery/duration.ts'
import { counted } from '../report/wrapped.ts'
import type { CheckSession } from './check-session.ts'
import { whereText } from './opened-target.ts'

/** The lines before a run: what is sent, how much of it, for how long, and what makes the same run again. */
export async function preflightText(session: CheckSession): Promise<string> {
  const { checks, consent, kit, means, target } = session
  const form = mayHaveEffects(consent) ? 'events' : 'zero-event'
  const plans: { check: Check; plan: ReturnType<Check['plan']> }[] = []
  for (const { check, refusal: why } of checks) {
    if (why !== undefined || unmet(check, means) !== undefined) continue
    const { steps } = check.plan(await createKit(check.id, { ...kit, form }))
    // Bodies are made again when they are sent: together they are large.
    plans.push({ check, plan: { steps: steps.map(withoutBytes) } })
  }
  const { requests, events, waitsMs } = estimateOf(plans, form)
  const what =
    form === 'events'
      ? `about ${counted(events, 'event')}, which a correct receiver applies`
      : '0 events: every body is [] or must be refused'
  const waits = waitsMs === 0 ? '' : `, ${formatDuration(waitsMs)} of waits`
  const of = plans.length === CATALOG.length ? '' : ` of ${CATALOG.length}`
  return `${plans.length}${of} checks of ${whereText(target)}: about ${counted(requests, 'request')}, ${what}${waits}; --seed ${kit.seed} --now ${new Date(kit.nowMs).toISOString()}\n`
}

function withoutBytes(step: ReturnType<Check['plan']>['steps'][number]): typeof step {
  const bare = <P extends { request: object }>(probe: P): P => ({ ...probe, request: { ...probe.request, writes: [] } })
  if (step.kind === 'one') return { kind: 'one', probe: bare(step.probe) }
  return step.kind === 'handshake' ? step : { kind: step.kind, probes: step.probes.map(bare) }
}
