import { unreachable } from '../errors.ts'
import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE, verify } from '../signing/signature.ts'
import type { SignatureFault, SignatureFormat } from '../signing/signature.ts'

/** What the receiver knows of an event: enough to recognise it. */
export interface ReceivedEvent {
  readonly id?: string | undefined
  readonly type?: string | undefined
}

/** What a request must have to be accepted. */
export interface Requirements {
  /** One of these must have signed; empty means that signatures are not looked at. */
  readonly secrets: readonly string[]
  /** Headers that must be there with exactly these values: the authorization. */
  readonly headers: readonly Header[]
  readonly signature?: SignatureFormat | undefined
  /**
   * Reads a payload as the contract writes it. What it throws is the reason of a refusal, so its
   * text must hold no secret. Without it, `id` and `type` of each element are taken as they stand.
   */
  readonly readEvents?: ((payload: readonly unknown[]) => readonly ReceivedEvent[]) | undefined
}

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** The raw body; `too-large` when it was over the limit and not read to its end. */
  readonly body: Uint8Array | 'too-large'
}

/** What the receiver concluded. Reasons are for people and hold no secret. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly events: readonly ReceivedEvent[] }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 405 | 413; readonly reason: string }

/** Whether a request is a genuine, well-formed payload. Authorization first: nothing is parsed for a stranger. */
export function judge(request: ReceivedRequest, requirements: Requirements): Verdict {
  if (request.method !== 'POST') return refused(405, `the method is ${request.method}, not POST`)
  for (const [name, value] of requirements.headers) {
    const given = request.headers[name.toLowerCase()]
    if (given === undefined) return refused(401, `the header ${name} is missing`)
    if (given.length !== 1 || given[0] !== value) return refused(401, `the header ${name} has another value`)
  }
  if (request.body === 'too-large') return refused(413, 'the body is too large')
  const format = requirements.signature ?? DEFAULT_SIGNATURE
  if (requirements.secrets.length > 0) {
    const given = request.headers[format.header.toLowerCase()]
    if (given !== undefined && given.length > 1) return refused(401, `the header ${format.header} came more than once`)
    const verification = verify(requirements.secrets, request.body, given?.[0], format)
    if (!verification.valid) return refused(401, signatureReason(verification.reason, format))
  }
  return readPayload(request.body, requirements)
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

function readPayload(body: Uint8Array, requirements: Requirements): Verdict {
  let payload: unknown
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    return refused(400, 'the body is not JSON in UTF-8')
  }
  if (!Array.isArray(payload)) return refused(400, 'the body is not a JSON array')
  if (requirements.readEvents === undefined) return { kind: 'accepted', events: payload.map(asEvent) }
  try {
    return { kind: 'accepted', events: requirements.readEvents(payload) }
  } catch (error) {
    return refused(400, error instanceof Error ? error.message : 'the events cannot be read')
  }
}

function asEvent(element: unknown): ReceivedEvent {
  if (typeof element !== 'object' || element === null) return {}
  const { id, type } = element as Readonly<Record<string, unknown>>
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof type === 'string' ? { type } : {}) }
}

function refused(status: 400 | 401 | 405 | 413, reason: string): Verdict {
  return { kind: 'refused', status, reason }
}
