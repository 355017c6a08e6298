import { createHash, hash } from 'node:crypto'
import { sign } from './signature.ts'
import type { SignatureFormat } from './signature.ts'

/** SHA-256 works on blocks of this many bytes, and HMAC pads the key to one (RFC 2104). */
export const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** Signs many bodies where they lie; the same values as `sign`, in two thirds of the time. */
export interface Signer {
  /** Length of every value, in ASCII bytes. */
  readonly valueBytes: number
  /** What must stand in the 64 bytes before a body that is signed. */
  readonly innerPad: Uint8Array
  /** The value of the signature header for the bytes of `padded` behind the pad. */
  readonly sign: (padded: Uint8Array) => string
}

/**
 * A signer for many bodies: HMAC written out as the two hashes that it is, because Node's one-shot `hash` costs a third
 * of its `createHmac`, which makes a new context for each body, for the garbage collector to free.
 * @throws UsageError for an empty secret
 */
export function createSigner(secret: string, format: SignatureFormat): Signer {
  const valueBytes = sign(secret, '', format).length
  const bytes = Buffer.from(secret)
  const key = Buffer.alloc(BLOCK_BYTES)
  key.set(bytes.length > BLOCK_BYTES ? createHash('sha256').update(bytes).digest() : bytes)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)
  outer.set(key.map((byte) => byte ^ 0x5c))
  const { prefix, encoding } = format
  return {
    valueBytes,
    innerPad: key.map((byte) => byte ^ 0x36),
    sign: (padded) => {
      // `binary` is latin1: a string is cheaper to hand over than a buffer.
      outer.write(hash('sha256', padded, 'binary'), BLOCK_BYTES, DIGEST_BYTES, 'latin1')
      return prefix + hash('sha256', outer, encoding)
    },
  }
}
