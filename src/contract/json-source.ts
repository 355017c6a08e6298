import { UsageError } from '../errors.ts'

/*
 * A JSON file that a person wrote, read strictly (RFC 8259: no comments, no trailing commas) and
 * with its places kept, so that whatever is wrong in it can be said as `file:line:column`.
 * Keys are data: `__proto__` is a key like any other.
 */

/** One `"key": value` of an object, in the order of the file. */
export interface JsonMember {
  readonly key: string
  /** Where the key's opening quote stands. */
  readonly keyOffset: number
  readonly value: JsonNode
}

/** A value of the document. `offset` and `end` are UTF-16 positions in the source's text. */
export type JsonNode = { readonly offset: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
)

/** A parsed JSON file. */
export interface JsonSource {
  readonly fileName: string
  readonly text: string
  readonly root: JsonNode
  /** Keys that stand a second time in their object; always empty unless they were asked to be noted. */
  readonly duplicateKeys: readonly JsonMember[]
}

const DEEPEST = 500
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[\w$.+-]{1,30}/y

/**
 * Parses the text of a JSON file. The values alone are `JSON.parse(source.text)`.
 * @param options `duplicateKeys: 'note'` lists repeated keys instead of refusing them
 * @throws UsageError such as `my-contract/earning.json:12:5: unexpected "}"`
 */
export function parseJsonSource(
  text: string,
  fileName: string,
  options: { readonly duplicateKeys?: 'refuse' | 'note' } = {},
): JsonSource {
  let at = 0
  const duplicateKeys: JsonMember[] = []

  if (text.charCodeAt(0) === 0xfeff) {
    throw new UsageError(`${fileName} starts with a byte order mark (BOM); save it as UTF-8 without one.`)
  }
  const root = value(0)
  skipSpace()
  if (at < text.length)
    fail(
      at,
      isAnotherLine() ? ' after the end of the document: this looks like NDJSON' : ' after the end of the document',
    )
  return { fileName, text, root, duplicateKeys }

  function value(depth: number): JsonNode {
    skipSpace()
    const offset = at
    if (depth > DEEPEST) throw new UsageError(`${placeOf(text, fileName, at)}: nested deeper than ${DEEPEST} levels.`)
    switch (text[at]) {
      case '{':
        return object(depth)
      case '[':
        return array(depth)
      case '"': {
        const content = string()
        return { kind: 'scalar', value: content, offset, end: at }
      }
      default:
        return { kind: 'scalar', value: wordOrNumber(), offset, end: at }
    }
  }

  function object(depth: number): JsonNode {
    const offset = at++
    const members: JsonMember[] = []
    const seen = new Set<string>()
    for (let open = !closes('}'); open; open = continues('}')) {
      skipSpace()
      const keyOffset = at
      if (text[at] !== '"')
        fail(at, text[at] === '}' ? ' after a comma: remove the comma' : ': a key in double quotes is expected')
      const key = string()
      skipSpace()
      if (text[at] !== ':') fail(at, ': ":" is expected after a key')
      at++
      const member = { key, keyOffset, value: value(depth + 1) }
      if (seen.has(key)) {
        if (options.duplicateKeys !== 'note') {
          throw new UsageError(
            `${placeOf(text, fileName, keyOffset)}: the key ${JSON.stringify(key)} stands twice in this object.`,
          )
        }
        duplicateKeys.push(member)
      }
      seen.add(key)
      members.push(member)
    }
    return { kind: 'object', members, offset, end: at }
  }

  function array(depth: number): JsonNode {
    const offset = at++
    const items: JsonNode[] = []
    for (let open = !closes(']'); open; open = continues(']')) {
      skipSpace()
      if (text[at] === ']') fail(at, ' after a comma: remove the comma')
      items.push(value(depth + 1))
    }
    return { kind: 'array', items, offset, end: at }
  }

  function closes(bracket: string): boolean {
    skipSpace()
    if (text[at] !== bracket) return false
    at++
    return true
  }

  function continues(bracket: string): boolean {
    if (closes(bracket)) return false
    if (text[at] !== ',') fail(at, `: "," or "${bracket}" is expected`)
    at++
    return true
  }

  function string(): string {
    const offset = at
    let escaped = false
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 0x22) {
        at++
        return escaped ? unescape(offset) : text.slice(offset + 1, at - 1)
      }
      if (code < 0x20) break
      if (code === 0x5c) {
        escaped = true
        at++
      }
    }
    const why =
      at < text.length
        ? 'a string has a line break or a control character; write it as \\n or \\u00..'
        : 'a string is not closed'
    throw new UsageError(`${placeOf(text, fileName, Math.min(at, text.length))}: ${why}.`)
  }

  function unescape(offset: number): string {
    try {
      return JSON.parse(text.slice(offset, at)) as string
    } catch {
      const escape = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})/g
      const wrong = /(?:[^\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y
      wrong.lastIndex = offset
      escape.lastIndex = offset + (wrong.exec(text)?.[0].length ?? 0)
      const found = escape.exec(text)?.index ?? offset
      throw new UsageError(`${placeOf(text, fileName, found)}: "${text.slice(found, found + 2)}" is no escape of JSON.`)
    }
  }

  function wordOrNumber(): number | boolean | null {
    const word = tokenAt(at)
    const known = { true: true, false: false, null: null } as const
    if (Object.hasOwn(known, word)) {
      at += word.length
      return known[word as keyof typeof known]
    }
    NUMBER.lastIndex = at
    const number = NUMBER.exec(text)?.[0] ?? ''
    if (number === '' || number.length < word.length) return fail(at, hint(text[at], word))
    at += number.length
    return Number(number)
  }

  function tokenAt(offset: number): string {
    WORD.lastIndex = offset
    return WORD.exec(text)?.[0] ?? ''
  }

  function skipSpace(): void {
    while (at < text.length && ' \n\r\t'.includes(text[at] as string)) at++
  }

  function isAnotherLine(): boolean {
    return (text[at] === '{' || text[at] === '[') && text.slice(root.end, at).includes('\n')
  }

  function fail(offset: number, what: string): never {
    if (text.trim() === '') throw new UsageError(`${fileName} has no JSON (${text.length} bytes).`)
    const token = offset < text.length ? `"${tokenAt(offset) || text[offset]}"` : 'end of the file'
    throw new UsageError(`${placeOf(text, fileName, offset)}: unexpected ${token}${what}.`)
  }
}

