import type { Level } from '../contract/event.ts'
import type { Currency, EarningRule, Gift, Program, Reward } from './program.ts'

/** An earning rule with what its events carry. */
export interface BookRule {
  readonly rule: { readonly id: string; readonly name: string }
  readonly source: EarningRule['source']
  readonly currencyIndex: number
  readonly points: readonly [number, number]
  readonly expiresAfterMonths: number | null
}

/** A reward with what its events carry. */
export interface BookReward {
  readonly reward: Gift
  readonly currencyIndex: number
  readonly cost: number
}

/**
 * A program in the form that its events are written from: each object exists once and is shared by
 * the events (nobody may change it), and currencies are known by position.
 */
export interface Book {
  readonly program: { readonly id: string; readonly name: string }
  readonly currencies: readonly Currency[]
  readonly qualifyingIndex: number
  readonly levels: readonly Level[]
  /** Threshold of each level. */
  readonly thresholds: readonly number[]
  readonly levelValidityMonths: number
  readonly rules: readonly BookRule[]
  readonly rewards: readonly BookReward[]
  readonly gifts: readonly Gift[]
  readonly source: Program
}

/** The book of a program. */
export function openBook(program: Program): Book {
  const currencies = program.currencies.map(({ id, name }) => ({ id, name }))
  const indexOf = (id: string) => currencies.findIndex((currency) => currency.id === id)
  return {
    program: { id: program.id, name: program.name },
    currencies,
    qualifyingIndex: indexOf(program.qualifyingCurrency),
    levels: program.levels.map(({ id, name, rank }) => ({ id, name, rank })),
    thresholds: program.levels.map((level) => level.threshold),
    levelValidityMonths: program.levelValidityMonths,
    rules: program.earningRules.map((rule) => ({
      rule: { id: rule.id, name: rule.name },
      source: { platform: rule.source.platform, action: rule.source.action },
      currencyIndex: indexOf(rule.currency),
      points: rule.points,
      expiresAfterMonths: rule.expiresAfterMonths,
    })),
    rewards: program.rewards.map((reward: Reward) => ({
      reward: { id: reward.id, name: reward.name, kind: reward.kind },
      currencyIndex: indexOf(reward.currency),
      cost: reward.cost,
    })),
    gifts: program.gifts.map(({ id, name, kind }) => ({ id, name, kind })),
    source: program,
  }
}

/** Position of the last level in the book. */
export const topLevel = (book: Book) => book.levels.length - 1

/** The level that this many qualifying points reach. */
export function levelReached(book: Book, qualifyingPoints: number): number {
  let reached = 0
  while (reached < topLevel(book) && qualifyingPoints >= (book.thresholds[reached + 1] as number)) reached++
  return reached
}
