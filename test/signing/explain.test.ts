import { createHash, createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainSignature } from '../../src/signing/explain.ts'
import type { ExplainInput, SignatureExplanation } from '../../src/signing/explain.ts'

const SECRET = 'S3cret+Value%41#tail'
const TEXT = '[{"id": "1", "url": "https://example.com/a", "name": "Zoë 🎁", "points": 1.0},\n {"id": "2", "a": {}}]\n'
const VALUE = JSON.parse(TEXT) as unknown[]
const BODY = Buffer.from(TEXT)

type Bytes = string | Buffer
const mac = (key: Bytes, content: Bytes, hash = 'sha256') => createHmac(hash, key).update(content).digest()
const hex = (digest: Buffer) => `sha256=${digest.toString('hex')}`
const hmac = (key: Bytes, content: Bytes, hash = 'sha256') => hex(mac(key, content, hash))
const hash = (content: Bytes, name = 'sha256') => createHash(name).update(content).digest()

function explain(given: string, more: Partial<ExplainInput> = {}): readonly SignatureExplanation[] {
  return explainSignature({ secrets: [SECRET], bytes: BODY, given, ...more })
}

const AS_IT_SHOULD = {
  body: 'exact',
  key: 'secret',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  around: 'as-expected',
}

type Row = [mistake: string, given: string, found: Partial<SignatureExplanation>, more?: Partial<ExplainInput>]

