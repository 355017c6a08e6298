import { UsageError } from '../errors.ts'
import { agrees, choiceOf, noneSuch } from './entry-choice.ts'
import { chooseRewards } from './set-reward.ts'
import { writtenPath, type SetRule } from './set-rule.ts'
import type { Fixed, SetScope } from './set-scope.ts'

/** The most that a fixed number of points may be: a thousand billion. */
const MOST_POINTS = 1e12

/** The rules that choose points, a rule or a reward, and what they choose. */
export function fixedOf(rules: readonly SetRule[], scope: SetScope): { fixed: Fixed; settled: ReadonlySet<SetRule> } {
  const settled = new Set<SetRule>()
  let fixed: Fixed = {}

  const points = rules.find((rule) => writtenPath(rule.steps) === 'data.points')
  if (points !== undefined && Number.isSafeInteger(points.value) && (points.value as number) > 0) {
    const value = points.value as number
    if (value > MOST_POINTS)
      throw new UsageError(
        `--set ${points.text}: more than ${MOST_POINTS} points at once are not counted; set fewer points.`,
      )
    if (value * (scope.eventCount + 1) > Number.MAX_SAFE_INTEGER / 4) {
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
