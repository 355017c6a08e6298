import { createHash, createHmac } from 'node:crypto'
import type { Hash } from 'node:crypto'
import type { BodyForm } from './explain-bodies.ts'
import type { ReadDigest } from './explain-given.ts'
import type { SigningKey } from './explain-keys.ts'
import type { Construction } from './explain-sentence.ts'

/** Body forms, or keys, that have the same bytes: hashed once, told apart by name only. */
export interface Group<T extends BodyForm | SigningKey> {
  readonly bytes: Uint8Array
  readonly members: T[]
}

/** Groups by their bytes, in the order in which they came. */
export type Groups<T extends BodyForm | SigningKey> = Map<string, Group<T>>

/** Puts one more into its group; the group if it is a new one. */
export function addTo<T extends BodyForm | SigningKey>(groups: Groups<T>, member: T): Group<T> | undefined {
  const { bytes } = member
  const content =
    bytes.length > 64 ? createHash('sha1').update(bytes).digest('base64') : Buffer.from(bytes).toString('latin1')
  const id = `${bytes.length}:${content}`
  const known = groups.get(id)
  if (known !== undefined) {
    known.members.push(member)
    return undefined
  }
  const group = { bytes, members: [member] }
  groups.set(id, group)
  return group
}

/** A digest that was made here and given there. */
export interface Hit {
  readonly form: Group<BodyForm>
  /** Absent where nothing but the body was hashed. */
  readonly key: Group<SigningKey> | undefined
  readonly construction: Construction
  readonly hash: string
  /** The ways to read the value that lead to this digest. */
  readonly reads: readonly ReadDigest[]
}

/** The hash whose digest has this length in bytes. */
export const HASH_OF_LENGTH: ReadonlyMap<number, string> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [32, 'sha256'],
  [64, 'sha512'],
])

/** What a call costs beside the bytes it hashes, in bytes. */
const CALL_BYTES = 2500

/** Makes digests until the wanted ones are found or the limit is reached. */
export interface Search {
  readonly hits: readonly Hit[]
  /** Whether there is nothing left to look for, or nothing left to spend. */
  isOver(): boolean
  /** Takes so many bytes from what may be spent, for work done elsewhere. */
  spend(bytes: number): void
  /** HMAC of a form with keys, those left out that it was tried with before. */
  hmac(form: Group<BodyForm>, keys: Iterable<Group<SigningKey>>): void
  /** A form without HMAC, or with the arguments of HMAC exchanged. */
  otherwise(
    form: Group<BodyForm>,
    keys: { readonly own: Iterable<Group<SigningKey>>; readonly all: Iterable<Group<SigningKey>> },
  ): void
}

/** A search for the digests that a value may stand for. The length of a digest says which hash made it. */
export function createSearch(reads: readonly ReadDigest[], limitBytes: number): Search {
  const wanted = new Map<string, ReadDigest[]>()
  for (const read of reads) {
    const digest = read.digest.toString('latin1')
    wanted.set(digest, [...(wanted.get(digest) ?? []), read])
  }
  const hashes = [...new Set(reads.flatMap(({ digest }) => HASH_OF_LENGTH.get(digest.length) ?? []))]
  const hits: Hit[] = []
  const tried = new Map<Group<BodyForm>, Set<Group<SigningKey>>>()
  let leftBytes = limitBytes

  const isOver = () => wanted.size === 0 || leftBytes <= 0

  function compare(digest: Buffer, made: Omit<Hit, 'reads'>): void {
    const key = digest.toString('latin1')
    const found = wanted.get(key)
    if (found === undefined) return
    // Nothing else has this digest but what has the same bytes, and that is in the same group.
    wanted.delete(key)
    hits.push({ ...made, reads: found })
  }

  return {
    hits,
    isOver,
    spend: (bytes) => void (leftBytes -= bytes),
    hmac(form, keys) {
      const before = tried.get(form) ?? new Set()
      tried.set(form, before)
      for (const key of keys) {
        if (isOver()) return
        if (before.has(key)) continue
        before.add(key)
        for (const hash of hashes) {
          leftBytes -= form.bytes.length + CALL_BYTES
          const digest = createHmac(hash, key.bytes).update(form.bytes).digest()
          compare(digest, { form, key, construction: 'hmac', hash })
        }
      }
    },
    otherwise(form, { own, all }) {
      for (const hash of hashes) {
        if (isOver()) return
        leftBytes -= form.bytes.length + CALL_BYTES
        const state = createHash(hash).update(form.bytes)
        const plain = digestOf(state)
        compare(plain, { form, key: undefined, construction: 'plain', hash })
        // HMAC hashes a key that is longer than a block, so the long body need not be hashed again.
        const bodyAsKey = form.bytes.length > (hash === 'sha512' ? 128 : 64) ? plain : form.bytes
        for (const key of all) {
          leftBytes -= 2 * CALL_BYTES
          compare(state.copy().update(key.bytes).digest(), { form, key, construction: 'body-secret', hash })
          const swapped = createHmac(hash, bodyAsKey).update(key.bytes).digest()
          compare(swapped, { form, key, construction: 'swapped', hash })
        }
        for (const key of own) {
          leftBytes -= form.bytes.length + CALL_BYTES
          const digest = createHash(hash).update(key.bytes).update(form.bytes).digest()
          compare(digest, { form, key, construction: 'secret-body', hash })
        }
      }
    },
  }
}

function digestOf(state: Hash): Buffer {
  return state.copy().digest()
}
