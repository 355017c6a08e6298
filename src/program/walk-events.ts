import type { LoyaltyEvent } from '../contract/event.ts'
import type { Random } from '../ports.ts'
import type { Step } from './journey.ts'
import { emitAt, type Run } from './run.ts'
import { existingSeat, newSeat, type Seat } from './seat.ts'
import { stepActions } from './step-actions.ts'

/** Who walks what. */
export interface WalkPlan {
  readonly steps: readonly Step[]
  readonly walkerCount: number
  /** The member number of a walker. */
  readonly memberOf: (walker: number) => number
  /** Whose turn it is. */
  readonly random: Random
  readonly fixedPoints: number | undefined
}

/** Members on their way at the same time. */
const MOST_WALKING = 8

interface Walk {
  readonly seat: Seat
  /** Steps already taken. */
  taken: number
  /** The level whose threshold the last earning crossed. */
  crossed: number | undefined
}

/** All the events of all walks: a few members at a time, each taking the next step in turn by chance. */
export function* walkEvents(run: Run, plan: WalkPlan): Generator<LoyaltyEvent> {
  const { steps, random, walkerCount } = plan
  const { needs, action } = stepActions(run, plan)
  const walks: (Walk | undefined)[] = Array.from({ length: Math.min(walkerCount, MOST_WALKING) })
  let started = 0

  while (walks.length > 0) {
    const turn = random.int(0, walks.length - 1)
    const atMs = run.timeline.next()
    const walk = (walks[turn] ??= start(atMs))
    const step = steps[walk.taken++] as Step
    yield take(walk, step, atMs)
    if (walk.taken < steps.length) continue
    const areMoreToStart = started + walks.filter((other) => other === undefined).length < walkerCount
    if (areMoreToStart) walks[turn] = undefined
    else walks.splice(turn, 1)
  }

  function start(atMs: number): Walk {
    const index = plan.memberOf(started++)
    const isNew = steps[0]?.do === 'profile_creation'
    const seat = isNew ? newSeat(run.seats, index, atMs) : existingSeat(run.seats, index, needs)
    return { seat, taken: 0, crossed: undefined }
  }

  function take(walk: Walk, step: Step, atMs: number): LoyaltyEvent {
    const { event, levelCrossed } = emitAt(run, walk.seat, { action: action(step, { ...walk, atMs }), atMs })
    // What lies between an earning and the change that follows from it does not undo the crossing.
    if (step.do === 'earning') walk.crossed = levelCrossed
    return event
  }
}
