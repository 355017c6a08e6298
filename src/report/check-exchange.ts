import type { Probe } from '../check/probe.ts'
import { shownResult, type ProbeResult } from '../check/verdict.ts'
import { printable } from '../delivery/printable.ts'
import type { Redact } from '../delivery/redact.ts'

/** A request as it went over the wire, without what must not be shown. */
export interface RequestReport {
  /** How it differs from the control, in a few words. */
  readonly name: string
  readonly method: string
  /** Values in the query as `…`. */
  readonly path: string
  /** `Name: value`, in order and case as sent; a name may repeat. */
  readonly headers: readonly string[]
  /** As sent, chunk sizes included. */
  readonly bodyBytes: number
  /** Its first 200 characters; what is no text stands there as an escape. */
  readonly bodyStart: string
}

/** A request and what came of it. */
export interface ExchangeReport {
  readonly request: RequestReport
  /** `401 in 3 ms`, or what failed. */
  readonly answer: string
  /** The first line of the answer's body. */
  readonly said?: string
}

/** What hides secrets in requests and answers. */
export interface Masks {
  readonly redact: Redact
  readonly redactText: (text: string) => string
  /** Headers that authorize, in lower case: right or wrong, their values are not shown, for a wrong one tells the right. */
  readonly authorizing: ReadonlySet<string>
}

const BODY_SHOWN = 200
const SAID_SHOWN = 200
/** As much of a body as is looked at: what is hidden is hidden before the rest is cut. */
const BODY_READ_BYTES = 8192

/** A request for people and programs. */
export function requestReport({ name, request }: Probe, { redactText, authorizing }: Masks): RequestReport {
  const { method, writes } = request
  const { buffer, byteOffset, length } = writes[0]?.bytes ?? new Uint8Array()
  // A view, for bodies may be large.
  const first = Buffer.from(buffer, byteOffset, length)
  const end = first.indexOf('\r\n\r\n')
  const headBytes = end === -1 ? first.length : end + 4
  const [line = '', ...fields] = textOf(first.subarray(0, end === -1 ? first.length : end)).split('\r\n')
  const body = writes.map(({ bytes }, index) => (index === 0 ? bytes.subarray(headBytes) : bytes))
  const start = textOf(
    Buffer.concat(body.map((bytes) => bytes.subarray(0, BODY_READ_BYTES))).subarray(0, BODY_READ_BYTES),
  )
  return {
    name,
    method,
    path: escaped(redactText(hiddenQuery(line.split(' ')[1] ?? ''))),
    headers: fields.map((field) => {
      const colon = field.indexOf(':')
      const header = field.slice(0, colon)
      const value = field.slice(colon + 1).trim()
      return escaped(`${header}: ${authorizing.has(header.toLowerCase()) ? '…' : redactText(value)}`)
    }),
    bodyBytes: body.reduce((sum, bytes) => sum + bytes.length, 0),
    bodyStart: escaped(beginning(redactText(start), BODY_SHOWN)),
  }
}

/** A request with its answer. */
export function exchangeReport({ probe, exchange }: ProbeResult, masks: Masks): ExchangeReport {
  const result = masks.redact(exchange.result)
  const body = result.kind === 'responded' ? result.bodySnippet : ''
  const said = beginning(printable(body.split('\n').find((line) => line.trim() !== '') ?? ''), SAID_SHOWN)
  return {
    request: requestReport(probe, masks),
    answer: printable(shownResult({ ...exchange, result })),
    ...(said === '' ? {} : { said }),
  }
}

/** The same in lines, as they are known from curl: `>` was sent, `<` came back. */
export function exchangeLines({ request, answer, said }: ExchangeReport): readonly string[] {
  const { name, method, path, headers, bodyBytes, bodyStart } = request
  const size = bodyBytes > BODY_SHOWN ? ` … (${bodyBytes.toLocaleString('en')} bytes)` : ''
  return [
    `> ${method} ${path} (${name})`,
    ...headers.map((header) => `> ${header}`),
    ...(bodyBytes === 0 ? [] : [`> ${bodyStart}${size}`]),
    `< ${answer}${said === undefined ? '' : `: ${said}`}`,
  ]
}

/** No more characters than that, and no half of one. */
function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}

/** UTF-8 where it is, cut or not; else a character per byte, those outside of ASCII as escapes. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
  } catch {
    return Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/[\x80-\xff]/g, hex)
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line that a terminal shows as it is. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\0-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu,
    (one) => ESCAPES[one] ?? (one < '\u0100' ? hex(one) : `\\u${one.charCodeAt(0).toString(16)}`),
  )
}

function hex(one: string): string {
  return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/** As the target is shown everywhere: a value in a query may be a token. */
function hiddenQuery(path: string): string {
  const [before = '', ...query] = path.split('?')
  if (query.length === 0) return path
  const parts = query.join('?').split('&')
  return `${before}?${parts.map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=…` : '…')).join('&')}`
}
