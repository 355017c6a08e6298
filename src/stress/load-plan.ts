import type { Fault } from '../delivery/fault.ts'

export { FAULTS, type Fault } from '../delivery/fault.ts'

/** A part of the schedule: the rate of first deliveries goes from one to the other in a straight line. */
export interface LoadStage {
  readonly durationMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/**
 * When first deliveries are due. `open`: whatever the receiver does. `closed` (`--rate max`): one after the other on
 * every connection. `count` ends either early, after as many deliveries.
 */
export type LoadSchedule =
  | { readonly kind: 'open'; readonly stages: readonly LoadStage[]; readonly count?: number }
  | { readonly kind: 'closed'; readonly durationMs?: number; readonly count?: number }

/** Shares of deliveries, 0 to 1, by fault. */
export type FaultShares = Readonly<Partial<Record<Fault, number>>>
