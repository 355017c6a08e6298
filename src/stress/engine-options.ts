import type { Failed } from '../delivery/outcome.ts'
import type { RetryPolicy } from '../delivery/retry-policy.ts'
import type { Clock } from '../ports.ts'
import type { LaneMaker } from './lane.ts'
import type { SecondRecord } from './meters.ts'
import type { StressResult } from './result.ts'
import { totalOf } from './schedule.ts'
import type { SlotOptions } from './slots.ts'

/** What one worker does. */
export interface EngineOptions extends SlotOptions {
  readonly connections: number
  /** Deliveries under way at most; more than connections wait for one of them. */
  readonly maxInFlight: number
  readonly policy: RetryPolicy
  /** Waits are so many times shorter; `max`: none. */
  readonly speed: number | 'max'
  /** How long retries may go on when nothing more is due, ms. */
  readonly drainMs: number
  readonly maxRequests: number
  /** Total deadline of an attempt, connecting included, ms. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly makeLane: LaneMaker
  /** Aborted: nothing new is started, retries go on for `drainMs`. */
  readonly signal?: AbortSignal | undefined
  /** Aborted: everything ends at once. */
  readonly endSignal?: AbortSignal | undefined
  /** How many seconds a record must stay as it was handed out. */
  readonly recordsKept: number
  readonly onSecond: (record: SecondRecord) => void
}

/** How the run of a worker ended. */
export interface EngineEnd {
  readonly endedBy: StressResult['endedBy']
  /** From the first due time to the last answer, ms. */
  readonly durationMs: number
  /** While first deliveries were due, ms. */
  readonly loadMs: number
  /** From the first due time to the first answer to a first delivery while they were due, ms; Infinity without one. */
  readonly firstAnswerMs: number
  /** Deliveries that were under way or waiting at the end; forged ones that proved nothing are in the counts. */
  readonly interrupted: number
  /** Of those, the forged ones that were never sent. */
  readonly forgedUnsent: number
  /** What went wrong last with a connection. */
  readonly failed?: Failed | undefined
}

/** Our own delay from here on is no fault of the receiver, ms. */
export const LATE_MS = 2
/** So long nothing connects before a run is given up, ms. */
export const NEVER_CONNECTED_MS = 5000
/** After this wait a duplicate follows its delivery, ms. */
export const DUPLICATE_AFTER_MS = 1000
/** Overdue attempts are looked for so often at least, ms. */
const SWEEP_MS = 100

/** What follows from the options, once for a run. */
export function readingOf({ schedule, connections, maxInFlight, timeoutMs }: EngineOptions) {
  const laneCount = Math.max(1, Math.min(connections, maxInFlight))
  return {
    isClosed: schedule.kind === 'closed',
    laneCount,
    /** First deliveries that may wait for a lane. */
    roomBesides: Math.max(0, maxInFlight - laneCount),
    loadEndsMs: totalOf(schedule).durationMs ?? Number.POSITIVE_INFINITY,
    sweepEveryMs: Math.max(1, Math.min(SWEEP_MS, timeoutMs / 20)),
  }
}
