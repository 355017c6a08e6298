import { UsageError } from '../errors.ts'

/** `--set path=string` or `--set path:=json`, parsed. */
export interface SetRule {
  /** As the user wrote it. */
  readonly text: string
  /** `data.balances[0].current` as keys and positions. */
  readonly steps: readonly (string | number)[]
  readonly value: unknown
}

const PATH = /^[^.[\]]+(?:\.[^.[\]]+|\[\d{1,4}\])*$/
const STEP = /\[(?<position>\d+)\]|[^.[\]]+/g

/**
 * Parses a rule: the first `=` or `:=` splits it.
 * @param where the option that the rule was given to, for the error's text
 * @throws UsageError naming the rule
 */
export function parseSetRule(text: string, where = '--set'): SetRule {
  const equals = text.indexOf('=')
  if (equals < 0) throw new UsageError(`${where} ${text}: expected path=text, or path:=JSON.`)
  const isJson = text[equals - 1] === ':'
  const path = text.slice(0, isJson ? equals - 1 : equals).trim()
  const value = text.slice(equals + 1)
  return { text, steps: stepsOf(path, `${where} ${text}`), value: isJson ? jsonOf(value, `${where} ${text}`) : value }
}

function jsonOf(text: string, rule: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(
      `${rule}: what follows := is not JSON; a text is written path=text, or path:="text" with the quotes.`,
    )
  }
  const inexact = numbersIn(text).find((number) => !isExact(number))
  if (inexact === undefined) return value
  throw new UsageError(
    `${rule}: the number ${inexact} is beyond what can be written exactly (2^53); set it as a text, in quotes, or set a smaller one.`,
  )
}

/** The number literals of a valid JSON text. */
function numbersIn(text: string): readonly string[] {
  const withoutTexts = text.replace(/"(?:[^"\\]|\\.)*"/g, '""')
  return withoutTexts.match(/-?\d[\d.eE+-]*/g) ?? []
}

function isExact(literal: string): boolean {
  const value = Number(literal)
  if (!Number.isFinite(value)) return false
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}

function stepsOf(path: string, rule: string): readonly (string | number)[] {
  if (/\[\d{5,}\]/.test(path)) {
    throw new UsageError(`${rule}: "${path}" is not a path: a position in a list is at most 9999.`)
  }
  if (!PATH.test(path)) {
    throw new UsageError(`${rule}: "${path}" is not a path; paths look like member.email or data.balances[0].current.`)
  }
  return Array.from(path.matchAll(STEP), ({ 0: key, groups }) =>
    groups?.['position'] === undefined ? key : Number(groups['position']),
  )
}

/** Steps as they are written: `data.balances[0].current`. */
export function writtenPath(steps: readonly (string | number)[]): string {
  return steps.reduce<string>(
    (before, step) => (typeof step === 'number' ? `${before}[${step}]` : before === '' ? step : `${before}.${step}`),
    '',
  )
}

/** The value at `steps`, own properties only; undefined where there is none. */
export function valueAt(container: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (inner, step) =>
      isObject(inner) && Object.hasOwn(inner, step) ? (inner as Record<string | number, unknown>)[step] : undefined,
    container,
  )
}

/**
 * A copy of `container` in which the value at `steps` is another one. What lies on the way is
 * copied, the rest shared; what is missing on the way is made. Own properties only.
 */
export function withValue(container: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (typeof step === 'number' && (Array.isArray(container) || !isObject(container))) {
    const list: unknown[] = Array.isArray(container) ? container.slice() : []
    while (list.length < step) list.push(null)
    list[step] = withValue(list[step], rest, value)
    return list
  }
  const copy: Record<string, unknown> = isObject(container) ? { ...container } : {}
  const inner = Object.hasOwn(copy, step) ? copy[step] : undefined
  // Assigning to `__proto__` would replace the prototype instead of writing a field.
  Object.defineProperty(copy, step, {
    value: withValue(inner, rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return copy
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
