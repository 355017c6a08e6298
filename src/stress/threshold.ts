import { nearest, UsageError } from '../errors.ts'
import { meantOf } from './forged.ts'
import { measuredFirst, type Percentiles, type StressBooks, type StressResult } from './result.ts'

const OPERATORS = ['<=', '>=', '<', '>'] as const

/** What a threshold holds a result to. */
export interface Threshold {
  /** As written: `p99<250ms`. */
  readonly text: string
  readonly name: ThresholdName
  readonly operator: (typeof OPERATORS)[number]
  /** In the unit of its quantity: ms, percent, per second, or none. */
  readonly limit: number
}

/** What became of it. */
export interface JudgedThreshold {
  readonly text: string
  /** For people: `312 ms`. */
  readonly actual: string
  readonly crossed: boolean
}

type Unit = 'ms' | '%' | '/s' | ''

interface Quantity {
  readonly unit: Unit
  /** Undefined when nothing was measured: then a threshold is crossed, whatever it asks. */
  readonly of: (result: StressResult) => number | undefined
}

/** Percentages are of the deliveries that were not dropped; forged ones are not meant to arrive and count in none. */
const QUANTITIES = {
  p50: latency('p50'),
  p90: latency('p90'),
  p99: latency('p99'),
  p999: latency('p999'),
  max: latency('max'),
  /** The 99th percentile of how late our own schedule was. */
  lateness: { unit: 'ms', of: ({ books, latenessMs }) => (books.deliveries > 0 ? latenessMs.p99 : undefined) },
  delivered: share(({ delivered }) => delivered),
  blocked: share(({ blocked }) => blocked),
  /** Not delivered at the first attempt: later, blocked, or not at all. An answer lost on purpose is no failure. */
  failed: share((books) => meantOf(books) - (books.deliveredAfter[0] ?? 0) - books.lostAcks),
  /** Of those that were due, because a dropped one never started. */
  dropped: { unit: '%', of: ({ books }) => percent(books.dropped, books.deliveries) },
  amplification: { unit: '', of: ({ books }) => amplificationOf(books) },
  rate: { unit: '/s', of: ({ books, answeredPerSecond }) => (books.deliveries > 0 ? answeredPerSecond : undefined) },
} as const satisfies Record<string, Quantity>

/** The names that a threshold may have. */
export type ThresholdName = keyof typeof QUANTITIES

const NAMES = Object.keys(QUANTITIES) as ThresholdName[]
const EXAMPLES: Readonly<Record<Unit, string>> = { ms: '250ms or 1.5s', '%': '1%', '/s': '450/s', '': '1.2' }
const PERCENTILES = [
  ['p50', 50],
  ['p90', 90],
  ['p99', 99],
  ['p999', 99.9],
] as const

/**
 * `p99<250ms`, `blocked<1%`, `amplification<1.2`, `delivered>99.9%`, `rate>450/s`, `rate>2700/m`.
 * @throws UsageError when the name is unknown, the comparison is none of < <= > >=, the unit is not the quantity's, or
 * a percentage is above 100, or it can never be kept
 */
export function parseThreshold(text: string, where = '--threshold'): Threshold {
  if (text.trim() === '') throw new UsageError(`${where} is empty; write a limit such as p99<250ms or delivered>99.9%.`)
  const [, word = '', operatorText = '', limitText = ''] = /^\s*([^\s<>=!]*)\s*([<>=!]*)\s*(.*?)\s*$/s.exec(text) ?? []
  const name = NAMES.find((known) => known === word)
  if (name === undefined) {
    const near = nearestPercentile(word) ?? nearest(word, NAMES)
    const hint = near === undefined ? 'it' : `did you mean ${near}? It`
    throw new UsageError(`${where} ${text}: there is no "${word}" to hold; ${hint} is one of ${NAMES.join(', ')}.`)
  }
  const operator = OPERATORS.find((known) => known === operatorText)
  const { unit } = QUANTITIES[name]
  const usual = name === 'delivered' || name === 'rate' ? '>' : '<'
  const example = `${name}${usual}${name === 'delivered' ? '99.9%' : EXAMPLES[unit]}`
  if (operator === undefined)
    throw new UsageError(`${where} ${text}: it compares with <, <=, > or >=; write ${example}.`)
  const limit = parseLimit(limitText, unit)
  if (limit === undefined) {
    const isBare = /^\d+(\.\d+)?$/.test(limitText)
    const form = isBare ? `${name}${operator}${limitText}${unit}` : example
    throw new UsageError(`${where} ${text}: "${limitText}" is no limit for ${name}; write ${form}.`)
  }
  if (unit === '%' && limit > 100)
    throw new UsageError(`${where} ${text}: ${name} is a share, which is never above 100%; write ${example}.`)
  const beyond = operator === '<' && limit === 0 ? 'below 0' : operator === '>' && limit === 100 ? 'above 100%' : ''
  if (beyond === 'below 0' || (unit === '%' && beyond !== '')) {
    const kept = unit === '%' ? `${name}${operator}=${limitText}` : example
    throw new UsageError(`${where} ${text}: ${name} is never ${beyond}, so this is never kept; write ${kept}.`)
  }
  if (name === 'amplification' && ((operator === '<' && limit <= 1) || (operator === '<=' && limit < 1)))
    throw new UsageError(
      `${where} ${text}: a delivery costs 1 request at least, so this is never kept; write ${example}.`,
    )
  return { text: `${name}${operator}${limitText}`, name, operator, limit }
}

