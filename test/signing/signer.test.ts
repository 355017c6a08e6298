import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sign } from '../../src/signing/signature.ts'
import { BLOCK_BYTES, createSigner } from '../../src/signing/signer.ts'

test('signs as every other delivery is signed, for secrets and bodies of any length', () => {
  const secret = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 60, maxLength: 200, unit: 'binary' }))
  const format = fc.record({
    header: fc.constant('X-Signature'),
    prefix: fc.constantFrom('sha256=', ''),
    encoding: fc.constantFrom('hex' as const, 'base64' as const),
  })
  fc.assert(
    fc.property(secret, fc.uint8Array({ maxLength: 300 }), format, (key, body, written) => {
      const signer = createSigner(key, written)
      const padded = Buffer.concat([signer.innerPad, body])
      expect(padded).toHaveLength(BLOCK_BYTES + body.length)
      expect(signer.sign(padded)).toBe(sign(key, body, written))
      expect(signer.valueBytes).toBe(sign(key, body, written).length)
    }),
  )
})

test('refuses an empty secret', () => {
  expect(() => createSigner('', { header: 'X', prefix: '', encoding: 'hex' })).toThrow('the secret is empty')
})
