import { Option, type Command } from 'commander'
import type { Context } from './context.ts'
import { longName, type OptionTable, type OptionValues } from './option.ts'

/** A command is an adapter: read options, call one function, render, return an exit code. */
export interface CommandSpec<Table extends OptionTable = OptionTable> {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` says first. */
  readonly description: string
  /** Positional arguments, as commander writes them: `[event...]`. */
  readonly arguments?: readonly { readonly syntax: string; readonly description: string }[]
  readonly options: Table
  /** Groups of options of which one source may give only one. */
  readonly exclusive?: readonly (readonly (keyof Table & string)[])[]
  /** Options that mean nothing without another one: as flags they are a mistake. */
  readonly pointless?: readonly Pointless<keyof Table & string>[]
  /** Command lines that work, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[]
  /** The section of the configuration file it reads, where that is not its name. */
  readonly section?: string
  readonly subcommands?: readonly CommandSpec[]
  /** Does the work and returns the exit code. */
  run(context: Context, positionals: readonly string[], options: OptionValues<Table>): Promise<number>
}

/** Flags that are refused unless an option is given, in any source. */
export interface Pointless<Key extends string = string> {
  readonly flags: readonly Key[]
  readonly without: Key
  /** What is wrong, and what to do. */
  readonly text: string
}

/** Lets the option table's types reach `run`; the list of commands forgets them again. */
export function defineCommand<const Table extends OptionTable>(spec: CommandSpec<Table>): CommandSpec {
  return spec as unknown as CommandSpec
}

/** Option texts as they stood on the command line: every occurrence, in order; switches as `''`. */
export type FlagTexts = ReadonlyMap<string, readonly string[]>

/** What a parsed command line asks for. */
export interface Invocation {
  readonly spec: CommandSpec
  readonly flags: FlagTexts
  readonly positionals: readonly string[]
}

/** Adds `spec` to a commander program; `onInvoke` gets what the user typed. */
export function addCommand(parent: Command, spec: CommandSpec, onInvoke: (invocation: Invocation) => void): Command {
  const command = parent.command(spec.name).summary(spec.summary).description(spec.description)
  const flags = new Map<string, string[]>()
  for (const argument of spec.arguments ?? []) command.argument(argument.syntax, argument.description)
  for (const option of Object.values(spec.options)) {
    command.addOption(new Option(option.flags, option.description).helpGroup(`${option.group}:`))
    const name = longName(option)
    // The event, not the parsed value: it comes once per occurrence, so a repetition is seen.
    command.on(`option:${name}`, (value: string | null | undefined) => {
      flags.set(name, [...(flags.get(name) ?? []), value ?? ''])
    })
  }
  command.helpOption('-h, --help', 'show this help')
  if (spec.examples.length > 0) command.addHelpText('after', examplesText(spec))
  for (const subcommand of spec.subcommands ?? []) addCommand(command, subcommand, onInvoke)
  command.action(() => onInvoke({ spec, flags, positionals: command.args }))
  return command
}

function examplesText(spec: CommandSpec): string {
  return ['', 'Examples:', ...spec.examples.flatMap(({ line, does }) => [`  # ${does}`, `  ${line}`])].join('\n')
}
