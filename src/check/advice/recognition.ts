import type { AttemptResult, Responded } from '../../delivery/outcome.ts'
import { frameworkOf } from '../../signing/explain-framework.ts'
import type { Framework } from '../advice.ts'

type Mark = (answer: Responded) => boolean

const says =
  (pattern: RegExp): Mark =>
  ({ bodySnippet }) =>
    pattern.test(bodySnippet)

/**
 * What a framework's own error answers look like, most telling first. They come before the headers: a Nest on Express
 * calls itself Express there, and many hide their name in the headers but not in their errors.
 */
const MARKS: readonly (readonly [framework: Framework, isThis: Mark])[] = [
  // Fastify's 404 has the fields of Nest's, so its wording comes first.
  ['fastify', says(/"code":"FST_[A-Z_]+"|^\{"message":"Route (GET|HEAD|POST|OPTIONS):[^"]* not found"/)],
  ['nest', says(/^\{"message":.*"statusCode":\d{3}\}$/s)],
  ['laravel', says(/<title>Page Expired<\/title>|"exception":\s*"Illuminate\\\\|laravel/i)],
  ['symfony', says(/Oops! An Error Occurred|Symfony Exception/)],
  ['spring', says(/^\{"timestamp":.*"status":\d{3},"error":.*\}$|Whitelabel Error Page/s)],
  ['django', says(/CSRF verification failed|<title>[\w.]+ at \/|<h1>Server Error \(500\)<\/h1>/)],
  ['aspnet', says(/"traceId":\s*"00-[0-9a-f]{32}-|^(?:System|Microsoft)\.(?:\w+\.)*\w+Exception\b/)],
  ['next', says(/__NEXT_DATA__|__next_error__|\/_next\/static\//)],
  ['hono', ({ status, bodySnippet }) => status === 404 && bodySnippet === '404 Not Found'],
  ['express', says(/<title>Error<\/title>[\s\S]*<pre>/)],
]

/**
 * The framework that gives itself away in an answer, by its own error page or else by its headers; undefined without
 * an answer, and for plain Node and plain PHP, which name a language only. A guess.
 */
export function frameworkOfAnswer(result: AttemptResult): Framework | undefined {
  if (result.kind !== 'responded') return undefined
  const byBody = MARKS.find(([, isThis]) => isThis(result))?.[0]
  if (byBody !== undefined) return byBody
  const byHeaders = frameworkOf(result.headers)
  return byHeaders === 'node' || byHeaders === 'php' ? undefined : byHeaders
}
