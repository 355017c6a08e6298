import express, { type Request } from 'express'
import { expressReceiver } from './express-receiver.ts'
import { AUTHORIZATION, type CheckedReceiver } from './receiver.ts'
import { Refusal, SOUND_STEPS } from './steps.ts'

/**
 * `express.raw()` keeps the bytes that `express.json()` would throw away. It reads every content type: what is not
 * read leaves `request.body` undefined, and hashing that throws. Nothing is inflated: the signature is over what came.
 */
export function expressRawReceiver(): Promise<CheckedReceiver> {
  return expressReceiver({
    parser: express.raw({ type: () => true, limit: '10mb', inflate: false }),
    // Without a body at all there is no buffer either.
    bodyOf: ({ body }) => (Buffer.isBuffer(body) ? body : Buffer.alloc(0)),
  })
}

/** The `verify` hook of `express.json()` sees the bytes before they are parsed: keep them, and refuse there already. */
export function expressVerifyReceiver(): Promise<CheckedReceiver> {
  const rawBodies = new WeakMap<object, Buffer>()
  const { isAuthorized, isSigned } = SOUND_STEPS
  return expressReceiver({
    parser: express.json({
      limit: '10mb',
      inflate: false,
      verify(request, _, rawBody) {
        const { headers } = request
        const signature = headers['x-qualifio-signature']?.toString()
        if (!isAuthorized(headers[AUTHORIZATION[0]]?.toString()) || !isSigned(signature, rawBody)) {
          // The parser makes 403 of errors that the hook throws.
          throw new Refusal({ status: 401 })
        }
        rawBodies.set(request, rawBody)
      },
    }),
    bodyOf: (request: Request) => rawBodies.get(request) ?? Buffer.alloc(0),
  })
}
