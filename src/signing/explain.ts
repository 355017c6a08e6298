import { exactForms, otherForms } from './explain-bodies.ts'
import type { BodyForm } from './explain-bodies.ts'
import { readDigests, splitPrefix } from './explain-given.ts'
import { mistakenKeys, ownKeys } from './explain-keys.ts'
import type { SigningKey } from './explain-keys.ts'
import { addTo, createSearch, HASH_OF_LENGTH } from './explain-search.ts'
import type { Group, Groups, Hit } from './explain-search.ts'
import { algorithmOf, sentenceOf } from './explain-sentence.ts'
import type { Finding } from './explain-sentence.ts'
import { DEFAULT_SIGNATURE, sign } from './signature.ts'
import type { SignatureFormat } from './signature.ts'

/** One way to arrive at the digest that was given. */
export interface SignatureExplanation {
  /** Whether this is the signature as it should be: nothing to mend. */
  readonly right: boolean
  /** What was hashed: `exact`, `js`, `php-slashes`, `trimmed`, `empty`, `element-0`, … */
  readonly body: string
  /** What it was keyed with: `secret`, `secret-lf`, `previous`, `empty`, …; `none` for a plain hash. */
  readonly key: string
  /** Which of the secrets, or of the previous ones, from 0; absent for a key that is none of them. */
  readonly secretIndex?: number
  /** `hmac-sha256`, `hmac-sha1`, `sha256`, `sha256-secret-body`, `sha256-body-secret`, `hmac-sha256-swapped`, … */
  readonly algorithm: string
  /** `hex`, `hex-upper`, `base64`, `base64url`, …; `base64-of-hex` when it was encoded twice. */
  readonly encoding: string
  /** What is wrong around the digest, such as a prefix that is missing. */
  readonly around: Finding['around']
  /** What differs from a right signature, in one sentence without a secret. */
  readonly sentence: string
}

/** What is to be explained. */
export interface ExplainInput {
  readonly secrets: readonly string[]
  /** Secrets that are no longer in use: a signature of theirs is named, and is not right. */
  readonly previousSecrets?: readonly string[]
  /** The body as it was sent or received. */
  readonly bytes: Uint8Array
  /** The value of the signature header, or a digest found elsewhere. */
  readonly given: string
  /** `text` for a digest found in an answer, where a prefix is neither missing nor wrong. */
  readonly found?: 'header' | 'text'
  readonly format?: Pick<SignatureFormat, 'prefix' | 'encoding'>
  /**
   * How many bytes may be hashed, 400 MB by default: enough for everything with a body of 100 KB. In bytes and not in time, so that the result does
   * not depend on the machine.
   */
  readonly limitBytes?: number
}

const DEFAULT_LIMIT_BYTES = 400 * 1024 * 1024
/** What writing a byte again costs, in bytes hashed. */
const REWRITE_FACTOR = 15
const CUT_MIN_LENGTH = 8

/**
 * Every explanation that fits a digest: which form of the body, with which key, by which algorithm and
 * in which encoding. A right signature is explained as right; the digest of something else has no
 * explanation. Up to 1 MB of body all forms are tried, as far as `limitBytes` goes, likeliest first; above that only the forms that
 * need no parsing. Never throws on what was received. It computes for a good part of a second when
 * nothing fits, so a server should not do it for every request.
 */
