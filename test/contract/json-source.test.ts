import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { decodeJsonBytes, nodeAt, parseJsonSource, placeIn } from '../../src/contract/json-source.ts'
import type { JsonNode } from '../../src/contract/json-source.ts'

describe('what is not JSON is said with its place and the usual remedy', () => {
  test.each([
    ['', 'f.json has no JSON (0 bytes).'],
    [' \n', 'f.json has no JSON (2 bytes).'],
    ['{\n  "a": 1,\n}', 'f.json:3:1: unexpected "}" after a comma: remove the comma.'],
    ['[1,]', 'f.json:1:4: unexpected "]" after a comma: remove the comma.'],
    ['{"a": 1 "b": 2}', 'f.json:1:9: unexpected """: "," or "}" is expected.'],
    ['{"a" 1}', 'f.json:1:6: unexpected "1": ":" is expected after a key.'],
    ['{a: 1}', 'f.json:1:2: unexpected "a": a key in double quotes is expected.'],
    ["['a']", 'f.json:1:2: unexpected "\'": JSON strings are in double quotes.'],
    ['[1, // one\n2]', 'f.json:1:5: unexpected "/": JSON has no comments.'],
    ['# c\n{}', 'f.json:1:1: unexpected "#": JSON has no comments.'],
    ['[01]', 'f.json:1:2: unexpected "01": not a JSON number.'],
    ['[+1]', 'f.json:1:2: unexpected "+1": not a JSON number.'],
    ['[1.]', 'f.json:1:2: unexpected "1.": not a JSON number.'],
    ['[NaN]', 'f.json:1:2: unexpected "NaN".'],
    ['[True]', 'f.json:1:2: unexpected "True".'],
    ['{"a": [1, {"b": 2}', 'f.json:1:19: unexpected end of the file: "," or "]" is expected.'],
    ['["abc', 'f.json:1:6: a string is not closed.'],
    ['["a\tb"]', 'f.json:1:4: a string has a line break or a control character; write it as \\n or \\u00...'],
    ['["a\\x"]', 'f.json:1:4: "\\x" is no escape of JSON.'],
    ['["\\\\\\u12g4"]', 'f.json:1:5: "\\u" is no escape of JSON.'],
    ['{"a":1}\n{"a":2}\n', 'f.json:2:1: unexpected "{" after the end of the document: this looks like NDJSON.'],
    ['{} x', 'f.json:1:4: unexpected "x" after the end of the document.'],
    ['{"a": 1,\r\n "a": 2}', 'f.json:2:2: the key "a" stands twice in this object.'],
    ['\ufeff{}', 'f.json starts with a byte order mark (BOM); save it as UTF-8 without one.'],
    ['['.repeat(600) + ']'.repeat(600), 'f.json:1:502: nested deeper than 500 levels.'],
  ])('%j', (text, message) => {
    expect(() => parseJsonSource(text, 'f.json')).toThrow(new UsageError(message))
  })
})

test('it takes exactly what JSON.parse takes, and every node has its text', () => {
  const check = (node: JsonNode, value: unknown, text: string): void => {
    expect(JSON.parse(text.slice(node.offset, node.end))).toEqual(value)
    if (node.kind === 'scalar') expect(node.value).toBe(value)
    if (node.kind === 'array') node.items.forEach((item, index) => check(item, (value as unknown[])[index], text))
    if (node.kind === 'object') {
      for (const member of node.members) {
        expect(text[member.keyOffset]).toBe('"')
        check(member.value, (value as Record<string, unknown>)[member.key], text)
      }
    }
  }
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      check(parseJsonSource(text, 'f.json').root, JSON.parse(text), text)
    }),
  )
})

test('it refuses what JSON.parse refuses', () => {
  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '1',
    '-',
    '0',
    '.5',
    'e1',
    'true',
    'nul',
    ' ',
    '\n',
    '\\',
    '\\u0041',
  )
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 7 }).map((parts) => parts.join('')),
      (text) => {
        const accepts = (parse: () => unknown) => {
          try {
            parse()
            return true
          } catch (reason) {
            if (!(reason instanceof UsageError) && !(reason instanceof SyntaxError)) throw reason
            return false
          }
        }
        const ours = accepts(() => parseJsonSource(text, 'f.json', { duplicateKeys: 'note' }))
        expect(ours).toBe(accepts(() => JSON.parse(text)))
      },
    ),
    { numRuns: 3000 },
  )
})

test('repeated keys can be noted instead of refused', () => {
  const source = parseJsonSource('{"a":1,"b":{"a":2,"a":3}}', 'f.json', { duplicateKeys: 'note' })
  expect(source.duplicateKeys.map(({ key, keyOffset }) => [key, placeIn(source, keyOffset)])).toEqual([
    ['a', 'f.json:1:19'],
  ])
})

test('a path finds its node, or the deepest that exists on the way', () => {
  const source = parseJsonSource('{"a":\n [{"b": 1}, {"__proto__": 7}]}', 'f.json')
  const place = (path: PropertyKey[]) => placeIn(source, nodeAt(source.root, path).offset)
  expect([place(['a', 0, 'b']), place(['a', 0, 'c']), place(['a', 1, '__proto__']), place(['x'])]).toEqual([
    'f.json:2:9',
    'f.json:2:3',
    'f.json:2:27',
    'f.json:1:1',
  ])
})

test.each([
  ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, 0x7b, 0]), 'f.json looks like UTF-16; save it as UTF-8.'],
  ['UTF-16 without one', new Uint8Array([0x7b, 0, 0x7d, 0]), 'f.json looks like UTF-16; save it as UTF-8.'],
  ['Latin-1', new Uint8Array([0x22, 0xe9, 0x22]), 'f.json is not valid UTF-8; save it as UTF-8.'],
])('%s is named', (_, bytes, message) => {
  expect(() => decodeJsonBytes(bytes, 'f.json')).toThrow(new UsageError(message))
})

test('UTF-8 is decoded, and a byte order mark is left for the parser to name', () => {
  expect(decodeJsonBytes(new TextEncoder().encode('\ufeff"é"'), 'f.json')).toBe('\ufeff"é"')
})
