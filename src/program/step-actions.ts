import { unreachable, UsageError } from '../errors.ts'
import type { Action } from './action.ts'
import { topLevel } from './book.ts'
import type { Step } from './journey.ts'
import type { OpeningNeeds } from './opening.ts'
import { expiry, upgradeTo, type Stage } from './run.ts'
import type { Seat } from './seat.ts'
import { has, mainCurrency, USUAL_CORRECTION } from './spending.ts'

/** Who takes a step, and when. */
export interface StepMoment {
  readonly seat: Seat
  /** The level whose threshold the earning before crossed. */
  readonly crossed: number | undefined
  readonly atMs: number
}

/** How a journey is walked in a program. */
export interface StepActions {
  /** What whoever walks it must be able to do. */
  readonly needs: OpeningNeeds
  /** Draws what a step is; throws a UsageError where the balance does not pay for it. */
  readonly action: (step: Step, moment: StepMoment) => Action
}

/** The actions of these steps: what is earned and given pays for what is spent. */
export function stepActions(
  stage: Stage,
  { steps, fixedPoints }: { readonly steps: readonly Step[]; readonly fixedPoints: number | undefined },
): StepActions {
  const { book, draws } = stage
  const mainIndex = mainCurrency(draws.rewards)
  const leastCost = Math.min(
    ...draws.rewards.filter((reward) => reward.currencyIndex === mainIndex).map((reward) => draws.costOf(reward)),
  )
  const toSpend = leastCost + (fixedPoints ?? USUAL_CORRECTION.ready)
  const needs: OpeningNeeds = {
    balances: new Map(steps.some((step) => step.do === 'burning') ? [[mainIndex, toSpend]] : []),
    highestLevel: topLevel(book),
    lowestLevel: steps.some((step) => step.do === 'change_in_level' && step.why === 'expire') ? 1 : 0,
  }
  return { needs, action }

  function action(step: Step, { seat, crossed, atMs }: StepMoment): Action {
    const { random, state } = seat
    switch (step.do) {
      case 'profile_creation':
        return draws.creation(random)
      case 'member_portal_visit':
        return draws.visit(random)
      case 'free_gift':
        return draws.gift(random)
      case 'earning':
        return draws.earning({ random, state, atMs }, step.aim)
      case 'change_in_level':
        return step.why === 'expire' ? expiry : follow(seat, crossed, atMs)
      case 'burning':
        return draws.burning(random, chooseReward(seat))
      case 'point_correction_plus':
      case 'point_correction_minus':
        return correction(seat, step.do)
      default:
        return unreachable(step)
    }
  }

  /** What the earning before led to; a manager's hand where fixed points or a fixed rule reached no level. */
  function follow({ state }: Seat, crossed: number | undefined, atMs: number): Action {
    if (crossed !== undefined) return upgradeTo(stage, crossed, atMs)
    const to = Math.min(state.levelIndex + 1, topLevel(book))
    return { ...upgradeTo(stage, to, atMs), reason: 'manual' as const }
  }

  function chooseReward(seat: Seat) {
    const payable = draws.rewards.filter((reward) => has(seat, reward.currencyIndex) >= draws.costOf(reward))
    const comfortable = payable.filter(
      (reward) =>
        reward.currencyIndex !== mainIndex || has(seat, mainIndex) - draws.costOf(reward) >= toSpend - leastCost,
    )
    if (payable.length === 0) throw tooPoor(seat, 'burning')
    return seat.random.pick(comfortable.length > 0 ? comfortable : payable)
  }

  function correction(seat: Seat, type: 'point_correction_plus' | 'point_correction_minus') {
    if (type === 'point_correction_plus') {
      // With what was earned it pays for the spending that follows.
      const missing = Math.ceil(Math.max(0, toSpend - has(seat, mainIndex)) / 5) * 5
      const points = fixedPoints ?? missing + seat.random.int(1, 40) * 5
      return draws.correction(seat.random, { direction: 'plus', currencyIndex: mainIndex, points })
    }
    const least = fixedPoints ?? 1
    const currencyIndex =
      has(seat, mainIndex) >= least ? mainIndex : book.currencies.findIndex((_, index) => has(seat, index) >= least)
    if (currencyIndex < 0) throw tooPoor(seat, 'a correction -')
    const usual = Math.min(seat.random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to), has(seat, currencyIndex))
    return draws.correction(seat.random, { direction: 'minus', currencyIndex, points: fixedPoints ?? usual })
  }
}

function tooPoor({ person }: Seat, what: string): UsageError {
  return new UsageError(
    `${person?.place ?? 'a member'}: the balance does not pay for ${what}; give a higher one, or leave it empty.`,
  )
}
