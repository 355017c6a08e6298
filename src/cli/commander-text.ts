import type { CommanderError } from 'commander'
import { nearest } from '../errors.ts'
import { longName } from './option.ts'
import { COMMAND_OPTIONS } from './options/every-option.ts'

/** Commands within a command. */
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = { contract: ['new', 'check'] }

/**
 * What commander says is wrong, in our words: "error: unknown option '--retires'\n(Did you mean --retries?)" without
 * its prefix, and with the nearest name where it offers none.
 */
export function commanderText({ code, message }: CommanderError, [command = '', word = '']: readonly string[]): string {
  const text = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?')
  if (code === 'commander.excessArguments') {
    const near = nearest(word, SUBCOMMANDS[command] ?? [])
    if (near !== undefined) return `unknown command "${command} ${word}"; did you mean ${command} ${near}?`
  }
  if (code === 'commander.unknownOption' && text === message.replace(/^error: /, '')) {
    const name = /'--([^'=]+)/.exec(text)?.[1]
    const near = name === undefined ? undefined : nearest(name, (COMMAND_OPTIONS[command] ?? []).map(longName))
    if (near !== undefined) return `${text}; did you mean --${near}?`
  }
  return text
}
