import type { Member } from '../contract/event.ts'
import type { Random } from '../ports.ts'
import { topLevel, type Book } from './book.ts'
import type { Account, MemberState } from './action.ts'
import type { Person } from './people.ts'

/** What a member who existed before the run must be able to do in it. */
export interface OpeningNeeds {
  /** The least balance, per currency. */
  readonly balances: ReadonlyMap<number, number>
  /** The highest level they may start at. */
  readonly highestLevel: number
  /** The lowest level they may start at; the first when absent. */
  readonly lowestLevel?: number | undefined
  /** Most points that may be missing to the next level, or undefined for anything. */
  readonly gapAtMost?: number | undefined
}

/** Out of ten members: five at the first level, three at the second, one at the third, one at the top. */
const LEVEL_DRAW = [0, 0, 0, 0, 0, 1, 1, 1, 2, 3]

/** The state of a member who existed before the run: what they earned and spent before nobody sees. */
export function openingState(
  book: Book,
  member: Member,
  { random, needs, person }: { random: Random; needs: OpeningNeeds; person?: Person | undefined },
): MemberState {
  const drawnLevel = Math.max(
    needs.lowestLevel ?? 0,
    Math.min(random.pick(LEVEL_DRAW), needs.highestLevel, topLevel(book)),
  )
  const levelIndex = person?.levelIndex ?? drawnLevel
  const qualifyingPoints = openingPoints(book, levelIndex, { random, needs })
  const accounts = book.currencies.map((currency, index): Account => {
    const isQualifying = index === book.qualifyingIndex
    const usual = usualPoints(book, index)
    const earlier = random.int(0, usual * 12)
    const spentShare = random.int(20, 80)
    const lifetime = earlier + (isQualifying ? qualifyingPoints : usual)
    const least = needs.balances.get(index) ?? 0
    const drawn = lifetime - Math.floor((lifetime * spentShare) / 100)
    const current = person?.balances.get(currency.id) ?? (drawn >= least ? drawn : least + random.int(0, usual))
    return { current, lifetime: Math.max(lifetime, current) }
  })
  return { member, accounts, levelIndex, qualifyingPoints, levelEndsMs: null }
}

/** Points within the level; just under the next threshold where the run needs a change soon. */
function openingPoints(book: Book, level: number, { random, needs }: { random: Random; needs: OpeningNeeds }): number {
  const from = book.thresholds[level] as number
  const next = book.thresholds[level + 1]
  if (next === undefined) return from + random.int(0, Math.max(1, from >> 1))
  const nearest = needs.gapAtMost === undefined ? from : Math.max(from, next - needs.gapAtMost)
  return random.int(nearest, next - 1)
}

/** What one earning in this currency usually brings. */
function usualPoints(book: Book, currencyIndex: number): number {
  const rules = book.rules.filter((rule) => rule.currencyIndex === currencyIndex)
  const middles = rules.map((rule) => Math.ceil((rule.points[0] + rule.points[1]) / 2))
  return middles.length === 0 ? 100 : Math.max(...middles)
}
