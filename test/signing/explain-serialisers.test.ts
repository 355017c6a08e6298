import { createHmac } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonBody, rewritten } from '../../src/signing/explain-document.ts'
import { explainSignature } from '../../src/signing/explain.ts'
import { SERIALISERS } from '../../src/signing/explain-serialisers.ts'
import { peer } from '../support/peer.ts'

const php = peer('php', 'apt-get install php-cli')
const python3 = peer('python3', 'apt-get install python3')

/** What careless rewriting changes: slashes, letters, floats, big integers, empty objects, repeated keys, spaces. */
const NASTY = [
  '[{"url":"https://example.com/a\\/b","name":"Zo\\u00eb 🎁","points":1.0, "rate":1.50}]',
  '[{"big":12345678901234567890,"huge":123456789012345678901234567890,"small":0.00001,"e":1E5}]',
  '[{"b":1,"a":{},"c":[],"b":2,"d":{"1":"x","0":"y"},"e":{"0":"x","1":"y"}}]',
  '[ -0, -0.0, 0.1, 1e15, 1e16, 1e17, 1.5e300, 9223372036854775807, 9223372036854775808, "\\u2028\\u007f\\u0001\\"\\\\" ]',
]
const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.tuple(fc.integer(), fc.nat(20)).map(([mantissa, exponent]) => `${mantissa}e${exponent}`),
  fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
)
const documents = [
  ...NASTY,
  ...fc.sample(fc.array(numberText, { maxLength: 8 }), { numRuns: 150, seed: 1 }).map((list) => `[${list.join()}]`),
  ...fc
    .sample(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), { numRuns: 100, seed: 2 })
    .map((list) => JSON.stringify(list)),
]

/** Documents in, one a line; what the language writes out, in base64, because it may have line breaks. */
function run(command: string, args: readonly string[]): string[] {
  const input = documents.map((text) => `${Buffer.from(text).toString('base64')}\n`).join('')
  const { stdout, stderr, status } = spawnSync(command, args, { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64').toString('utf8'))
}

function ours(id: string): (string | undefined)[] {
  const serialiser = SERIALISERS.find((one) => one.id === id)
  if (serialiser === undefined) throw new Error(`no serialiser ${id}`)
  return documents.map((text) => {
    const body = jsonBody(text)
    return body === undefined ? undefined : rewritten(body, serialiser)
  })
}

describe.skipIf(php === undefined)('written as PHP writes it', () => {
  const SLASHES = 'JSON_UNESCAPED_SLASHES'
  const UNICODE = 'JSON_UNESCAPED_UNICODE'
  test.each([
    ['php', '0', 'false'],
    ['php-slashes', SLASHES, 'false'],
    ['php-unicode', UNICODE, 'false'],
    ['php-slashes-unicode', `${SLASHES}|${UNICODE}`, 'false'],
    ['php-pretty', 'JSON_PRETTY_PRINT', 'false'],
    ['php-pretty-slashes-unicode', `JSON_PRETTY_PRINT|${SLASHES}|${UNICODE}`, 'false'],
    ['php-arrays', '0', 'true'],
    ['php-slashes-unicode-arrays', `${SLASHES}|${UNICODE}`, 'true'],
    ['php-fraction', 'JSON_PRESERVE_ZERO_FRACTION', 'false'],
  ])('%s', (id, flags, arrays) => {
    const script = `while (($line = fgets(STDIN)) !== false) echo base64_encode(json_encode(json_decode(base64_decode($line), ${arrays}, 512, JSON_THROW_ON_ERROR), ${flags})), "\\n";`
    expect(ours(id)).toEqual(run(php as string, ['-n', '-d', 'serialize_precision=-1', '-r', script]))
  })
})

describe.skipIf(python3 === undefined)('written as Python writes it', () => {
  const COMPACT = "separators=(',', ':')"
  test.each([
    ['python', ''],
    ['python-compact', COMPACT],
    ['python-unicode', 'ensure_ascii=False'],
    ['python-compact-unicode', `ensure_ascii=False, ${COMPACT}`],
    ['sorted-python', 'sort_keys=True'],
    ['sorted-python-compact', `sort_keys=True, ${COMPACT}`],
  ])('%s', (id, options) => {
    const script = `import base64, json, sys
for line in sys.stdin: print(base64.b64encode(json.dumps(json.loads(base64.b64decode(line))${options && `, ${options}`}).encode()).decode())`
    expect(ours(id)).toEqual(run(python3 as string, ['-c', script]))
  })
})

test.each([
  // Jackson and System.Text.Json are no peers here: these are from their documentation and sources.
  [
    'java',
    '["\\u0001é/<",1.0,1E7,0.0001,12345678901234567890]',
    '["\\u0001é/<",1.0,1.0E7,1.0E-4,12345678901234567890]',
  ],
  [
    'dotnet',
    '["é🎁<&>\'\\"+/\\n",1.0,1E7]',
    '["\\u00E9\\uD83C\\uDF81\\u003C\\u0026\\u003E\\u0027\\u0022\\u002B/\\n",1.0,1E7]',
  ],
  ['sorted-go', '{"b":"<é>","a":1.0}', '{"a":1,"b":"\\u003cé\\u003e"}'],
  ['sorted', '{"b":{"d":1,"c":2},"a":1.0}', '{"a":1,"b":{"c":2,"d":1}}'],
])('%s writes %s', (id, text, expected) => {
  const signature = createHmac('sha256', 'k').update(expected).digest('hex')
  const found = explainSignature({ secrets: ['k'], bytes: Buffer.from(text), given: `sha256=${signature}` })
  expect(found).toContainEqual(expect.objectContaining({ body: id, key: 'secret', algorithm: 'hmac-sha256' }))
})

describe('receivers in other languages', () => {
  const bytes = Buffer.from(NASTY[0] as string)
  const receiver = (command: string, args: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(command, args, { input: bytes, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return explainSignature({ secrets: ['the-secret'], bytes, given: stdout.trim(), found: 'text' })
  }

  test.skipIf(php === undefined)('PHP that encodes again and reads its secret from a file', () => {
    const script = `echo base64_encode(hash_hmac('sha256', json_encode(json_decode(file_get_contents('php://stdin'), true)), "the-secret\\n", true));`
    expect(receiver(php as string, ['-n', '-d', 'serialize_precision=-1', '-r', script])).toEqual([
      expect.objectContaining({ body: 'php', key: 'secret-lf', algorithm: 'hmac-sha256', encoding: 'base64' }),
    ])
  })

  test.skipIf(python3 === undefined)('Python that signs str(body)', () => {
    const script = `import hashlib, hmac, sys
print(hmac.new(b'the-secret', str(sys.stdin.buffer.read()).encode(), hashlib.sha256).hexdigest())`
    expect(receiver(python3 as string, ['-c', script])).toEqual([
      expect.objectContaining({ body: 'python-bytes', key: 'secret', encoding: 'hex' }),
    ])
  })
})
