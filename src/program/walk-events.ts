import type { LoyaltyEvent } from '../contract/event.ts'
import { unreachable, UsageError } from '../errors.ts'
import type { Random } from '../ports.ts'
import { topLevel } from './book.ts'
import type { Step } from './journey.ts'
import type { OpeningNeeds } from './opening.ts'
import { emitAt, expiry, upgradeTo, type Run } from './run.ts'
import { existingSeat, newSeat, type Seat } from './seat.ts'
import { has, mainCurrency, USUAL_CORRECTION } from './spending.ts'

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
  const { steps, random, walkerCount, fixedPoints } = plan
  const mainIndex = mainCurrency(run.draws.rewards)
  const leastCost = Math.min(
    ...run.draws.rewards
      .filter((reward) => reward.currencyIndex === mainIndex)
      .map((reward) => run.draws.costOf(reward)),
  )
  const toSpend = leastCost + (fixedPoints ?? USUAL_CORRECTION.ready)
  const needs: OpeningNeeds = {
    balances: new Map(steps.some((step) => step.do === 'burning') ? [[mainIndex, toSpend]] : []),
    highestLevel: topLevel(run.book),
    lowestLevel: steps.some((step) => step.do === 'change_in_level' && step.why === 'expire') ? 1 : 0,
  }
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
    const { seat } = walk
    switch (step.do) {
      case 'profile_creation':
        return emitAt(run, seat, { action: run.draws.creation(seat.random), atMs }).event
      case 'member_portal_visit':
        return emitAt(run, seat, { action: run.draws.visit(seat.random), atMs }).event
      case 'free_gift':
        return emitAt(run, seat, { action: run.draws.gift(seat.random), atMs }).event
      case 'earning': {
        const action = run.draws.earning({ random: seat.random, state: seat.state, atMs }, step.aim)
        const { event, levelCrossed } = emitAt(run, seat, { action, atMs })
        walk.crossed = levelCrossed
        return event
      }
      case 'change_in_level':
        return emitAt(run, seat, { action: step.why === 'expire' ? expiry : follow(walk, atMs), atMs }).event
      case 'burning':
        return emitAt(run, seat, { action: run.draws.burning(seat.random, chooseReward(seat)), atMs }).event
      case 'point_correction_plus':
      case 'point_correction_minus':
        return emitAt(run, seat, { action: correction(seat, step.do), atMs }).event
      default:
        return unreachable(step)
    }
  }

  /** What the earning before led to; a manager's hand where fixed points or a fixed rule reached no level. */
  function follow({ seat, crossed }: Walk, atMs: number) {
    if (crossed !== undefined) return upgradeTo(run, crossed, atMs)
    const to = Math.min(seat.state.levelIndex + 1, topLevel(run.book))
    return { ...upgradeTo(run, to, atMs), reason: 'manual' as const }
  }

  function chooseReward(seat: Seat) {
    const payable = run.draws.rewards.filter((reward) => has(seat, reward.currencyIndex) >= run.draws.costOf(reward))
    const comfortable = payable.filter(
      (reward) =>
        reward.currencyIndex !== mainIndex || has(seat, mainIndex) - run.draws.costOf(reward) >= toSpend - leastCost,
    )
    if (payable.length === 0) throw tooPoor(seat, 'burning')
    return seat.random.pick(comfortable.length > 0 ? comfortable : payable)
  }

  function correction(seat: Seat, type: 'point_correction_plus' | 'point_correction_minus') {
    if (type === 'point_correction_plus') {
      // With what was earned it pays for the spending that follows.
      const missing = Math.ceil(Math.max(0, toSpend - has(seat, mainIndex)) / 5) * 5
      const points = fixedPoints ?? missing + seat.random.int(1, 40) * 5
      return run.draws.correction(seat.random, { direction: 'plus', currencyIndex: mainIndex, points })
    }
    const least = fixedPoints ?? 1
    const currencyIndex =
      has(seat, mainIndex) >= least ? mainIndex : run.book.currencies.findIndex((_, index) => has(seat, index) >= least)
    if (currencyIndex < 0) throw tooPoor(seat, 'a correction -')
    const usual = Math.min(seat.random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to), has(seat, currencyIndex))
    return run.draws.correction(seat.random, { direction: 'minus', currencyIndex, points: fixedPoints ?? usual })
  }
}

function tooPoor({ person }: Seat, what: string): UsageError {
  return new UsageError(
    `${person?.place ?? 'a member'}: the balance does not pay for ${what}; give a higher one, or leave it empty.`,
  )
}
