import { parseJsonSource, placeIn, type JsonMember, type JsonNode, type JsonSource } from '../contract/json-source.ts'
import { nearest, UsageError } from '../errors.ts'
import type { CommandSpec } from './command.ts'
import type { Context } from './context.ts'
import { readOptionalText } from './files.ts'
import { longName, type OptionSpec } from './option.ts'
import { COMMAND_OPTIONS, EVERY_OPTION } from './options/commands.ts'
import type { Given, Source } from './sources.ts'

/** The configuration file, in the working directory. */
export const CONFIG_FILE = 'qualifio-sim.json'

/**
 * What `qualifio-sim.json` gives for a command: the command's own section, then the top level. The
 * whole file is checked, so that a mistake in another command's section is heard of too.
 * @throws UsageError with `qualifio-sim.json:line:column` for a key that no command knows, a value of the
 * wrong type, or a `${VARIABLE}` that is not set
 */
export async function readConfig(context: Context, spec: CommandSpec): Promise<readonly Source[]> {
  const text = readOptionalText(context, CONFIG_FILE)
  if (text === undefined) return []
  const source = parseJsonSource(text, CONFIG_FILE)
  if (source.root.kind !== 'object') throw new UsageError(`${CONFIG_FILE}: expected an object of options.`)
  const read = { source, env: context.env }
  const sections = source.root.members.filter(({ key }) => Object.hasOwn(COMMAND_OPTIONS, key) && key !== '$schema')
  const topLevel = source.root.members.filter((member) => !sections.includes(member) && member.key !== '$schema')
  const sectionSources = sections.map((section) => {
    if (section.value.kind !== 'object')
      throw new UsageError(`${placeIn(source, section.keyOffset)} "${section.key}": expected an object of options.`)
    const options = COMMAND_OPTIONS[section.key] ?? []
    return { name: section.key, given: readSection(read, section.value.members, options) }
  })
  const shared = readSection(read, topLevel, EVERY_OPTION)
  return [...sectionSources.filter(({ name }) => name === sectionName(spec)).map(({ given }) => given), shared]
}

/** Subcommands read their parent's section. */
function sectionName(spec: CommandSpec): string {
  return spec.section ?? spec.name
}

interface Reading {
  readonly source: JsonSource
  readonly env: Context['env']
}

function readSection(read: Reading, members: readonly JsonMember[], options: readonly OptionSpec[]): Source {
  return new Map(
    members.map(({ key, keyOffset, value }) => {
      const where = `${placeIn(read.source, keyOffset)} "${key}"`
      const option = options.find((known) => longName(known) === key)
      if (option === undefined) {
        const near = nearest(key, [...options.map(longName), ...Object.keys(COMMAND_OPTIONS)])
        throw new UsageError(
          `${where}: unknown key${near === undefined ? '; see qualifio-sim --help.' : `; did you mean "${near}"?`}`,
        )
      }
      return [key, readValue(read, option, { node: value, where })] as const
    }),
  )
}

function readValue(
  read: Reading,
  option: OptionSpec,
  { node, where }: { readonly node: JsonNode; readonly where: string },
): readonly Given[] {
  if (option.kind === 'list' && node.kind === 'array') {
    return node.items.flatMap((item) => readValue(read, option, { node: item, where }))
  }
  const value = node.kind === 'scalar' ? node.value : undefined
  const fits =
    option.kind === 'switch' ? typeof value === 'boolean' : typeof value === 'string' || typeof value === 'number'
  if (!fits) {
    const expected = { switch: 'true or false', value: 'a text or a number', list: 'a list of texts' }[option.kind]
    throw new UsageError(`${where}: expected ${expected}.`)
  }
  if (typeof value !== 'string') return [{ text: String(value), where }]
  const unset = [...value.matchAll(VARIABLE)].map(([, name = '']) => name).find((name) => read.env[name] === undefined)
  // Puts environment variables in the place of `${NAME}`, so that secrets stay out of the file.
  const text = value.replaceAll(VARIABLE, (_, name: string) => read.env[name] ?? '')
  return [unset === undefined ? { text, where } : { text, where, unset }]
}

const VARIABLE = /\$\{(\w+)\}/g
