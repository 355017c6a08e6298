import type { EventType } from '../contract/event-types.ts'
import type { Identifier, Pseudonyms } from './pseudonym.ts'
import type { ScrubPlace } from './scrub-places.ts'
import { roleOf, standIn } from './scrub-rules.ts'
import type { People, Role } from './scrub-rules.ts'
import { wordPattern } from './scrub-words.ts'
import type { Word } from './scrub-words.ts'

/** Finds personal data where it is not expected. */
export interface Sweep {
  readonly people: People
  /** Replaces every e-mail address; with `names` the member's own values too. */
  text(text: string, what: 'addresses' | 'names'): string
  value(value: string | number, what: 'addresses' | 'names'): string | number
}

/** An address, also percent-encoded in a URL; the lengths are bounded (RFC 5321), so that no text takes long. */
const ADDRESS = /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu
/** Shorter ids stand in too many words that have nothing to do with them. */
const SHORTEST_ID = 3
const SHORTEST_NAME = 2

/** @param values all places of one event */
export function createSweep(values: readonly ScrubPlace[], type: EventType, pseudonyms: Pseudonyms): Sweep {
  const given = new Map<Role, string>()
  for (const place of values) {
    const { value } = place.node
    const role = roleOf(place, type)
    if (value !== null && value !== '' && !given.has(role)) given.set(role, String(value))
  }
  const own = {
    id: given.get('member.id'),
    externalId: given.get('member.externalId'),
    email: given.get('member.email')?.toLowerCase(),
    name: nameOf([given.get('member.firstName'), given.get('member.lastName')]),
  }
  const manager = { id: given.get('manager.id'), name: given.get('manager.name') }
  const people: People = {
    member: pseudonyms.of(identifiersOf(own)),
    manager: pseudonyms.of(identifiersOf({ id: manager.id && `manager ${manager.id}`, name: manager.name })),
    own: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  }
  // Made when it is needed: most events hold nothing that is not in the contract.
  let pattern: ReturnType<typeof wordPattern> | undefined

  function text(text: string, what: 'addresses' | 'names'): string {
    if (what === 'addresses') return /@|%40/.test(text) ? text.replace(ADDRESS, standInOfAddress) : text
    pattern ??= wordPattern(ADDRESS.source, words())
    // At once: a pseudonym is not to be taken for a name in its turn.
    return pattern.replace(text, standInOfAddress)
  }

  function standInOfAddress(address: string): string {
    const value = address.replace(/%40/i, '@').toLowerCase()
    return pseudonyms.of([{ kind: 'email', value }]).email
  }

  function words(): readonly Word[] {
    const of = (role: Role & `${'member' | 'manager'}.${string}`, shortest: number, kind: Word['kind']) => {
      const word = given.get(role)
      return word === undefined || word.length < shortest
        ? []
        : [{ word, stand: String(standIn(role, word, people)), kind }]
    }
    const code = given.get('code')
    return [
      ...of('member.id', SHORTEST_ID, 'id'),
      ...of('member.externalId', SHORTEST_ID, 'id'),
      ...of('member.email', SHORTEST_ID, 'id'),
      ...of('member.lastName', SHORTEST_NAME, 'name'),
      ...of('member.firstName', SHORTEST_NAME, 'name'),
      ...of('manager.name', SHORTEST_NAME, 'name'),
      ...dates(given.get('member.birthDate'), people.member.birthDate),
      ...(code === undefined || code.length < SHORTEST_CODE
        ? []
        : [{ word: code, stand: pseudonyms.like(code), kind: 'id' } as const]),
    ]
  }

  return {
    people,
    text,
    value: (value, what) => {
      if (typeof value === 'string') return text(value, what)
      return what === 'names' && String(value) === own.externalId ? Number(people.member.numericExternalId) : value
    },
  }
}

const SHORTEST_CODE = 5

/** A birth date in the ways that people write one, each with its stand-in written alike. */
function dates(born: string | undefined, stand: string): readonly Word[] {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(born ?? '') ?? []
  if (year === undefined) return []
  const [standYear, standMonth, standDay] = stand.split('-')
  return ['-', '/', '.', ''].flatMap((by) => [
    { word: [year, month, day].join(by), stand: [standYear, standMonth, standDay].join(by), kind: 'id' } as const,
    { word: [day, month, year].join(by), stand: [standDay, standMonth, standYear].join(by), kind: 'id' } as const,
  ])
}

function nameOf(parts: readonly (string | undefined)[]): string | undefined {
  const name = parts.filter((part) => part !== undefined).join(' ')
  return name === '' ? undefined : name
}

/** The name alone tells a person only where nothing else does. */
function identifiersOf(own: Readonly<Partial<Record<Identifier['kind'], string | undefined>>>): readonly Identifier[] {
  const kinds = ['id', 'externalId', 'email'] as const
  const telling = kinds.flatMap((kind) => (own[kind] === undefined ? [] : [{ kind, value: own[kind] }]))
  return telling.length > 0 || own.name === undefined ? telling : [{ kind: 'name', value: own.name }]
}
