import { createHmac, timingSafeEqual } from 'node:crypto'
import { UsageError } from '../errors.ts'

/** How a signature is written down: part of the wire contract (`contract.json`), so it is handed in as data. */
export interface SignatureFormat {
  /** Header name, `X-Qualifio-Signature` (documented). */
  readonly header: string
  /** What the value starts with, `sha256=` (documented). */
  readonly prefix: string
  /** How the digest is written: lower-case hexadecimal is assumed. */
  readonly encoding: 'hex' | 'base64'
}

/** Qualifio's signature as far as it is known (support article "Checking the webhook signatures"). */
export const DEFAULT_SIGNATURE: SignatureFormat = { header: 'X-Qualifio-Signature', prefix: 'sha256=', encoding: 'hex' }

/** Why a signature is not valid: a closed set. */
export type SignatureFault = 'missing' | 'no-prefix' | 'not-hex' | 'not-base64' | 'wrong-length' | 'mismatch'

/** What `verify` found; `secretIndex` says which of the secrets signed. */
export type Verification =
  { readonly valid: true; readonly secretIndex: number } | { readonly valid: false; readonly reason: SignatureFault }

type Written = Pick<SignatureFormat, 'prefix' | 'encoding'>

/**
 * The value of the signature header: HMAC with SHA-256 over exactly these bytes, keyed with the
 * secret's UTF-8 bytes (assumed: the usual reading of `sha256=`).
 * @param body bytes, or a text that is sent as UTF-8
 * @throws UsageError for an empty secret, and for a body that is neither
 */
export function sign(secret: string, body: string | Uint8Array, format: Written = DEFAULT_SIGNATURE): string {
  checkSecret(secret)
  if (secret === '') throw new UsageError('the secret is empty; an empty key would make a forgeable signature')
  checkBody(body)
  return format.prefix + createHmac('sha256', secret).update(body).digest(format.encoding)
}

/**
 * Whether one of the secrets signed this body. Several, because an old secret may sign for
 * 30 minutes after a change (documented); an empty one never did. Compares in constant time, never throws on a header.
 * @param header as `request.headers` of node:http gives it; several values are no signature
 * @throws UsageError for a secret that is no text, and for a body that is neither bytes nor text
 */
export function verify(
  secrets: string | readonly string[],
  body: string | Uint8Array,
  header: string | readonly string[] | undefined,
  format: Written = DEFAULT_SIGNATURE,
): Verification {
  const all = typeof secrets === 'string' ? [secrets] : secrets
  if (!Array.isArray(all)) throw notASecret(all)
  all.forEach(checkSecret)
  checkBody(body)
  const given = textOf(header)
  if (given === '') return { valid: false, reason: 'missing' }
  if (!given.startsWith(format.prefix)) return { valid: false, reason: 'no-prefix' }
  const digest = given.slice(format.prefix.length)
  if (format.encoding === 'hex' && !/^[0-9a-f]*$/.test(digest)) return { valid: false, reason: 'not-hex' }
  if (format.encoding === 'base64' && !/^[0-9A-Za-z+/]*={0,2}$/.test(digest)) {
    return { valid: false, reason: 'not-base64' }
  }
  // Only ASCII is left, so letters are bytes; the length is public, so it may be told early.
  if (digest.length !== (format.encoding === 'hex' ? 64 : 44)) return { valid: false, reason: 'wrong-length' }
  const bytes = Buffer.from(given)
  let secretIndex = -1
  // Every secret is tried, so that the time does not tell which one signed.
  all.forEach((secret, index) => {
    const equal = secret !== '' && timingSafeEqual(bytes, Buffer.from(sign(secret, body, format)))
    if (equal && secretIndex === -1) secretIndex = index
  })
  return secretIndex === -1 ? { valid: false, reason: 'mismatch' } : { valid: true, secretIndex }
}

/** The header as one text; several values as HTTP joins them, which no signature looks like. */
function textOf(header: unknown): string {
  if (typeof header === 'string') return header
  if (!Array.isArray(header)) return ''
  return header.every((value) => typeof value === 'string') ? header.join(', ') : ''
}

function checkSecret(secret: unknown): void {
  if (typeof secret !== 'string') throw notASecret(secret)
}

function notASecret(secret: unknown): UsageError {
  return new UsageError(`a secret is a text, and this one is of type ${typeof secret}; is a variable unset?`)
}

function checkBody(body: unknown): void {
  if (typeof body === 'string' || body instanceof Uint8Array) return
  throw new UsageError(
    `the body is of type ${typeof body}; signatures are over the raw body: its bytes or text, before JSON is parsed`,
  )
}

/** A secret that may be used, and what its owner should know about it. */
export interface AcceptedSecret {
  readonly secret: string
  /** Sentences for people; they never hold the secret. */
  readonly warnings: readonly string[]
}

/**
 * A secret as given by a flag or the environment.
 * @param where the flag or variable, for the error
 * @throws UsageError when it is empty
 */
export function parseSecret(text: string, where = '--secret'): AcceptedSecret {
  if (text === '') throw new UsageError(`the secret is empty (${where}); an empty key would make a forgeable signature`)
  const warnings: string[] = []
  if (text.trim() !== text)
    warnings.push(`the secret starts or ends with white space (${where}); it is part of the key`)
  if (/[^\x20-\x7e]/.test(text)) {
    warnings.push(`the secret has characters outside printable ASCII (${where}); its UTF-8 bytes are the key`)
  }
  return { secret: text, warnings }
}

/** How large a secret file may be, in bytes. */
export const SECRET_FILE_MAX_BYTES = 4096

/**
 * A secret as read from a file: one trailing newline is taken off, and that is said.
 * @param where the flag and the file's name, for the error
 * @throws UsageError when it is empty, over 4 KB, has a NUL or is not UTF-8
 */
export function parseSecretFile(bytes: Uint8Array, where = '--secret-file'): AcceptedSecret {
  if (bytes.length > SECRET_FILE_MAX_BYTES) {
    throw new UsageError(`the secret file is over 4 KB (${where}); is it the right file?`)
  }
  if (bytes.includes(0)) throw new UsageError(`the secret file has a NUL byte (${where}); it must be text in UTF-8`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`the secret file is not UTF-8 (${where}); save it as UTF-8 text`)
  }
  const stripped = text.replace(/\r?\n$/, '')
  const { secret, warnings } = parseSecret(stripped, where)
  if (stripped === text) return { secret, warnings }
  return { secret, warnings: [`one newline at the end of the secret file was left out (${where})`, ...warnings] }
}
