import type { Level, LoyaltyEvent, Member } from '../contract/event.ts'
import { unreachable } from '../errors.ts'
import type { Account, Action, LevelMove, MemberState, Stamp } from './action.ts'
import { levelReached, type Book } from './book.ts'
import type { Currency } from './program.ts'

/** What an action leads to: the member's new state, and the event that tells of it. */
export interface Posting {
  readonly state: MemberState
  readonly event: LoyaltyEvent
  /** The level whose threshold this earning crossed, if it crossed one above the member's own. */
  readonly levelCrossed: number | undefined
}

/**
 * Books an action. Pure: all chance is in the action. Throws (a bug of the caller) where the
 * action would break an invariant of CONTRACT.md: a balance below zero, a level that does not follow.
 */
export function post(book: Book, state: MemberState, { stamp, action }: { stamp: Stamp; action: Action }): Posting {
  const { member } = state
  const { program } = book
  const { id, occurredAt } = stamp
  switch (action.kind) {
    case 'create': {
      const balances = book.currencies.map((currency) => ({ currency, previous: 0, current: 0, lifetime: 0 }))
      const data = { authentication: action.authentication, level: book.levels[0] as Level, balances }
      return quiet(state, { id, type: 'profile_creation', occurredAt, program, member, data })
    }
    case 'visit': {
      const { visitId, page, browser, referrer } = action
      const data = { visitId, page, browser, referrer }
      return quiet(state, { id, type: 'member_portal_visit', occurredAt, program, member, data })
    }
    case 'earn': {
      const { rule, points } = action
      const { next, balance } = move(book, state, { currencyIndex: rule.currencyIndex, points, earned: points })
      const data = { points, rule: rule.rule, source: rule.source, expiresAt: action.expiresAt, balance }
      const event: LoyaltyEvent = { id, type: 'earning', occurredAt, program, member, data }
      return { state: next, event, levelCrossed: crossing(book, state, next.qualifyingPoints) }
    }
    case 'burn': {
      const { reward, points, promoCode } = action
      const { next, balance } = move(book, state, { currencyIndex: reward.currencyIndex, points: -points, earned: 0 })
      const data = { points, reward: reward.reward, promoCode, balance }
      return quiet(next, { id, type: 'burning', occurredAt, program, member, data })
    }
    case 'correct': {
      const { points, reason, correctedBy, currencyIndex } = action
      const change = action.direction === 'plus' ? points : -points
      const { next, balance } = move(book, state, { currencyIndex, points: change, earned: 0 })
      const data = { points, reason, correctedBy, balance }
      const type = action.direction === 'plus' ? 'point_correction_plus' : 'point_correction_minus'
      return quiet(next, { id, type, occurredAt, program, member, data })
    }
    case 'gift': {
      const { reward, promoCode, message, givenBy } = action
      const data = { reward, promoCode, message, givenBy }
      return quiet(state, { id, type: 'free_gift', occurredAt, program, member, data })
    }
    case 'level': {
      const next = changeLevel(book, state, { move: action, atMs: stamp.atMs })
      const data = {
        previousLevel: book.levels[state.levelIndex] as Level,
        newLevel: book.levels[next.levelIndex] as Level,
        direction: next.levelIndex > state.levelIndex ? ('upgrade' as const) : ('downgrade' as const),
        reason: action.reason,
        qualifyingPoints: next.qualifyingPoints,
        validUntil: action.validUntil === null ? null : action.validUntil.text,
      }
      return quiet(next, { id, type: 'change_in_level', occurredAt, program, member, data })
    }
    default:
      return unreachable(action)
  }
}

const quiet = (state: MemberState, event: LoyaltyEvent): Posting => ({ state, event, levelCrossed: undefined })

/** Moves one account. */
function move(
  book: Book,
  state: MemberState,
  { currencyIndex, points, earned }: { currencyIndex: number; points: number; earned: number },
) {
  const before = state.accounts[currencyIndex] as Account
  const current = before.current + points
  const lifetime = before.lifetime + earned
  if (current < 0) throw new Error(`a balance of ${before.current} cannot change by ${points}`)
  if (!Number.isSafeInteger(current) || !Number.isSafeInteger(lifetime))
    throw new Error('a balance is not a whole number')
  const accounts = state.accounts.slice()
  accounts[currencyIndex] = { current, lifetime }
  const qualifying = currencyIndex === book.qualifyingIndex ? earned : 0
  const next: MemberState = {
    member: state.member,
    accounts,
    levelIndex: state.levelIndex,
    qualifyingPoints: state.qualifyingPoints + qualifying,
    levelEndsMs: state.levelEndsMs,
  }
  const currency = book.currencies[currencyIndex] as Currency
  return { next, balance: { currency, previous: before.current, current, lifetime } }
}

/** The level above the member's own whose threshold lies between their points before and after. */
function crossing(book: Book, before: MemberState, pointsAfter: number): number | undefined {
  const reached = levelReached(book, pointsAfter)
  const crossed = before.qualifyingPoints < (book.thresholds[reached] as number)
  return crossed && reached > before.levelIndex ? reached : undefined
}

function changeLevel(
  book: Book,
  state: MemberState,
  { move: change, atMs }: { move: LevelMove; atMs: number },
): MemberState {
  const { reason, to, validUntil } = change
  const levelEndsMs = validUntil === null ? null : validUntil.ms
  const refuse = (why: string): never => {
    throw new Error(`no change from level ${state.levelIndex} to ${to} for ${reason}: ${why}`)
  }
  if (to === state.levelIndex || book.levels[to] === undefined) refuse('not another level')
  switch (reason) {
    case 'threshold_reached':
      if (to < state.levelIndex || to !== levelReached(book, state.qualifyingPoints))
        refuse('not what the points reach')
      return { ...state, levelIndex: to, levelEndsMs }
    case 'qualification_expired':
      if (to !== 0) refuse('points start at zero again, which is the first level')
      if (state.levelEndsMs !== null && atMs < state.levelEndsMs) refuse('the level still holds')
      return { ...state, levelIndex: to, qualifyingPoints: 0, levelEndsMs }
    case 'manual':
      return { ...state, levelIndex: to, levelEndsMs }
    default:
      return unreachable(reason)
  }
}

/** A member's state when their profile is created. */
export function newState(book: Book, member: Member): MemberState {
  const accounts = book.currencies.map(() => ({ current: 0, lifetime: 0 }))
  return { member, accounts, levelIndex: 0, qualifyingPoints: 0, levelEndsMs: null }
}

/**
 * Points of the qualifying currency that the member earned without an event being asked for. Only
 * for members whose balance in it has not been told yet: otherwise balances would not add up.
 */
export function earnUnseen(book: Book, state: MemberState, points: number): MemberState {
  return move(book, state, { currencyIndex: book.qualifyingIndex, points, earned: points }).next
}