export function explainSignature(input: ExplainInput): readonly SignatureExplanation[] {
  const { secrets, previousSecrets = [], bytes, given, format = DEFAULT_SIGNATURE } = input
  const reads = readDigests(given, format).filter(({ digest }) => HASH_OF_LENGTH.has(digest.length))
  const keys: Groups<SigningKey> = new Map()
  for (const key of ownKeys(secrets, previousSecrets)) addTo(keys, key)
  const own = [...keys.values()]
  for (const key of mistakenKeys(secrets, previousSecrets, format.prefix)) addTo(keys, key)
  const all = [...keys.values()]
  const search = createSearch(reads, input.limitBytes ?? DEFAULT_LIMIT_BYTES)

  const forms: Groups<BodyForm> = new Map()
  for (const form of exactForms(bytes)) addTo(forms, form)
  const exact = [...forms.values()]
  for (const form of exact) search.hmac(form, own)
  for (const form of exact.slice(0, 1)) search.hmac(form, all)
  for (const form of exact) search.otherwise(form, { own, all })
  if (!search.isOver() || search.hits.some((hit) => !isExact(hit))) {
    for (const form of otherForms(bytes)) {
      search.spend(form.bytes.length * REWRITE_FACTOR)
      // Once something is found, the rest is made only to learn which forms are the same as that one.
      if (search.isOver() && search.hits.length === 0) break
      const group = addTo(forms, form)
      if (group === undefined || search.isOver()) continue
      search.hmac(group, own)
      search.otherwise(group, { own, all })
    }
  }
  for (const form of forms.values()) search.hmac(form, all)

  const findings = search.hits.length > 0 ? search.hits.flatMap(findingsOf) : cutOff(input, exact[0], own)
  return findings.map((finding) => explanationOf(finding, input.found ?? 'header', format))
}

const isExact = ({ form }: Hit) => form.members[0]?.id === 'exact'
const isOwn = ({ id }: SigningKey) => id === 'secret' || id === 'previous'

function findingsOf(hit: Hit): Finding[] {
  // What comes out as the body itself, or as a secret itself, is no mistake.
  const forms = isExact(hit) ? hit.form.members.slice(0, 1) : hit.form.members
  const keys = hit.key === undefined ? [undefined] : ownOrAll(hit.key)
  const { construction, hash } = hit
  return forms.flatMap((form) =>
    keys.flatMap((key) =>
      hit.reads.map(({ encoding, around }) => ({ form, key, construction, hash, encoding, around })),
    ),
  )
}

function ownOrAll({ members }: Group<SigningKey>): readonly SigningKey[] {
  return members[0] !== undefined && isOwn(members[0]) ? members.slice(0, 1) : members
}

/** A right signature of which only the beginning is there. */
function cutOff(input: ExplainInput, exact: Group<BodyForm> | undefined, own: readonly Group<SigningKey>[]): Finding[] {
  const { secrets, previousSecrets = [], bytes, given, format = DEFAULT_SIGNATURE } = input
  const beginning = splitPrefix(given.trim(), format.prefix).text
  const [form] = exact?.members ?? []
  if (beginning.length < CUT_MIN_LENGTH || form === undefined) return []
  return own.flatMap(({ members: [key] }) => {
    const secret = (key?.id === 'secret' ? secrets : previousSecrets)[key?.secretIndex ?? 0] ?? ''
    // No signature of an empty key is a right one.
    if (secret === '') return []
    const digest = sign(secret, bytes, { prefix: '', encoding: format.encoding })
    if (digest.length === beginning.length || !digest.startsWith(beginning)) return []
    return [{ form, key, construction: 'hmac', hash: 'sha256', encoding: format.encoding, around: 'cut' } as const]
  })
}

function explanationOf(
  found: Finding,
  where: 'header' | 'text',
  format: Pick<SignatureFormat, 'prefix' | 'encoding'>,
): SignatureExplanation {
  const finding: Finding = where === 'text' && found.around !== 'cut' ? { ...found, around: 'as-expected' } : found
  const { form, key, encoding, around } = finding
  const algorithm = algorithmOf(finding)
  return {
    right:
      form.id === 'exact' &&
      key?.id === 'secret' &&
      algorithm === 'hmac-sha256' &&
      encoding === format.encoding &&
      around === 'as-expected',
    body: form.id,
    key: key?.id ?? 'none',
    ...(key?.secretIndex === undefined ? {} : { secretIndex: key.secretIndex }),
    algorithm,
    encoding,
    around,
    sentence: sentenceOf(finding, format),
  }
}
