import { isUtf8 } from 'node:buffer'
import { unreachable } from '../errors.ts'
import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE, verify } from '../signing/signature.ts'
import type { SignatureFault, SignatureFormat } from '../signing/signature.ts'
import { plainReader } from './reader.ts'
import type { PayloadReader, ReadEvents } from './reader.ts'

/** What a request must have to be accepted. */
export interface Requirements {
  /** One of these must have signed; empty means that signatures are not looked at. */
  readonly secrets: readonly string[]
  /** Headers that must be there with exactly these values: the authorization. */
  readonly headers: readonly Header[]
  readonly signature?: SignatureFormat | undefined
  /** Reads the events, `payloadReader(contract)`; without it `id` and `type` are taken as they stand. */
  readonly readEvents?: PayloadReader | undefined
}

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** The raw body; `too-large` when it was over the limit and not kept. */
  readonly body: Uint8Array | 'too-large'
}

/** How a credential was; `unasked` when it is not required, or was not looked at. */
export type CredentialState = 'right' | 'absent' | 'wrong' | 'unasked'

/** The credentials of a request, without their values. */
export interface CredentialsSeen {
  readonly authorization: CredentialState
  readonly signature: CredentialState
  /** Which of the secrets signed, from 0. */
  readonly secretIndex?: number | undefined
}

/** The statuses of a refusal. */
export type RefusalStatus = 400 | 401 | 404 | 405 | 413

/** What the receiver concluded. Reasons are for people and hold no secret; problems quote the payload. */
export type Verdict =
  | ({
      readonly kind: 'accepted'
      readonly credentials: CredentialsSeen
      readonly payload: readonly unknown[]
    } & ReadEvents)
  | {
      readonly kind: 'refused'
      readonly status: RefusalStatus
      readonly reason: string
      readonly credentials: CredentialsSeen
    }

const UNASKED: CredentialsSeen = { authorization: 'unasked', signature: 'unasked' }

/**
 * Whether a request is a genuine, well-formed payload. Authorization first: nothing is parsed for a stranger. Where
 * a payload breaks the contract it is accepted, with its problems.
 */
export function judge(request: ReceivedRequest, requirements: Requirements): Verdict {
  if (request.method !== 'POST') return refusal(405, `the method is ${request.method}, not POST`)
  const { body } = request
  const authorization = judgeAuthorization(request, requirements.headers)
  const signature = body === 'too-large' ? UNSIGNED : judgeSignature(request, body, requirements)
  const credentials: CredentialsSeen = {
    authorization: authorization.state,
    signature: signature.state,
    secretIndex: signature.secretIndex,
  }
  if (authorization.reason !== undefined) return refusal(401, authorization.reason, credentials)
  if (body === 'too-large') return refusal(413, 'the body is too large', credentials)
  if (signature.reason !== undefined) return refusal(401, signature.reason, credentials)
  let payload: unknown
  try {
    if (!isUtf8(body)) throw new Error('not UTF-8')
    payload = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  } catch {
    return refusal(400, 'the body is not JSON in UTF-8', credentials)
  }
  if (!Array.isArray(payload)) return refusal(400, 'the body is not a JSON array', credentials)
  const { events, problems } = (requirements.readEvents ?? plainReader)(payload)
  return { kind: 'accepted', credentials, payload, events, problems }
}

/** A refusal, for what is judged elsewhere: another path. */
export function refusal(status: RefusalStatus, reason: string, credentials = UNASKED): Verdict {
  return { kind: 'refused', status, reason, credentials }
}

/** Why a signature is refused, as a sentence for people. */
export function signatureReason(fault: SignatureFault, format: SignatureFormat = DEFAULT_SIGNATURE): string {
  switch (fault) {
    case 'missing':
      return `the signature is missing (${format.header})`
    case 'no-prefix':
      return `the signature does not start with ${format.prefix}`
    case 'not-hex':
      return 'the signature is not lower-case hexadecimal'
    case 'not-base64':
      return 'the signature is not base64'
    case 'wrong-length':
      return 'the signature has the wrong length for SHA-256'
    case 'mismatch':
      return 'the signature does not match the body and the secret'
    default:
      return unreachable(fault)
  }
}

interface Judged {
  readonly state: CredentialState
  readonly reason?: string
  readonly secretIndex?: number
}

const UNSIGNED: Judged = { state: 'unasked' }
const RIGHT: Judged = { state: 'right' }

function judgeAuthorization({ headers }: ReceivedRequest, required: readonly Header[]): Judged {
  for (const [name, value] of required) {
    const given = headers[name.toLowerCase()]
    if (given === undefined) return { state: 'absent', reason: `the header ${name} is missing` }
    if (given.length !== 1 || given[0] !== value)
      return { state: 'wrong', reason: `the header ${name} has another value` }
  }
  return required.length === 0 ? UNSIGNED : RIGHT
}

function judgeSignature({ headers }: ReceivedRequest, body: Uint8Array, requirements: Requirements): Judged {
  const { secrets, signature: format = DEFAULT_SIGNATURE } = requirements
  if (secrets.length === 0) return UNSIGNED
  const given = headers[format.header.toLowerCase()]
  if (given !== undefined && given.length > 1)
    return { state: 'wrong', reason: `the header ${format.header} came more than once` }
  const verification = verify(secrets, body, given?.[0], format)
  if (verification.valid) return { state: 'right', secretIndex: verification.secretIndex }
  const { reason } = verification
  return { state: reason === 'missing' ? 'absent' : 'wrong', reason: signatureReason(reason, format) }
}
