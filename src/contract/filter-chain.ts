import { FILTERS } from './filters.ts'
import type { Filter, FilterName, MapPairs } from './filters.ts'

/** A filter as a template uses it. */
export interface AppliedFilter {
  readonly name: FilterName
  readonly pairs: MapPairs
  /** Where it stands in the template's file. */
  readonly offset: number
}

/**
 * A function from a model value (not null) to its wire value, or to undefined when a filter cannot write it.
 * One function, because it runs for every value of every event.
 */
export function writerOf(filters: readonly AppliedFilter[]): (value: unknown) => unknown {
  return filters.reduce<(value: unknown) => unknown>(
    (before, { name, pairs }, index) => {
      const { write } = FILTERS[name]
      if (index === 0) return (value) => write(value, pairs)
      return (value) => {
        const written = before(value)
        return written === undefined ? undefined : write(written, pairs)
      }
    },
    (value) => value,
  )
}

/** The model value of a wire value, or undefined when the filters never write it. Null stays null. */
export function undoFilters(value: unknown, filters: readonly AppliedFilter[]): unknown {
  if (value === null) return null
  let read = value
  for (const { name, pairs } of filters.toReversed()) {
    read = FILTERS[name].read(read, pairs)
    if (read === undefined) return undefined
  }
  return read
}

/** How much of a value survives these filters. */
export function precisionOf(filters: readonly AppliedFilter[]): Filter['precision'] {
  const lost = filters.map(({ name }) => FILTERS[name].precision)
  return lost.includes('day') ? 'day' : lost.includes('second') ? 'second' : 'exact'
}