function hint(character: string | undefined, word: string): string {
  if (character === '/' || character === '#') return ': JSON has no comments'
  if (character === "'") return ': JSON strings are in double quotes'
  if (/^[+.]?[\d.]|^0\d/.test(word)) return ': not a JSON number'
  return ''
}

/** `file:line:column` of a position in the text, both counted from 1. */
export function placeOf(text: string, fileName: string, offset: number): string {
  const before = text.slice(0, offset)
  const lines = before.split(/\r\n|\r|\n/)
  return `${fileName}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
}

/** `file:line:column` of a node, a member's key, or any other offset of the source. */
export function placeIn(source: JsonSource, offset: number): string {
  return placeOf(source.text, source.fileName, offset)
}

/**
 * The node at a path of keys and indices (a zod issue's path), or the deepest one that exists on
 * the way: where a missing key is said to be missing.
 */
export function nodeAt(root: JsonNode, path: readonly PropertyKey[]): JsonNode {
  let node = root
  for (const step of path) {
    const next =
      node.kind === 'object'
        ? node.members.findLast((member) => member.key === step)?.value
        : node.kind === 'array'
          ? node.items[Number(step)]
          : undefined
    if (next === undefined) return node
    node = next
  }
  return node
}

/**
 * The text of a JSON file's bytes. UTF-8 only: the other encodings that editors write are named.
 * @throws UsageError
 */
export function decodeJsonBytes(bytes: Uint8Array, fileName: string): string {
  const [first, second] = bytes
  const looksLikeUtf16 =
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    first === 0 ||
    (second === 0 && bytes.length > 1)
  if (looksLikeUtf16) throw new UsageError(`${fileName} looks like UTF-16; save it as UTF-8.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`${fileName} is not valid UTF-8; save it as UTF-8.`)
  }
}
