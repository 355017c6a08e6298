import type { z } from 'zod'

/** What a whole number of points must be. */
export const AT_LEAST_ONE = 'a whole number, 1 or more'
/** What a balance must be. */
export const NOT_NEGATIVE = 'a whole number, 0 or more'

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address, such as a@example.com',
  url: 'a URL, such as https://www.example.com/',
  date: 'a date, such as 1990-12-31',
  safeint: 'a whole number',
  datetime: 'a time in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z',
}

/**
 * What was expected of a value, to stand after "must be": the error map of every schema for what users write, so
 * that no message is zod's own. A schema that knows better says so in its own `error`, in the same form.
 */
export const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return FORMATS[formatOf(issue.inst)] ?? TYPES[issue.expected] ?? issue.expected
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'a text of another form'
    case 'invalid_value':
      return issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${issue.values.join(', ')}`
    case 'too_small':
      return bound(issue, { more: `${String(issue.minimum)} or more`, isExclusive: issue.inclusive === false })
    case 'too_big':
      return bound(issue, { more: `${String(issue.maximum)} or less`, isExclusive: issue.inclusive === false })
    case 'invalid_key':
      // The path ends with the key, so what the key must be is all there is to say.
      return issue.issues[0]?.message ?? 'another key'
    default:
      return 'something else'
  }
}

/** `datetime` of a schema for times: what is no text at all is to be one, too. */
function formatOf(schema: unknown): string {
  const { format } = (schema as { def?: { format?: string } } | undefined)?.def ?? {}
  return format ?? ''
}

function bound(
  { origin, ...limits }: { readonly origin: string; readonly minimum?: unknown; readonly maximum?: unknown },
  { more, isExclusive }: { more: string; isExclusive: boolean },
): string {
  if (origin === 'string') return limits.minimum === 1 ? 'a text that is not empty' : `a text of ${more} characters`
  if (origin === 'array') return `a list of ${more} entries`
  if (isExclusive)
    return 'minimum' in limits ? `more than ${String(limits.minimum)}` : `less than ${String(limits.maximum)}`
  return more
}
