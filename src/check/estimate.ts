import type { Check, Plan } from './check.ts'
import type { Form } from './kit.ts'

/** How much a run will send, at least, and how long it waits. */
export interface Estimate {
  readonly requests: number
  readonly events: number
  readonly waitsMs: number
}

/** Requests before the checks: the zero-event test. */
const PREFLIGHT_REQUESTS = 5

/** The sum of plans, with their controls. */
export function estimateOf(plans: readonly { readonly check: Check; readonly plan: Plan }[], form: Form): Estimate {
  let requests = PREFLIGHT_REQUESTS
  let waitsMs = 0
  let controls = 1
  const eventIds = new Set<string>()
  let anonymous = 0
  for (const { check, plan } of plans) {
    waitsMs += check.waitsMs ?? 0
    const probes = plan.steps.flatMap((step) =>
      step.kind === 'one' ? [step.probe] : step.kind === 'handshake' ? [] : step.probes,
    )
    for (const { eventIds: ids, events } of probes) {
      for (const id of ids) eventIds.add(id)
      // Without an id each request brings events that no other has.
      if (ids.length === 0) anonymous += events
    }
    requests += plan.steps.filter(({ kind }) => kind === 'handshake').length + probes.length
    if (check.controls === 'around') controls += probes.length + 1
    if (/^S[123]$/.test(check.sideEffect)) controls += 1
  }
  const events = eventIds.size + anonymous + (form === 'events' ? controls : 0)
  return { requests: requests + controls, events, waitsMs }
}
