type Json = Readonly<Record<string, unknown>>

/**
 * A schema as a person would write it: no draft mark and no identity, for the document has both; no limits of safe
 * integers, no pattern that repeats a format, no names of any kind.
 */
export function tidy(schema: Json): Json {
  return tidied(schema) as Json
}

function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied)
  if (value === null || typeof value !== 'object') return value
  const schema = value as Json
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, inner]) => !isNoise(key, inner, schema))
      .map(([key, inner]) => [key, tidied(inner)]),
  )
}

function isNoise(key: string, value: unknown, { format }: Json): boolean {
  switch (key) {
    case '$schema':
    case '$id':
    case 'id':
      return typeof value === 'string'
    case 'pattern':
      return format !== undefined && typeof value === 'string'
    case 'minimum':
      return value === Number.MIN_SAFE_INTEGER
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER
    case 'propertyNames':
      return JSON.stringify(value) === '{"type":"string"}'
    default:
      return false
  }
}
