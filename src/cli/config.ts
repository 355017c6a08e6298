import { parseJsonSource, placeIn, type JsonMember, type JsonNode, type JsonSource } from '../contract/json-source.ts'
import { nearest, UsageError } from '../errors.ts'
import type { CommandSpec } from './command.ts'
import type { Context } from './context.ts'
import { readOptionalText } from './files.ts'
import { longName, type OptionSpec } from './option.ts'
import { COMMAND_OPTIONS, EVERY_OPTION } from './options/every-option.ts'
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
  const sections = source.root.members.filter(isSection)
  const topLevel = source.root.members.filter((member) => !sections.includes(member) && member.key !== '$schema')
  const sectionSources = sections.map((section) => {
    if (section.value.kind !== 'object')
      throw new UsageError(`${placeIn(source, section.keyOffset)} "${section.key}": expected an object of options.`)
    const options = COMMAND_OPTIONS[section.key] ?? []
    const documents = DOCUMENTS[section.key] ?? []
    const members = section.value.members.filter(({ key }) => !documents.includes(key))
    return { name: section.key, given: readSection(read, members, { options, others: documents }) }
  })
  const shared = readSection(read, topLevel, { options: EVERY_OPTION, others: Object.keys(COMMAND_OPTIONS) })
  return [...sectionSources.filter(({ name }) => name === sectionName(spec)).map(({ given }) => given), shared]
}

/** `contract` is a command and an option: a text is the option's value. */
function isSection({ key, value }: JsonMember): boolean {
  if (!Object.hasOwn(COMMAND_OPTIONS, key)) return false
  return value.kind === 'object' || !EVERY_OPTION.some((option) => longName(option) === key)
}

/** What is more than options: whoever needs it reads it (`configuredDocument`). */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = { emit: ['webhooks'] }

/** A value of a section that is more than an option, with its places; undefined where it is not given. */
export function configuredDocument(
  context: Context,
  section: string,
  key: string,
): { readonly source: JsonSource; readonly node: JsonNode } | undefined {
  const text = readOptionalText(context, CONFIG_FILE)
  if (text === undefined) return undefined
  const source = parseJsonSource(text, CONFIG_FILE)
  const node = memberOf(memberOf(source.root, section), key)
  return node === undefined ? undefined : { source, node }
}

function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.find((member) => member.key === key)?.value : undefined
}

/** Puts environment variables in the place of `${NAME}`, so that secrets stay out of the file. */
export function substituted(
  text: string,
  env: Context['env'],
): { readonly text: string; readonly unset: string | undefined } {
  const unset = [...text.matchAll(VARIABLE)].map(([, name = '']) => name).find((name) => env[name] === undefined)
  return { text: text.replaceAll(VARIABLE, (_, name: string) => env[name] ?? ''), unset }
}

/** Subcommands read their parent's section. */
function sectionName(spec: CommandSpec): string {
  return spec.section ?? spec.name
}

interface Reading {
  readonly source: JsonSource
  readonly env: Context['env']
}

function readSection(
  read: Reading,
  members: readonly JsonMember[],
  { options, others }: { readonly options: readonly OptionSpec[]; readonly others: readonly string[] },
): Source {
  return new Map(
    members.map(({ key, keyOffset, value }) => {
      const where = `${placeIn(read.source, keyOffset)} "${key}"`
      const option = options.find((known) => longName(known) === key)
      if (option === undefined) {
        const section = Object.keys(DOCUMENTS).find((name) => DOCUMENTS[name]?.includes(key))
        if (section !== undefined)
          throw new UsageError(`${where} belongs in a section: { "${section}": { "${key}": … } }.`)
        const near = nearest(key, [...options.map(longName), ...others])
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
  const { text, unset } = substituted(value, read.env)
  return [unset === undefined ? { text, where } : { text, where, unset }]
}

const VARIABLE = /\$\{(\w+)\}/g
