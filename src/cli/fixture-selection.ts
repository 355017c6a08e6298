import { nearest } from '../errors.ts'
import type { Fixture } from '../fixture/fixture.ts'
import { globPattern } from '../fixture/glob.ts'

/** Which fixtures `--only` and `--skip` choose. */
export interface FixtureSelection {
  isSelected(fixture: Fixture): boolean
  /** The texts that matched no fixture so far, a sentence each. */
  unmatched(option: '--only' | '--skip'): readonly string[]
}

interface Pattern {
  readonly text: string
  readonly pattern: RegExp
  matched: boolean
}

/** Enough names for a suggestion; a long NDJSON has no more to say. */
const NAMES_KEPT = 1000

/** A selection by names and patterns. */
export function selectFixtures(only: readonly string[], skip: readonly string[]): FixtureSelection {
  const patternsOf = (texts: readonly string[]): Pattern[] =>
    texts.map((text) => ({ text, pattern: globPattern(text), matched: false }))
  const patterns = { '--only': patternsOf(only), '--skip': patternsOf(skip) }
  const names = new Set<string>()

  /** Every pattern is tried, so that each is known to have matched. */
  function matches(list: readonly Pattern[], name: string): boolean {
    const matching = list.filter(({ pattern }) => pattern.test(name))
    for (const one of matching) one.matched = true
    return matching.length > 0
  }

  return {
    isSelected({ name }) {
      if (names.size < NAMES_KEPT) names.add(name)
      const [isWanted, isUnwanted] = [matches(patterns['--only'], name), matches(patterns['--skip'], name)]
      return (only.length === 0 || isWanted) && !isUnwanted
    },
    unmatched: (option) =>
      patterns[option]
        .filter(({ matched }) => !matched)
        .map(({ text }) => {
          const near = nearest(text, names)
          return `${option} ${text}: no fixture has this name${near === undefined ? '.' : `; did you mean ${near}?`}`
        }),
  }
}
