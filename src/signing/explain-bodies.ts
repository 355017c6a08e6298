import { createHash } from 'node:crypto'
import { jsonBody, rewritten } from './explain-document.ts'
import type { JsonBody } from './explain-document.ts'
import { SERIALISERS } from './explain-serialisers.ts'

/** Something that may have been signed in place of the body. */
export interface BodyForm {
  /** Such as `exact`, `js`, `php-slashes`, `trimmed`, `element-0`. */
  readonly id: string
  /** What it is, as a noun. */
  readonly text: string
  readonly bytes: Uint8Array
}

const BOM = '\ufeff'
/** Above this the body is not parsed and written again: only the forms of `exactForms` are tried. */
export const REWRITTEN_MAX_BYTES = 1024 * 1024
/** Elements after these are not tried one by one. */
const ELEMENTS_MAX = 200
const ARRAY_TO_STRING_MAX = 1000

const utf8 = (text: string) => Buffer.from(text, 'utf8')
const form = (id: string, text: string, content: string | Uint8Array): BodyForm => ({
  id,
  text,
  bytes: typeof content === 'string' ? utf8(content) : content,
})

/** The body itself, the body with another edge, and what stands there when there is no body: cheap at any length. */
export function exactForms(bytes: Uint8Array): readonly BodyForm[] {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isSpace = (byte: number | undefined) => byte === 32 || byte === 9 || byte === 10 || byte === 13
  let start = 0
  let end = body.length
  while (start < end && isSpace(body[start])) start++
  while (end > start && isSpace(body[end - 1])) end--
  const endsWith = (text: string) => body.subarray(-text.length).equals(Buffer.from(text))
  const forms = [form('exact', 'the exact body', body)]
  if (start > 0 || end < body.length) {
    forms.push(form('trimmed', 'the body without the white space around it', body.subarray(start, end)))
  }
  if (endsWith('\n')) forms.push(form('minus-lf', 'the body without its last newline', body.subarray(0, -1)))
  if (endsWith('\r\n')) {
    forms.push(form('minus-crlf', 'the body without its last newline (CR LF)', body.subarray(0, -2)))
  }
  if (body.subarray(0, 3).equals(utf8(BOM))) {
    forms.push(form('minus-bom', 'the body without its byte order mark', body.subarray(3)))
  }
  return [
    ...forms,
    form('plus-lf', 'the body with a newline added to its end', Buffer.concat([body, utf8('\n')])),
    form('plus-crlf', 'the body with a newline (CR LF) added to its end', Buffer.concat([body, utf8('\r\n')])),
    form('plus-bom', 'the body with a byte order mark before it', Buffer.concat([utf8(BOM), body])),
    form('empty', 'nothing (an empty body, as when the stream was read before)', ''),
    form('object-object', 'the text "[object Object]" (a parsed body made a string)', '[object Object]'),
    ...['undefined', 'null', '{}', '[]', 'None', 'Array'].map((word) =>
      form(`literal-${word}`, `the text "${word}" in place of the body`, word),
    ),
    form('digest-hex', 'the SHA-256 of the body, as hexadecimal text', hash(body).toString('hex')),
    form('digest-bytes', 'the SHA-256 of the body, as bytes', hash(body)),
  ]
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** The other forms, likeliest first, each made when it is asked for; none for a body over `REWRITTEN_MAX_BYTES`. */
export function* otherForms(bytes: Uint8Array): Generator<BodyForm, void, undefined> {
  if (bytes.length > REWRITTEN_MAX_BYTES) return
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = body.toString('utf8')
  const json = jsonBody(text)
  if (json !== undefined) yield* rewrittenForms(json)
  yield* encodedForms(body, text)
  if (json !== undefined) yield* elementForms(json)
}

function* rewrittenForms(json: JsonBody): Generator<BodyForm, void, undefined> {
  const js = (space?: number) => JSON.stringify(json.value, null, space)
  yield form('js', 'the body parsed and written again by JSON.stringify in JavaScript', js())
  for (const space of [2, 4]) {
    yield form(
      `js-pretty-${space}`,
      `the body parsed and written again by JSON.stringify(…, null, ${space})`,
      js(space),
    )
  }
  const written = new Map<string, string>()
  for (const serialiser of SERIALISERS) {
    const text = rewritten(json, serialiser)
    if (text === undefined) continue
    written.set(serialiser.id, text)
    if (serialiser.refines !== undefined && written.get(serialiser.refines) === text) continue
    yield form(serialiser.id, `the body parsed and written again by ${serialiser.call}`, text)
  }
  if (Array.isArray(json.value)) {
    if (json.value.length <= ARRAY_TO_STRING_MAX && json.value.every((item) => typeof item === 'object')) {
      const text = json.value.map((item) => (item === null ? '' : '[object Object]')).join()
      yield form('object-objects', 'the parsed body made a string in JavaScript ("[object Object],…")', text)
    }
  }
}

function* elementForms(json: JsonBody): Generator<BodyForm, void, undefined> {
  if (json.root.kind !== 'array' || !Array.isArray(json.value)) return
  for (const [index, node] of json.root.items.slice(0, ELEMENTS_MAX).entries()) {
    const which = index === 0 ? 'only the first event' : `only event ${index + 1} of the payload`
    yield form(`element-${index}`, `${which}, written again by JSON.stringify`, JSON.stringify(json.value[index]))
    yield form(`element-${index}-raw`, `${which}, as it stands in the body`, json.text.slice(node.offset, node.end))
    if (index > 0) continue
    for (const serialiser of SERIALISERS.filter(({ refines, keys }) => refines === undefined && keys === undefined)) {
      const text = rewritten(json, serialiser, node)
      if (text !== undefined) yield form(`element-0-${serialiser.id}`, `${which}, written by ${serialiser.call}`, text)
    }
  }
}

function* encodedForms(body: Buffer, text: string): Generator<BodyForm, void, undefined> {
  const latin1 = body.toString('latin1')
  if (/[^\x00-\x7f]/.test(latin1)) {
    yield form('latin1-as-utf8', 'the body read as Latin-1 and written as UTF-8', utf8(latin1))
    const marked = text.replace(/[^\x00-\xff]/gu, '?')
    yield form('utf8-as-latin1', 'the body written as Latin-1 (é becomes one byte)', Buffer.from(marked, 'latin1'))
    yield form('utf8-as-binary', "the body's text with update(text, 'latin1')", Buffer.from(text, 'latin1'))
    yield form('ascii', 'the body written as ASCII (é becomes ?)', text.replace(/[^\x00-\x7f]/gu, '?'))
    yield form('utf8-replaced', 'the body with its invalid UTF-8 replaced', utf8(text))
  }
  yield form('utf16', 'the body written as UTF-16', Buffer.from(text, 'utf16le'))
  yield form('json-string', 'the body encoded once more, as a JSON string', JSON.stringify(text))
  yield form('php-string', 'the body encoded once more by json_encode in PHP', phpString(text))
  yield form('python-bytes', "str(body) of bytes in Python (b'…')", pythonBytes(latin1))
  yield form('base64', 'the body in base64', body.toString('base64'))
  yield form('hex', 'the body in hexadecimal', body.toString('hex'))
  yield form('url-decoded', 'the body URL-decoded', urlDecoded(latin1))
  yield form('form-decoded', 'the body decoded as a form (with + as a space)', urlDecoded(latin1.replaceAll('+', ' ')))
  if (latin1.includes('\n')) {
    yield form('lf', 'the body with its line breaks as LF', Buffer.from(latin1.replaceAll('\r\n', '\n'), 'latin1'))
    const crlf = latin1.replace(/\r?\n/g, '\r\n')
    yield form('crlf', 'the body with its line breaks as CR LF', Buffer.from(crlf, 'latin1'))
  }
}

const phpString = (text: string) => SERIALISERS[0]?.quote(text) ?? ''

const urlDecoded = (latin1: string) =>
  Buffer.from(
    latin1.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )

/** `repr` of Python's bytes. */
function pythonBytes(latin1: string): string {
  const quote = latin1.includes("'") && !latin1.includes('"') ? '"' : "'"
  const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const escaped = latin1.replace(/[\\\x00-\x1f\x7f-\xff]/g, (unit) => {
    return short[unit] ?? `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `b${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`
}
