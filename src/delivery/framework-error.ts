import type { Responded } from './outcome.ts'
import { printable } from './printable.ts'

const SAID_MAX_LENGTH = 300

/**
 * What a framework says of itself in a 5xx: the exception's message and place, where a header or the
 * page has it. One sentence, safe for a terminal; undefined when nothing is recognised.
 */
export function frameworkError(answer: Responded): string | undefined {
  for (const [framework, read] of READERS) {
    const said = read(answer)
    const text = said === undefined ? '' : printable(said).slice(0, SAID_MAX_LENGTH)
    if (text !== '') return `The receiver says (${framework}): ${text}`
  }
  return undefined
}

type Reader = (answer: Responded) => string | undefined

const header = (answer: Responded, name: string) => answer.headers[name]?.[0]
const match = (text: string, pattern: RegExp) => pattern.exec(text)?.[1]

/** Most telling first; each tries its own marks only. */
const READERS: readonly (readonly [framework: string, read: Reader])[] = [
  ['Symfony', symfony],
  ['Laravel', laravel],
  ['Spring', spring],
  ['Django', django],
  ['ASP.NET', aspNet],
  ['Rails', rails],
  ['Express', express],
  ['JSON', json],
]

/** Symfony's ErrorListener sets both headers in debug mode, URL-encoded; the file as `path:line`. */
function symfony(answer: Responded): string | undefined {
  const exception = header(answer, 'x-debug-exception')
  if (exception !== undefined) {
    return [exception, header(answer, 'x-debug-exception-file')]
      .filter((part) => part !== undefined)
      .map(decodeOrKeep)
      .join(' at ')
  }
  const title = match(answer.bodySnippet, /<!--\s*([^<]*?)\s*\(\d{3} [^)]*\)\s*-->/)
  return title === undefined ? undefined : unescapeHtml(title)
}

/** Laravel in debug mode: JSON with the class, the message and the place, or Ignition's page whose title is the message. */
function laravel(answer: Responded): string | undefined {
  const exception = jsonText(answer, 'exception')
  if (exception !== undefined && /^\w+(\\\w+)*$/.test(exception)) {
    const file = jsonText(answer, 'file')
    const line = match(answer.bodySnippet, /"line":\s*(\d+)/)
    return `${exception}: ${jsonText(answer, 'message') ?? ''}${file === undefined ? '' : ` at ${file}:${line ?? '?'}`}`
  }
  const isIgnition = /ignition|laravel/i.test(answer.bodySnippet) && isHtml(answer)
  return isIgnition ? title(answer) : undefined
}

/** Spring Boot's whitelabel error in JSON: timestamp, status, error, path, and message where it is switched on. */
function spring(answer: Responded): string | undefined {
  const body = parseJson(answer.bodySnippet)
  if (field(body, 'timestamp') !== undefined && typeof field(body, 'error') === 'string') {
    return [field(body, 'exception'), field(body, 'error'), field(body, 'message')].filter((part) => part).join(': ')
  }
  return match(answer.bodySnippet, /Whitelabel Error Page[\s\S]*?There was an unexpected error \(([^)]*)\)/)
}

/** Django's debug page: `<title>ValueError at /path</title>`, then the message. */
function django(answer: Responded): string | undefined {
  if (!isHtml(answer)) return undefined
  const heading = title(answer)
  if (heading === undefined || !/^\w+(\.\w+)* at \//.test(heading)) return undefined
  const message = match(answer.bodySnippet, /class="exception_value">([\s\S]*?)<\/pre>/)
  return message === undefined ? heading : `${heading}: ${unescapeHtml(message)}`
}

/** ASP.NET Core's developer page: plain text for a client that is no browser, or a page. */
function aspNet(answer: Responded): string | undefined {
  const plain = /^((?:[A-Za-z_]\w*\.)+\w*Exception[^\r\n]*)(?:\r?\n\s+(at [^\r\n]*))?/.exec(answer.bodySnippet)
  if (plain !== null) return [plain[1], plain[2]].filter((part) => part !== undefined).join(' ')
  const page = match(answer.bodySnippet, /<h2>\s*([^<]*Exception: [^<]*)<\/h2>/)
  const heading = page ?? match(answer.bodySnippet, /class="titleerror">([^<]*)</)
  return heading === undefined ? undefined : unescapeHtml(heading)
}

/** Rails in development: a plain page for API clients, JSON with `exception`, or HTML with the class in the heading. */
function rails(answer: Responded): string | undefined {
  const exception = field(parseJson(answer.bodySnippet), 'exception')
  if (typeof exception === 'string') return exception.replace(/^#<|>$/g, '')
  const heading = match(answer.bodySnippet, /<h1>\s*((?:\w+::)*\w+(?:Error|NotFound|Exception|Invalid)[^<]*)<\/h1>/)
  const isRails = header(answer, 'x-runtime') !== undefined || /Action Controller|Rails\.root/.test(answer.bodySnippet)
  if (heading !== undefined && isRails) return unescapeHtml(heading)
  return isRails ? match(answer.bodySnippet, /^((?:\w+::)*\w+(?:Error|Exception) [^\r\n]*)/) : undefined
}

/** Express' default handler: the stack in `<pre>`, lines split by `<br>`. */
function express(answer: Responded): string | undefined {
  const stack = match(answer.bodySnippet, /<title>Error<\/title>[\s\S]*?<pre>([\s\S]*?)(?:<\/pre>|$)/)
  if (stack === undefined) return undefined
  const [message = '', ...frames] = stack.split(/<br\s*\/?>/).map((line) => printable(unescapeHtml(line)))
  // The first frame outside node_modules and Node itself is the receiver's own code.
  const own = frames.find((frame) => frame.startsWith('at ') && !/node_modules|\(?node:/.test(frame))
  return own === undefined ? message : `${message} ${own}`
}

/** Any other JSON that has a message (Fastify, NestJS, problem+json, FastAPI). */
function json(answer: Responded): string | undefined {
  const body = parseJson(answer.bodySnippet)
  const error = field(body, 'error')
  const nested = typeof error === 'object' && error !== null ? field(error, 'message') : undefined
  return [nested, field(body, 'message'), field(body, 'detail'), field(body, 'title'), error].find(
    (text) => typeof text === 'string' && text !== '',
  ) as string | undefined
}

function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return (body as Record<string, unknown>)[name]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first text under this name, also in JSON that the limit of the snippet has cut. */
function jsonText(answer: Responded, name: string): string | undefined {
  const quoted = match(answer.bodySnippet, new RegExp(`"${name}":\\s*("(?:[^"\\\\]|\\\\.)*")`))
  const text = quoted === undefined ? undefined : parseJson(quoted)
  return typeof text === 'string' ? text : undefined
}

const isHtml = (answer: Responded) => /<html|<!doctype/i.test(answer.bodySnippet)

function title(answer: Responded): string | undefined {
  const text = match(answer.bodySnippet, /<title>([\s\S]*?)<\/title>/i)
  return text === undefined ? undefined : printable(unescapeHtml(text))
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', nbsp: ' ' }

function unescapeHtml(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(\w{2,4}));/gi, (entity, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? entity
      const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
      return point <= 0x10ffff ? String.fromCodePoint(point) : entity
    })
}
