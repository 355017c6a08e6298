import { UsageError } from '../errors.ts'
import type { BookReward } from './book.ts'
import { agrees, choiceOf, noneSuch } from './entry-choice.ts'
import type { Gift } from './program.ts'
import { writtenPath, type SetRule } from './set-rule.ts'
import type { Fixed, SetScope } from './set-scope.ts'

/** Rewards and gifts that the rules leave, and the rules that need not be written any more. */
interface Chosen {
  readonly fixed: Pick<Fixed, 'rewards' | 'gifts'>
  readonly settled: readonly SetRule[]
}

/**
 * Chooses the rewards of burnings and the gifts that agree with everything the user sets: their id, name and kind,
 * whether they have a promo code, and for burnings what they cost.
 * @param points the rule that fixes the points of every event, if one does
 * @throws UsageError where none is left
 */
export function chooseRewards(rules: readonly SetRule[], scope: SetScope, points: SetRule | undefined): Chosen {
  const { book, types } = scope
  const choice = choiceOf(rules, 'reward', ['id', 'name', 'kind'])
  const code = rules.find((rule) => writtenPath(rule.steps) === 'data.promoCode')
  const settled = new Set<SetRule>()
  const bought = book.rewards.map(({ reward }) => reward)

  const rewards = types.includes('burning') ? paid(left(bought)) : undefined
  const gifts = types.includes('free_gift') ? left([...book.gifts, ...bought], book.gifts) : undefined
  return {
    fixed: {
      ...(rewards !== undefined && { rewards: book.rewards.filter(({ reward }) => rewards.includes(reward)) }),
      ...(gifts !== undefined && { gifts }),
    },
    settled: [...settled],
  }

  /** The entries that agree, or undefined for what is usual. */
  function left(entries: readonly Gift[], usual = entries): readonly Gift[] | undefined {
    const agreeing = choice.length === 0 ? usual : entries.filter((entry) => agrees(entry, choice))
    if (agreeing.length === 0) {
      if (scope.validate === 'off') return undefined
      throw noneSuch(entries, choice, book)
    }
    for (const { rule, isWhole } of choice) if (!isWhole) settled.add(rule)
    if (code === undefined || (scope.validate === 'off' && choice.length > 0)) {
      return choice.length === 0 ? undefined : agreeing
    }
    const fitting = agreeing.filter(({ kind }) => (kind === 'promo_code') === (code.value !== null))
    if (fitting.length > 0) {
      if (code.value === null) settled.add(code)
      return fitting
    }
    if (scope.validate === 'off') return undefined
    const [{ name, kind }] = agreeing as [Gift]
    throw new UsageError(
      code.value === null
        ? `--set ${code.text}: "${name}" always has a promo code; set data.reward.kind to physical or donation.`
        : `--set ${code.text}: "${name}" is of kind ${kind} and has no promo code; set data.reward.kind=promo_code.`,
    )
  }

  /** A burning costs exactly what its reward costs; where the user names none, one that costs the points they set. */
  function paid(agreeing: readonly Gift[] | undefined): readonly Gift[] | undefined {
    if (points === undefined || scope.validate === 'off') return agreeing
    const candidates = book.rewards.filter(({ reward }) => agreeing?.includes(reward) ?? true)
    const affordable = candidates.filter(({ cost }) => cost === points.value)
    if (affordable.length > 0) return affordable.map(({ reward }) => reward)
    // No reward costs that and none was named: in this run they all do, so its events still agree with each other.
    if (choice.length === 0) return agreeing
    throw new UsageError(
      `--set ${points.text}: a burning costs what its reward costs (${costsOf(candidates)}); ` +
        'set points that a reward costs. --no-validate writes it all the same.',
    )
  }
}

function costsOf(rewards: readonly BookReward[]): string {
  return rewards.map(({ reward, cost }) => `${reward.id} ${cost}`).join(', ')
}
