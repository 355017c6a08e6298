import type { Header } from '../signing/authorization.ts'
import type { Write } from './probe.ts'

/** How a body goes over the wire. `length`: with its Content-Length, in one write with the head. */
export type Transfer =
  | { readonly kind: 'length' }
  /** Without Content-Length, in chunks of these sizes and one for the rest. */
  | { readonly kind: 'chunked'; readonly sizes?: readonly number[] }
  /** With Content-Length, in several writes, cut at these offsets into the body; 0 cuts between head and body. */
  | { readonly kind: 'split'; readonly at: readonly number[]; readonly pauseMs: number }

/** A request before it is bytes. Nothing is added to it but the header that says where the body ends. */
export interface RequestParts {
  readonly method: string
  /** Path and query, as they stand in the request line. */
  readonly path: string
  /** In order and case, Host included. May repeat, may be none. */
  readonly headers: readonly Header[]
  readonly body: Uint8Array
  /** `length` by default. */
  readonly transfer?: Transfer
}

/** Whoever sends one of these with nothing in it still says so: RFC 9110, section 8.6. */
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH'])
const FRAMING = new Set(['content-length', 'transfer-encoding'])

/**
 * The bytes of a request, and when they are written. Content-Length or Transfer-Encoding stands where the caller wrote
 * one of them (and as the caller spelt it), else right after Content-Type, else last; its value is always the true one.
 */
export function writesOf(parts: RequestParts): Write[] {
  const { body, transfer = { kind: 'length' } } = parts
  const head = headOf(parts, transfer)
  if (transfer.kind === 'length') return [{ bytes: joined(head, body) }]
  if (transfer.kind === 'chunked') return [{ bytes: joined(head, ...chunks(body, transfer.sizes ?? [])) }]
  const inside = transfer.at.filter((offset) => offset >= 0 && offset < body.length)
  const cuts = [...new Set(inside)].toSorted((a, b) => a - b)
  return [0, ...cuts].map((start, index) => {
    const bytes = body.subarray(start, cuts[index])
    return index === 0 ? { bytes: joined(head, bytes) } : { bytes, afterMs: transfer.pauseMs }
  })
}

function headOf({ method, path, headers, body }: RequestParts, transfer: Transfer): Uint8Array {
  const lines = [`${method} ${path} HTTP/1.1`, ...framed(headers)].map(bytesOf)
  return joined(...lines.flatMap((line) => [line, CRLF]), CRLF)

  function framed(given: readonly Header[]): string[] {
    const [name, value] = transfer.kind === 'chunked' ? CHUNKED : (['Content-Length', `${body.length}`] as const)
    const place = given.findIndex(([other]) => FRAMING.has(other.toLowerCase()))
    const others = given.filter(([other]) => !FRAMING.has(other.toLowerCase()))
    const text = others.map((header) => header.join(': '))
    if (place === -1 && body.length === 0 && transfer.kind !== 'chunked' && !WITH_CONTENT.has(method)) return text
    const spelt = given.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[0] ?? likeOthers(name, others)
    const type = others.findIndex(([other]) => other.toLowerCase() === 'content-type')
    text.splice(place !== -1 ? place : type === -1 ? text.length : type + 1, 0, `${spelt}: ${value}`)
    return text
  }
}

/** In lower or upper case where all other names are. */
function likeOthers(name: string, others: readonly Header[]): string {
  if (others.length === 0) return name
  if (others.every(([other]) => other === other.toLowerCase())) return name.toLowerCase()
  return others.every(([other]) => other === other.toUpperCase()) ? name.toUpperCase() : name
}

const CHUNKED: Header = ['Transfer-Encoding', 'chunked']
const CRLF = Buffer.from('\r\n')

/** One byte per character, as HTTP/1.1 reads them, unless a character has none: then UTF-8. */
function bytesOf(line: string): Uint8Array {
  return Buffer.from(line, /^[\0-\xff]*$/.test(line) ? 'latin1' : 'utf8')
}

/** The chunks with their marks. Never one of size 0 before the end, since it would be the end. */
function chunks(body: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = []
  let at = 0
  for (const size of [...sizes, body.length]) {
    const chunk = body.subarray(at, at + Math.max(0, size))
    at += chunk.length
    if (chunk.length > 0) parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, CRLF)
  }
  return [...parts, Buffer.from('0\r\n\r\n')]
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
