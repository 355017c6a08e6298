import type { CauseId } from './cause.ts'
import type { Kit } from './kit.ts'
import type { EffectExpectation } from './effect.ts'
import type { Step } from './probe.ts'
import type { Judge } from './verdict.ts'

/** MUST breaks the published contract, lets forged data in, or loses or doubles data; SHOULD is documented practice. */
export type Severity = 'MUST' | 'SHOULD' | 'INFO'

/**
 * What a check may do to a real endpoint. P: judged from answers that came anyway. S0: nothing that a correct receiver
 * applies. S1: valid events, applied once. S2: valid events repeated or in parallel. S3: heavy or hostile transport.
 */
export type SideEffect = 'P' | 'S0' | 'S1' | 'S2' | 'S3'

/** What a check cannot do without; where it is missing, the check is skipped and says so. */
export type Need = 'secret' | 'authorization' | 'other-secret' | 'event-identity' | 'not-plain-local' | 'http-twin'

/** The groups of the catalogue, in its order; the first part of every id. */
export const GROUPS = ['contract', 'authenticity', 'delivery', 'robustness', 'performance', 'transport'] as const
/** One of the groups. */
export type Group = (typeof GROUPS)[number]

/** One check: all that is known of it before anything is sent. */
export interface Check {
  /** A name that never changes. */
  readonly id: `${Group}/${string}`
  /** Its number in the catalogue, such as AUT-05. */
  readonly number: string
  readonly title: string
  readonly severity: Severity
  readonly sideEffect: SideEffect
  /** Harmless as well with the body `[]`, so it runs everywhere in that form. */
  readonly zeroEventForm?: true
  /** What a sound receiver does, in one sentence. */
  readonly requirement: string
  /** Who says so: `[Q]` Qualifio, `[S]` another specification, `[I]` an issue thread, `[M]` measured, `[J]` judgement. */
  readonly sources: readonly string[]
  readonly needs: readonly Need[]
  /** How the request differs from the control, in a few words. */
  readonly differs: string
  /** The answers that are right, for people. */
  readonly accepted: string
  /** The usual cause of a failure; a judge may find another. */
  readonly cause: CauseId
  /** How long the check waits at least, in ms. */
  readonly waitsMs?: number
  /** It says something where no control is accepted, too: passive checks, and the handshake. */
  readonly needsControl?: false
  /** Requests that stand alone are sent between two accepted controls: a refusal proves nothing without them. */
  readonly controls?: 'around'
  /** What is sent; the same kit gives the same plan. Nothing for passive checks. */
  plan(kit: Kit): Plan
  readonly judge: Judge
}

/** A check as it is written down; its sources stand in a table of their own. */
export type CheckRecord = Omit<Check, 'sources'>

/** What a check sends, and what the receiver must have done at its end. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly effects?: readonly EffectExpectation[]
  /** Its events were sent before, by another check. */
  readonly isRepeat?: true
}
