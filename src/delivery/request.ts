import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE } from '../signing/signature.ts'
import type { SignatureFormat } from '../signing/signature.ts'
import { BLOCK_BYTES, createSigner } from '../signing/signer.ts'
import type { Signer } from '../signing/signer.ts'

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
  const { signer, signatureHeader } = fixedParts(endpoint)
  if (signer === undefined) return assembleRequest(endpoint, Buffer.from(body as string), undefined)
  const padded = Buffer.allocUnsafe(BLOCK_BYTES + Buffer.byteLength(body))
  padded.set(signer.innerPad)
  if (typeof body === 'string') padded.write(body, BLOCK_BYTES)
  else padded.set(body, BLOCK_BYTES)
  return assembleRequest(endpoint, padded.subarray(BLOCK_BYTES), [signatureHeader, signer.sign(padded)])
}

/**
 * A request of bytes that were signed before; the endpoint's secret is not used.
 * @param bytes not copied: nobody may change them
 */
export function assembleRequest(endpoint: Endpoint, bytes: Uint8Array, signature: Header | undefined): SignedRequest {
  const { path, headers } = fixedParts(endpoint)
  if (signature === undefined) return Object.freeze({ method: 'POST', path, headers, body: bytes })
  return Object.freeze({
    method: 'POST',
    path,
    headers: Object.freeze([...headers, signature]),
    signatureHeader: signature[0],
    body: bytes,
  })
}

interface FixedParts extends Pick<SignedRequest, 'path' | 'headers'> {
  /** Absent without a secret. */
  readonly signer: Signer | undefined
  readonly signatureHeader: string
}

const fixedPartsOf = new WeakMap<Endpoint, FixedParts>()

/** What is the same in all requests to an endpoint: made once, for there may be many. */
function fixedParts(endpoint: Endpoint): FixedParts {
  const known = fixedPartsOf.get(endpoint)
  if (known !== undefined) return known
  const custom = endpoint.headers ?? []
  const ours: Header = ['User-Agent', endpoint.userAgent]
  const userAgent = custom.find(([name]) => name.toLowerCase() === 'user-agent') ?? ours
  const { secret, signature: format = DEFAULT_SIGNATURE } = endpoint
  const contentType: Header = ['Content-Type', endpoint.contentType ?? 'application/json']
  const parts: FixedParts = {
    path: endpoint.url.pathname + endpoint.url.search,
    headers: Object.freeze([contentType, userAgent, ...custom.filter((header) => header !== userAgent)]),
    signer: secret === undefined ? undefined : createSigner(secret, format),
    signatureHeader: format.header,
  }
  fixedPartsOf.set(endpoint, parts)
  return parts
}
