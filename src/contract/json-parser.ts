import { UsageError } from '../errors.ts'
import { placeOf } from './json-node.ts'
import type { JsonMember, JsonNode } from './json-node.ts'

const DEEPEST = 500
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[\w$.+-]{1,30}/y

/**
 * The tree of a JSON text, RFC 8259 and nothing more.
 * @param file `onDuplicate` is called with a key that its object already has
 * @throws UsageError with the place and, for the usual slips, the remedy
 */
export function parseJson(
  text: string,
  file: { readonly fileName: string; readonly onDuplicate: (member: JsonMember) => void },
): JsonNode {
  const { fileName, onDuplicate } = file
  let at = 0
  const root = value(0)
  skipSpace()
  if (at < text.length)
    fail(
      at,
      isAnotherLine() ? ' after the end of the document: this looks like NDJSON' : ' after the end of the document',
    )
  return root

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
      if (seen.has(key)) onDuplicate(member)
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
