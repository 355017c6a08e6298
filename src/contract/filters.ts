import { kindInWords, lettersOf } from './value-kind.ts'
import type { ValueKind } from './value-kind.ts'

/*
 * The closed set of filters. Each one writes a value of the model and reads it back, so that a
 * template inverts; where it could not, `accepts` says so when the contract is checked.
 */

/** A filter's name in a template. */
export type FilterName = 'epoch_s' | 'epoch_ms' | 'date' | 'string' | 'number' | 'negate' | 'upper' | 'lower' | 'map'

/** The pairs of `map(a=b,…)` in the order of the template; empty for the other filters. */
export type MapPairs = readonly (readonly [from: string, to: string])[]

/** One filter: its meaning, how it writes, and how it is undone. Null never comes here, it passes unfiltered. */
export interface Filter {
  readonly meaning: string
  /** How much of the value survives writing and reading: `second` and `day` cut off the rest (never round up). */
  readonly precision: 'exact' | 'second' | 'day'
  /** What the filter makes of values of this kind, or a text that says why it cannot be used on them. */
  accepts(kind: ValueKind, pairs: MapPairs): ValueKind | string
  /** The wire value, or undefined when the filter cannot write this value so that it reads back. */
  write(value: unknown, pairs: MapPairs): string | number | undefined
  /** The model value, or undefined when the filter never writes this. */
  read(value: unknown, pairs: MapPairs): string | number | undefined
}

/** The longest time from the epoch that a Date can hold, ECMA-262 21.4.1.1. */
const FURTHEST_MS = 8.64e15

const USUAL_TIMESTAMP = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T\d\d:\d\d:\d\d\.\d{3}Z$/

const isTimestamp = (kind: ValueKind) => kind.json === 'string' && kind.format === 'timestamp'
const isNumeral = (text: string) => Number.isFinite(Number(text)) && String(Number(text)) === text

function epochMs(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms
}

function timestampOf(ms: unknown): string | undefined {
  return Number.isSafeInteger(ms) && Math.abs(ms as number) <= FURTHEST_MS
    ? new Date(ms as number).toISOString()
    : undefined
}

