import type { Random } from '../ports.ts'
import { codeLetters, randomStream, uuidV4 } from '../program/random.ts'
import { boundedMap } from './bounded-map.ts'

/** Who stands in for a person. Everything is ASCII, so that it needs no escape in any dialect. */
export interface Pseudonym {
  readonly id: string
  /** Of digits alone, and of letters: whatever the person's own was made of. */
  readonly numericExternalId: string
  readonly externalId: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  /** YYYY-MM-DD */
  readonly birthDate: string
}

/** How a person is named somewhere: by which kind of identifier, and its value. */
export interface Identifier {
  readonly kind: 'id' | 'externalId' | 'email' | 'name'
  readonly value: string
}

/** Gives each person one pseudonym: the same for the same person, whichever of their identifiers are there. */
export interface Pseudonyms {
  /** @param identifiers the most telling first; it decides when another one is shared with somebody else */
  of(identifiers: readonly Identifier[]): Pseudonym
  /**
   * Another code or number of the same shape, the same for the same text: letters for letters in their case, digits
   * for digits. A zero at the beginning stays one, so that a number of JSON stays a number.
   */
  like(text: string): string
}

const FIRST_NAMES =
  'Ada Alma Aron Bas Bo Cleo Dina Elin Emil Enzo Fara Finn Gil Hana Ilse Ivo Jana Jori Kaat Kai Lena Levi Lio Mara Milo Mona Nel Nico Nora Odin Otto Pia Quin Rafa Rosa Sam Senne Tess Timo Una Vera Wout Yara Zeno'.split(
    ' ',
  )
const LAST_NAMES =
  'Ashdown Birchall Calder Dunmore Eastleigh Fairway Greenholt Hartwell Ironside Jessop Kingsley Larkhill Merton Northcott Oakley Penrose Quarles Redfern Stonebridge Thornbury Underhill Vance Westbrook Yardley'.split(
    ' ',
  )
/** As many persons are kept together by all their identifiers; one who was forgotten is found by the first again. */
const REMEMBERED = 100_000

interface Person {
  readonly pseudonym: Pseudonym
  /** The first value of each kind that this person was seen with. */
  readonly values: Partial<Record<Identifier['kind'], string>>
}

/** @param seed 0 to 4294967295: the same seed, the same pseudonyms */
export function createPseudonyms(seed: number): Pseudonyms {
  const known = boundedMap<Person>(REMEMBERED)
  return {
    of(identifiers) {
      const [first = { kind: 'name', value: '' }] = identifiers
      const found = identifiers.map((identifier) => known.touch(keyOf(identifier)))
      // An e-mail address may be shared; a person with another id is another person.
      const person = found.find((one) => one !== undefined && isSame(one, first)) ?? {
        pseudonym: pseudonymOf(seed, keyOf(first)),
        values: {},
      }
      identifiers.forEach((identifier, index) => {
        person.values[identifier.kind] ??= identifier.value
        if (found[index] === undefined) known.add(keyOf(identifier), person)
      })
      return person.pseudonym
    },
    like(text) {
      // In one case, so that a code is one code however an endpoint writes it.
      const name = `like:${text.toUpperCase()}`
      for (let attempt = 0; attempt < LIKE_ATTEMPTS; attempt++) {
        const other = shapedLike(text, randomStream(seed, `${name}:${attempt}`))
        if (other !== text) return other
      }
      return text
    },
  }
}

/** A draw of one sign comes out as that sign now and then. */
const LIKE_ATTEMPTS = 20
const LETTERS = Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ')

function shapedLike(text: string, random: Random): string {
  let isFirst = true
  return text.replace(/\p{L}|\p{N}/gu, (sign) => {
    const wasFirst = isFirst
    isFirst = false
    if (!/\p{L}/u.test(sign))
      return wasFirst ? (sign === '0' ? '0' : String(random.int(1, 9))) : String(random.int(0, 9))
    const letter = random.pick(LETTERS)
    return sign === sign.toUpperCase() ? letter : letter.toLowerCase()
  })
}

function isSame({ values }: Person, { kind, value }: Identifier): boolean {
  return (values[kind] ?? value) === value
}

function keyOf({ kind, value }: Identifier): string {
  return `${kind}:${value}`
}

function pseudonymOf(seed: number, identifier: string): Pseudonym {
  const random = randomStream(seed, `pseudonym:${identifier}`)
  const firstName = random.pick(FIRST_NAMES)
  const lastName = random.pick(LAST_NAMES)
  // Fifty random bits, so that no two persons of a recording share them.
  const mark = codeLetters(random, 10).toLowerCase()
  return {
    id: uuidV4(random),
    externalId: `member-${mark}`,
    numericExternalId: digits(random),
    email: `${firstName}.${lastName}.${mark}@example.com`.toLowerCase(),
    firstName,
    lastName,
    birthDate: new Date(Date.UTC(random.int(1940, 2004), 0, random.int(1, 365))).toISOString().slice(0, 10),
  }
}

/** Fifteen digits, the first not zero: a number of JSON holds them exactly. */
function digits(random: Random): string {
  return String(random.int(1_000_000, 9_999_999)) + String(random.int(0, 99_999_999)).padStart(8, '0')
}
