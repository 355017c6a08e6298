import { unreachable } from '../errors.ts'
import type { EventType } from '../contract/event-types.ts'
import type { Identifier, Pseudonym, Pseudonyms } from './pseudonym.ts'
import type { ScrubPlace } from './scrub-places.ts'

/** What a value is to a scrub. `kept` is known not to be personal, `unknown` is not. */
export type Role =
  | `member.${'id' | 'externalId' | 'email' | 'firstName' | 'lastName' | 'birthDate'}`
  | `manager.${'id' | 'name'}`
  | 'text'
  | 'kept'
  | 'unknown'

/** Who an event is about, and who at the company did it. */
export interface People {
  readonly member: Pseudonym
  readonly manager: Pseudonym
  /** The member's own identifiers, to see where one of them is used as another. */
  readonly own: Readonly<Partial<Record<Identifier['kind'], string>>>
}

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...(['id', 'externalId', 'email', 'firstName', 'lastName', 'birthDate'] as const).map(
    (field) => [`member.${field}`, `member.${field}`] as const,
  ),
  ['member.language', 'kept'],
  ['member.country', 'kept'],
  ['member.enrolledAt', 'kept'],
  ...['data.correctedBy', 'data.givenBy'].flatMap(
    (path) =>
      [
        [`${path}.id`, 'manager.id'],
        [`${path}.name`, 'manager.name'],
      ] as const,
  ),
  ['data.message', 'text'],
  // Where a member came from is theirs to say: its query may name them.
  ['data.referrer', 'unknown'],
])
/** Why a manager corrected a balance is free text; why a level changed is one of three words. */
const CORRECTIONS: readonly EventType[] = ['point_correction_plus', 'point_correction_minus']

/** What stands in for a text that people wrote. */
export const SCRUBBED_TEXT = '[scrubbed]'

/** What a value is, by where it stands. */
export function roleOf({ modelPath, owner }: ScrubPlace, type: EventType): Role {
  // An unknown field of the member is the member's: a phone number, a street.
  if (modelPath === undefined) return owner === 'member' ? 'text' : 'unknown'
  if (modelPath === 'data.reason' && CORRECTIONS.includes(type)) return 'text'
  return ROLES.get(modelPath) ?? (modelPath.startsWith('member.') ? 'text' : 'kept')
}

/** What is written instead of a personal value; a number stays a number. */
export function standIn(
  role: Exclude<Role, 'kept' | 'unknown'>,
  value: string | number,
  people: People,
): string | number {
  const { member, manager, own } = people
  const stand = (text: string) => (typeof value === 'number' ? 0 : text)
  switch (role) {
    case 'member.externalId':
      if (typeof value === 'number') return Number(member.numericExternalId)
      // Some use the e-mail address, or Qualifio's own id, as the identity at the company.
      if (value === own.id) return member.id
      if (value.toLowerCase() === own.email) return member.email
      return /^\d+$/.test(value) ? member.numericExternalId : member.externalId
    case 'member.id':
      return typeof value === 'number' ? Number(member.numericExternalId) : member.id
    case 'member.email':
      return stand(member.email)
    case 'member.firstName':
      return stand(member.firstName)
    case 'member.lastName':
      return stand(member.lastName)
    case 'member.birthDate':
      return stand(member.birthDate)
    case 'manager.id':
      return typeof value === 'number'
        ? Number(manager.numericExternalId)
        : manager.externalId.replace('member', 'manager')
    case 'manager.name':
      return stand(`${manager.firstName} ${manager.lastName}`)
    case 'text':
      // A number in a field of the member that nobody knows may be a score as well as a telephone.
      return typeof value === 'number' ? value : SCRUBBED_TEXT
    default:
      return unreachable(role)
  }
}

/** Finds personal data where it is not expected. */
export interface Sweep {
  readonly people: People
  /** Replaces every e-mail address; with `names` the member's own values too. */
  text(text: string, what: 'addresses' | 'names'): string
  value(value: string | number, what: 'addresses' | 'names'): string | number
}

/** An address, also percent-encoded in a URL; the lengths are bounded (RFC 5321), so that no text takes long. */
const ADDRESS = /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu
/** Shorter names and ids stand in too many words that have nothing to do with them. */
const SHORTEST_NAME = 3

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
  const roles = ['member.id', 'member.externalId', 'member.lastName', 'member.firstName', 'manager.name'] as const
  const words = roles.flatMap((role) => {
    const word = given.get(role)
    return word === undefined || word.length < SHORTEST_NAME
      ? []
      : [[word, String(standIn(role, word, people))] as const]
  })

  function text(text: string, what: 'addresses' | 'names'): string {
    const swept = !/@|%40/.test(text)
      ? text
      : text.replace(ADDRESS, (address) => {
          const value = address.replace(/%40/i, '@').toLowerCase()
          return pseudonyms.of([{ kind: 'email', value }]).email
        })
    return what === 'addresses' ? swept : words.reduce((rest, [word, stand]) => rest.replaceAll(word, stand), swept)
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
