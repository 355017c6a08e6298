import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE, sign } from '../signing/signature.ts'
import type { SignatureFormat } from '../signing/signature.ts'

/** Where and how a payload is sent: the same for every delivery of a run. */
export interface Endpoint {
  readonly url: URL
  /** `qualifio-sim/x.y`; a header of the user's with that name replaces it. */
  readonly userAgent: string
  /** What `authorizationHeaders` made of the user's flags. */
  readonly headers?: readonly Header[] | undefined
  /** Without a secret there is no signature: the secret is optional at Qualifio (documented). */
  readonly secret?: string | undefined
  /** From the contract; `application/json` by default (documented). */
  readonly contentType?: string | undefined
  /** From the contract. */
  readonly signature?: SignatureFormat | undefined
}

/**
 * Bytes and the signature they travel with. Nobody sees the payload's object after this, so every
 * attempt sends the same bytes, headers and signature.
 */
export interface SignedRequest {
  readonly method: 'POST'
  /** Path and query, as they stand in the request line. */
  readonly path: string
  /** In the order and case they are sent. Host, Connection and Content-Length are added by the transport. */
  readonly headers: readonly Header[]
  /** Which of them is the signature; absent when the request is not signed. */
  readonly signatureHeader?: string
  readonly body: Uint8Array
}

/**
 * The one place where text becomes bytes and bytes are signed.
 * @param body the payload exactly as its serialiser wrote it; bytes are copied
 */
export function buildRequest(endpoint: Endpoint, body: Uint8Array | string): SignedRequest {
  const bytes = Buffer.from(body as string)
  const custom = endpoint.headers ?? []
  const ours: Header = ['User-Agent', endpoint.userAgent]
  const userAgent = custom.find(([name]) => name.toLowerCase() === 'user-agent') ?? ours
  const format = endpoint.signature ?? DEFAULT_SIGNATURE
  const headers: Header[] = [
    ['Content-Type', endpoint.contentType ?? 'application/json'],
    userAgent,
    ...custom.filter((header) => header !== userAgent),
  ]
  if (endpoint.secret !== undefined) headers.push([format.header, sign(endpoint.secret, bytes, format)])
  return Object.freeze({
    method: 'POST',
    path: endpoint.url.pathname + endpoint.url.search,
    headers: Object.freeze(headers),
    ...(endpoint.secret === undefined ? {} : { signatureHeader: format.header }),
    body: bytes,
  })
}
