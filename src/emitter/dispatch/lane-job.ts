import type { Lane } from './lane.ts'
import type { Unfinished } from '../storage.ts'

/**
 * A delivery that is not finished, as the dispatch holds it: no body, because a hundred thousand of them may wait.
 */
export interface Job {
  readonly id: number
  readonly lane: Lane
  readonly kind: 'events' | 'ping'
  readonly memberIds: readonly string[]
  readonly round: number
  /** When the next attempt is due, or when the one under way was; wall clock. */
  dueAtMs: number
  /** When the attempt under way began; wall clock. */
  startedAtMs: number
  /** Of the next attempt, or of the one under way: 0 is the round's first delivery. */
  retry: number
  /** Attempts so far, of all rounds, with the one under way. */
  attemptCount: number
  /** The attempt before ended unknown. */
  possibleDuplicate: boolean
  stage: 'waiting' | 'under-way' | 'over'
  /** How many earlier deliveries it waits for, and the later ones that wait for it: only where order is kept. */
  earlier: number
  later: Job[] | null
  /** Another round was asked for while an attempt of this one was still under way. */
  again: Unfinished | null
}

const NOBODY: readonly string[] = []

/** What waits to be sent on a lane, from what the store knows. */
export function jobOf(delivery: Unfinished, lane: Lane, order: 'none' | 'by-member'): Job {
  return {
    id: delivery.id,
    lane,
    kind: delivery.kind,
    memberIds: order === 'none' ? NOBODY : delivery.memberIds,
    round: delivery.round,
    dueAtMs: delivery.dueAtMs,
    startedAtMs: 0,
    retry: delivery.retriesDone,
    attemptCount: delivery.attemptCount,
    possibleDuplicate: delivery.isUnknown,
    stage: 'waiting',
    earlier: 0,
    later: null,
    again: null,
  }
}

/** Does its next attempt have a place in the order of first attempts? */
export function isFirstAttempt(job: Job): boolean {
  return job.retry === 0 && !job.possibleDuplicate
}