/** Each mistake is made here with node:crypto, as the receiver or the sender would make it. */
const MISTAKES: readonly Row[] = [
  ['JSON.stringify of the parsed body', hmac(SECRET, JSON.stringify(VALUE)), { body: 'js' }],
  ['the same, pretty', hmac(SECRET, JSON.stringify(VALUE, null, 2)), { body: 'js-pretty-2' }],
  ['the same with four spaces', hmac(SECRET, JSON.stringify(VALUE, null, 4)), { body: 'js-pretty-4' }],
  ['the body trimmed', hmac(SECRET, TEXT.trim()), { body: 'trimmed' }],
  ['the last newline lost', hmac(SECRET, TEXT.slice(0, -1)), { body: 'minus-lf' }],
  ['a newline more', hmac(SECRET, `${TEXT}\n`), { body: 'plus-lf' }],
  ['a CR LF more', hmac(SECRET, `${TEXT}\r\n`), { body: 'plus-crlf' }],
  ['a byte order mark more', hmac(SECRET, `\ufeff${TEXT}`), { body: 'plus-bom' }],
  ['a byte order mark taken off', hmac(SECRET, TEXT), { body: 'minus-bom' }, { bytes: Buffer.from(`\ufeff${TEXT}`) }],
  ['line breaks converted', hmac(SECRET, TEXT.replaceAll('\n', '\r\n')), { body: 'crlf' }],
  ['only the first event', hmac(SECRET, JSON.stringify(VALUE[0])), { body: 'element-0' }],
  ['only the second event', hmac(SECRET, JSON.stringify(VALUE[1])), { body: 'element-1' }],
  ['the second event as it came', hmac(SECRET, '{"id": "2", "a": {}}'), { body: 'element-1-raw' }],
  ['an empty body', hmac(SECRET, ''), { body: 'empty' }],
  ['the body as a JSON string', hmac(SECRET, JSON.stringify(TEXT)), { body: 'json-string' }],
  ['Latin-1 read, UTF-8 written', hmac(SECRET, BODY.toString('latin1')), { body: 'latin1-as-utf8' }],
  ["update(text, 'latin1')", hmac(SECRET, Buffer.from(TEXT, 'latin1')), { body: 'utf8-as-binary' }],
  [
    'Latin-1 written',
    hmac(SECRET, Buffer.from('["Zoë ?"]', 'latin1')),
    { body: 'utf8-as-latin1' },
    { bytes: Buffer.from('["Zoë 🎁"]') },
  ],
  ['UTF-16 written', hmac(SECRET, Buffer.from(TEXT, 'utf16le')), { body: 'utf16' }],
  ['[object Object]', hmac(SECRET, '[object Object]'), { body: 'object-object' }],
  ['an array made a string', hmac(SECRET, String(VALUE)), { body: 'object-objects' }],
  ['base64 of the body', hmac(SECRET, BODY.toString('base64')), { body: 'base64' }],
  ['the SHA-256 of the body signed', hmac(SECRET, hash(BODY).toString('hex')), { body: 'digest-hex' }],
  ['the body URL-decoded', hmac(SECRET, '["a b+c"]'), { body: 'url-decoded' }, { bytes: Buffer.from('["a%20b+c"]') }],
  ['sorted keys', hmac(SECRET, '[{"a":2,"b":1}]'), { body: 'sorted' }, { bytes: Buffer.from('[{"b":1,"a":2}]') }],

  ['the key with a newline', hmac(`${SECRET}\n`, BODY), { key: 'secret-lf' }],
  ['the key with CR LF', hmac(`${SECRET}\r\n`, BODY), { key: 'secret-crlf' }],
  ['the key with a space', hmac(`${SECRET} `, BODY), { key: 'secret-trailing-space' }],
  ['the key after a space', hmac(` ${SECRET}`, BODY), { key: 'secret-leading-space' }],
  ['the key with a tab', hmac(`${SECRET}\t`, BODY), { key: 'secret-trailing-tab' }],
  ['the key after a tab', hmac(`\t${SECRET}`, BODY), { key: 'secret-leading-tab' }],
  ['the key in double quotes', hmac(`"${SECRET}"`, BODY), { key: 'secret-double-quoted' }],
  ['the key in single quotes', hmac(`'${SECRET}'`, BODY), { key: 'secret-single-quoted' }],
  ['the key trimmed', hmac('s', BODY), { key: 'secret-trimmed' }, { secrets: [' s\t'] }],
  ['the key unquoted', hmac('s', BODY), { key: 'secret-unquoted' }, { secrets: ['"s"'] }],
  [
    'the key hex-decoded',
    hmac(Buffer.from('c0ffee00', 'hex'), BODY),
    { key: 'secret-hex-decoded' },
    { secrets: ['c0ffee00'] },
  ],
  [
    'the key base64-decoded',
    hmac(Buffer.from('c2VjcmV0IQ==', 'base64'), BODY),
    { key: 'secret-base64-decoded' },
    { secrets: ['c2VjcmV0IQ=='] },
  ],
  ['the key base64-encoded', hmac(Buffer.from(SECRET).toString('base64'), BODY), { key: 'secret-base64-encoded' }],
  ['an empty key', hmac('', BODY), { key: 'empty' }],
  ['a key that is undefined', hmac('undefined', BODY), { key: 'undefined' }],
  ['a key that is null', hmac('null', BODY), { key: 'null' }],
  ['the key in lower case', hmac(SECRET.toLowerCase(), BODY), { key: 'secret-lower' }],
  ['the key in upper case', hmac(SECRET.toUpperCase(), BODY), { key: 'secret-upper' }],
  ['the key URL-decoded', hmac('S3cret+ValueA#tail', BODY), { key: 'secret-url-decoded' }],
  ['the key cut at its #', hmac('S3cret+Value%41', BODY), { key: 'secret-cut-at-hash' }],
  ['the prefix in the key', hmac(`sha256=${SECRET}`, BODY), { key: 'secret-prefixed' }],
  ['the previous key', hmac('old', BODY), { key: 'previous' }, { previousSecrets: ['old'] }],
  ['the previous key with a newline', hmac('old\n', BODY), { key: 'previous-lf' }, { previousSecrets: ['old'] }],
  [
    'the second secret with a newline',
    hmac('two\n', BODY),
    { key: 'secret-lf', secretIndex: 1 },
    { secrets: ['one', 'two'] },
  ],

  ['SHA-1', hmac(SECRET, BODY, 'sha1'), { algorithm: 'hmac-sha1' }],
  ['SHA-512', hmac(SECRET, BODY, 'sha512'), { algorithm: 'hmac-sha512' }],
  ['MD5', hmac(SECRET, BODY, 'md5'), { algorithm: 'hmac-md5' }],
  ['a hash without a key', hex(hash(BODY)), { algorithm: 'sha256', key: 'none' }],
  ['a hash of secret and body', hex(hash(SECRET + TEXT)), { algorithm: 'sha256-secret-body' }],
  ['a hash of body and secret', hex(hash(TEXT + SECRET)), { algorithm: 'sha256-body-secret' }],
  ['swapped arguments', hmac(BODY, SECRET), { algorithm: 'hmac-sha256-swapped' }],
  [
    'swapped arguments, a body shorter than a block',
    hmac('[]', SECRET),
    { algorithm: 'hmac-sha256-swapped' },
    { bytes: Buffer.from('[]') },
  ],

  ['upper-case hexadecimal', `sha256=${mac(SECRET, BODY).toString('hex').toUpperCase()}`, { encoding: 'hex-upper' }],
  [
    "C#'s BitConverter",
    `sha256=${mac(SECRET, BODY).toString('hex').toUpperCase().match(/../g)?.join('-')}`,
    { encoding: 'hex-dashes' },
  ],
  ['base64', `sha256=${mac(SECRET, BODY).toString('base64')}`, { encoding: 'base64' }],
  ['base64url', `sha256=${mac(SECRET, BODY).toString('base64url')}`, { encoding: 'base64url' }],
  [
    'base64 of the hexadecimal text',
    `sha256=${Buffer.from(mac(SECRET, BODY).toString('hex')).toString('base64')}`,
    { encoding: 'base64-of-hex' },
  ],
  [
    'hexadecimal twice',
    `sha256=${Buffer.from(mac(SECRET, BODY).toString('hex')).toString('hex')}`,
    { encoding: 'hex-of-hex' },
  ],
  ['no prefix', mac(SECRET, BODY).toString('hex'), { around: 'no-prefix' }],
  [
    'base64 with padding and no prefix',
    mac(SECRET, BODY).toString('base64'),
    { encoding: 'base64', around: 'no-prefix' },
  ],
  ['another prefix', `v1=${mac(SECRET, BODY).toString('hex')}`, { around: 'other-prefix' }],
  ['a newline after it', `${hmac(SECRET, BODY)}\n`, { around: 'padded' }],
  ['a space after the prefix', hmac(SECRET, BODY).replace('=', '= '), { around: 'padded' }],
  ['quotes after the prefix', hmac(SECRET, BODY).replace(/=(.*)/, '="$1"'), { around: 'padded' }],
  ['the header twice', `${hmac(SECRET, BODY)}, ${hmac(SECRET, BODY)}`, { around: 'several' }],
  ['cut off', hmac(SECRET, BODY).slice(0, 39), { around: 'cut' }],

  [
    'several mistakes at once',
    mac(`${SECRET}\n`, JSON.stringify(VALUE), 'sha1').toString('base64'),
    { body: 'js', key: 'secret-lf', algorithm: 'hmac-sha1', encoding: 'base64', around: 'no-prefix' },
  ],
  [
    'several others at once',
    hmac('old', TEXT.trim(), 'sha512'),
    { body: 'trimmed', key: 'previous', algorithm: 'hmac-sha512' },
    { previousSecrets: ['old'] },
  ],
]

