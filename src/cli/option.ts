import { nearest, UsageError } from '../errors.ts'

/** The headings under which `--help` lists options. */
export type OptionGroup =
  | 'What is sent'
  | 'Members'
  | 'Load'
  | 'Checks'
  | 'Safety'
  | 'Endpoint'
  | 'Oracle'
  | 'Delivery'
  | 'State'
  | 'Console'
  | 'Output'

/** Text to value. `where` is the flag, variable or place in a file, for the UsageError it throws. */
export type Parse<T> = (text: string, where: string) => T

interface Described {
  /** As commander writes it: `-c, --count <n>`. */
  readonly flags: string
  readonly description: string
  readonly group: OptionGroup
  /** Values are never echoed, and an empty value from the environment counts (it is an error of its own). */
  readonly secret?: true
  /** The value is the path of a file, which is read or written: what is read is never written over. */
  readonly file?: 'read' | 'written'
}

/** An option with one value. Given twice on the command line it is an error. */
export interface ValueOption<T> extends Described {
  readonly kind: 'value'
  readonly parse: Parse<T>
}

/** An option that may be given several times. */
export interface ListOption<T> extends Described {
  readonly kind: 'list'
  readonly parse: Parse<T>
}

/** A switch. */
export interface SwitchOption extends Described {
  readonly kind: 'switch'
}

/** Any option; `T` is the type of one value. */
export type OptionSpec<T = unknown> = ValueOption<T> | ListOption<T> | SwitchOption

/** A command's options by their property name. */
export type OptionTable = Readonly<Record<string, OptionSpec>>

/** The values of a table: lists are always there, everything else only when given. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends ListOption<infer T>
    ? readonly T[]
    : Table[Key] extends ValueOption<infer T>
      ? T | undefined
      : boolean
}

/** `-c, --count <n>` → `count`: the name in the configuration file, and upper-cased in the environment. */
export function longName(option: OptionSpec): string {
  const match = /--([a-z][a-z-]*)/.exec(option.flags)
  if (match?.[1] === undefined) throw new Error(`an option without a long name: ${option.flags}`)
  return match[1]
}

/** `--retry-schedule` → `QUALIFIO_SIM_RETRY_SCHEDULE`. */
export function environmentName(option: OptionSpec): string {
  return `QUALIFIO_SIM_${longName(option).replaceAll('-', '_').toUpperCase()}`
}

/** A parser for whole numbers from `min` to `max`. */
export function integer(min: number, max: number): Parse<number> {
  return (text, where) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) throw new UsageError(`${where} ${text}: must be an integer ${min}-${max}.`)
    return value
  }
}

/** A parser for one of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Parse<Word> {
  return (text, where) => {
    const word = words.find((known) => known === text)
    if (word !== undefined) return word
    const near = nearest(text, words)
    throw new UsageError(
      `${where} ${text}: must be one of ${words.join(', ')}${near === undefined ? '.' : `; did you mean ${near}?`}`,
    )
  }
}

/** A parser that takes any text but none at all. */
export function text(what: string): Parse<string> {
  return (value, where) => {
    if (value === '') throw new UsageError(`${where} is empty; it takes ${what}.`)
    return value
  }
}

/** A parser that leaves the text for a later, stricter reader. */
export const anyText: Parse<string> = (value) => value
