import type { ModelPath } from '../contract/event-model.ts'

/** Whether a value is right for a path of the event model. */
export type QuickCheck = (value: unknown) => boolean

/** The keywords of a schema that are checked here; a schema with any other is left to the model. */
const UNDERSTOOD = [
  'type',
  'description',
  'minLength',
  'pattern',
  'enum',
  'const',
  'minimum',
  'exclusiveMinimum',
  'format',
]
/** Up to the 28th every day exists; the others are left to the model. */
const USUAL: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/,
}

/**
 * The same answer as the model's own check, twenty times as fast where a value is as usual: a receiver under load
 * checks thirty values of every event.
 */
export function quickCheck({ schema, check }: ModelPath): QuickCheck {
  const byModel: QuickCheck = (value) => check(value) === undefined
  if (Object.keys(schema).some((key) => !UNDERSTOOD.includes(key))) return byModel
  const types: readonly string[] = [schema.type ?? []].flat()
  const values = schema.const === undefined ? schema.enum : [schema.const]
  const atLeast = schema.minimum ?? (schema.exclusiveMinimum === undefined ? -Infinity : schema.exclusiveMinimum + 1)
  const shortest = schema.minLength ?? 0
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u')
  const usual = schema.format === undefined ? undefined : USUAL[schema.format]
  const isUsual: QuickCheck = (value) => {
    if (values !== undefined) return values.includes(value)
    if (value === null) return types.includes('null')
    if (typeof value === 'number') return types.includes('integer') && Number.isSafeInteger(value) && value >= atLeast
    if (typeof value !== 'string' || !types.includes('string')) return false
    if (schema.format !== undefined) return usual?.test(value) === true
    return value.length >= shortest && (pattern === undefined || pattern.test(value))
  }
  return (value) => isUsual(value) || byModel(value)
}
