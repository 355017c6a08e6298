import * as fc from 'fast-check'
import { eventSchemas } from '../../src/contract/event.ts'
import type { EventOf, LoyaltyEvent } from '../../src/contract/event.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import type { EventType } from '../../src/contract/event-types.ts'

/*
 * Events that are valid under the model and otherwise as odd as they can be: any text, any time, any
 * number of points. They do not add up; `program/` makes those that do.
 */

/** Any text: quotes, control characters, emoji, slashes, what HTML and JavaScript treat specially. No surrogate alone. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    '/',
    '</script>',
    'a & b',
    'Zoë 🎁',
    '"quoted"',
    'back\\slash',
    '\u2028\u2029',
    '\u007f\u0000\b\f\n\r\t',
    '{{id}}',
    '__proto__',
  ),
)

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length })
const uuid = fc
  .tuple(hex(8), hex(4), hex(3), fc.constantFrom('8', '9', 'a', 'b'), hex(3), hex(12))
  .map(([a, b, c, d, e, f]) => `${a}-${b}-4${c}-${d}${e}-${f}`)
const id = fc.oneof(
  anyText.filter((text) => text !== ''),
  fc.string({ minLength: 1, maxLength: 8 }),
)
const timestamp = fc
  .date({ min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2015-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const wholePoints = fc.oneof(fc.nat(100_000), fc.maxSafeNat())
const points = wholePoints.map((value) => Math.max(1, value))
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })

const named = fc.record({ id, name: anyText })
const balance = fc.record({ currency: named, previous: wholePoints, current: wholePoints, lifetime: wholePoints })
const level = fc.record({ id, name: anyText, rank: fc.integer({ min: 1, max: 9 }) })
const reward = fc.record({ id, name: anyText, kind: fc.constantFrom('promo_code' as const, 'physical', 'donation') })

const member = fc.record({
  id: uuid,
  externalId: id,
  email: fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/), fc.constantFrom('com', 'net', 'org'))
    .map(([name, top]) => `${name}@example.${top}`),
  firstName: anyText,
  lastName: anyText,
  birthDate: orNull(day),
  language: fc.constantFrom('fr-BE', 'nl-BE', 'de', 'zh-Hant-TW'),
  country: fc.constantFrom('BE', 'FR', 'NL'),
  enrolledAt: timestamp,
})

const correction = fc.record({ points, reason: anyText, correctedBy: named, balance })

const data: { readonly [T in EventType]: fc.Arbitrary<EventOf<T>['data']> } = {
  profile_creation: fc.record({
    authentication: fc.constantFrom('sso' as const, 'secure_token', 'api'),
    level,
    balances: fc.array(balance, { maxLength: 3 }),
  }),
  member_portal_visit: fc.record({
    visitId: uuid,
    page: fc.constantFrom('home' as const, 'rewards', 'earn', 'history', 'profile'),
    browser: fc.record({ device: fc.constantFrom('desktop' as const, 'mobile', 'tablet'), userAgent: anyText }),
    referrer: orNull(fc.webUrl()),
  }),
  change_in_level: fc.record({
    previousLevel: level,
    newLevel: level,
    direction: fc.constantFrom('upgrade' as const, 'downgrade'),
    reason: fc.constantFrom('threshold_reached' as const, 'qualification_expired', 'manual'),
    qualifyingPoints: wholePoints,
    validUntil: orNull(timestamp),
  }),
  earning: fc.record({
    points,
    rule: named,
    source: fc.record({ platform: anyText, action: anyText }),
    expiresAt: orNull(timestamp),
    balance,
  }),
  burning: fc.record({ points, reward, promoCode: orNull(anyText), balance }),
  point_correction_plus: correction,
  point_correction_minus: correction,
  free_gift: fc.record({ reward, promoCode: orNull(anyText), message: orNull(anyText), givenBy: named }),
}

/** Events of one type, valid under the model. */
export function eventOf<T extends EventType>(type: T): fc.Arbitrary<EventOf<T>> {
  return fc
    .record({ id: uuid, occurredAt: timestamp, program: named, member, data: data[type] })
    .map(({ id: eventId, ...rest }) => eventSchemas[type].parse({ id: eventId, type, ...rest }) as EventOf<T>)
}

/** Events of any type, valid under the model. */
export const anyEvent: fc.Arbitrary<LoyaltyEvent> = fc.oneof(
  ...ALL_EVENT_TYPES.map((type) => eventOf(type) as fc.Arbitrary<LoyaltyEvent>),
)
