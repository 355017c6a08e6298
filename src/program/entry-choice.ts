import { nearest, UsageError } from '../errors.ts'
import type { Book } from './book.ts'
import { writtenPath, type SetRule } from './set-rule.ts'

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
