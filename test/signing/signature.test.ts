import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { sign as signAsOctokit, verify as verifyAsOctokit } from '@octokit/webhooks-methods'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { parseSecret, parseSecretFile, sign, verify, type Verification } from '../../src/signing/signature.ts'
import { peer } from '../support/peer.ts'

const openssl = peer('openssl', 'apt-get install openssl')
const utf8 = (text: string) => new TextEncoder().encode(text)
const secrets = fc.string({ unit: 'grapheme', minLength: 1 })

describe('sign', () => {
  test.each([
    ['my-secret', '[]', 'sha256=b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5'],
    [
      '123456ots',
      '[{"id":"1","type":"earning"}]',
      'sha256=58652f5970d68bb55e4ab653de25c9957754b4f48b1e0de86fad073499909226',
    ],
    ['s3cr3t-Ω', '[{"name":"Zoë 🎁"}]', 'sha256=4dc1a0799708be2c0396052e301aa2ee5f38a65e0437a0a45b0cfa51c447a28e'],
  ])('known answer for %s over %s', (secret, body, signature) => {
    expect(sign(secret, utf8(body))).toBe(signature)
    expect(verify(['other', secret], utf8(body), signature)).toEqual({ valid: true, secretIndex: 1 })
  })

  test.skipIf(openssl === undefined)('agrees with openssl over any bytes and secret', () => {
    fc.assert(
      fc.property(secrets, fc.uint8Array(), (secret, bytes) => {
        const args = ['dgst', '-sha256', '-hmac', secret, '-r']
        const [digest] = execFileSync(openssl as string, args, { input: bytes, encoding: 'utf8' }).split(' ')
        expect(sign(secret, bytes)).toBe(`sha256=${digest}`)
      }),
      { numRuns: 40 },
    )
  })

  test('agrees with @octokit/webhooks-methods in both directions over any text and secret', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, fc.string({ unit: 'grapheme', minLength: 1 }), async (secret, body) => {
        const ours = sign(secret, utf8(body))
        expect(await verifyAsOctokit(secret, body, ours)).toBe(true)
        const theirs = await signAsOctokit(secret, body)
        expect(verify([secret], utf8(body), theirs)).toEqual({ valid: true, secretIndex: 0 })
      }),
    )
  })

  test('writes as the contract says', () => {
    const format = { prefix: 'v1,', encoding: 'base64' } as const
    const signature = sign('my-secret', utf8('[]'), format)
    expect(signature).toBe('v1,sw0XVXlBE4B0F9FSeRG+KD3VZSlIDkiSjQVBJA6DwPU=')
    expect(verify(['my-secret'], utf8('[]'), signature, format)).toEqual({ valid: true, secretIndex: 0 })
  })
})

