import { z } from 'zod'
import type { JsonSource } from '../../contract/json-source.ts'
import { inPlainWords } from '../../contract/plain-words.ts'
import { nearest } from '../../errors.ts'
import { Refusal, asSentence, refusalDetail } from '../refusal.ts'
import { isGiven } from './body.ts'
import { Problem } from './problem.ts'
import type { FieldProblem } from './problem.ts'
import type { ParameterTable, Route } from './route.ts'

/** No body where none is needed, for routes that take none. */
const NOTHING = z.strictObject({})

/**
 * The body that a route takes.
 * @throws Problem that lists everything that is wrong with it; no value is repeated in it
 */
export function bodyOf({ body = NOTHING, ...route }: Route, source: JsonSource | undefined): unknown {
  const isNeeded = body !== NOTHING && route.isBodyOptional !== true
  if (source === undefined && isNeeded)
    throw new Problem('malformed', `The body is empty; send a JSON object with ${keysOf(body).join(', ')}.`)
  // As JSON.parse gives it, keys are data.
  const value: unknown = source === undefined ? {} : JSON.parse(source.text)
  const result = body.safeParse(value, { error: inPlainWords })
  if (result.success) return result.data
  throw invalid(result.error.issues.flatMap((issue) => fieldProblems(body, issue, source)))
}

/** What an issue of a schema says, by path. */
export function fieldProblems(
  body: z.ZodType,
  issue: z.core.$ZodIssue,
  source: JsonSource | undefined,
): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(body, issue.path))
    return issue.keys.map((key) => ({ at: written([...issue.path, key]), detail: unknown('key', key, known) }))
  }
  const at = written(issue.path)
  if (source !== undefined && issue.path.length > 0 && !isGiven(source, issue.path))
    return [{ at, detail: `is missing; give ${expected(issue)}` }]
  return [{ at, detail: `must be ${expected(issue)}` }]
}

/** What one of several would take, when none of them fits. */
function expected(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message
  return [...new Set(issue.errors.flatMap((issues) => issues.map(expected)))].join(', or ')
}

/**
 * The query that a route takes.
 * @throws Problem when a parameter is unknown, stands twice, or cannot be read
 */
export function queryOf({ query: table = {} }: Route, search: URLSearchParams): Readonly<Record<string, unknown>> {
  const problems: FieldProblem[] = []
  const values = new Map<string, unknown>()
  for (const name of new Set(search.keys())) {
    const given = search.getAll(name)
    const at = `?${name}`
    if (!Object.hasOwn(table, name)) problems.push({ at, detail: unknown('parameter', name, Object.keys(table)) })
    else if (given.length > 1) problems.push({ at, detail: 'stands more than once; give it once' })
    else collect(at, () => values.set(name, table[name]?.read(given[0] ?? '')))
  }
  if (problems.length > 0) throw invalid(problems)
  return Object.fromEntries(values)

  function collect(at: string, read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      problems.push({ at, detail: refusalDetail(error) })
    }
  }
}

/** The parameters in the path. @throws Refusal when nothing can have that id */
export function parametersOf(
  { parameters: table = {} }: Route,
  given: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(table satisfies ParameterTable).map(([name, { read }]) => [name, read(given.get(name) ?? '')]),
  )
}

function invalid(errors: readonly FieldProblem[]): Problem {
  const sentences = errors.map(({ at, detail }) => `${at === '' ? 'the body' : at} ${detail}`)
  return new Problem('invalid', asSentence(sentences.join('; ')), { errors })
}

function unknown(what: string, given: string, known: readonly string[]): string {
  if (known.length === 0) return `is no known ${what}; none is taken here`
  const near = nearest(given, known)
  return `is no known ${what}; ${near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`
}

/** The schema of the value at a path, as far as objects and lists go. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType {
  return path.reduce<z.ZodType>((at, step) => {
    const inner = unwrapped(at)
    if (inner instanceof z.ZodObject) return (inner.shape[String(step)] as z.ZodType | undefined) ?? inner
    return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : inner
  }, schema)
}

function keysOf(schema: z.ZodType): readonly string[] {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodExactOptional
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema
}

/** `scope.events[1]`. */
function written(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}${before === '' ? '' : '.'}${String(step)}`,
    '',
  )
}
