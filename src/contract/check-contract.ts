import { nearest } from '../errors.ts'
import { checkTemplate } from './check-template.ts'
import type { ContractFile } from './contract-file.ts'
import { findDiscriminator } from './discriminator.ts'
import { loadEventModel } from './event-model.ts'
import { ALL_EVENT_TYPES, EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import { nodeAt, placeIn } from './json-source.ts'
import type { JsonSource } from './json-source.ts'
import { mentionsOf, parseTemplate } from './template.ts'
import type { ParsedTemplate } from './template.ts'
import type { Problem, Template } from './template-node.ts'

/** The file of a contract that is no template. */
export const MANIFEST = 'contract.json'

/** The file of a type's template, `profile-creation.json`. */
export function templateFile(type: EventType): string {
  return `${EVENT_TYPES[type].name}.json`
}

/** The files of a contract's folder, read. */
export interface ContractFiles {
  /** How errors name the folder. */
  readonly shownAs: string
  /** The files that parse as JSON, by name. */
  readonly sources: ReadonlyMap<string, JsonSource>
  /** What is wrong with the others. */
  readonly unreadable: readonly string[]
}

type ParsedTemplates = Readonly<Partial<Record<EventType, ParsedTemplate>>>

/** The templates of a folder, parsed; a type without a readable file has none. */
export function templatesOf(files: ContractFiles): ParsedTemplates {
  return Object.fromEntries(
    ALL_EVENT_TYPES.flatMap((type) => {
      const source = files.sources.get(templateFile(type))
      return source === undefined ? [] : [[type, parseTemplate(source)]]
    }),
  )
}

/** Everything that is wrong with a contract's files, each with its place; it loads the event model. */
export async function problemsIn(files: ContractFiles): Promise<string[]> {
  const [model, { readContractFile }] = await Promise.all([loadEventModel(), import('./contract-schema.ts')])
  const problems = [...files.unreadable]
  const report = (source: JsonSource, found: readonly Problem[]) => {
    for (const { offset, text } of found) problems.push(`${placeIn(source, offset)}: ${text}`)
  }
  const parsed = templatesOf(files)
  const manifest = files.sources.get(MANIFEST)
  if (manifest !== undefined) {
    const result = readContractFile(manifest)
    report(manifest, 'problems' in result ? result.problems : checkIdentity(manifest, result.file, parsed))
  }
  for (const type of ALL_EVENT_TYPES) {
    const { template, problems: malformed } = parsed[type] ?? {}
    if (template === undefined || malformed === undefined) continue
    report(template.source, [...malformed, ...checkTemplate(template, model[type])])
  }
  const templates = ALL_EVENT_TYPES.flatMap((type) =>
    parsed[type]?.problems.length === 0 ? [[type, parsed[type].template] as const] : [],
  )
  if (
    templates.length === ALL_EVENT_TYPES.length &&
    findDiscriminator(Object.fromEntries(templates) as Record<EventType, Template>) === undefined
  ) {
    problems.push(
      `${files.shownAs}: no value tells the eight events apart; write "{{type}}", or another constant in each template, under the same key.`,
    )
  }
  return problems
}

/** A receiver can only deduplicate on what every event has and what differs between events. */
function checkIdentity(manifest: JsonSource, file: ContractFile, parsed: ParsedTemplates): readonly Problem[] {
  return file.identity.flatMap((wirePath, index) => {
    const without = ALL_EVENT_TYPES.filter((type) => {
      const found = parsed[type]
      return (
        found !== undefined &&
        !mentionsOf(found.template).some(
          (mention) => mention.wirePath === wirePath && mention.node.kind === 'placeholder',
        )
      )
    })
    if (without.length === 0) return []
    const { offset } = nodeAt(manifest.root, ['identity', index])
    const known = Object.values(parsed).flatMap(({ template }) =>
      mentionsOf(template).map((mention) => mention.wirePath),
    )
    const near = without.length === ALL_EVENT_TYPES.length ? nearest(wirePath, known) : undefined
    const suggestion = near === undefined ? '' : `; did you mean ${near}?`
    return [
      {
        offset,
        text: `identity "${wirePath}" is not written from the event by ${without.map(templateFile).join(', ')}${suggestion}`,
      },
    ]
  })
}

/** The manifest with another name, everything else as it was written. */
export function renamed(source: JsonSource, name: string): string {
  const node = nodeAt(source.root, ['name'])
  if (node === source.root) return source.text
  return source.text.slice(0, node.offset) + JSON.stringify(name) + source.text.slice(node.end)
}
