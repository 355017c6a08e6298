import { UsageError } from '../errors.ts'
import { placeOf } from './json-node.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import { parseJson } from './json-parser.ts'

export type { JsonMember, JsonNode } from './json-node.ts'

/*
 * A JSON file that a person wrote, read strictly (RFC 8259: no comments, no trailing commas) and
 * with its places kept, so that whatever is wrong in it can be said as `file:line:column`.
 * Keys are data: `__proto__` is a key like any other.
 */

/** A parsed JSON file. */
export interface JsonSource {
  readonly fileName: string
  readonly text: string
  readonly root: JsonNode
  /** Keys that stand a second time in their object; always empty unless they were asked to be noted. */
  readonly duplicateKeys: readonly JsonMember[]
}

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
  if (text.charCodeAt(0) === 0xfeff) {
    throw new UsageError(`${fileName} starts with a byte order mark (BOM); save it as UTF-8 without one.`)
  }
  const duplicateKeys: JsonMember[] = []
  const root = parseJson(text, { fileName, onDuplicate: (member) => void duplicateKeys.push(member) })
  const [twice] = duplicateKeys
  if (twice !== undefined && options.duplicateKeys !== 'note') {
    throw new UsageError(
      `${placeOf(text, fileName, twice.keyOffset)}: the key ${JSON.stringify(twice.key)} stands twice in this object.`,
    )
  }
  return { fileName, text, root, duplicateKeys }
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