describe('verify', () => {
  const good = sign('s', utf8('[]'))
  test.each<[string, string | undefined, string]>([
    ['no header', undefined, 'missing'],
    ['an empty header', '', 'missing'],
    ['the digest alone', good.slice(7), 'no-prefix'],
    ['another algorithm', good.replace('sha256', 'sha1'), 'no-prefix'],
    ['the prefix alone', 'sha256=', 'wrong-length'],
    ['a truncated digest', good.slice(0, -1), 'wrong-length'],
    ['a longer digest', `${good}0`, 'wrong-length'],
    ['upper case', `sha256=${good.slice(7).toUpperCase()}`, 'not-hex'],
    ['a space at the end', `${good} `, 'not-hex'],
    ['letters of two bytes that make up the length', `sha256=${'é'.repeat(32)}`, 'not-hex'],
    ['another digest', `sha256=${'0'.repeat(64)}`, 'mismatch'],
    ['two signatures', `${good}, ${good}`, 'not-hex'],
  ])('%s', (_, header, reason) => {
    expect(verify(['s'], utf8('[]'), header)).toEqual({ valid: false, reason })
  })

  test('an empty key signs nothing and validates nothing, also beside a right one', () => {
    expect(() => sign('', '[]')).toThrow('the secret is empty; an empty key would make a forgeable signature')
    const forged = `sha256=${createHmac('sha256', '').update('[]').digest('hex')}`
    expect(verify([''], '[]', forged)).toEqual({ valid: false, reason: 'mismatch' })
    expect(verify('', '[]', forged)).toEqual({ valid: false, reason: 'mismatch' })
    expect(verify(['', 's'], '[]', good)).toEqual({ valid: true, secretIndex: 1 })
  })

  test('a body as text is its UTF-8 bytes, and one secret needs no list', () => {
    const text = '[{"name":"Zoë 🎁"}]'
    expect(sign('s', text)).toBe(sign('s', utf8(text)))
    expect(verify('s', text, sign('s', utf8(text)))).toEqual({ valid: true, secretIndex: 0 })
  })

  test.each<[string, readonly string[], Verification]>([
    ['none', [], { valid: false, reason: 'missing' }],
    ['one', [good], { valid: true, secretIndex: 0 }],
    ['two of the same', [good, good], { valid: false, reason: 'not-hex' }],
  ])('a header with a list of values: %s', (_, header, expected) => {
    expect(verify('s', '[]', header)).toEqual(expected)
  })

  test('never throws on a header, whatever it is', () => {
    const header = fc.oneof(fc.anything(), fc.array(fc.anything()), fc.array(fc.string()))
    fc.assert(fc.property(header, (value) => !verify('s', '[]', value as string).valid))
  })

  test.each<[string, () => unknown, string]>([
    ['an unset secret', () => verify([process.env['NO_SUCH'] as string], '[]', good), 'is a variable unset?'],
    ['no secret at all', () => verify(undefined as unknown as string, '[]', good), 'is a variable unset?'],
    ['an unset secret to sign with', () => sign(undefined as unknown as string, '[]'), 'is a variable unset?'],
    ['parsed JSON', () => verify('s', [] as unknown as string, good), 'the raw body'],
    ['parsed JSON to sign', () => sign('s', {} as unknown as string), 'the raw body'],
  ])('%s is a usage error', (_, call, message) => {
    expect(call).toThrow(UsageError)
    expect(call).toThrow(message)
  })

  test('no secrets, no valid signature', () => {
    expect(verify([], utf8('[]'), good)).toEqual({ valid: false, reason: 'mismatch' })
  })

  test('a body that differs in one byte is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
        const signature = sign('s', bytes)
        const other = Uint8Array.from(bytes)
        other[at % bytes.length] = (other[at % bytes.length] ?? 0) ^ change
        expect(verify(['s'], other, signature)).toEqual({ valid: false, reason: 'mismatch' })
      }),
    )
  })

  test('never throws on a header, and accepts none that is not the signature', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `sha256=${text}`),
      fc.string({ unit: 'binary', minLength: 64, maxLength: 64 }).map((text) => `sha256=${text}`),
    )
    for (const format of [undefined, { prefix: 'sha256=', encoding: 'base64' } as const]) {
      fc.assert(fc.property(header, (text) => !verify(['s', ''], utf8('[]'), text, format).valid))
    }
  })
})

describe('a secret', () => {
  test('that is empty is an error', () => {
    expect(() => parseSecret('', 'QUALIFIO_SIM_SECRET')).toThrow(
      'the secret is empty (QUALIFIO_SIM_SECRET); an empty key would make a forgeable signature',
    )
  })

  test.each([
    ['plain-Secret_1', []],
    [' padded', [/white space/]],
    ['padded\t', [/white space/, /printable ASCII/]],
    ['s3cr3t-Ω', [/UTF-8/]],
  ])('%j is taken as it is', (text, expected) => {
    const { secret, warnings } = parseSecret(text)
    expect(secret).toBe(text)
    expect(warnings).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
    expect(warnings.join()).not.toContain(text.trim())
  })
})

describe('a secret file', () => {
  test.each([
    ['s3cret', 's3cret', 0],
    ['s3cret\n', 's3cret', 1],
    ['s3cret\r\n', 's3cret', 1],
    ['two\nlines\n', 'two\nlines', 2],
  ])('%j holds %j', (text, secret, warnings) => {
    const accepted = parseSecretFile(utf8(text))
    expect(accepted.secret).toBe(secret)
    expect(accepted.warnings).toHaveLength(warnings)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['empty', utf8(''), /the secret is empty \(--secret-file s.txt\)/],
    ['a newline alone', utf8('\n'), /the secret is empty/],
    ['over 4 KB', utf8('x'.repeat(4097)), /over 4 KB/],
    ['with a NUL', utf8('a\0b'), /NUL/],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41), /not UTF-8/],
  ])('that is %s is an error', (_, bytes, message) => {
    expect(() => parseSecretFile(bytes, '--secret-file s.txt')).toThrow(message)
  })
})
