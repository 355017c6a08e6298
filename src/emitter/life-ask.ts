import type { EventType } from '../contract/event-types.ts'
import { unreachable } from '../errors.ts'
import type { Action } from '../program/action.ts'
import { topLevel } from '../program/book.ts'
import { createDraws } from '../program/draws.ts'
import { expiry, type Stage } from '../program/run.ts'
import type { Seat } from '../program/seat.ts'
import { USUAL_CORRECTION } from '../program/spending.ts'
import { balanceOf, correctedCurrency, payable, type Ability } from './life-ability.ts'
import { mayExpire } from './life-events.ts'
import type { Wish } from './life-set.ts'
import { Refusal } from './refusal.ts'

/**
 * The chances that a wish leaves: fixed points, rule and rewards, and where a currency is named, what is of it.
 * @throws Refusal when an earning has no rule left, or a burning no reward
 */
export function abilityOf(type: EventType, usual: Stage, wish: Wish): Ability {
  const { fixed, currencyIndex } = wish
  if (Object.keys(fixed).length === 0 && currencyIndex === undefined) return { type, stage: usual, wish }
  const { book } = usual
  const isMeant = (entry: { readonly currencyIndex: number }) =>
    currencyIndex === undefined || entry.currencyIndex === currencyIndex
  const rules = (fixed.rule === undefined ? book.rules : [fixed.rule]).filter(isMeant)
  const rewards = (fixed.rewards ?? book.rewards).filter(isMeant)
  const isEmpty = (type === 'earning' && rules.length === 0) || (type === 'burning' && rewards.length === 0)
  if (isEmpty) {
    const name = book.currencies[currencyIndex ?? 0]?.name ?? ''
    const what = type === 'earning' ? 'no such earning rule pays in' : 'no such reward costs'
    throw new Refusal('invalid', `set data.balance.currency: ${what} ${name} in program ${book.program.id}.`, 'set')
  }
  if (type === 'burning' && fixed.points !== undefined && rewards.some(({ cost }) => cost !== fixed.points)) {
    // A run may agree on another price; here the same reward was and will be sold for its own.
    const costs = rewards.map(({ reward, cost }) => `${reward.id} ${cost}`).join(', ')
    throw new Refusal('invalid', `set data.points: a burning costs what its reward costs (${costs}).`, 'set')
  }
  const draws = createDraws({ ...book, rules }, { ...fixed, rewards: rewards.length === 0 ? book.rewards : rewards })
  return { type, stage: { ...usual, draws }, wish }
}

/** Draws what was asked for, of a member who can have it. */
export function askedAction(ability: Ability, seat: Seat, atMs: number): Action {
  const { type, stage, wish } = ability
  const { draws } = stage
  const { random, state } = seat
  const { points } = wish.fixed
  switch (type) {
    case 'profile_creation':
      return draws.creation(random)
    case 'member_portal_visit':
      return draws.visit(random)
    case 'free_gift':
      return draws.gift(random)
    case 'earning':
      return draws.earning({ random, state, atMs }, 'any')
    case 'burning':
      return draws.burning(random, random.pick(payable(ability, state)))
    case 'point_correction_plus':
      return draws.correction(random, {
        direction: 'plus',
        currencyIndex: correctedCurrency(ability),
        points: points ?? random.int(1, 40) * 5,
      })
    case 'point_correction_minus': {
      const currencyIndex = correctedCurrency(ability)
      const usual = random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to)
      const taken = points ?? Math.min(usual, balanceOf(state, currencyIndex))
      return draws.correction(random, { direction: 'minus', currencyIndex, points: taken })
    }
    case 'change_in_level':
      return mayExpire(state, atMs) ? expiry : byHand(stage, state.levelIndex, atMs)
    default:
      return unreachable(type)
  }
}

/** A manager lifts the member by one level, and lowers them from the top; the first level does not end. */
function byHand({ book, draws }: Stage, levelIndex: number, atMs: number): Action {
  const to = levelIndex < topLevel(book) ? levelIndex + 1 : levelIndex - 1
  return { kind: 'level', reason: 'manual', to, validUntil: to === 0 ? null : draws.levelEnd(atMs) }
}