function numberOnly(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function changeCase(to: 'lower' | 'upper', value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return to === 'upper' ? value.toUpperCase() : value.toLowerCase()
}

function acceptsCase(kind: ValueKind, to: 'lower' | 'upper'): ValueKind | string {
  const from = to === 'upper' ? 'lower' : 'upper'
  if (kind.json !== 'string' || kind.letters !== from) {
    return `"${to}" can only be undone where every value is ${from} case, and this is ${kindInWords(kind)}`
  }
  if (kind.values === undefined) return { json: 'string', letters: to }
  return { json: 'string', letters: to, values: kind.values.map((value) => changeCase(to, value) as string) }
}

function acceptsMap(kind: ValueKind, pairs: MapPairs): ValueKind | string {
  if (kind.json !== 'string' || kind.values === undefined) {
    return `"map" needs a closed set of values, and this is ${kindInWords(kind)}`
  }
  const { values } = kind
  const missing = values.filter((value) => !pairs.some(([from]) => from === value))
  if (missing.length > 0) return `"map" does not say what becomes of ${missing.join(', ')}`
  const stranger = pairs.find(([from]) => !values.includes(from))
  if (stranger !== undefined) return `"map" names ${stranger[0]}, which is not ${kindInWords(kind)}`
  const targets = pairs.map(([, to]) => to)
  const twice = targets.find((to, index) => targets.indexOf(to) !== index)
  if (twice !== undefined) return `"map" writes "${twice}" for two values, so it cannot be read back`
  const letters = lettersOf(targets)
  return { json: 'string', values: targets, ...(letters !== undefined && { letters }) }
}

/** Every filter, by its name. */
export const FILTERS: Readonly<Record<FilterName, Filter>> = {
  epoch_s: {
    meaning: 'whole seconds since 1970-01-01 UTC',
    precision: 'second',
    accepts: (kind) =>
      isTimestamp(kind) ? { json: 'number' } : `"epoch_s" needs a timestamp, and this is ${kindInWords(kind)}`,
    write: (value) => {
      const ms = epochMs(value)
      return ms === undefined ? undefined : Math.floor(ms / 1000)
    },
    read: (value) => (Number.isSafeInteger(value) ? timestampOf((value as number) * 1000) : undefined),
  },
  epoch_ms: {
    meaning: 'milliseconds since 1970-01-01 UTC',
    precision: 'exact',
    accepts: (kind) =>
      isTimestamp(kind) ? { json: 'number' } : `"epoch_ms" needs a timestamp, and this is ${kindInWords(kind)}`,
    write: epochMs,
    read: timestampOf,
  },
  date: {
    meaning: 'the day in UTC, YYYY-MM-DD',
    precision: 'day',
    accepts: (kind) =>
      isTimestamp(kind)
        ? { json: 'string', format: 'date' }
        : `"date" needs a timestamp, and this is ${kindInWords(kind)}`,
    write: (value) => {
      // The usual timestamp already begins with its day; past the 28th the day may not exist.
      if (typeof value === 'string' && USUAL_TIMESTAMP.test(value)) return value.slice(0, 10)
      const timestamp = timestampOf(epochMs(value))
      return timestamp?.slice(0, timestamp.indexOf('T'))
    },
    read: (value) => {
      if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined
      const timestamp = timestampOf(epochMs(value + 'T00:00:00.000Z'))
      // 31 February is parsed as a day of March, which is not what was written.
      return timestamp?.startsWith(value) === true ? timestamp : undefined
    },
  },
  string: {
    meaning: 'the number as a text',
    precision: 'exact',
    accepts: (kind) =>
      kind.json === 'number'
        ? { json: 'string', numerals: 'all' }
        : `"string" needs a number, and this is ${kindInWords(kind)}`,
    write: (value) => (typeof value === 'number' ? String(value) : undefined),
    read: (value) => (typeof value === 'string' && isNumeral(value) ? Number(value) : undefined),
  },
  number: {
    meaning: 'the text as a number; only texts such as 42 can be written',
    precision: 'exact',
    accepts: (kind) => {
      if (kind.json !== 'string' || kind.format !== undefined)
        return `"number" needs a text, and this is ${kindInWords(kind)}`
      if (kind.values === undefined && kind.numerals === undefined)
        return `"number" can only write texts such as 42, and this is ${kindInWords(kind)}`
      const word = kind.values?.find((value) => !isNumeral(value))
      return word === undefined ? { json: 'number' } : `"number" cannot write "${word}"`
    },
    write: (value) => (typeof value === 'string' && isNumeral(value) ? Number(value) : undefined),
    read: (value) => (typeof value === 'number' ? String(value) : undefined),
  },
  negate: {
    meaning: 'the number with the other sign',
    precision: 'exact',
    accepts: (kind) => (kind.json === 'number' ? kind : `"negate" needs a number, and this is ${kindInWords(kind)}`),
    // 0 - x, not -x: there is no negative zero on the wire.
    write: (value) => (numberOnly(value) === undefined ? undefined : 0 - (value as number)),
    read: (value) => (numberOnly(value) === undefined ? undefined : 0 - (value as number)),
  },
  upper: {
    meaning: 'in upper case',
    precision: 'exact',
    accepts: (kind) => acceptsCase(kind, 'upper'),
    write: (value) => changeCase('upper', value),
    read: (value) => (value === changeCase('upper', value) ? changeCase('lower', value) : undefined),
  },
  lower: {
    meaning: 'in lower case',
    precision: 'exact',
    accepts: (kind) => acceptsCase(kind, 'lower'),
    write: (value) => changeCase('lower', value),
    read: (value) => (value === changeCase('lower', value) ? changeCase('upper', value) : undefined),
  },
  map: {
    meaning: 'another word for each value',
    precision: 'exact',
    accepts: acceptsMap,
    write: (value, pairs) => pairs.find(([from]) => from === value)?.[1],
    read: (value, pairs) => pairs.find(([, to]) => to === value)?.[0],
  },
}

/** The names of the filters. */
export const FILTER_NAMES = Object.keys(FILTERS) as readonly FilterName[]
