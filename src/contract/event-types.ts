import { nearest, UsageError } from '../errors.ts'

/** The `type` of an event, as the event model writes it. */
export type EventType =
  | 'profile_creation'
  | 'member_portal_visit'
  | 'change_in_level'
  | 'earning'
  | 'burning'
  | 'point_correction_plus'
  | 'point_correction_minus'
  | 'free_gift'

/** One of the eight events: how it is named here, how Qualifio labels it, and when it happens. */
export interface EventTypeInfo {
  /** Command-line name, `point-correction-plus`. */
  name: string
  /** Qualifio's label, `Point correction +` (documented). */
  label: string
  /** When Qualifio sends it (documented). */
  when: string
}

/** The eight events of Qualifio Loyalty, in the order of Qualifio's page (developers.qualifio.com/docs/loyalty/webhooks). */
export const EVENT_TYPES = {
  profile_creation: {
    name: 'profile-creation',
    label: 'Profile creation',
    when: "a member first authenticates through the company's SSO",
  },
  member_portal_visit: {
    name: 'member-portal-visit',
    label: 'Member portal visit',
    when: 'a member connects to and visits the member portal',
  },
  change_in_level: { name: 'change-in-level', label: 'Change in level', when: "a member's level changes" },
  earning: { name: 'earning', label: 'Earning', when: 'an earning flow is completed, the member earns points' },
  burning: {
    name: 'burning',
    label: 'Burning',
    when: 'a burning flow is completed, the member exchanges points for a reward',
  },
  point_correction_plus: {
    name: 'point-correction-plus',
    label: 'Point correction +',
    when: 'a program manager adds points to a balance',
  },
  point_correction_minus: {
    name: 'point-correction-minus',
    label: 'Point correction -',
    when: 'a program manager takes points off a balance',
  },
  free_gift: { name: 'free-gift', label: 'Free Gift', when: 'a program manager gives a member a gift' },
} as const satisfies Record<EventType, EventTypeInfo>

/** The eight wire types, in Qualifio's order. */
export const ALL_EVENT_TYPES = Object.keys(EVENT_TYPES) as readonly EventType[]

/** Every accepted spelling, lower case, to its type: name, wire type and label. */
const SPELLINGS: ReadonlyMap<string, EventType> = new Map(
  ALL_EVENT_TYPES.flatMap((type) =>
    [EVENT_TYPES[type].name, type, EVENT_TYPES[type].label].map((spelling) => [spelling.toLowerCase(), type] as const),
  ),
)

/**
 * The event type a user means, by command-line name, wire type or Qualifio's label, in any case.
 * @param alsoAccepted other words valid in the same place (`random`, `all`), for the suggestion only
 * @throws UsageError that lists the eight and offers the nearest
 */
export function parseEventType(text: string, alsoAccepted: readonly string[] = []): EventType {
  const type = SPELLINGS.get(text.trim().toLowerCase())
  if (type !== undefined) return type
  const names = ALL_EVENT_TYPES.map((known) => EVENT_TYPES[known].name)
  const near = nearest(text, [...names, ...alsoAccepted]) ?? SPELLINGS.get(nearest(text, SPELLINGS.keys()) ?? '')
  const suggestion = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(`unknown event "${text}"${suggestion} Known: ${[...names, ...alsoAccepted].join(', ')}.`)
}
