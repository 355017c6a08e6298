import type { EventType } from '../../contract/event-types.ts'
import { unreachable } from '../../errors.ts'
import type { MemberState } from '../../program/action.ts'
import { type BookReward } from '../../program/book.ts'
import type { Stage } from '../../program/run.ts'
import { mainCurrency } from '../../program/spending.ts'
import type { Wish } from './set.ts'

/** What is asked of a member: which event, with which chances. */
export interface Ability {
  readonly type: EventType
  readonly stage: Stage
  readonly wish: Wish
}

/** `Emma Peeters`. */
export const fullName = ({ member }: MemberState) => `${member.firstName} ${member.lastName}`

/** Balances above this cannot be counted exactly. */
const MOST_POINTS = Number.MAX_SAFE_INTEGER

/** The currency that is corrected: the one that was named, or the one that most rewards cost. */
export const correctedCurrency = ({ stage, wish }: Ability) => wish.currencyIndex ?? mainCurrency(stage.book.rewards)

/** The rewards to choose from that a member can pay. */
export function payable({ stage: { draws } }: Ability, state: MemberState): readonly BookReward[] {
  return draws.rewards.filter((reward) => balanceOf(state, reward.currencyIndex) >= draws.costOf(reward))
}

/** What a member has. */
export const balanceOf = (state: MemberState, currencyIndex: number) => state.accounts[currencyIndex]?.current ?? 0

/**
 * Why somebody cannot have the event now, as what follows `Emma Peeters …` or `Nobody …`; undefined when they can.
 * @param state whose; undefined tells what nobody can
 */
export function lacks(ability: Ability, state: MemberState | undefined): string | undefined {
  const { type, wish, stage } = ability
  switch (type) {
    case 'burning': {
      if (state !== undefined && payable(ability, state).length > 0) return undefined
      return tooPoorForReward(ability, state)
    }
    case 'point_correction_minus': {
      const index = correctedCurrency(ability)
      const points = wish.fixed.points ?? 1
      if (state !== undefined && balanceOf(state, index) >= points) return undefined
      const name = stage.book.currencies[index]?.name ?? ''
      const has = state === undefined ? `has ${points} ${name}` : `has ${balanceOf(state, index)} ${name}`
      const least = state === undefined || wish.fixed.points === undefined ? '' : `, not ${points}`
      return `${has}${least} to take off. Give points first.`
    }
    case 'earning':
    case 'point_correction_plus': {
      if (state === undefined) return undefined
      const most = Math.max(...state.accounts.map(({ current, lifetime }) => Math.max(current, lifetime)))
      const points = wish.fixed.points ?? 0
      return most + points <= MOST_POINTS - 1e6
        ? undefined
        : `has ${most} points, and more cannot be counted. Take points back first.`
    }
    case 'profile_creation':
    case 'member_portal_visit':
    case 'free_gift':
      return undefined
    case 'change_in_level': {
      const level = stage.book.levels[wish.levelIndex ?? -1]
      if (level === undefined || (state !== undefined && state.levelIndex !== wish.levelIndex)) return undefined
      return state === undefined ? `can become ${level.name}.` : `is ${level.name} already. Name another level.`
    }
    default:
      return unreachable(type)
  }
}

function tooPoorForReward({ stage: { draws, book } }: Ability, state: MemberState | undefined): string {
  const main = mainCurrency(draws.rewards)
  const inMain = draws.rewards.filter((reward) => reward.currencyIndex === main)
  const cheapest = inMain.reduce((best, reward) => (draws.costOf(reward) < draws.costOf(best) ? reward : best))
  const name = book.currencies[main]?.name ?? ''
  const reward = draws.rewards.length === 1 ? `"${cheapest.reward.name}"` : 'the cheapest reward'
  return state === undefined
    ? `has the ${draws.costOf(cheapest)} ${name} that ${reward} costs. Give points first.`
    : `has ${balanceOf(state, main)} ${name}; ${reward} costs ${draws.costOf(cheapest)}. Give points first.`
}
