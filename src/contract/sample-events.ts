import type { EventOf } from './event.ts'
import type { EventType } from './event-types.ts'

/* One fixed event of each type, for the examples of an exported contract: one member's first days, so they add up. */

const program = { id: 'prog-maison', name: 'Club Maison' }
const stars = { id: 'cur-stars', name: 'Étoiles' }
const newcomer = { id: 'lvl-1', name: 'Bronze', rank: 1 }
const regular = { id: 'lvl-2', name: 'Argent', rank: 2 }
const manager = { id: 'mgr-7', name: 'Customer care' }
const voucher = { id: 'rwd-12', name: 'Bon de 5 €', kind: 'promo_code' } as const
const member = {
  id: '5f0c7a52-6d1e-4c1b-9a55-0b7d1f3e2a10',
  externalId: 'sso-100234',
  email: 'zoe.peeters@example.com',
  firstName: 'Zoë',
  lastName: 'Peeters',
  birthDate: '1990-04-12',
  language: 'fr-BE',
  country: 'BE',
  enrolledAt: '2026-01-05T09:00:00.000Z',
}

/** An event of every type, valid under the model. */
export const SAMPLE_EVENTS: { readonly [T in EventType]: EventOf<T> } = {
  profile_creation: {
    id: '0a4e2f60-1111-4b6c-8d2e-3f1a5c7e9b01',
    type: 'profile_creation',
    occurredAt: member.enrolledAt,
    program,
    member,
    data: {
      authentication: 'sso',
      level: newcomer,
      balances: [{ currency: stars, previous: 0, current: 0, lifetime: 0 }],
    },
  },
  member_portal_visit: {
    id: '0a4e2f60-2222-4b6c-8d2e-3f1a5c7e9b02',
    type: 'member_portal_visit',
    occurredAt: '2026-01-05T09:00:04.250Z',
    program,
    member,
    data: {
      visitId: '7c9b1d34-5e6f-4a1b-8c2d-9e0f1a2b3c4d',
      page: 'home',
      browser: { device: 'mobile', userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)' },
      referrer: 'https://www.example.com/club',
    },
  },
  change_in_level: {
    id: '0a4e2f60-3333-4b6c-8d2e-3f1a5c7e9b03',
    type: 'change_in_level',
    occurredAt: '2026-01-09T18:30:00.000Z',
    program,
    member,
    data: {
      previousLevel: newcomer,
      newLevel: regular,
      direction: 'upgrade',
      reason: 'threshold_reached',
      qualifyingPoints: 500,
      validUntil: '2027-01-09T18:30:00.000Z',
    },
  },
  earning: {
    id: '0a4e2f60-4444-4b6c-8d2e-3f1a5c7e9b04',
    type: 'earning',
    occurredAt: '2026-01-09T18:30:00.000Z',
    program,
    member,
    data: {
      points: 500,
      rule: { id: 'rule-3', name: 'Participation à une campagne' },
      source: { platform: 'Qualifio Engage', action: 'Campaign participation' },
      expiresAt: null,
      balance: { currency: stars, previous: 0, current: 500, lifetime: 500 },
    },
  },
  burning: {
    id: '0a4e2f60-5555-4b6c-8d2e-3f1a5c7e9b05',
    type: 'burning',
    occurredAt: '2026-01-10T12:00:00.500Z',
    program,
    member,
    data: {
      points: 200,
      reward: voucher,
      promoCode: 'MAISON-7KQ2-9XWD',
      balance: { currency: stars, previous: 500, current: 300, lifetime: 500 },
    },
  },
  point_correction_plus: {
    id: '0a4e2f60-6666-4b6c-8d2e-3f1a5c7e9b06',
    type: 'point_correction_plus',
    occurredAt: '2026-01-11T08:15:00.000Z',
    program,
    member,
    data: {
      points: 50,
      reason: 'Geste commercial',
      correctedBy: manager,
      balance: { currency: stars, previous: 300, current: 350, lifetime: 500 },
    },
  },
  point_correction_minus: {
    id: '0a4e2f60-7777-4b6c-8d2e-3f1a5c7e9b07',
    type: 'point_correction_minus',
    occurredAt: '2026-01-11T08:20:00.000Z',
    program,
    member,
    data: {
      points: 20,
      reason: 'Erreur de saisie',
      correctedBy: manager,
      balance: { currency: stars, previous: 350, current: 330, lifetime: 500 },
    },
  },
  free_gift: {
    id: '0a4e2f60-8888-4b6c-8d2e-3f1a5c7e9b08',
    type: 'free_gift',
    occurredAt: '2026-01-12T10:00:00.000Z',
    program,
    member,
    data: { reward: voucher, promoCode: null, message: 'Joyeux anniversaire !', givenBy: manager },
  },
}
