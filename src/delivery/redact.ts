import type { Header } from '../signing/authorization.ts'
import { encodedForms, secretPattern } from './encoded-forms.ts'
import { mapHeaders } from './header-lists.ts'
import type { AttemptResult, Responded } from './outcome.ts'
import type { Endpoint } from './request.ts'

/** Makes a result fit to be shown. */
export type Redact = (result: AttemptResult) => AttemptResult

/** What stands where a secret stood. */
const MASK = '…'
/** Less of a secret at a cut edge tells nothing, and would be found in any text. */
const EDGE_MIN_LENGTH = 4
/** Headers that a user may set and that prove nothing: their values are words of any answer. */
const HARMLESS = /^(user-agent|accept(-.*)?|cache-control|pragma|prefer)$/i

/**
 * Replaces known secrets by `…` in everything that came back: header values, body snippet, reason. Receivers in
 * debug mode echo the request. Found are the values as they are, in base64 and base64url, and with any
 * of their characters escaped as in URLs, JSON or HTML. Values under four characters would shred every text, so
 * they count only where they stand as a whole token, between spaces, quotes or punctuation such as `=:,;&()`.
 */
export function redactor(values: readonly string[]): Redact {
  const known = longestFirst(values)
  if (known.length === 0) return (result) => result
  const redactText = textRedactor(known)
  const redactHeader = remembering(redactText)
  const redactAll = (all: readonly string[]) => all.map(redactHeader)

  function redactBody({ bodySnippet, bodyBytes, bodyIncomplete }: Responded): string {
    const redacted = redactText(bodySnippet)
    const isCut = bodyIncomplete !== undefined || bodyBytes > Buffer.byteLength(bodySnippet)
    return isCut ? withoutEdge(redacted, known) : redacted
  }

  return (result) => {
    if (result.kind === 'failed') return { ...result, reason: redactText(result.reason) }
    return { ...result, headers: mapHeaders(result.headers, redactAll), bodySnippet: redactBody(result) }
  }
}

/** The same for a text that is no answer of an endpoint. */
export function textRedactor(values: readonly string[]): (text: string) => string {
  const known = longestFirst(values)
  if (known.length === 0) return (text) => text
  const pattern = secretPattern(known)
  return (text) => (text === '' ? text : text.replace(pattern, MASK))
}

function longestFirst(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== '').toSorted((a, b) => b.length - a.length)
}

const REMEMBERED_MAX = 256

/** Header values come back with every answer, and searching one costs more than the rest of its attempt. */
function remembering(redactText: (text: string) => string): (text: string) => string {
  const seen = new Map<string, string>()
  return (text) => {
    const before = seen.get(text)
    if (before !== undefined) return before
    if (seen.size === REMEMBERED_MAX) seen.clear()
    const redacted = redactText(text)
    seen.set(text, redacted)
    return redacted
  }
}

/**
 * What must not be shown of an endpoint: the secret; the values of its headers, with their parts (token, password,
 * parameters); query values and userinfo of its URL. The signature is none of them.
 */
export function secretValues({ url, secret, headers = [] }: Pick<Endpoint, 'url' | 'secret' | 'headers'>): string[] {
  return [...(secret === undefined ? [] : [secret]), ...headers.flatMap(valuesOfHeader), ...valuesOfUrl(url)].filter(
    (value) => value !== '',
  )
}

/** `redactor` for all secrets of an endpoint. */
export function redactorFor(endpoint: Pick<Endpoint, 'url' | 'secret' | 'headers'>): Redact {
  return redactor(secretValues(endpoint))
}

function valuesOfHeader([name, value]: Header): string[] {
  if (HARMLESS.test(name)) return []
  const [, scheme, credentials] = /^(\S+)\s+(.+)$/.exec(value) ?? []
  if (scheme === undefined || credentials === undefined) return [value, ...parameters(value)]
  if (scheme.toLowerCase() !== 'basic') return [value, credentials, ...parameters(value)]
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return [value, credentials, ...(colon === -1 ? [] : [pair, pair.slice(colon + 1)])]
}

/** `abc` and `x` of `token="abc"; session=x`: a receiver may show one without the other. */
function parameters(value: string): string[] {
  return [...value.matchAll(/[\w-]=(?:"([^"]+)"|([^\s",;=]+))/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

function valuesOfUrl(url: URL): string[] {
  const raw = url.search.slice(1).split('&')
  // A part without `=` is shown as `…` too, so it is a value.
  const written = raw.map((part) => part.slice(part.indexOf('=') + 1))
  return [...written, ...written.map(decoded), ...[url.username, url.password].flatMap((part) => [part, decoded(part)])]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Where the text was cut a secret may stand in part: its beginning is taken out too. */
function withoutEdge(text: string, values: readonly string[]): string {
  let longest = 0
  for (const form of values.flatMap(encodedForms)) {
    for (let length = Math.min(form.length - 1, text.length); length >= EDGE_MIN_LENGTH; length -= 1) {
      if (length > longest && text.endsWith(form.slice(0, length))) longest = length
    }
  }
  return longest === 0 ? text : text.slice(0, -longest) + MASK
}
