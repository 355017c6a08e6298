import { UsageError } from '../errors.ts'
import type { CommandSpec } from './command.ts'
import { longName, type OptionSpec, type OptionTable, type OptionValues, type SwitchOption } from './option.ts'
import type { Given, Source } from './sources.ts'

/**
 * The values of a command's options: for each option the first source that gives it. Of a group of
 * options that exclude each other, the first source that gives any of them decides; two in that one
 * source clash.
 * @throws UsageError naming the flag, variable or place in the file, and what was expected
 */
export function resolveOptions<Table extends OptionTable>(
  spec: CommandSpec<Table>,
  sources: readonly Source[],
): OptionValues<Table> {
  const chosen = new Map<string, readonly Given[]>()
  if ('json' in spec.options) sources = sources.map(jsonAsFormat)
  for (const option of Object.values(spec.options)) {
    const name = longName(option)
    const given = sources.find((source) => source.has(name))?.get(name)
    if (given !== undefined) chosen.set(name, given)
  }
  for (const group of spec.exclusive ?? []) {
    keepOne(
      group.map((key) => spec.options[key] as OptionSpec),
      sources,
      chosen,
    )
  }
  settleAuthorization(sources, chosen)
  const values = Object.entries(spec.options).map(([key, option]) => [key, value(option, chosen.get(longName(option)))])
  return Object.fromEntries(values) as OptionValues<Table>
}

/** `--json` is `--format json`; beside another format in the same source it clashes. */
function jsonAsFormat(source: Source): Source {
  const json = source.get('json')?.[0]
  if (json === undefined || !switched(json)) return source
  const format = source.get('format')?.[0]
  if (format !== undefined && format.text !== 'json')
    throw new UsageError(`use only one of ${json.where}, ${format.where}.`)
  return new Map([...source, ['format', [{ text: 'json', where: json.where }]]])
}

function keepOne(
  options: readonly OptionSpec[],
  sources: readonly Source[],
  chosen: Map<string, readonly Given[]>,
): void {
  const names = options.map(longName)
  // A switch that is off excludes nothing.
  const switches = new Set(options.filter(({ kind }) => kind === 'switch').map(longName))
  const gives = (source: Source, name: string): boolean =>
    source.get(name)?.every((each) => switches.has(name) && !switched(each)) === false
  const source = sources.find((candidate) => names.some((name) => gives(candidate, name)))
  if (source === undefined) return
  const given = names.filter((name) => gives(source, name))
  if (given.length > 1) {
    const places = given.map((name) => source.get(name)?.[0]?.where ?? name)
    throw new UsageError(`use only one of ${places.join(', ')}.`)
  }
  for (const name of names) if (!given.includes(name)) chosen.delete(name)
}

/**
 * `Authorization` may come as a header or from --basic or --bearer: the higher source wins. Both in one
 * source stay, and whoever makes the headers says that they clash.
 */
function settleAuthorization(sources: readonly Source[], chosen: Map<string, readonly Given[]>): void {
  const isAuthorization = ({ text }: Given): boolean => /^authorization\s*:/i.test(text)
  const headers = chosen.get('header') ?? []
  const rank = (name: string): number => sources.findIndex((source) => source.has(name))
  for (const name of ['basic', 'bearer']) {
    if (!chosen.has(name) || !headers.some(isAuthorization) || rank(name) === rank('header')) continue
    if (rank('header') < rank(name)) chosen.delete(name)
    else
      chosen.set(
        'header',
        headers.filter((header) => !isAuthorization(header)),
      )
  }
}

function value(option: OptionSpec, given: readonly Given[] | undefined): unknown {
  switch (option.kind) {
    case 'list':
      return (given ?? []).map((item) => parsed(option, item))
    case 'switch':
      return given?.[0] === undefined ? false : switched(given[0])
    default:
      return given?.[0] === undefined ? undefined : parsed(option, given[0])
  }
}

/** A text of nothing but white space would be lost in an error that shows it as it is. */
function parsed(option: Exclude<OptionSpec, SwitchOption>, given: Given): unknown {
  const text = textOf(given)
  try {
    return option.parse(text, given.where)
  } catch (error) {
    if (!(error instanceof UsageError) || text.trim() !== '') throw error
    const told = error.message.replace(`${given.where} ${text}:`, () => `${given.where} ${JSON.stringify(text)}:`)
    throw told === error.message ? error : new UsageError(told)
  }
}

function textOf({ text, where, unset }: Given): string {
  if (unset !== undefined) throw new UsageError(`${where}: the environment variable ${unset} is not set.`)
  return text
}

function switched({ text, where }: Given): boolean {
  // On the command line a switch has no text: it is there.
  if (where.startsWith('--') || text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new UsageError(`${where} ${text}: must be 1, true, 0 or false`)
}
