import type { SignatureFormat } from './signature.ts'

/** How the digest stands in the value: as the format says, or with what is wrong around it. */
export type WrittenAround = 'as-expected' | 'no-prefix' | 'other-prefix' | 'padded' | 'several'

/** One way to read the value as a digest. */
export interface ReadDigest {
  readonly digest: Buffer
  /** `hex`, `hex-upper`, `hex-mixed`, `hex-dashes`, `base64`, `base64url`, or two of them: `base64-of-hex`. */
  readonly encoding: string
  readonly around: WrittenAround
}

const GIVEN_MAX_LENGTH = 4096
const PARTS_MAX = 20

/** Every way to read a header value as a digest. Never throws. */
export function readDigests(given: string, format: Pick<SignatureFormat, 'prefix'>): readonly ReadDigest[] {
  if (given.length > GIVEN_MAX_LENGTH) return []
  const whole = readPart(given, format.prefix)
  if (whole.length > 0) return whole
  const stripped = unpadded(given)
  const reads = readPart(stripped, format.prefix)
  if (reads.length > 0) {
    return reads.map((read) => (read.around === 'as-expected' ? { ...read, around: 'padded' } : read))
  }
  const parts = stripped.split(/[,;\s]+/).slice(0, PARTS_MAX)
  return parts.flatMap((part) => readPart(part, format.prefix).map((read) => ({ ...read, around: 'several' as const })))
}

/** The value after the prefix that is expected, or after another one, or as it stands. */
export function splitPrefix(given: string, prefix: string): { readonly text: string; readonly around: WrittenAround } {
  if (given.startsWith(prefix)) {
    const rest = given.slice(prefix.length)
    const text = unpadded(rest)
    return { text, around: text === rest ? 'as-expected' : 'padded' }
  }
  // A name and a sign. Base64 has its own = only at the end, and is longer than a name.
  const other = /^[\w-]{1,20}[=:, ]\s*(?=[^=\s])/.exec(given)
  return other === null
    ? { text: given, around: 'no-prefix' }
    : { text: given.slice(other[0].length), around: 'other-prefix' }
}

/** Without white space, and the quotes in it, around it. */
function unpadded(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/s, '$2')
}

function readPart(given: string, prefix: string): readonly ReadDigest[] {
  const { text, around } = splitPrefix(given, prefix)
  return decodings(text).flatMap(({ bytes, encoding }) => {
    const inner = /^[\x21-\x7e]+$/.test(bytes.toString('latin1')) ? decodings(bytes.toString('latin1')) : []
    return [
      { digest: bytes, encoding, around },
      ...inner.map((twice) => ({ digest: twice.bytes, encoding: `${encoding}-of-${twice.encoding}`, around })),
    ]
  })
}

interface Decoding {
  readonly bytes: Buffer
  readonly encoding: string
}

function decodings(text: string): readonly Decoding[] {
  if (/^(?:[\da-f]{2})+$/i.test(text)) {
    const encoding = !/[A-F]/.test(text) ? 'hex' : /[a-f]/.test(text) ? 'hex-mixed' : 'hex-upper'
    return [{ bytes: Buffer.from(text, 'hex'), encoding }]
  }
  if (/^[\da-f]{2}(?:[-:][\da-f]{2})+$/i.test(text)) {
    return [{ bytes: Buffer.from(text.replace(/[-:]/g, ''), 'hex'), encoding: 'hex-dashes' }]
  }
  if (!/^(?:[A-Za-z0-9+/]{8,}|[A-Za-z0-9_-]{8,})={0,2}$/.test(text)) return []
  const bytes = Buffer.from(text, 'base64')
  if (text === bytes.toString('base64')) return [{ bytes, encoding: 'base64' }]
  if (text.replace(/=+$/, '') === bytes.toString('base64url')) return [{ bytes, encoding: 'base64url' }]
  if (text === bytes.toString('base64').replace(/=+$/, '')) return [{ bytes, encoding: 'base64-unpadded' }]
  return []
}

const DIGEST_TEXT_MAX_LENGTH = 65_536
const BOUNDARY = '[\\w+/=-]'
/** A digest with its prefix, then alone: SHA-256 in hexadecimal and base64, SHA-512 and SHA-1 in hexadecimal. */
const DIGESTS = [
  /\bsha(?:1|256|512)=(?:[\da-f]{128}|[\da-f]{64}|[\da-f]{40}|[A-Za-z0-9+/_-]{43}=?)(?![\w+/=-])/gi,
  new RegExp(`(?<!${BOUNDARY})[\\da-fA-F]{64}(?!${BOUNDARY})`, 'g'),
  new RegExp(`(?<!${BOUNDARY})[A-Za-z0-9+/_-]{43}=(?!${BOUNDARY})`, 'g'),
  new RegExp(`(?<!${BOUNDARY})[\\da-fA-F]{128}(?!${BOUNDARY})`, 'g'),
  new RegExp(`(?<!${BOUNDARY})[\\da-fA-F]{40}(?!${BOUNDARY})`, 'g'),
]

/**
 * A digest in the body or a header of an answer: what a receiver says it computed. Undefined when
 * there is none. Only the first 64 KB are read.
 * @param options `except` is the signature that was sent, which many receivers repeat
 */
export function digestIn(text: string, options: { readonly except?: string } = {}): string | undefined {
  // JSON may escape the slashes of base64.
  const searched = text.slice(0, DIGEST_TEXT_MAX_LENGTH).replaceAll('\\/', '/')
  const bare = (value: string) => value.replace(/^sha\d+=/i, '').toLowerCase()
  const sent = options.except === undefined ? undefined : bare(options.except)
  for (const pattern of DIGESTS) {
    for (const [found] of searched.matchAll(pattern)) {
      if (sent === undefined || bare(found) !== sent) return found
    }
  }
  return undefined
}
