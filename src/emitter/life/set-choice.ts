import { nearest } from '../../errors.ts'
import type { LevelMove } from '../../program/action.ts'
import type { Book } from '../../program/book.ts'
import { writtenPath, type SetRule } from '../../program/set-rule.ts'
import { Refusal } from '../refusal.ts'

/** Which currency and which level somebody asked for: what the ledger must know before it computes. */
export interface Choices {
  /** Position of the currency that the event moves (`data.balance.currency`). */
  readonly currencyIndex: number | undefined
  /** Position of the level that a change leads to (`data.newLevel`). */
  readonly levelIndex: number | undefined
  /** Until when the new level holds (`data.validUntil`). */
  readonly validUntil: LevelMove['validUntil'] | undefined
}

/**
 * What these rules choose in a program.
 * @throws Refusal when it has no such currency or level
 */
export function choicesOf(rules: readonly SetRule[], { currencies, levels, program }: Book): Choices {
  const until = rules.find(({ steps }) => writtenPath(steps) === 'data.validUntil')?.value
  const inProgram = (what: string) => ({ what, programId: program.id })
  return {
    currencyIndex: chosen(asksFor(rules, 'data.balance.currency'), currencies, inProgram('currency')),
    levelIndex: chosen(asksFor(rules, 'data.newLevel'), levels, inProgram('level')),
    validUntil: typeof until === 'string' ? { ms: Date.parse(until), text: until } : (until as null | undefined),
  }
}

interface Ask {
  readonly text: string
  readonly key: string
  readonly value: unknown
}

type Entry = Readonly<Record<string, unknown>>

/** The fields that rules give of an entry of the program: one by one, or as a whole. */
function asksFor(rules: readonly SetRule[], path: string): readonly Ask[] {
  return rules.flatMap(({ steps, value, text }) => {
    const written = writtenPath(steps)
    if (written === path) return Object.entries(value as Entry).map(([key, part]) => ({ text, key, value: part }))
    return written.startsWith(`${path}.`) ? [{ text, key: written.slice(path.length + 1), value }] : []
  })
}

/** Position of the entry that has all of this. */
function chosen(
  asks: readonly Ask[],
  entries: readonly Entry[],
  { what, programId }: { readonly what: string; readonly programId: string },
): number | undefined {
  const known = asks.filter(({ key }) => entries.some((entry) => key in entry))
  const [first] = known
  if (first === undefined) return undefined
  const index = entries.findIndex((entry) => known.every(({ key, value }) => entry[key] === value))
  if (index >= 0) return index
  const ask = known.find(({ key, value }) => !entries.some((entry) => entry[key] === value)) ?? first
  const have = entries.map((entry) => String(entry[ask.key]))
  const near = nearest(String(ask.value), have)
  const hint = near === undefined ? `; known: ${have.join(', ')}.` : `; did you mean ${near}?`
  throw new Refusal(
    'invalid',
    `set ${ask.text}: program ${programId} has no ${what} whose ${ask.key} is "${String(ask.value)}"${hint}`,
    'set',
  )
}
