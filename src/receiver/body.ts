import type { IncomingMessage } from 'node:http'

/**
 * Reads a body to its end and hands it over; `too-large` when it is over the limit. When the sender goes
 * away before the end, `onCut` is called instead, with how many bytes came.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  on: { readonly body: (body: Uint8Array | 'too-large') => void; readonly cut: (bytes: number) => void },
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  let isWhole = false
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    // Read to the end even so: closing with unread bytes would reset the connection and lose the answer.
    if (bytes > maxBytes) chunks.length = 0
    else chunks.push(chunk)
  })
  request.on('end', () => {
    isWhole = true
    const [first] = chunks
    if (bytes > maxBytes) on.body('too-large')
    else on.body(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks))
  })
  request.on('error', () => {})
  request.on('close', () => {
    if (!isWhole) on.cut(bytes)
  })
}
