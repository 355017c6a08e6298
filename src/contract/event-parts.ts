import { z } from 'zod'

/* The pieces that several events share. It loads zod, as event.ts does. */

/** A UUID v4, lower case. */
export const uuid = () => z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
/** RFC 3339 in UTC with milliseconds. */
export const timestamp = () => z.iso.datetime({ precision: 3 })
/** Points that move: at least one. */
export const points = () => z.int().positive()
/** Points that stand: never negative. */
export const wholePoints = () => z.int().nonnegative()

/** Something with an identity and a name. */
export const named = (what: string) =>
  z.looseObject({
    id: z.string().min(1).describe(`identifies the ${what}`),
    name: z.string().describe(`name of the ${what}`),
  })

/** What points are counted in. */
export const currency = named('currency').describe('the currency the points are counted in')

/** A level of a program. */
export const level = z.looseObject({
  id: z.string().min(1).describe('identifies the level'),
  name: z.string().describe('name of the level'),
  rank: z.int().min(1).describe('position of the level, 1 is the first'),
})

/** The balance that an event moved. */
export const movedBalance = z
  .looseObject({
    currency,
    previous: wholePoints().describe('balance before this event'),
    current: wholePoints().describe('balance after this event'),
    lifetime: wholePoints().describe('points ever earned in this currency; grows by earnings only'),
  })
  .describe('the balance this event moved, in whole points, never negative')

/** What a member gets for points, or as a gift. */
export const reward = z
  .looseObject({
    id: z.string().min(1).describe('identifies the reward'),
    name: z.string().describe('name of the reward'),
    kind: z.enum(['promo_code', 'physical', 'donation']).describe('what the member gets'),
  })
  .describe('the reward')

/** The code of a reward that has one. */
export const promoCode = z.string().nullable().describe('unique code, or null when the reward has none')
/** Who works on the program at the company. */
export const manager = (what: string) => named('program manager').describe(what)

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
