import type { ZodType } from 'zod'
import { ALL_EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import type { JsonSchema } from './json-schema.ts'
import { inPlainWords } from './plain-words.ts'
import { lettersOf } from './value-kind.ts'
import type { ValueKind } from './value-kind.ts'

/** One path of the event model, `data.points` or `data.balances[].current`. */
export interface ModelPath {
  readonly path: string
  readonly kind: ValueKind
  readonly nullable: boolean
  /** What it means, from the model. */
  readonly description: string
  /** JSON Schema 2020-12 of the value. */
  readonly schema: JsonSchema
  /** What is wrong with a value for this path, `must be a date, such as 1990-12-31`, or undefined. */
  readonly check: (value: unknown) => string | undefined
}

/** The event model as data: every path of every event type, parents before children. */
export type EventModel = Readonly<Record<EventType, ReadonlyMap<string, ModelPath>>>

let loading: Promise<EventModel> | undefined

/**
 * The event model. It loads zod, which the path of generated payloads must not, so it is asked for
 * where a contract is checked, read or described.
 */
export function loadEventModel(): Promise<EventModel> {
  loading ??= walkModel()
  return loading
}

async function walkModel(): Promise<EventModel> {
  const [{ z }, { eventSchemas }] = await Promise.all([import('zod'), import('./event.ts')])
  return Object.fromEntries(ALL_EVENT_TYPES.map((type) => [type, pathsOf(eventSchemas[type])])) as unknown as EventModel

  function pathsOf(root: ZodType): ReadonlyMap<string, ModelPath> {
    const paths = new Map<string, ModelPath>()
    visitFields(root, '')
    return paths

    function visitFields(object: ZodType, prefix: string): void {
      if (!(object instanceof z.ZodObject)) return
      for (const [key, field] of Object.entries(object.shape)) visit(field as ZodType, prefix + key)
    }

    function visit(schema: ZodType, path: string): void {
      const inner = schema instanceof z.ZodNullable ? (schema.unwrap() as ZodType) : schema
      const jsonSchema = tidy(z.toJSONSchema(schema, { target: 'draft-2020-12' }) as JsonSchema)
      paths.set(path, {
        path,
        kind: kindOf(tidy(z.toJSONSchema(inner) as JsonSchema)),
        nullable: inner !== schema,
        description: schema.description ?? inner.description ?? '',
        schema: jsonSchema,
        check: (value) => {
          const result = schema.safeParse(value, { error: inPlainWords })
          const [issue] = result.error?.issues ?? []
          if (issue === undefined) return undefined
          const below = writtenBelow(issue.path)
          if (below !== '') return `must have ${below}, ${issue.message}`
          return `must be ${issue.message}${inner === schema ? '' : ', or null'}`
        },
      })
      if (inner instanceof z.ZodArray) visitFields(inner.element as ZodType, `${path}[].`)
      else visitFields(inner, `${path}.`)
    }
  }
}

function writtenBelow(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

function kindOf(schema: JsonSchema): ValueKind {
  if (schema.type === 'integer') return { json: 'number' }
  if (schema.type !== 'string') return { json: schema.type as 'object' | 'array' | 'number' | 'boolean' }
  if (schema.format === 'date-time') return { json: 'string', format: 'timestamp' }
  if (schema.format === 'date') return { json: 'string', format: 'date' }
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  const letters = values === undefined ? lettersOfPattern(schema.pattern) : lettersOf(values as string[])
  return {
    json: 'string',
    ...(values !== undefined && { values: values as string[] }),
    ...(letters !== undefined && { letters }),
    // Only identities ask for a character or more: those of the user's own members and program may be numbers.
    ...(schema.minLength !== undefined && { numerals: 'some' as const }),
  }
}

/** The case that a pattern allows: only patterns of plain classes such as `[A-Z]{2}` are understood. */
function lettersOfPattern(pattern: string | undefined): 'lower' | 'upper' | undefined {
  if (pattern === undefined || /[\\.]|\[\^/.test(pattern)) return undefined
  const hasLower = /[a-z]/.test(pattern)
  const hasUpper = /[A-Z]/.test(pattern)
  return hasLower === hasUpper ? undefined : hasLower ? 'lower' : 'upper'
}

/**
 * A zod JSON Schema as a person would write it: no draft mark, no limits of safe integers, no open
 * `additionalProperties` (open is the default), no pattern that repeats a format, `null` as a type.
 */
function tidy(schema: JsonSchema): JsonSchema {
  const { $schema, additionalProperties, anyOf, ...rest } = schema
  const tidied: Record<string, unknown> = { ...rest }
  if (rest.minimum === Number.MIN_SAFE_INTEGER) delete tidied['minimum']
  if (rest.maximum === Number.MAX_SAFE_INTEGER) delete tidied['maximum']
  if (rest.format !== undefined) delete tidied['pattern']
  if (rest.properties !== undefined) {
    tidied['properties'] = Object.fromEntries(Object.entries(rest.properties).map(([key, value]) => [key, tidy(value)]))
  }
  if (rest.items !== undefined) tidied['items'] = tidy(rest.items)
  const other = anyOf?.find(({ type }) => type !== 'null')
  if (anyOf?.length !== 2 || other === undefined) return { ...tidied, ...(anyOf && { anyOf: anyOf.map(tidy) }) }
  return orNull({ ...tidy(other), ...tidied })
}

/** A schema of the same value or null. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values, ...rest } = schema
  if (typeof type !== 'string') return schema
  return { ...rest, type: [type, 'null'], ...(values && { enum: [...values, null] }) }
}
