/** A framework whose users can be told how to get at the raw body. `node` is plain node:http, `php` plain PHP. */
export type Framework =
  | 'express'
  | 'fastify'
  | 'hono'
  | 'koa'
  | 'nest'
  | 'next'
  | 'node'
  | 'symfony'
  | 'laravel'
  | 'php'
  | 'spring'
  | 'django'
  | 'aspnet'

/** An answer's headers: names in lower case, as the transport hands them out. */
export type AnswerHeaders = Readonly<Record<string, readonly string[]>>

type Mark = (text: (name: string) => string) => boolean

/** Most telling first: what only one framework sends comes before what a whole language sends. */
const MARKS: readonly (readonly [framework: Framework, isThis: Mark])[] = [
  ['symfony', (text) => text('x-debug-token') + text('x-debug-token-link') + text('x-debug-exception') !== ''],
  ['laravel', (text) => /(^|; |\n)(laravel[_-]session|XSRF-TOKEN)=/i.test(text('set-cookie'))],
  ['next', (text) => text('x-powered-by').startsWith('Next.js') || text('x-nextjs-cache') !== ''],
  ['express', (text) => text('x-powered-by') === 'Express'],
  ['aspnet', (text) => text('x-powered-by').startsWith('ASP.NET') || /^(Kestrel|Microsoft-IIS)/.test(text('server'))],
  ['django', (text) => /^(WSGIServer\/\S+ CPython|daphne)/i.test(text('server'))],
  ['spring', (text) => text('x-application-context') !== '' || /(^|\n)JSESSIONID=/.test(text('set-cookie'))],
  // The headers that Spring Security adds to every answer unless told otherwise.
  [
    'spring',
    (text) =>
      text('cache-control') === 'no-cache, no-store, max-age=0, must-revalidate' &&
      text('expires') === '0' &&
      text('x-xss-protection') !== '',
  ],
  ['php', (text) => text('x-powered-by').startsWith('PHP/')],
  // Fastify keeps connections for 72 s; Node itself, and all others on it, for 5 s (65 s in newer versions).
  ['fastify', (text) => text('keep-alive') === 'timeout=72'],
  ['node', (text) => /^timeout=(5|65)$/.test(text('keep-alive'))],
]

/**
 * The framework that gives itself away in an answer's headers, or undefined. A guess: Nest on Express
 * calls itself Express, and Koa, Hono and an Express that hides its name look like plain Node.
 */
export function frameworkOf(headers: AnswerHeaders): Framework | undefined {
  const text = (name: string) => (Object.hasOwn(headers, name) ? (headers[name] ?? []).join('\n') : '')
  return MARKS.find(([, isThis]) => isThis(text))?.[0]
}
