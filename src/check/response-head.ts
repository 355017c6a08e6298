import { failureReason } from '../delivery/failure.ts'
import type { Failed } from '../delivery/outcome.ts'

/** How the end of a body is found: RFC 9112, section 6.3. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

/** The status line and the headers of an answer, and what follows from them. */
export interface ResponseHead {
  readonly status: number
  /** Names in lower case, values in the order they came. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly framing: Framing
  /** Whether the connection may carry another request. */
  readonly isKeptAlive: boolean
}

/** An answer that breaks the rules of HTTP/1.1, as a failure. */
export function protocolFailure(sentence?: string): Failed {
  return { kind: 'failed', code: 'protocol', reason: failureReason('protocol', undefined, sentence) }
}

const START = 'HTTP/1.'

/** Whether a status line may begin so: what is no HTTP/1.x is told from its first bytes, without waiting for a line. */
export function mayBeStatusLine(text: string): boolean {
  return text.length < START.length ? START.startsWith(text) : text.startsWith(START)
}

/**
 * Reads the lines of a head, without their line ends.
 * @param method of the request: an answer to HEAD has no body
 * @returns a `protocol` failure when it is no head of HTTP/1.x
 */
export function readHead(lines: readonly string[], method: string): ResponseHead | Failed {
  const [, minor, code] = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: .*)?$/.exec(lines[0] ?? '') ?? []
  if (minor === undefined || code === undefined) return protocolFailure()
  const pairs = readFields(lines.slice(1))
  if (pairs === undefined) return protocolFailure('a header of the answer cannot be read')
  const status = Number(code)
  const tokens = listOf(pairs, 'connection')
  const framing = framingOf(status, method, pairs)
  if (framing === undefined) return protocolFailure('the Content-Length of the answer is no number')
  const staysOpen = minor === '0' ? tokens.includes('keep-alive') : !tokens.includes('close')
  return { status, headers: grouped(pairs), framing, isKeptAlive: staysOpen && framing.kind !== 'until-close' }
}

type Field = readonly [name: string, value: string]

function readFields(lines: readonly string[]): Field[] | undefined {
  const fields: Field[] = []
  for (const line of lines) {
    if (/[\0\r]/.test(line)) return undefined
    const [, name, value = ''] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    const last = fields.at(-1)
    if (name !== undefined) fields.push([name.toLowerCase(), value])
    // A value folded over several lines is obsolete, and still read as one: RFC 9112, section 5.2.
    else if (/^[ \t]/.test(line) && last !== undefined)
      fields[fields.length - 1] = [last[0], `${last[1]} ${line.trim()}`]
    else return undefined
  }
  return fields
}

/** Own properties only, so that a header named `__proto__` is a header. */
function grouped(fields: readonly Field[]): Record<string, readonly string[]> {
  const lists = new Map<string, string[]>()
  for (const [name, value] of fields) {
    const list = lists.get(name)
    if (list === undefined) lists.set(name, [value])
    else list.push(value)
  }
  return Object.fromEntries(lists)
}

function listOf(fields: readonly Field[], wanted: string): string[] {
  return fields
    .filter(([name]) => name === wanted)
    .flatMap(([, value]) => value.split(','))
    .map((item) => item.trim().toLowerCase())
}

function framingOf(status: number, method: string, fields: readonly Field[]): Framing | undefined {
  const lengths = new Set(listOf(fields, 'content-length'))
  const [length] = lengths
  if (lengths.size > 1 || (length !== undefined && !/^\d{1,15}$/.test(length))) return undefined
  if (status < 200 || status === 204 || status === 304 || method.toUpperCase() === 'HEAD') return { kind: 'none' }
  const codings = listOf(fields, 'transfer-encoding')
  if (codings.length > 0) return codings.at(-1) === 'chunked' ? { kind: 'chunked' } : { kind: 'until-close' }
  return length === undefined ? { kind: 'until-close' } : { kind: 'length', bytes: Number(length) }
}
