import { unreachable } from '../errors.ts'
import { parseJson } from '../contract/json-parser.ts'
import type { JsonNode } from '../contract/json-node.ts'
import type { Serialiser } from './explain-serialisers.ts'

/** A body that is JSON. */
export interface JsonBody {
  /** The text without a byte order mark, which no parser takes. */
  readonly text: string
  readonly root: JsonNode
  /** What JSON.parse makes of it. */
  readonly value: unknown
}

/** The body as JSON, or undefined when it is none. */
export function jsonBody(bodyText: string): JsonBody | undefined {
  const text = bodyText.replace(/^\ufeff/, '')
  let hasRepeatedKeys = false
  try {
    const value: unknown = JSON.parse(text)
    const root = parseJson(text, { fileName: 'body', onDuplicate: () => (hasRepeatedKeys = true) })
    return { text, value, root: hasRepeatedKeys ? withoutRepeatedKeys(root) : root }
  } catch {
    return undefined
  }
}

/** Every parser here lets the last of a repeated key win, in the place of the first. */
function withoutRepeatedKeys(node: JsonNode): JsonNode {
  switch (node.kind) {
    case 'scalar':
      return node
    case 'array':
      return { ...node, items: node.items.map(withoutRepeatedKeys) }
    case 'object': {
      const members = new Map(node.members.map((member) => [member.key, member]))
      return {
        ...node,
        members: [...members.values()].map((member) => ({ ...member, value: withoutRepeatedKeys(member.value) })),
      }
    }
    default:
      return unreachable(node)
  }
}

/**
 * A node of the document as a serialiser writes it, or undefined where the serialiser refuses, as
 * json_encode does with infinity.
 */
export function rewritten(body: JsonBody, serialiser: Serialiser, node: JsonNode = body.root): string | undefined {
  const { text } = body
  const { comma, colon, indent, quote, number } = serialiser
  const breaks = indent === '' ? () => '' : (depth: number) => `\n${indent.repeat(depth)}`
  try {
    return write(node, 0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }

  function write(node: JsonNode, depth: number): string {
    switch (node.kind) {
      case 'scalar':
        if (typeof node.value === 'string') return quote(node.value)
        return typeof node.value === 'number' ? number(text.slice(node.offset, node.end)) : String(node.value)
      case 'array':
        return list(node.items, depth)
      case 'object': {
        const members = serialiser.keys === 'sorted' ? node.members.toSorted(byKey) : node.members
        if (serialiser.objects === 'arrays' && members.every(({ key }, index) => key === String(index))) {
          return list(
            members.map(({ value }) => value),
            depth,
          )
        }
        const parts = members.map(({ key, value }) => quote(key) + colon + write(value, depth + 1))
        return between(parts, ['{', '}'], depth)
      }
      default:
        return unreachable(node)
    }
  }

  function list(items: readonly JsonNode[], depth: number): string {
    const parts = items.map((item) => write(item, depth + 1))
    return between(parts, ['[', ']'], depth)
  }

  function between(parts: readonly string[], brackets: readonly [open: string, close: string], depth: number): string {
    const [open, close] = brackets
    if (parts.length === 0) return open + close
    const inner = breaks(depth + 1)
    return open + inner + parts.join(comma + inner) + breaks(depth) + close
  }
}

function byKey(left: { readonly key: string }, right: { readonly key: string }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0
}
