import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { Random } from '../ports.ts'

/**
 * The stream of chance called `name` of a run with this seed. Streams of different names are
 * independent, so that what one consumer draws never changes what another one gets.
 * @param seed 0 to 4294967295
 */
export function randomStream(seed: number, name: string): Random {
  const generator = xoroshiro128plusFromState(stateOf(seed, name))
  const next32 = () => generator.next() >>> 0
  const int = (min: number, max: number) => uniformInt(generator, min, max)
  return {
    next32,
    float: () => next32() / 0x1_0000_0000,
    int,
    pick: (list) => {
      if (list.length === 0) throw new Error('pick from an empty list')
      return list[int(0, list.length - 1)] as (typeof list)[number]
    },
  }
}

/**
 * 128 bits out of (seed, name): four lanes of a multiplicative string hash that differ in offset
 * and multiplier, mixed into each other and finished as MurmurHash3 does, so that `member:1` and
 * `member:2` share nothing.
 */
function stateOf(seed: number, name: string): [number, number, number, number] {
  let a = 0x811c9dc5 ^ seed
  let b = 0x2f6e2b1d ^ finish(seed + 0x9e3779b9)
  let c = 0x6c078965 ^ finish(seed ^ 0x85ebca6b)
  let d = 0x1b873593 ^ finish(~seed)
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca77) ^ (a >>> 15)
    c = Math.imul(c ^ code, 0xc2b2ae3d) ^ (b >>> 13)
    d = Math.imul(d ^ code, 0x27d4eb2f) ^ (c >>> 16)
  }
  a = finish(a ^ name.length ^ d)
  b = finish(b ^ a)
  c = finish(c ^ b)
  d = finish(d ^ c)
  // The generator stands still in the all-zero state only.
  return [a, b, c, d | 1]
}

/** MurmurHash3's finaliser: every input bit changes every output bit with probability one half. */
function finish(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** The letters of the UUID that is being written, dashes in their places. */
const letters = Buffer.from('00000000-0000-0000-0000-000000000000')
const HEX_DIGITS = Buffer.from('0123456789abcdef')
/** Where the eight hexadecimal digits of each quarter go. */
const PLACES = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
] as const

/** A UUID, version 4 (RFC 9562), lower case. */
export function uuidV4(random: Random): string {
  writeQuarter(0, random.next32())
  writeQuarter(1, (random.next32() & 0xffff_0fff) | 0x4000)
  writeQuarter(2, (random.next32() & 0x3fff_ffff) | 0x8000_0000)
  writeQuarter(3, random.next32())
  // Every payload has some: joined from pieces they cost three times as much.
  return letters.toString('latin1')
}

function writeQuarter(quarter: 0 | 1 | 2 | 3, bits: number): void {
  const places = PLACES[quarter]
  for (let digit = 0; digit < 8; digit++)
    letters[places[digit] as number] = HEX_DIGITS[(bits >>> (28 - 4 * digit)) & 15] as number
}

/** Crockford's alphabet: no I, L, O or U, so that a code can be read aloud. */
const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `count` letters of five random bits each. */
export function codeLetters(random: Random, count: number): string {
  let letters = ''
  let bits = 0
  for (let index = 0; index < count; index++) {
    if (index % 6 === 0) bits = random.next32()
    letters += CODE_LETTERS[bits & 31]
    bits >>>= 5
  }
  return letters
}

/** A promo code: 80 random bits, so that no two of a run are the same, `7K3Q-9XWM-0F2A-PT6Z`. */
export function promoCode(random: Random): string {
  const letters = codeLetters(random, 16)
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8, 12)}-${letters.slice(12)}`
}