/**
 * All `--threshold`s of a run together.
 * @throws UsageError when one is given twice
 */
export function distinctThresholds(list: readonly Threshold[], where = '--threshold'): readonly Threshold[] {
  const twice = list.find(({ text }, index) => list.findIndex((other) => other.text === text) !== index)
  if (twice !== undefined) throw new UsageError(`${where} ${twice.text} is given twice; give it once.`)
  return list
}

/** Of `p98`, which differs from two names by a letter, the nearer: `p99`. */
function nearestPercentile(word: string): ThresholdName | undefined {
  const digits = /^p(\d\d(?:\.?\d+)?)$/.exec(word)?.[1]
  if (digits === undefined) return undefined
  const percent = Number(digits.includes('.') ? digits : `${digits.slice(0, 2)}.${digits.slice(2)}`)
  const [near] = PERCENTILES.toSorted((a, b) => Math.abs(a[1] - percent) - Math.abs(b[1] - percent))
  return near?.[0]
}

/**
 * Requests per delivery whose first request was sent, without forged ones, copies, and attempts lost on purpose;
 * undefined without one. What waited to the end for its first request cost nothing.
 */
export function amplificationOf(books: StressBooks): number | undefined {
  const meant = books.requests - (books.duplicates ?? 0) - books.forged
  const started = meant - books.retries
  return started > 0 ? (meant - books.lostAcks) / started : undefined
}

/** Holds a result to every threshold, in their order. One of which nothing was measured is crossed. */
export function judge(thresholds: readonly Threshold[], result: StressResult): readonly JudgedThreshold[] {
  return thresholds.map(({ text, name, operator, limit }) => {
    const { unit, of } = QUANTITIES[name]
    const value = of(result)
    if (value === undefined) return { text, actual: 'nothing measured', crossed: true }
    // Beside a headline that counts those that were dropped.
    const isOfStarted = unit === '%' && name !== 'dropped' && result.books.dropped > 0
    const actual = `${shown(value, limit, unit)}${isOfStarted ? ' of those started' : ''}`
    return { text, actual, crossed: !holds(value, operator, limit) }
  })
}

function holds(value: number, operator: Threshold['operator'], limit: number): boolean {
  if (operator === '<') return value < limit
  if (operator === '<=') return value <= limit
  return operator === '>' ? value > limit : value >= limit
}

function parseLimit(text: string, unit: Unit): number | undefined {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)(ms|s|%|\/s|\/m)?$/.exec(text) ?? []
  if (number === '') return undefined
  if (unit === 'ms' && suffix === 's') return Number(number) * 1000
  if (unit === '/s' && suffix === '/m') return Number(number) / 60
  return suffix === unit ? Number(number) : undefined
}

/** With as many digits as it takes to tell it from the limit: 99.96 % did not reach 99.97 %, and is not "100 %". */
function shown(value: number, limit: number, unit: Unit): string {
  const suffix = unit === '' || unit === '/s' ? unit : ` ${unit}`
  for (const digits of [unit === '' ? 2 : 1, 3, 6]) {
    const rounded = Number(value.toFixed(digits))
    if (value === limit || rounded !== limit) return `${rounded}${suffix}`
  }
  return `${value}${suffix}`
}

function latency(key: keyof Percentiles): Quantity {
  return { unit: 'ms', of: (result) => (measuredFirst(result) > 0 ? result.latencyMs[key] : undefined) }
}

function share(part: (books: StressBooks) => number): Quantity {
  return { unit: '%', of: ({ books }) => percent(Math.max(0, part(books)), meantOf(books)) }
}

function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? (part / whole) * 100 : undefined
}
