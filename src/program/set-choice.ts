import type { EventType } from '../contract/event-types.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Book, BookReward, BookRule } from './book.ts'
import type { Gift } from './program.ts'
import { writtenPath, type SetRule } from './set-rule.ts'

/** What the user fixed before the ledger computes, so that balances still add up. */
export interface Fixed {
  readonly points?: number
  readonly rule?: BookRule
  readonly reward?: BookReward
  readonly gift?: Gift
}

/** What the rules are applied to. */
export interface SetScope {
  readonly types: readonly EventType[]
  readonly book: Book
  readonly eventCount: number
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

  const { book } = scope
  const choosesRule = choiceOf(rules, 'rule')
  if (choosesRule.length > 0 && scope.types.includes('earning')) {
    const rule = book.rules.find((entry) => agrees(entry.rule, choosesRule))
    if (rule !== undefined) fixed = { ...fixed, rule }
    settle(
      rule,
      choosesRule,
      book.rules.map((entry) => entry.rule),
    )
  }
  const choosesReward = choiceOf(rules, 'reward')
  if (choosesReward.length > 0) {
    const rewards = book.rewards.map((entry) => entry.reward)
    if (scope.types.includes('burning')) {
      const reward = book.rewards.find((entry) => agrees(entry.reward, choosesReward))
      if (reward !== undefined) fixed = { ...fixed, reward }
      settle(reward, choosesReward, rewards)
    }
    if (scope.types.includes('free_gift')) {
      const gift = [...book.gifts, ...rewards].find((entry) => agrees(entry, choosesReward))
      if (gift !== undefined) fixed = { ...fixed, gift }
      settle(gift, choosesReward, [...book.gifts, ...rewards])
    }
  }
  return { fixed, settled }

  function settle(
    found: object | undefined,
    choice: readonly Choice[],
    known: readonly { id: string; name: string }[],
  ) {
    if (found !== undefined) {
      for (const { rule, isWhole } of choice) if (!isWhole) settled.add(rule)
      return
    }
    if (scope.validate === 'off') return
    const [{ rule, key, value }] = choice as [Choice]
    const near = nearest(
      value,
      known.map((entry) => entry[key]),
    )
    const hint = near === undefined ? `known: ${known.map((entry) => entry[key]).join(', ')}` : `did you mean ${near}?`
    throw new UsageError(
      `--set ${rule.text}: program ${book.program.id} has none whose ${key} is "${value}"; ${hint} --program FILE brings your own.`,
    )
  }
}

interface Choice {
  readonly rule: SetRule
  readonly key: 'id' | 'name'
  readonly value: string
  /** The rule sets the whole object, which may say more than the id and name. */
  readonly isWhole: boolean
}

function choiceOf(rules: readonly SetRule[], what: 'rule' | 'reward'): readonly Choice[] {
  return rules.flatMap((rule) => {
    const path = writtenPath(rule.steps)
    return (['id', 'name'] as const).flatMap((key) => {
      const isWhole = path === `data.${what}`
      const value = isWhole ? (rule.value as Record<string, unknown> | null)?.[key] : rule.value
      const isAsked = isWhole || path === `data.${what}.${key}`
      return isAsked && typeof value === 'string' ? [{ rule, key, value, isWhole }] : []
    })
  })
}

const agrees = (entry: { readonly id: string; readonly name: string }, choice: readonly Choice[]) =>
  choice.every(({ key, value }) => entry[key] === value)