describe('a mistake is named', () => {
  test.each(MISTAKES)('%s', (_, given, found, more) => {
    const explanations = explain(given, more)
    expect(explanations).toContainEqual(expect.objectContaining({ ...AS_IT_SHOULD, ...found, right: false }))
    for (const { sentence } of explanations) {
      expect(sentence).toMatch(/^[A-Z].*\.$/)
      for (const secret of [...(more?.secrets ?? [SECRET]), ...(more?.previousSecrets ?? [])]) {
        if (secret.length > 3) expect(sentence).not.toContain(secret)
      }
    }
  })

  test('and nothing beside what fits: every explanation is of the same bytes', () => {
    const given = hmac(SECRET, JSON.stringify([{ a: 'b/c' }]))
    const bodies = explain(given, { bytes: Buffer.from('[ {"a":"b/c"} ]') }).map(({ body }) => body)
    expect(bodies).toContain('js')
    expect(bodies).toContain('php-slashes')
    expect(bodies).toContain('python-compact')
    expect(bodies).not.toContain('php')
    expect(bodies).not.toContain('python')
  })

  test('in words', () => {
    const [explanation] = explain(`sha256=${mac('', TEXT.trim(), 'sha1').toString('base64')}`)
    expect(explanation?.sentence).toBe(
      'What was signed is the body without the white space around it, not the bytes that were sent; ' +
        'the key is an empty key, not the secret; the algorithm is HMAC with SHA-1, not with SHA-256; ' +
        'the digest is written in base64, not in lower-case hexadecimal.',
    )
  })
})

describe('a sentence on a hash that is no HMAC stands on its own', () => {
  const js = JSON.stringify(VALUE)
  test.each([
    [hash(TEXT + SECRET), 'The digest is SHA-256 of the body followed by the secret, instead of an HMAC with SHA-256.'],
    [hash(SECRET + TEXT), 'The digest is SHA-256 of the secret followed by the body, instead of an HMAC with SHA-256.'],
    [hash(BODY), 'The digest is SHA-256 of the body alone, without a key, instead of an HMAC with SHA-256.'],
    [mac(BODY, SECRET), 'The secret and the body are swapped in the call of HMAC.'],
    [
      hash(js),
      'What was signed is the body parsed and written again by JSON.stringify in JavaScript, not the bytes that were sent; the digest is SHA-256 of what was signed alone, without a key, instead of an HMAC with SHA-256.',
    ],
  ])('%#', (digest, sentence) => {
    expect(explain(hex(digest)).map((explanation) => explanation.sentence)).toContain(sentence)
  })
})

