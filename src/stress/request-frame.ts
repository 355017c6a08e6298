import { buildRequest } from '../delivery/request.ts'
import type { Endpoint } from '../delivery/request.ts'
import { DEFAULT_SIGNATURE } from '../signing/signature.ts'
import { BLOCK_BYTES, createSigner } from '../signing/signer.ts'
import type { Bodies } from './bodies.ts'

/** Whether the signature is right, or made wrong on purpose. */
export type Signing = 'signed' | 'forged'

/** The bytes of one request after the other, always in the same place. */
export interface RequestFrame {
  readonly buffer: Buffer
  /** Where the request begins and ends, after `fill`. */
  readonly start: number
  readonly end: number
  /** Puts the request with the body of this index together. */
  readonly fill: (index: number, signing: Signing) => void
}

/** The longest line end, `content-length` and its digits. */
const TAIL_BYTES = 48

/**
 * Makes frames for one endpoint. A request is the same as `buildRequest` and undici would send it: the head is written
 * once, the body stands at a fixed place behind it, and the signature and the length are patched in between.
 */
export function frameMaker(endpoint: Endpoint, bodies: Pick<Bodies, 'maxBytes' | 'write'>): () => RequestFrame {
  const format = endpoint.signature ?? DEFAULT_SIGNATURE
  const signer = endpoint.secret === undefined ? undefined : createSigner(endpoint.secret, format)
  const head = Buffer.from(headOf(endpoint), 'latin1')
  const valueBytes = signer?.valueBytes ?? 0
  const beginTail = signer === undefined ? '' : '\r\n'
  const tails = new Map<number, Buffer>()
  // Room for the key's pad, which stands before a body while it is signed.
  const bodyAt = Math.max(BLOCK_BYTES, head.length + valueBytes + TAIL_BYTES)

  function tailOf(bodyBytes: number): Buffer {
    const known = tails.get(bodyBytes)
    if (known !== undefined) return known
    const tail = Buffer.from(`${beginTail}content-length: ${bodyBytes}\r\n\r\n`, 'latin1')
    tails.set(bodyBytes, tail)
    return tail
  }

  return () => {
    const buffer = Buffer.alloc(bodyAt + bodies.maxBytes)
    let start = 0
    let end = 0

    function fill(index: number, signing: Signing): void {
      end = bodies.write(index, buffer, bodyAt)
      const tail = tailOf(end - bodyAt)
      const valueAt = bodyAt - tail.length - valueBytes
      start = valueAt - head.length
      if (signer !== undefined) {
        buffer.set(signer.innerPad, bodyAt - BLOCK_BYTES)
        const value = signer.sign(buffer.subarray(bodyAt - BLOCK_BYTES, end))
        buffer.write(value, valueAt, valueBytes, 'latin1')
        if (signing === 'forged') forge(buffer, valueAt + format.prefix.length)
      }
      // A pad may have covered the end of the head, and a length of other digits moves it.
      buffer.set(head, start)
      buffer.set(tail, bodyAt - tail.length)
    }

    return {
      buffer,
      get start() {
        return start
      },
      get end() {
        return end
      },
      fill,
    }
  }
}

/** Another first digit: right in form, and wrong. */
function forge(buffer: Buffer, at: number): void {
  buffer[at] = buffer[at] === 0x61 ? 0x62 : 0x61
}

/** Everything before the signature's value, in the order and the letters of undici. */
function headOf(endpoint: Endpoint): string {
  const { path, headers, signatureHeader } = buildRequest(endpoint, '')
  const { hostname, port } = endpoint.url
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}${port === '' ? '' : `:${port}`}`,
    'connection: keep-alive',
    ...headers.filter(([name]) => name !== signatureHeader).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\r\n')}\r\n${signatureHeader === undefined ? '' : `${signatureHeader}: `}`
}
