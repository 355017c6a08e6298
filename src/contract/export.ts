import type { Contract } from './contract-file.ts'
import { loadEventModel } from './event-model.ts'
import type { EventModel } from './event-model.ts'
import { ALL_EVENT_TYPES, EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import type { JsonSchema } from './json-schema.ts'
import { renderEvent } from './payload.ts'
import { SAMPLE_EVENTS } from './sample-events.ts'
import { schemaOfNode } from './wire-schema.ts'

/**
 * JSON Schema 2020-12 of a contract's payload: a list whose items are one of the eight events. It loads
 * the event model. Unknown keys are allowed, because a receiver must ignore what it does not know.
 * @param types the events of interest, all of them by default
 */
export async function exportJsonSchema(
  contract: Contract,
  types: readonly EventType[] = ALL_EVENT_TYPES,
): Promise<JsonSchema> {
  const model = await loadEventModel()
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Qualifio Loyalty payload, contract ${contract.name}`,
    description: `${contract.title}. ${NOT_PUBLISHED}`,
    type: 'array',
    items: { oneOf: types.map((type) => eventSchema(contract, type, model)) },
    examples: [types.map((type) => exampleOf(contract, type))],
  }
}

const NOT_PUBLISHED =
  'Qualifio has not published the fields: "qualifio-sim contract" tells which facts are documented and which are assumed.'

function eventSchema(contract: Contract, type: EventType, model: EventModel): JsonSchema {
  const { label, when } = EVENT_TYPES[type]
  return { title: label, description: when, ...schemaOfNode(contract.templates[type].root, model[type]) }
}

/** The sample event of a type as this contract writes it. */
function exampleOf(contract: Contract, type: EventType): unknown {
  return JSON.parse(renderEvent(contract, SAMPLE_EVENTS[type], 'js'))
}

/** An OpenAPI 3.1 document, as far as a reader of this package needs its type. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly webhooks: Readonly<Record<string, unknown>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & Readonly<Record<string, unknown>>
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
}

/** The name of a type's schema, `PointCorrectionPlus`. */
function schemaName(type: EventType): string {
  return type.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/**
 * OpenAPI 3.1 with a `webhooks` entry for each event. It loads the event model.
 * @param types the events of interest, all of them by default
 */
export async function exportOpenApi(
  contract: Contract,
  types: readonly EventType[] = ALL_EVENT_TYPES,
): Promise<OpenApiDocument> {
  const model = await loadEventModel()
  const { discriminator } = contract
  const [propertyName, ...deeper] = discriminator.keys
  const mapping = [...discriminator.types]
    .filter(([, type]) => types.includes(type))
    .map(([value, type]) => [String(value), `#/components/schemas/${schemaName(type)}`])
  return {
    openapi: '3.1.0',
    info: {
      title: `Qualifio Loyalty webhooks, contract ${contract.name}`,
      version: '1',
      description: `${contract.title}. ${NOT_PUBLISHED}`,
    },
    webhooks: Object.fromEntries(types.map((type) => [type, { post: operation(contract, type) }])),
    components: {
      schemas: {
        Event: {
          description: 'one event',
          oneOf: types.map((type) => refTo(schemaName(type))),
          // A discriminator names a property of the object itself; deeper ones are told apart by oneOf alone.
          ...(propertyName !== undefined &&
            deeper.length === 0 && {
              discriminator: { propertyName, mapping: Object.fromEntries(mapping) as Record<string, string> },
            }),
        },
        Payload: { description: 'the body: a list of events', type: 'array', items: refTo('Event') },
        ...Object.fromEntries(types.map((type) => [schemaName(type), eventSchema(contract, type, model)])),
      },
      parameters: { Signature: signatureParameter(contract) },
      securitySchemes: SECURITY_SCHEMES,
    },
    security: [{}, ...Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] }))],
  }
}

/**
 * OpenAPI ignores a header parameter called Authorization, so what authenticates Qualifio is given as
 * security schemes: one of them, or none.
 */
const SECURITY_SCHEMES = {
  customHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'x-test-authorization-header',
    description: 'a header of any name and value, as set in Qualifio; this name is the one of its documentation',
  },
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
}

function signatureParameter({ signature }: Contract): unknown {
  const digest = signature.encoding === 'hex' ? '[0-9a-f]{64}' : '[A-Za-z0-9+/]{43}='
  const prefix = signature.prefix.replaceAll(/[^\w=-]/g, String.raw`\$&`)
  return {
    name: signature.header,
    in: 'header',
    required: false,
    description: `HMAC with SHA-256 of the exact body bytes, when the webhook has a secret; ${signature.encoding === 'hex' ? 'lower-case hexadecimal' : 'base64'}`,
    schema: { type: 'string', pattern: `^${prefix}${digest}$` },
  }
}

function operation(contract: Contract, type: EventType): unknown {
  const { label, when } = EVENT_TYPES[type]
  const { retries } = contract.retryPolicy
  return {
    operationId: type,
    summary: label,
    description: `Sent when ${when}. A payload may hold several events, of other types too.`,
    parameters: [{ $ref: '#/components/parameters/Signature' }],
    requestBody: {
      required: true,
      content: {
        [contract.contentType]: {
          schema: { type: 'array', items: refTo('Event'), contains: refTo(schemaName(type)) } satisfies JsonSchema,
          examples: { [type]: { summary: label, value: [exampleOf(contract, type)] } },
        },
      },
    },
    responses: {
      '2XX': { description: 'Delivered. The body of the answer is ignored.' },
      default: {
        description: `Anything else is a failed request, redirects too: the same request is sent again up to ${retries} times, then it is blocked.`,
      },
    },
  }
}
