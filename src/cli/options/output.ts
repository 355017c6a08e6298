import { oneOf, text, type OptionSpec } from '../option.ts'

/** `--output`. */
export const output = {
  kind: 'value',
  flags: '-o, --output <file>',
  file: 'written',
  description: 'write the result to a file instead of standard output',
  group: 'Output',
  parse: text('a file name'),
} as const satisfies OptionSpec

/** `--json`. */
export const json = {
  kind: 'switch',
  flags: '--json',
  description: 'same as --format json',
  group: 'Output',
} as const satisfies OptionSpec

/** `--verbose`. */
export const verbose = {
  kind: 'switch',
  flags: '-v, --verbose',
  description: 'show headers and bodies',
  group: 'Output',
} as const satisfies OptionSpec
/** `--quiet`. */
export const quiet = {
  kind: 'switch',
  flags: '-q, --quiet',
  description: 'no text but errors: the exit code says it',
  group: 'Output',
} as const satisfies OptionSpec

/** `--format` with its words, the first by default. */
export function format<const Word extends string>(words: readonly Word[]) {
  return {
    kind: 'value',
    flags: '--format <form>',
    description: `${words.slice(0, -1).join(', ')} or ${words.at(-1)} (${words[0]})`,
    group: 'Output',
    parse: oneOf(words),
  } as const
}
