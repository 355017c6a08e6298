import type { IncomingMessage } from 'node:http'
import { nodeAt, parseJsonSource, placeIn } from '../../contract/json-source.ts'
import type { JsonNode, JsonSource } from '../../contract/json-source.ts'
import { UsageError } from '../../errors.ts'
import { readBody } from '../../receiver/body.ts'
import { Problem } from './problem.ts'

/** The most a body may have: 1 MB. */
export const MOST_BODY_BYTES = 1024 * 1024

/**
 * Reads a JSON body; undefined when there is none.
 * @throws Problem when it is no JSON, too large, cannot be parsed, has a key twice, or the key `__proto__`
 */
export async function readJson(request: IncomingMessage): Promise<JsonSource | undefined> {
  checkType(request)
  const bytes = await new Promise<Uint8Array | 'too-large'>((resolve, reject) => {
    readBody(request, MOST_BODY_BYTES, {
      body: resolve,
      cut: () => reject(new Problem('malformed', 'The body was cut off.')),
    })
  })
  if (bytes === 'too-large') {
    throw new Problem('too-large', 'The body is larger than 1 MB.', { headers: { Connection: 'close' } })
  }
  if (bytes.length === 0) return undefined
  const source = parsed(textOf(bytes))
  const prototype = prototypeKey(source.root)
  if (prototype !== undefined)
    throw new Problem('invalid', `${placeIn(source, prototype)}: the key "__proto__" is not taken; leave it out.`)
  return source
}

/** Even without a body: a form of another site may send a type without one, but never JSON. */
function checkType({ headers }: IncomingMessage): void {
  const type = headers['content-type']
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new Problem('unsupported-media-type', 'The body is compressed; send it as it is, without Content-Encoding.')
  if (type === undefined && !hasBody) return
  if (/^application\/json *(; *charset="?utf-8"? *)?$/i.test(type ?? '')) return
  const given = type === undefined ? 'no Content-Type' : `Content-Type: ${type}`
  throw new Problem(
    'unsupported-media-type',
    `The request has ${given}; send JSON with Content-Type: application/json.`,
  )
}

function textOf(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Problem('malformed', 'The body is not valid UTF-8.')
  }
  if (text.startsWith('\uFEFF')) throw new Problem('malformed', 'The body starts with a byte order mark; leave it out.')
  return text
}

function parsed(text: string): JsonSource {
  try {
    return parseJsonSource(text, 'body')
  } catch (error) {
    if (error instanceof UsageError) throw new Problem('malformed', error.message)
    throw error
  }
}

/** Where a key stands that would be lost, or worse, when somebody merges what came. */
function prototypeKey(node: JsonNode): number | undefined {
  if (node.kind === 'array') return firstOf(node.items, prototypeKey)
  if (node.kind !== 'object') return undefined
  return firstOf(node.members, ({ key, keyOffset, value }) => (key === '__proto__' ? keyOffset : prototypeKey(value)))
}

function firstOf<T>(list: readonly T[], offsetOf: (item: T) => number | undefined): number | undefined {
  for (const item of list) {
    const offset = offsetOf(item)
    if (offset !== undefined) return offset
  }
  return undefined
}

/** Whether something, null too, stands at this path. */
export function isGiven({ root }: JsonSource, path: readonly PropertyKey[]): boolean {
  const parent = nodeAt(root, path.slice(0, -1))
  return parent.kind !== 'object' || parent.members.some(({ key }) => key === path.at(-1))
}
