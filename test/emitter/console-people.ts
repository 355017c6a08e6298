import type { EventType } from '../../src/contract/event-types.ts'
import type { MemberDetail, Named, WebhookView } from '../../src/emitter/view/views.ts'

/* Sample people and webhooks for the console's tests: nobody real. */

/** The programs of the samples. */
export const PROGRAMS: readonly Named[] = [
  { id: 'boreal-club', name: 'Boréal Club' },
  { id: 'boreal-pro', name: 'Boréal Pro' },
]

const FIRST = ['Emma', 'Louis', 'Nora', 'Jules', 'Lena', 'Arthur', 'Mila', 'Noah', 'Zoë', 'Victor', 'Alice', 'Tuur']
const LAST = ['Peeters', 'Dubois', 'Janssens', 'Schmidt', 'Maes', 'Lambert', 'Bakker', 'Weber', 'Claes', 'Moreau']
const LEVELS = [
  { id: 'explorer', name: 'Explorer', rank: 1, threshold: 0 },
  { id: 'silver', name: 'Silver', rank: 2, threshold: 500 },
  { id: 'gold', name: 'Gold', rank: 3, threshold: 2000 },
] as const
const REWARDS = [
  { id: 'tote-bag', name: 'Tote bag', cost: 150 },
  { id: 'voucher-10', name: 'Voucher of € 10', cost: 400 },
  { id: 'weekend', name: 'Weekend in the Ardennes', cost: 3200 },
] as const
const POINTS: Named = { id: 'points', name: 'Boréal Points' }
const STARS: Named = { id: 'stars', name: 'Boréal Stars' }

/** What a member has; the rest follows from it. */
export interface Purse {
  readonly points: number
  readonly lifetime: number
}

/** A member of the samples. */
export function sampleMember(number: number, purse: Purse, nowMs: number): MemberDetail {
  const [first = '', last = ''] = [FIRST[number % FIRST.length], LAST[(number * 7) % LAST.length]]
  const level = LEVELS.findLast(({ threshold }) => purse.lifetime >= threshold) ?? LEVELS[0]
  const next = LEVELS.find(({ threshold }) => threshold > purse.lifetime)
  return {
    id: `member-${number}`,
    name: `${first} ${last}`,
    externalId: `CRM-${10_000 + number}`,
    email: `${first}.${last}${number}@example.com`.toLowerCase(),
    language: ['fr', 'nl', 'de', 'en'][number % 4] ?? 'fr',
    country: ['BE', 'BE', 'DE', 'NL'][number % 4] ?? 'BE',
    enrolledAt: new Date(nowMs - (number + 3) * 26 * 3_600_000).toISOString(),
    program: PROGRAMS[number % 5 === 4 ? 1 : 0] as Named,
    level: { id: level.id, name: level.name, rank: level.rank },
    qualifyingPoints: purse.lifetime,
    nextLevel: next === undefined ? null : { name: next.name, missingPoints: next.threshold - purse.lifetime },
    balances: [
      { currency: POINTS, current: purse.points, lifetime: purse.lifetime },
      // Every third was given some by hand.
      { currency: STARS, current: (number % 9) + (number % 3 === 0 ? 160 : 0), lifetime: number % 9 },
    ],
    eventCount: 0,
    lastEventAt: null,
    history: [],
    rewards: REWARDS.filter(({ cost }) => cost <= purse.points).map((reward) => ({ ...reward, currency: POINTS })),
  }
}

/** What an event does to a purse, and what is said of it. */
export const HAPPENINGS: Readonly<
  Record<EventType, { readonly says: (points: number) => string; readonly sign: -1 | 0 | 1 }>
> = {
  profile_creation: { says: () => 'joined Boréal Club', sign: 0 },
  member_portal_visit: { says: () => 'visited the portal (rewards)', sign: 0 },
  change_in_level: { says: () => 'is now Silver (was Explorer)', sign: 0 },
  earning: { says: (points) => `earned ${points} Boréal Points (Win a quiz)`, sign: 1 },
  burning: { says: (points) => `spent ${points} Boréal Points on "Tote bag"`, sign: -1 },
  point_correction_plus: { says: (points) => `was given ${points} Boréal Points by a program manager`, sign: 1 },
  point_correction_minus: { says: (points) => `lost ${points} Boréal Points to a correction`, sign: -1 },
  free_gift: { says: () => 'was given "Birthday cake" by a program manager', sign: 0 },
}

/** A webhook of the samples. How it answers is in its URL: `/ok`, `/error`, `/flaky`, `/down`, `/hostile`. */
export function sampleWebhook(id: string, name: string, more: Partial<WebhookView> = {}): WebhookView {
  return {
    id,
    name,
    url: `http://localhost:3000/${name}/ok`,
    header: null,
    hasSecret: true,
    rotation: 'overlap',
    previousSecretUntil: null,
    scope: { events: null, programs: null },
    active: true,
    blocked: null,
    managedBy: 'request',
    createdAt: new Date(1_700_000_000_000).toISOString(),
    counts: { queued: 0, retrying: 0, delivered: 0, blocked: 0, cancelled: 0 },
    ...more,
  }
}
