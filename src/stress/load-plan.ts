/** A part of the schedule: the rate of first deliveries goes from one to the other in a straight line. */
export interface LoadStage {
  readonly durationMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/**
 * When first deliveries are due. `open`: whatever the receiver does. `closed` (`--rate max`): one after the other on
 * every connection.
 */
export type LoadSchedule =
  | { readonly kind: 'open'; readonly stages: readonly LoadStage[] }
  | { readonly kind: 'closed'; readonly durationMs?: number }

/** What may go wrong on the way, in the words of `--fault`. */
export const FAULTS = ['duplicate', 'duplicate-concurrent', 'reorder', 'lost-ack', 'wrong-signature'] as const
/** One of them. */
export type Fault = (typeof FAULTS)[number]

/** Shares of deliveries, 0 to 1, by fault. */
export type FaultShares = Readonly<Partial<Record<Fault, number>>>
