import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIALECT_NAMES, DIALECTS, writeJson } from '../../src/contract/dialect.ts'
import { peer } from '../support/peer.ts'

/** Any JSON value, with the strings and floats that serialisers disagree about. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a/b', '<é&>', '\u2028\u007f\u0000', '🎁'),
)
const float = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.double({ noNaN: true, min: 0, max: 0.01 }),
  )
  // Whole numbers are integers here, whatever they were elsewhere, and zero has no sign.
  .map((value) => (Number.isInteger(value) ? Math.trunc(value) + 0 : value))
const number = fc.oneof(fc.maxSafeInteger(), float)
const { value: anyJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}))

test.each([
  ['js', undefined],
  ['pretty', 2],
] as const)('%s is JSON.stringify', (name, space) => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(writeJson(value, DIALECTS[name])).toBe(JSON.stringify(value, null, space))
    }),
  )
})

test.each(DIALECT_NAMES)('%s reads back as what was written', (name) => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(writeJson(value, DIALECTS[name]))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test.each(DIALECT_NAMES)('%s writes a string without unsafe characters as it stands, so the fast path may', (name) => {
  const { unsafe, quote } = DIALECTS[name]
  fc.assert(
    fc.property(text, (string) => {
      expect(unsafe.test(string) || quote(string) === `"${string}"`).toBe(true)
    }),
  )
})

describe('each serialiser escapes what its language escapes', () => {
  const sample = ['a/b', 'é', '🎁', '<&>', '\u2028', '\u007f', '\u0000\b\t', '"\\', '\ud800']
  test.each([
    ['js', String.raw`["a/b","é","🎁","<&>","${'\u2028'}","${'\u007f'}","\u0000\b\t","\"\\","\ud800"]`],
    ['php', String.raw`["a\/b","\u00e9","\ud83c\udf81","<&>","\u2028","${'\u007f'}","\u0000\b\t","\"\\","\ud800"]`],
    [
      'python',
      String.raw`["a/b", "\u00e9", "\ud83c\udf81", "<&>", "\u2028", "\u007f", "\u0000\b\t", "\"\\", "\ud800"]`,
    ],
    // Go 1.22 and later; a surrogate alone cannot be in a Go string, and is written as the replacement character.
    ['go', String.raw`["a/b","é","🎁","\u003c\u0026\u003e","\u2028","${'\u007f'}","\u0000\b\t","\"\\","\ufffd"]`],
  ] as const)('%s', (name, expected) => {
    expect(writeJson(sample, DIALECTS[name])).toBe(expected)
  })
})

test.each([
  ['js', '{"a":[],"b":{},"c":[1,{"d":null}]}'],
  ['php', '{"a":[],"b":{},"c":[1,{"d":null}]}'],
  ['python', '{"a": [], "b": {}, "c": [1, {"d": null}]}'],
  ['go', '{"a":[],"b":{},"c":[1,{"d":null}]}'],
  ['pretty', '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    {\n      "d": null\n    }\n  ]\n}'],
] as const)('%s puts its own space between values, and none in empty ones', (name, expected) => {
  expect(writeJson({ a: [], b: {}, c: [1, { d: null }], e: undefined }, DIALECTS[name])).toBe(expected)
})

test('a key called __proto__ is written like any other', () => {
  expect(writeJson(JSON.parse('{"__proto__":{"a":1}}'), DIALECTS.php)).toBe('{"__proto__":{"a":1}}')
})

describe('the serialisers themselves write the same', () => {
  const PHP = `while (($line = fgets(STDIN)) !== false) echo json_encode(json_decode($line, false, 512, JSON_THROW_ON_ERROR)), "\\n";`
  const PYTHON = `import json, sys\nfor line in sys.stdin.buffer: print(json.dumps(json.loads(line)))`
  const python3 = peer('python3', 'apt-get install python3')
  const php = peer('php', 'apt-get install php-cli')
  // PHP refuses a property that begins with NUL, and writes {} and [] as what it decoded; zero keeps no sign here.
  const values = fc
    .sample(anyJson, { numRuns: 500, seed: 1 })
    .filter((value) => !JSON.stringify(value).includes('"\\u0000'))

  test.skipIf(python3 === undefined)('python: json.dumps', () => {
    expect(run(python3 as string, ['-c', PYTHON])).toEqual(values.map((value) => writeJson(value, DIALECTS.python)))
  })

  test.skipIf(php === undefined)('php: json_encode', () => {
    expect(run(php as string, ['-n', '-d', 'serialize_precision=-1', '-r', PHP])).toEqual(
      values.map((value) => writeJson(value, DIALECTS.php)),
    )
  })

  function run(command: string, args: string[]): string[] {
    const input = values.map((value) => JSON.stringify(value) + '\n').join('')
    const { stdout, stderr, status } = spawnSync(command, args, { input, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout.trimEnd().split('\n')
  }
})
