import { z } from 'zod'
import type { EventType } from './event-types.ts'

/*
 * The event model: what happened, in our words. The fields are assumed (Qualifio has not
 * published them); the names and meanings of the eight types are documented. A wire contract
 * says how an event is written down. Every object lets unknown fields pass: a reader of
 * these events must ignore what it does not know.
 *
 * This module loads zod, so the path of generated payloads imports its types only.
 */

const uuid = () => z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
const timestamp = () => z.iso.datetime({ precision: 3 })
const points = () => z.int().positive()
const wholePoints = () => z.int().nonnegative()

const named = (what: string) =>
  z.looseObject({
    id: z.string().min(1).describe(`identifies the ${what}`),
    name: z.string().describe(`name of the ${what}`),
  })

const currency = named('currency').describe('the currency the points are counted in')

const level = z.looseObject({
  id: z.string().min(1).describe('identifies the level'),
  name: z.string().describe('name of the level'),
  rank: z.int().min(1).describe('position of the level, 1 is the first'),
})

const movedBalance = z
  .looseObject({
    currency,
    previous: wholePoints().describe('balance before this event'),
    current: wholePoints().describe('balance after this event'),
    lifetime: wholePoints().describe('points ever earned in this currency; grows by earnings only'),
  })
  .describe('the balance this event moved, in whole points, never negative')

const reward = z
  .looseObject({
    id: z.string().min(1).describe('identifies the reward'),
    name: z.string().describe('name of the reward'),
    kind: z.enum(['promo_code', 'physical', 'donation']).describe('what the member gets'),
  })
  .describe('the reward')

const promoCode = z.string().nullable().describe('unique code, or null when the reward has none')
const manager = (what: string) => named('program manager').describe(what)

/** A member of the program, as every event carries them. */
export const memberSchema = z
  .looseObject({
    id: uuid().describe("the member's identity in Qualifio"),
    externalId: z.string().min(1).describe("the SSO subject: the member's identity at the company"),
    email: z.email().describe('e-mail address'),
    firstName: z.string().describe('first name'),
    lastName: z.string().describe('surname'),
    birthDate: z.iso.date().nullable().describe('date of birth, YYYY-MM-DD, or null'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
      .describe('BCP 47 language tag, fr-BE'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .describe('ISO 3166-1 alpha-2 country code'),
    enrolledAt: timestamp().describe('when the member joined the program'),
  })
  .describe('the member it happened to')

const common = {
  id: uuid().describe("this event's identity, the same in every retry: what a receiver deduplicates on"),
  occurredAt: timestamp().describe(
    'when it happened, RFC 3339 in UTC with milliseconds; never decreases within one member',
  ),
  program: named('loyalty program').describe('the loyalty program'),
  member: memberSchema,
}

const correction = z.looseObject({
  points: points().describe('points added or taken off'),
  reason: z.string().describe('why the manager corrected the balance'),
  correctedBy: manager('the program manager who did it'),
  balance: movedBalance,
})

/** One schema per event: forgetting one does not compile. */
export const eventSchemas = {
  profile_creation: z.looseObject({
    ...common,
    type: z.literal('profile_creation').describe('what happened'),
    data: z.looseObject({
      authentication: z.enum(['sso', 'secure_token', 'api']).describe('how the member authenticated'),
      level: level.describe("the program's first level"),
      balances: z
        .array(
          z.looseObject({
            currency,
            previous: wholePoints().describe('always 0 here'),
            current: wholePoints().describe('balance, 0 at the start'),
            lifetime: wholePoints().describe('points ever earned, 0 at the start'),
          }),
        )
        .describe('one balance per currency of the program, all zero'),
    }),
  }),
  member_portal_visit: z.looseObject({
    ...common,
    type: z.literal('member_portal_visit').describe('what happened'),
    data: z.looseObject({
      visitId: uuid().describe('identifies the visit'),
      page: z.enum(['home', 'rewards', 'earn', 'history', 'profile']).describe('the page of the portal'),
      browser: z
        .looseObject({
          device: z.enum(['desktop', 'mobile', 'tablet']).describe('kind of device'),
          userAgent: z.string().describe("the browser's User-Agent"),
        })
        .describe('the browser'),
      referrer: z.url().nullable().describe('where the member came from, a URL or null'),
    }),
  }),
  change_in_level: z.looseObject({
    ...common,
    type: z.literal('change_in_level').describe('what happened'),
    data: z.looseObject({
      previousLevel: level.describe('the level before'),
      newLevel: level.describe('the level after'),
      direction: z.enum(['upgrade', 'downgrade']).describe('up or down'),
      reason: z.enum(['threshold_reached', 'qualification_expired', 'manual']).describe('why'),
      qualifyingPoints: wholePoints().describe(
        "points of the qualifying currency earned since the level's last expiry",
      ),
      validUntil: timestamp().nullable().describe('until when the new level holds, or null when it does not expire'),
    }),
  }),
  earning: z.looseObject({
    ...common,
    type: z.literal('earning').describe('what happened'),
    data: z.looseObject({
      points: points().describe('points earned'),
      rule: named('earning rule').describe('the earning rule that gave them'),
      source: z
        .looseObject({
          platform: z.string().describe('where the action took place, Qualifio Engage'),
          action: z.string().describe('what the member did, Campaign participation'),
        })
        .describe('what the points were earned with'),
      expiresAt: timestamp().nullable().describe('when these points expire, or null'),
      balance: movedBalance,
    }),
  }),
  burning: z.looseObject({
    ...common,
    type: z.literal('burning').describe('what happened'),
    data: z.looseObject({
      points: points().describe('points spent: what the reward costs'),
      reward,
      promoCode,
      balance: movedBalance,
    }),
  }),
  point_correction_plus: z.looseObject({
    ...common,
    type: z.literal('point_correction_plus').describe('what happened'),
    data: correction,
  }),
  point_correction_minus: z.looseObject({
    ...common,
    type: z.literal('point_correction_minus').describe('what happened'),
    data: correction,
  }),
  free_gift: z.looseObject({
    ...common,
    type: z.literal('free_gift').describe('what happened'),
    data: z.looseObject({
      reward,
      promoCode,
      message: z.string().nullable().describe('what the manager wrote to the member, or null'),
      givenBy: manager('the program manager who gave it'),
    }),
  }),
} satisfies Record<EventType, z.ZodType>

/** Any of the eight, told apart by `type`. */
export const loyaltyEventSchema = z.discriminatedUnion('type', [
  eventSchemas.profile_creation,
  eventSchemas.member_portal_visit,
  eventSchemas.change_in_level,
  eventSchemas.earning,
  eventSchemas.burning,
  eventSchemas.point_correction_plus,
  eventSchemas.point_correction_minus,
  eventSchemas.free_gift,
])

/** The event of one type, `EventOf<'earning'>`. */
export type EventOf<T extends EventType> = z.infer<(typeof eventSchemas)[T]>
/** One event: an element of a payload, in the event model. */
export type LoyaltyEvent = { [T in EventType]: EventOf<T> }[EventType]
/** A member, as every event carries them. */
export type Member = z.infer<typeof memberSchema>
/** A balance that an event moved, in whole points. */
export type Balance = z.infer<typeof movedBalance>
/** A level of a program. */
export type Level = z.infer<typeof level>
