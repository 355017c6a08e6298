import { unreachable } from '../errors.ts'
import type { EventType } from '../contract/event-types.ts'
import type { Identifier, Pseudonym } from './pseudonym.ts'
import type { ScrubPlace } from './scrub-places.ts'

/** What a value is to a scrub. `kept` is known not to be personal, `unknown` is not. */
export type Role =
  | `member.${'id' | 'externalId' | 'email' | 'firstName' | 'lastName' | 'birthDate'}`
  | `manager.${'id' | 'name'}`
  | 'text'
  | 'code'
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
  // Who has the code has what it is worth.
  ['data.promoCode', 'code'],
  // Where a member came from, and with what, is theirs to say: it may name them.
  ['data.referrer', 'unknown'],
  ['data.browser.userAgent', 'unknown'],
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
  role: Exclude<Role, 'kept' | 'unknown' | 'code' | 'text'>,
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
    default:
      return unreachable(role)
  }
}
