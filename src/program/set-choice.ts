import type { EventType } from '../contract/event-types.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Book, BookReward, BookRule } from './book.ts'
import type { Gift } from './program.ts'
import { chooseRewards } from './set-reward.ts'
import { writtenPath, type SetRule } from './set-rule.ts'

/** What the user fixed before the ledger computes, so that balances still add up. */
export interface Fixed {
  readonly points?: number
  readonly rule?: BookRule
  /** The rewards that burnings choose from; never empty. */
  readonly rewards?: readonly BookReward[]
  /** The gifts that are given; never empty. */
  readonly gifts?: readonly Gift[]
}

/** What the rules are applied to. */
export interface SetScope {
  readonly types: readonly EventType[]
  readonly book: Book
  readonly eventCount: number
  /** Events of one type, at most. */
  readonly countOf: (type: EventType) => number
  readonly validate: 'on' | 'off'
}

/** The most that a fixed number of points may be: a thousand billion. */
const MOST_POINTS = 1e12

/** The rules that choose points, a rule or a reward, and what they choose. */
export function fixedOf(rules: readonly SetRule[], scope: SetScope): { fixed: Fixed; settled: ReadonlySet<SetRule> } {
  const settled = new Set<SetRule>()
  let fixed: Fixed = {}

  const points = rules.find((rule) => writtenPath(rule.steps) === 'data.points')
  if (points !== undefined && Number.isSafeInteger(points.value) && (points.value as number) > 0) {
    const value = points.value as number
    if (value > MOST_POINTS || value * (scope.eventCount + 1) > Number.MAX_SAFE_INTEGER / 4) {
      throw new UsageError(
        `--set ${points.text}: balances of ${scope.eventCount} such events would pass 2^53; set fewer points.`,
      )
    }
    fixed = { ...fixed, points: value }
    settled.add(points)
  }

  const choosesRule = choiceOf(rules, 'rule', ['id', 'name'])
  if (choosesRule.length > 0 && scope.types.includes('earning')) {
    const rule = scope.book.rules.find((entry) => agrees(entry.rule, choosesRule))
    if (rule !== undefined) {
      fixed = { ...fixed, rule }
      for (const choice of choosesRule) if (!choice.isWhole) settled.add(choice.rule)
    } else if (scope.validate === 'on') {
      throw noneSuch(
        scope.book.rules.map((entry) => entry.rule),
        choosesRule,
        scope.book,
      )
    }
  }

  const chosen = chooseRewards(rules, scope, settled.has(points as SetRule) ? points : undefined)
  for (const rule of chosen.settled) settled.add(rule)
  return { fixed: { ...fixed, ...chosen.fixed }, settled }
}

/** Something that an entry of the program must have, for a rule of the user's. */
export interface Choice {
  readonly rule: SetRule
  readonly key: 'id' | 'name' | 'kind'
  readonly value: string
  /** The rule sets the whole object, which may say more than the id and name. */
  readonly isWhole: boolean
}

/** What the rules ask of the earning rule, or of the reward. */
export function choiceOf(
  rules: readonly SetRule[],
  what: 'rule' | 'reward',
  keys: readonly Choice['key'][],
): readonly Choice[] {
  return rules.flatMap((rule) => {
    const path = writtenPath(rule.steps)
    return keys.flatMap((key) => {
      const isWhole = path === `data.${what}`
      const value = isWhole ? (rule.value as Record<string, unknown> | null)?.[key] : rule.value
      const isAsked = isWhole || path === `data.${what}.${key}`
      return isAsked && typeof value === 'string' ? [{ rule, key, value, isWhole }] : []
    })
  })
}

type Entry = { readonly id: string; readonly name: string; readonly kind?: string }

/** Whether an entry of the program is what is asked for. */
export const agrees = (entry: Entry, choice: readonly Choice[]) =>
  choice.every(({ key, value }) => entry[key] === value)

/** Says that the program has no entry as it is asked for, and which there are. */
export function noneSuch(known: readonly Entry[], choice: readonly Choice[], book: Book): UsageError {
  // The first that nothing has is the misspelt one; where each alone is there, they contradict each other.
  const lone = choice.find((one) => !known.some((entry) => agrees(entry, [one])))
  const [{ rule, key, value }] = (lone === undefined ? choice : [lone]) as [Choice]
  const have = [...new Set(known.map((entry) => entry[key] ?? ''))]
  const asked =
    lone === undefined ? choice.map((one) => `${one.key} is "${one.value}"`).join(' and ') : `${key} is "${value}"`
  const near = lone === undefined ? undefined : nearest(value, have)
  const hint = near === undefined ? `known: ${have.join(', ')}.` : `did you mean ${near}?`
  return new UsageError(
    `--set ${rule.text}: program ${book.program.id} has none whose ${asked}; ${hint} Your own program comes with --program.`,
  )
}
