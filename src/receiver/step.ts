import type { Random } from '../ports.ts'
import { randomStream } from '../program/random.ts'
import type { Header } from '../signing/authorization.ts'

/** One way to answer a request. `redirect` is a 307 to another path of the receiver itself. */
export type Step =
  | { readonly kind: 'status'; readonly status: number; readonly headers: readonly Header[] }
  | { readonly kind: 'hang' | 'reset' | 'close' | 'redirect' }
  /** The headers at once, the body bit by bit over this time. */
  | { readonly kind: 'drip'; readonly durationMs: number }

/** A step of a mix, and how many of a hundred answers are this one. */
export interface Share {
  readonly step: Step
  readonly percent: number
}

/**
 * How a receiver answers what it accepts. A sequence belongs to each delivery, or to the run as a whole; its last
 * step repeats. A mix draws a step for every request.
 */
export type Script =
  | { readonly kind: 'sequence'; readonly of: 'delivery' | 'run'; readonly steps: readonly Step[] }
  | { readonly kind: 'mix'; readonly shares: readonly Share[] }

/** Where a run and one of its deliveries stand when a request asks for its step. */
export interface ScriptState {
  /** SHA-256 of the body, which names the delivery. */
  readonly bodySha256: string
  /** Steps that this delivery has taken before. */
  readonly taken: number
  /** Requests of the run before this one. */
  readonly requestsBefore: number
  /** 0 to 4294967295; what a mix is drawn from. */
  readonly seed: number
}

/** The step of a bare status. */
export function statusStep(status: number, headers: readonly Header[] = []): Step {
  return { kind: 'status', status, headers }
}

/** One failure, to the first request of the run, so that a retry is seen; then success. */
export const FAIL_ONCE: Script = { kind: 'sequence', of: 'run', steps: [statusStep(503), statusStep(204)] }

/** Success every time. */
export const ALWAYS_ACCEPT: Script = { kind: 'sequence', of: 'delivery', steps: [statusStep(204)] }

/** The step for a request. Pure: the same state, the same step, whatever the order of other deliveries. */
export function nextStep(script: Script, state: ScriptState): Step {
  if (script.kind === 'sequence') {
    const index = script.of === 'run' ? state.requestsBefore : state.taken
    return script.steps[Math.min(index, script.steps.length - 1)] ?? statusStep(204)
  }
  return drawn(script.shares, randomStream(state.seed, `respond:${state.bodySha256}:${state.taken}`))
}

function drawn(shares: readonly Share[], random: Random): Step {
  let left = random.float() * 100
  for (const { step, percent } of shares) {
    left -= percent
    if (left < 0) return step
  }
  // What rounding left over.
  return shares.at(-1)?.step ?? statusStep(204)
}

/** The status that a step answers with; undefined for what is no answer. */
export function statusOf(step: Step): number | undefined {
  switch (step.kind) {
    case 'status':
      return step.status
    case 'redirect':
      return 307
    case 'drip':
      return 200
    default:
      return undefined
  }
}
