import { unreachable } from '../errors.ts'
import type { BodyForm } from './explain-bodies.ts'
import type { WrittenAround } from './explain-given.ts'
import type { SigningKey } from './explain-keys.ts'
import type { SignatureFormat } from './signature.ts'

/** How a digest was made, apart from what was hashed. */
export type Construction = 'hmac' | 'plain' | 'secret-body' | 'body-secret' | 'swapped'

/** What was found out about a digest. */
export interface Finding {
  readonly form: BodyForm
  /** Absent where nothing but the body was hashed. */
  readonly key: SigningKey | undefined
  readonly construction: Construction
  /** `sha256`, `sha1`, `sha512` or `md5`. */
  readonly hash: string
  readonly encoding: string
  readonly around: WrittenAround | 'cut'
}

/** The id of an algorithm: `hmac-sha256`, `sha256`, `sha256-secret-body`, `hmac-sha256-swapped`, … */
export function algorithmOf({ construction, hash }: Pick<Finding, 'construction' | 'hash'>): string {
  switch (construction) {
    case 'hmac':
      return `hmac-${hash}`
    case 'plain':
      return hash
    case 'swapped':
      return `hmac-${hash}-swapped`
    case 'secret-body':
    case 'body-secret':
      return `${hash}-${construction}`
    default:
      return unreachable(construction)
  }
}

const HASHES: Readonly<Record<string, string>> = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' }

/** How an encoding is called; `base64-of-hex` is base64 over the hexadecimal text. */
const ENCODINGS: Readonly<Record<string, string>> = {
  hex: 'lower-case hexadecimal',
  'hex-upper': 'upper-case hexadecimal',
  'hex-mixed': 'hexadecimal in mixed case',
  'hex-dashes': 'hexadecimal with a separator between the bytes',
  base64: 'base64',
  base64url: 'base64url',
  'base64-unpadded': 'base64 without its padding',
}

function encodingText(encoding: string): string {
  const [outer = '', inner] = encoding.split('-of-')
  const name = ENCODINGS[outer] ?? outer
  return inner === undefined ? name : `${name} of its ${ENCODINGS[inner] ?? inner} text (encoded twice)`
}

/**
 * What was signed, and how, in one sentence that names what differs from a right signature and nothing
 * else. It never has anything of a secret or of the body in it.
 */
export function sentenceOf(finding: Finding, format: Pick<SignatureFormat, 'prefix' | 'encoding'>): string {
  const { form, key } = finding
  const differences = [
    ...(form.id === 'exact' ? [] : [`what was signed is ${form.text}, not the bytes that were sent`]),
    ...(key === undefined || key.id === 'secret'
      ? []
      : [`the key is ${key.text}${key.id === 'previous' ? '' : ', not the secret'}`]),
    ...constructionText(finding),
    ...(finding.encoding === format.encoding
      ? []
      : [`the digest is written in ${encodingText(finding.encoding)}, not in ${encodingText(format.encoding)}`]),
    ...aroundText(finding.around, format.prefix),
  ]
  if (differences.length === 0) {
    return `The signature is right: HMAC with SHA-256 over the exact body, keyed with ${key?.text ?? 'the secret'}.`
  }
  const text = differences.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function constructionText({ construction, hash, form, key }: Finding): readonly string[] {
  const name = HASHES[hash] ?? hash
  // What was said before is not said again, and where nothing was the sentence stands on its own.
  const content = form.id === 'exact' ? 'the body' : 'what was signed'
  const keyed = key === undefined || key.id === 'secret' ? (key?.text ?? 'the secret') : 'that key'
  switch (construction) {
    case 'hmac':
      return hash === 'sha256' ? [] : [`the algorithm is HMAC with ${name}, not with SHA-256`]
    case 'plain':
      return [`the digest is ${name} of ${content} alone, without a key, instead of an HMAC with SHA-256`]
    case 'secret-body':
      return [`the digest is ${name} of ${keyed} followed by ${content}, instead of an HMAC with SHA-256`]
    case 'body-secret':
      return [`the digest is ${name} of ${content} followed by ${keyed}, instead of an HMAC with SHA-256`]
    case 'swapped':
      return [
        `${keyed} and ${content} are swapped in the call of HMAC${hash === 'sha256' ? '' : `, and its hash is ${name}, not SHA-256`}`,
      ]
    default:
      return unreachable(construction)
  }
}

function aroundText(around: Finding['around'], prefix: string): readonly string[] {
  switch (around) {
    case 'as-expected':
      return []
    case 'no-prefix':
      return [`the value does not begin with "${prefix}"`]
    case 'other-prefix':
      return [`the value begins with something other than "${prefix}"`]
    case 'padded':
      return ['the value has white space or quotes around the digest']
    case 'several':
      return ['the header has several values in one']
    case 'cut':
      return ['the digest is cut off']
    default:
      return unreachable(around)
  }
}
