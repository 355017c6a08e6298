import { createHash } from 'node:crypto'

/** Something that may have been the key. No field but `bytes` has anything of the secret in it. */
export interface SigningKey {
  /** Such as `secret`, `secret-lf`, `previous`, `empty`. */
  readonly id: string
  /** What it is, as a noun. */
  readonly text: string
  /** Which of the secrets, or of the previous ones, it was made from; absent for a literal. */
  readonly secretIndex?: number
  readonly bytes: Uint8Array
}

/** A slip with the secret; undefined where it does not apply. `of` is "the secret" or the like. */
interface Slip {
  readonly id: string
  readonly text: (of: string) => string
  readonly apply: (secret: string, prefix: string) => string | Uint8Array | undefined
}

const BASE64 = /^[A-Za-z0-9+/_-]{4,}={0,2}$/

const SLIPS: readonly Slip[] = [
  { id: 'lf', text: (of) => `${of} with a newline at its end`, apply: (secret) => `${secret}\n` },
  { id: 'crlf', text: (of) => `${of} with a newline (CR LF) at its end`, apply: (secret) => `${secret}\r\n` },
  { id: 'trailing-space', text: (of) => `${of} with a space at its end`, apply: (secret) => `${secret} ` },
  { id: 'leading-space', text: (of) => `${of} with a space before it`, apply: (secret) => ` ${secret}` },
  { id: 'trailing-tab', text: (of) => `${of} with a tab at its end`, apply: (secret) => `${secret}\t` },
  { id: 'leading-tab', text: (of) => `${of} with a tab before it`, apply: (secret) => `\t${secret}` },
  { id: 'trimmed', text: (of) => `${of} without the white space around it`, apply: (secret) => secret.trim() },
  { id: 'double-quoted', text: (of) => `${of} in double quotes, as part of it`, apply: (secret) => `"${secret}"` },
  { id: 'single-quoted', text: (of) => `${of} in single quotes, as part of it`, apply: (secret) => `'${secret}'` },
  {
    id: 'unquoted',
    text: (of) => `${of} without the quotes around it`,
    apply: (secret) => /^(["'])(.*)\1$/s.exec(secret)?.[2],
  },
  {
    id: 'hex-decoded',
    text: (of) => `${of} decoded from hexadecimal`,
    apply: (secret) => (/^(?:[\da-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined),
  },
  {
    id: 'base64-decoded',
    text: (of) => `${of} decoded from base64`,
    apply: (secret) => (BASE64.test(secret) ? Buffer.from(secret, 'base64') : undefined),
  },
  {
    id: 'base64-encoded',
    text: (of) => `${of} encoded in base64`,
    apply: (secret) => Buffer.from(secret).toString('base64'),
  },
  {
    id: 'hex-encoded',
    text: (of) => `${of} encoded in hexadecimal`,
    apply: (secret) => Buffer.from(secret).toString('hex'),
  },
  { id: 'lower', text: (of) => `${of} in lower case`, apply: (secret) => secret.toLowerCase() },
  { id: 'upper', text: (of) => `${of} in upper case`, apply: (secret) => secret.toUpperCase() },
  { id: 'url-decoded', text: (of) => `${of} URL-decoded`, apply: urlDecoded },
  { id: 'form-decoded', text: (of) => `${of} decoded as a form`, apply: (s) => urlDecoded(s.replaceAll('+', ' ')) },
  { id: 'url-encoded', text: (of) => `${of} URL-encoded`, apply: urlEncoded },
  {
    id: 'prefixed',
    text: (of) => `${of} with the signature's prefix before it`,
    apply: (secret, prefix) => prefix + secret,
  },
  {
    id: 'cut-at-hash',
    text: (of) => `${of} up to its #, which .env files take for a comment`,
    apply: (secret) => /^([^#]+)#/.exec(secret)?.[1]?.trimEnd(),
  },
  {
    id: 'dollar-expanded',
    text: (of) => `${of} after a shell or .env file replaced its $… by nothing`,
    apply: (secret) => secret.replace(/\$(?:\w+|\{[^}]*\})/g, ''),
  },
  { id: 'sha256-hex', text: (of) => `the SHA-256 of ${of}, in hexadecimal`, apply: (s) => sha256(s).toString('hex') },
  { id: 'sha256-bytes', text: (of) => `the SHA-256 of ${of}, as bytes`, apply: sha256 },
  { id: 'latin1', text: (of) => `${of} written as Latin-1`, apply: (secret) => Buffer.from(secret, 'latin1') },
  { id: 'utf16', text: (of) => `${of} written as UTF-16`, apply: (secret) => Buffer.from(secret, 'utf16le') },
]

const LITERALS: readonly SigningKey[] = [
  { id: 'empty', text: 'an empty key', bytes: Buffer.alloc(0) },
  {
    id: 'undefined',
    text: 'the text "undefined" (a variable that is not set, in JavaScript)',
    bytes: text('undefined'),
  },
  { id: 'null', text: 'the text "null"', bytes: text('null') },
  { id: 'None', text: 'the text "None" (a variable that is not set, in Python)', bytes: text('None') },
]

/** The secrets as they are, the ones in use before the previous ones. */
export function ownKeys(secrets: readonly string[], previous: readonly string[]): readonly SigningKey[] {
  return [
    ...secrets.map((secret, index) => ({
      id: 'secret',
      text: nameOf('secret', index, secrets.length),
      secretIndex: index,
      bytes: text(secret),
    })),
    ...previous.map((secret, index) => ({
      id: 'previous',
      text: nameOf('previous secret', index, previous.length),
      secretIndex: index,
      bytes: text(secret),
    })),
  ]
}

/** What a slip makes of them, and what stands there when there is no secret at all. */
export function mistakenKeys(
  secrets: readonly string[],
  previous: readonly string[],
  prefix: string,
): readonly SigningKey[] {
  const slipped = (owner: 'secret' | 'previous', list: readonly string[]) =>
    list.flatMap((secret, secretIndex) =>
      SLIPS.flatMap(({ id, text, apply }) => {
        const made = apply(secret, prefix)
        if (made === undefined || made.length === 0) return []
        const of = nameOf(owner === 'secret' ? 'secret' : 'previous secret', secretIndex, list.length)
        return [{ id: `${owner}-${id}`, text: text(of), secretIndex, bytes: Buffer.from(made) }]
      }),
    )
  return [...slipped('secret', secrets), ...LITERALS, ...slipped('previous', previous)]
}

function nameOf(noun: string, index: number, count: number): string {
  return count === 1 ? `the ${noun}` : `${noun} ${index + 1} of ${count}`
}

function text(content: string): Buffer {
  return Buffer.from(content, 'utf8')
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function urlDecoded(secret: string): string | undefined {
  try {
    return decodeURIComponent(secret)
  } catch {
    return undefined
  }
}

function urlEncoded(secret: string): string | undefined {
  // A surrogate alone cannot be encoded; isWellFormed is newer than the oldest Node.
  return /[\ud800-\udfff]/u.test(secret) ? undefined : encodeURIComponent(secret)
}
