import type { IncomingMessage } from 'node:http'

/**
 * Reads a body to its end and hands it over; `too-large` when it is over the limit. Nothing is called when the
 * sender goes away before the end.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onBody: (body: Uint8Array | 'too-large') => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    // Read to the end even so: closing with unread bytes would reset the connection and lose the answer.
    if (bytes > maxBytes) chunks.length = 0
    else chunks.push(chunk)
  })
  request.on('end', () => {
    const [first] = chunks
    if (bytes > maxBytes) onBody('too-large')
    else onBody(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks))
  })
  request.on('error', () => {})
}
