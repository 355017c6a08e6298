import { z } from 'zod'
import { webhookInput } from '../emitter/api/schemas/webhook.ts'
import { longName, type OptionSpec } from './option.ts'
import { COMMAND_OPTIONS, EVERY_OPTION } from './options/every-option.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * The JSON Schema (2020-12) of `qualifio-sim.json`, for editors: options at the top level and in a section per command,
 * the webhooks of `emit`. What a text has to look like is said when it is read.
 */
export function configJsonSchema(): JsonSchema {
  const shared = propertiesOf(EVERY_OPTION)
  const sections = Object.entries(COMMAND_OPTIONS).map(([name, options]) => {
    const section = closed(`options of qualifio-sim ${name}`, { ...propertiesOf(options), ...documentsOf(name) })
    const option = shared[name]
    // `contract` is a command and an option.
    return [name, option === undefined ? section : { anyOf: [option, section] }] as const
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'qualifio-sim.json',
    ...closed('options of qualifio-sim, by their long names; ${NAME} in a text is replaced from the environment', {
      $schema: { type: 'string', description: 'this schema' },
      ...shared,
      ...Object.fromEntries(sections),
    }),
  }
}

function closed(description: string, properties: JsonSchema): JsonSchema {
  return { type: 'object', description, properties, additionalProperties: false }
}

/** Of options with one name the first counts, as it does for the reader. */
function propertiesOf(options: readonly OptionSpec[]): JsonSchema {
  const names = options.map(longName)
  const first = options.filter((option, index) => names.indexOf(longName(option)) === index)
  return Object.fromEntries(first.map((option) => [longName(option), schemaOf(option)]))
}

function schemaOf({ kind, description }: OptionSpec): JsonSchema {
  switch (kind) {
    case 'switch':
      return { type: 'boolean', description }
    case 'list': {
      const one = { type: ['string', 'number'] }
      return { anyOf: [one, { type: 'array', items: one }], description }
    }
    default:
      return { type: ['string', 'number'], description }
  }
}

function documentsOf(name: string): JsonSchema {
  if (name !== 'emit') return {}
  const { $schema: _, ...webhook } = z.toJSONSchema(webhookInput, { io: 'input' }) as JsonSchema
  const description =
    'webhooks that are set at every start, by name; what is not said is none, or all, but active: that stays as it was'
  return { webhooks: { type: 'array', description, items: webhook } }
}
