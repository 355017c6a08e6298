import { z } from 'zod'
import {
  currency,
  level,
  manager,
  memberSchema,
  movedBalance,
  named,
  points,
  promoCode,
  reward,
  timestamp,
  uuid,
  wholePoints,
} from './event-parts.ts'
import type { EventType } from './event-types.ts'

export { memberSchema } from './event-parts.ts'

/*
 * The event model: what happened, in our words. The fields are assumed (Qualifio has not
 * published them); the names and meanings of the eight types are documented. A wire contract
 * says how an event is written down. Every object lets unknown fields pass: a reader of
 * these events must ignore what it does not know.
 *
 * This module loads zod, so the path of generated payloads imports its types only.
 */

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