describe('a right signature is explained as right', () => {
  test.each<[string, string, Partial<ExplainInput>?]>([
    ['with its prefix', hmac(SECRET, BODY)],
    ['of a body that every serialiser writes alike', hmac(SECRET, '[]'), { bytes: Buffer.from('[]') }],
    ['of an empty body', hmac(SECRET, ''), { bytes: Buffer.alloc(0) }],
    ['with a secret that its slips leave alone', hmac('abcdef', BODY), { secrets: ['abcdef'] }],
    ['with the second secret', hmac('two', BODY), { secrets: ['one', 'two'] }],
    ['as text in an answer, without its prefix', hmac(SECRET, BODY).slice(7), { found: 'text' }],
    [
      'in the encoding of the contract',
      `v1,${mac(SECRET, BODY).toString('base64')}`,
      { format: { prefix: 'v1,', encoding: 'base64' } },
    ],
    ['without a prefix, if none is expected', hmac(SECRET, BODY).slice(7), { format: { prefix: '', encoding: 'hex' } }],
  ])('%s', (_, given, more) => {
    const explanations = explain(given, more)
    expect(explanations).toHaveLength(1)
    expect(explanations[0]).toMatchObject({ right: true, body: 'exact', key: 'secret' })
    expect(explanations[0]?.sentence).toMatch(/^The signature is right/)
  })

  test('whatever the secret and the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.uint8Array({ maxLength: 300 }), (secret, bytes) => {
        const explanations = explainSignature({ secrets: [secret], bytes, given: hmac(secret, Buffer.from(bytes)) })
        expect(explanations.map(({ right }) => right)).toEqual([true])
      }),
    )
  })
})

describe('what cannot be explained has no explanation', () => {
  test.each([16, 20, 32, 64])('a random digest of %i bytes', (length) => {
    const digest = hash(`random ${length}`, 'sha512').subarray(0, length)
    for (const written of [hex(digest), digest.toString('base64'), digest.toString('hex').toUpperCase()]) {
      expect(explain(written, { previousSecrets: ['old'] })).toEqual([])
    }
  })

  test('a key that nobody gave', () => {
    expect(explain(hmac('quite another', BODY))).toEqual([])
    expect(explain(hmac(SECRET, BODY), { secrets: [] })).toEqual([])
  })

  test('and nothing throws, whatever is given', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((tail) => `sha256=${tail}`),
      fc.constantFrom('', 'sha256=', '=', '%', '"', `${'a'.repeat(64)},${'b'.repeat(64)}`, 'a'.repeat(100_000)),
    )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json)),
      fc
        .constantFrom('[1e400]', '["\\ud800"]', '[', '[-0, 1E5, 9e99]', '{"a":1,"a":2}', '['.repeat(2000))
        .map((json) => Buffer.from(json)),
    )
    fc.assert(
      fc.property(text, bytes, fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }), (given, bytes, secrets) => {
        const explanations = explainSignature({ secrets, bytes, given, found: 'header' })
        expect(explanations.filter(({ right }) => right)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a large body', () => {
  const large = Buffer.from(
    JSON.stringify(Array.from({ length: 30_000 }, (_, index) => ({ id: index, name: 'x'.repeat(60) }))),
  )
  test.each<[string, string, Partial<SignatureExplanation> | undefined]>([
    ['a newline more is found', hmac(SECRET, `${large.toString()}\n`), { body: 'plus-lf' }],
    ['a newline in the key is found', hmac(`${SECRET}\n`, large), { key: 'secret-lf' }],
    ['no body at all is found', hmac(SECRET, ''), { body: 'empty' }],
    [
      'a form that needs parsing is not tried',
      hmac(SECRET, JSON.stringify(JSON.parse(large.toString()), null, 2)),
      undefined,
    ],
  ])('%s', (_, given, found) => {
    const explanations = explain(given, { bytes: large })
    if (found === undefined) expect(explanations).toEqual([])
    else expect(explanations).toContainEqual(expect.objectContaining({ ...AS_IT_SHOULD, ...found }))
  })

  test('the limit stops the search, but not before the body and the secrets as they are', () => {
    expect(explain(hmac('undefined', JSON.stringify(VALUE)), { limitBytes: 20_000 })).toEqual([])
    expect(explain(hmac(SECRET, BODY), { limitBytes: 1 })).toMatchObject([{ right: true }])
  })
})
