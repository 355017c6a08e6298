import { UsageError } from '../errors.ts'
import { DEFAULT_SIGNATURE } from './signature.ts'

/** A request header as it will be written: name in the user's case, value. */
export type Header = readonly [name: string, value: string]

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** As Svix limits it; most receivers stop at 8 KB for all headers together. */
const VALUE_MAX_BYTES = 4096
const SET_BY_US = new Set(['content-length', 'transfer-encoding', 'host', 'connection', 'content-type'])
/** Headers that change the connection itself; the HTTP client refuses them too. */
const OF_THE_CONNECTION = new Set(['keep-alive', 'upgrade', 'expect', 'te', 'trailer', 'proxy-connection'])

/** What the user gave to authenticate with; errors never repeat a value. */
export interface AuthorizationInput {
  /** `Name: value`, as given by `-H`. */
  readonly headers?: readonly string[]
  /** `user:password`; the first colon splits. */
  readonly basic?: string
  readonly bearer?: string
  /** The signature header's name: reserved. */
  readonly signatureHeader?: string
}

/**
 * The headers to send besides our own, in the user's order, authorization first. Qualifio sends one
 * custom header; Basic and Bearer are the same thing under the name `Authorization` (documented).
 * @throws UsageError for anything that could not be sent exactly as written
 */
export function authorizationHeaders(input: AuthorizationInput): readonly Header[] {
  if (input.basic !== undefined && input.bearer !== undefined) {
    throw new UsageError('use only one of --basic and --bearer')
  }
  const result: Header[] = []
  if (input.basic !== undefined) result.push(basicFromText(input.basic))
  if (input.bearer !== undefined) result.push(bearerAuthorization(input.bearer))
  const flag = input.basic !== undefined ? '--basic' : input.bearer !== undefined ? '--bearer' : undefined
  const seen = new Set(result.map(([name]) => name.toLowerCase()))
  for (const text of input.headers ?? []) {
    const header = parseHeader(text, input.signatureHeader)
    const name = header[0].toLowerCase()
    if (seen.has(name)) {
      throw new UsageError(
        name === 'authorization' && flag !== undefined
          ? `Authorization is set by ${flag} and by --header; use only one of them`
          : `--header "${header[0]}" is given twice; give it once`,
      )
    }
    seen.add(name)
    result.push(header)
  }
  return result
}

/** Those of a user's headers that authorize: all but the user agent. */
export function authorizing(headers: readonly Header[] = []): readonly Header[] {
  return headers.filter(([name]) => name.toLowerCase() !== 'user-agent')
}

/**
 * One header from `Name: value`; spaces around the value are not part of it.
 * @throws UsageError without the value
 */
export function parseHeader(text: string, signatureHeader = DEFAULT_SIGNATURE.header): Header {
  const colon = text.indexOf(':')
  // Without a colon the text may be a value alone, so none of it is shown.
  if (colon === -1) throw new UsageError('--header has no colon; expected "Name: value"')
  const name = text.slice(0, colon)
  if (name === '') throw new UsageError('--header has no name; expected "Name: value"')
  if (!TOKEN.test(name)) {
    throw new UsageError(
      '--header has an illegal character in its name; use letters, digits and hyphens: "Name: value"',
    )
  }
  checkName(name, signatureHeader)
  const value = text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  checkValue(value, `--header "${name}"`)
  return [name, value]
}

/**
 * `Authorization: Basic …` (RFC 7617, UTF-8).
 * @throws UsageError when the user name has a colon or either has a control character
 */
export function basicAuthorization(user: string, password: string): Header {
  if (user.includes(':')) throw new UsageError('--basic: RFC 7617 forbids ":" in the user name')
  if (/[\x00-\x1f\x7f]/.test(user + password)) {
    throw new UsageError('--basic has a control character; RFC 7617 forbids it')
  }
  const value = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  checkValue(value, '--basic')
  return ['Authorization', value]
}

/**
 * `Authorization: Bearer …` (RFC 6750).
 * @throws UsageError when the token is empty or has white space
 */
export function bearerAuthorization(token: string): Header {
  if (token === '') throw new UsageError('the token is empty (--bearer); is a variable unset?')
  if (/\s/.test(token)) throw new UsageError('--bearer: the token contains whitespace; give the token alone')
  checkValue(token, '--bearer')
  return ['Authorization', `Bearer ${token}`]
}

function basicFromText(text: string): Header {
  const colon = text.indexOf(':')
  if (colon === -1) throw new UsageError('--basic has no colon; expected user:password')
  return basicAuthorization(text.slice(0, colon), text.slice(colon + 1))
}

function checkName(name: string, signatureHeader: string): void {
  const lower = name.toLowerCase()
  if (SET_BY_US.has(lower) || lower === signatureHeader.toLowerCase()) {
    throw new UsageError(`--header "${name}" is set by qualifio-sim; leave it out`)
  }
  if (OF_THE_CONNECTION.has(lower)) {
    throw new UsageError(`--header "${name}" belongs to the connection and cannot be sent; leave it out`)
  }
}

function checkValue(value: string, where: string): void {
  if (value === '') throw new UsageError(`${where} has no value; is a variable unset?`)
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new UsageError(`${where} has a control character (such as CR, LF or NUL) in its value; remove it`)
  }
  // Node would send é as one latin-1 byte, which receivers read as anything.
  if (/[^\x00-\x7f]/.test(value)) {
    throw new UsageError(`${where} has a character outside ASCII in its value; encode it, in base64 for instance`)
  }
  if (value.length > VALUE_MAX_BYTES) throw new UsageError(`${where} is over 4 KB; shorten it`)
}

/**
 * Checks the name of the signature header as a user gives it with `--signature-header`.
 * @throws UsageError when it is no header name, or is taken
 */
export function parseSignatureHeader(name: string): string {
  if (!TOKEN.test(name))
    throw new UsageError('--signature-header is not a header name; use letters, digits and hyphens')
  const lower = name.toLowerCase()
  if (SET_BY_US.has(lower) || OF_THE_CONNECTION.has(lower) || lower === 'authorization' || lower === 'user-agent') {
    throw new UsageError(`--signature-header "${name}" is used for something else; choose another name`)
  }
  return name
}
