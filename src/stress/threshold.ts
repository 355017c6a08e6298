import { nearest, UsageError } from '../errors.ts'
import type { Percentiles, StressBooks, StressResult } from './result.ts'

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

/** Percentages are of the deliveries that were started; forged ones are not meant to arrive and count in none. */
const QUANTITIES = {
  p50: latency('p50'),
  p90: latency('p90'),
  p99: latency('p99'),
  p999: latency('p999'),
  max: latency('max'),
  /** The 99th percentile of how late our own schedule was. */
  lateness: { unit: 'ms', of: ({ latenessMs }) => latenessMs.p99 },
  delivered: share(({ delivered }) => delivered),
  blocked: share(({ blocked }) => blocked),
  /** The first attempt failed: delivered after a retry, or blocked. */
  failed: share(({ delivered, deliveredAfter, blocked }) => delivered - (deliveredAfter[0] ?? 0) + blocked),
  /** Of those that were due, because a dropped one never started. */
  dropped: { unit: '%', of: ({ books }) => percent(books.dropped, books.deliveries) },
  amplification: { unit: '', of: ({ books }) => ratio(books.requests, books.deliveries - books.dropped) },
  rate: { unit: '/s', of: ({ startedPerSecond }) => startedPerSecond },
} as const satisfies Record<string, Quantity>

/** The names that a threshold may have. */
export type ThresholdName = keyof typeof QUANTITIES

const NAMES = Object.keys(QUANTITIES) as ThresholdName[]
const EXAMPLES: Readonly<Record<Unit, string>> = { ms: '250ms or 1.5s', '%': '1%', '/s': '450/s', '': '1.2' }

/**
 * `p99<250ms`, `blocked<1%`, `amplification<1.2`, `delivered>99.9%`, `rate>450/s`.
 * @throws UsageError when the name is unknown, the comparison is none of < <= > >=, or the unit is not the quantity's
 */
export function parseThreshold(text: string, where = '--threshold'): Threshold {
  const [, word = '', operatorText = '', limitText = ''] = /^\s*([^\s<>=!]*)\s*([<>=!]*)\s*(.*?)\s*$/s.exec(text) ?? []
  const name = NAMES.find((known) => known === word)
  if (name === undefined) {
    const near = nearest(word, NAMES)
    const hint = near === undefined ? '' : `did you mean ${near}? `
    throw new UsageError(`${where} ${text}: there is no "${word}" to hold; ${hint}It is one of ${NAMES.join(', ')}.`)
  }
  const operator = OPERATORS.find((known) => known === operatorText)
  const { unit } = QUANTITIES[name]
  const example = `${name}${name === 'delivered' || name === 'rate' ? '>' : '<'}${EXAMPLES[unit]}`
  if (operator === undefined)
    throw new UsageError(`${where} ${text}: it compares with <, <=, > or >=; write ${example}.`)
  const limit = parseLimit(limitText, unit)
  if (limit !== undefined) return { text: `${name}${operator}${limitText}`, name, operator, limit }
  throw new UsageError(`${where} ${text}: "${limitText}" is no limit for ${name}; write ${example}.`)
}

/** Holds a result to every threshold, in their order. One of which nothing was measured is crossed. */
export function judge(thresholds: readonly Threshold[], result: StressResult): readonly JudgedThreshold[] {
  return thresholds.map(({ text, name, operator, limit }) => {
    const { unit, of } = QUANTITIES[name]
    const value = of(result)
    if (value === undefined) return { text, actual: 'not measured', crossed: true }
    return { text, actual: shown(value, limit, unit), crossed: !holds(value, operator, limit) }
  })
}

function holds(value: number, operator: Threshold['operator'], limit: number): boolean {
  if (operator === '<') return value < limit
  if (operator === '<=') return value <= limit
  return operator === '>' ? value > limit : value >= limit
}

function parseLimit(text: string, unit: Unit): number | undefined {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)(ms|s|%|\/s)?$/.exec(text) ?? []
  if (number === '') return undefined
  if (unit === 'ms' && suffix === 's') return Number(number) * 1000
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
  return { unit: 'ms', of: ({ books, latencyMs }) => (books.requests === 0 ? undefined : latencyMs[key]) }
}

function share(part: (books: StressBooks) => number): Quantity {
  return {
    unit: '%',
    of: ({ books }) => percent(part(books), books.deliveries - books.dropped - books.refused - books.wronglyAccepted),
  }
}

function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? (part / whole) * 100 : undefined
}

function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined
}
