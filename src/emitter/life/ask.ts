import type { EventType } from '../../contract/event-types.ts'
import { unreachable } from '../../errors.ts'
import type { Action, MemberState } from '../../program/action.ts'
import { topLevel } from '../../program/book.ts'
import { createDraws } from '../../program/draws.ts'
import { expiry, type Stage } from '../../program/run.ts'
import type { Seat } from '../../program/seat.ts'
import { USUAL_CORRECTION } from '../../program/spending.ts'
import { balanceOf, correctedCurrency, payable, type Ability } from './ability.ts'
import { mayExpire } from './events.ts'
import type { Wish } from './set.ts'
import { Refusal } from '../refusal.ts'

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
      return levelAction(ability, state, atMs)
    default:
      return unreachable(type)
  }
}

/** Whether the change that is asked for may be the end of a level: no other level is named, and no time to hold. */
export const letsLevelEnd = ({ wish: { levelIndex, validUntil } }: Ability) =>
  (levelIndex ?? 0) === 0 && (validUntil ?? null) === null

/**
 * The end of the level where it may end and nothing else was asked for; otherwise a manager's hand, which lifts by one
 * level, and lowers from the top. The first level does not end.
 */
function levelAction(ability: Ability, state: MemberState, atMs: number): Action {
  const { levelIndex, validUntil } = ability.wish
  const { book, draws } = ability.stage
  if (mayExpire(state, atMs) && letsLevelEnd(ability)) return expiry
  const byOne = state.levelIndex < topLevel(book) ? state.levelIndex + 1 : state.levelIndex - 1
  const to = levelIndex ?? byOne
  const until = validUntil === undefined ? (to === 0 ? null : draws.levelEnd(atMs)) : validUntil
  if (until !== null && (to === 0 || until.ms <= atMs)) {
    const why = to === 0 ? `${book.levels[0]?.name ?? ''}, the first level, has no end` : 'it has passed'
    throw new Refusal('invalid', `set data.validUntil: ${why}.`, 'set')
  }
  return { kind: 'level', reason: 'manual', to, validUntil: until }
}
