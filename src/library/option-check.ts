import { nearest, UsageError } from '../errors.ts'

/** What an option must be, checked at run time: callers may be JavaScript. */
export interface OptionCheck {
  /** Stands after "must be". */
  readonly expected: string
  readonly isRight: (value: unknown) => boolean
  /** Values that errors must not show. */
  readonly shows?: 'value' | 'nothing'
  readonly required?: 'yes' | 'no'
}

/**
 * Checks what a caller passed as options; `undefined` is the same as nothing.
 * @param call the function, for the error's text
 * @throws UsageError that names the option, or the nearest one to an unknown name
 */
export function checkOptions(call: string, options: unknown, checks: Readonly<Record<string, OptionCheck>>): void {
  if (!isPlainObject(options))
    throw new UsageError(`${call}: the options must be an object, and this is ${shown(options)}.`)
  const known = Object.keys(checks)
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(checks, name))
  if (unknown !== undefined) {
    const near = nearest(unknown, known)
    const suggestion = near === undefined ? '.' : `; did you mean ${near}?`
    throw new UsageError(`${call}: unknown option "${unknown}"${suggestion} Known: ${known.join(', ')}.`)
  }
  for (const [name, { expected, isRight, shows, required }] of Object.entries(checks)) {
    const value = options[name]
    if (value === undefined) {
      if (required === 'yes') throw new UsageError(`${call}: ${name} is missing; it must be ${expected}.`)
    } else if (!isRight(value)) {
      const what = shows === 'nothing' ? name : `${name} ${shown(value)}`
      throw new UsageError(`${call}: ${what} must be ${expected}.`)
    }
  }
}

/** An object as `{}` makes them: not a list, a Map or a Headers, whose entries would be lost. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const MOST_SHOWN = 60

/** A value in an error, in a few letters. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object'
  const text = typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number' && !Number.isNaN(value)

/** A text. */
export const textOption = (expected: string): OptionCheck => ({ expected, isRight: isText })
/** A number of any size: what is left is judged where it is used. */
export const numberOption = (expected: string): OptionCheck => ({ expected, isRight: isNumber })
/** A whole number from `least` to `most`. */
export const wholeOption = (least: number, most: number): OptionCheck => ({
  expected: `a whole number from ${least} to ${most}`,
  isRight: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
})
/** One of some words. */
export const wordOption = (...words: readonly string[]): OptionCheck => ({
  expected: words.map((word) => `'${word}'`).join(' or '),
  isRight: (value) => words.includes(value as string),
})
/** A function to call. */
export const functionOption: OptionCheck = { expected: 'a function', isRight: (value) => typeof value === 'function' }
/** One text or a list of them. */
export const textsOption = (expected: string): OptionCheck => ({
  expected,
  isRight: (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
})
/** A contract's name or folder, or a loaded one. */
export const contractOption: OptionCheck = {
  expected: 'the name of a contract, its folder, or what loadContract gives',
  isRight: (value) => isText(value) || (typeof value === 'object' && value !== null && 'templates' in value),
}
