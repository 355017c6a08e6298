import { z } from 'zod'
import { AT_LEAST_ONE, NOT_NEGATIVE } from './plain-words.ts'

/* The pieces that several events share. It loads zod, as event.ts does. */

/** A text of a form of its own, with what it must be. */
const formed = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error })

/** A UUID v4, lower case. */
export const uuid = () =>
  formed(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    'a UUID, version 4, in lower case, such as 0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10',
  )
/** RFC 3339 in UTC with milliseconds. */
export const timestamp = () => z.iso.datetime({ precision: 3 })
/** Points that move: at least one. */
export const points = () => z.int({ error: AT_LEAST_ONE }).positive({ error: AT_LEAST_ONE })
/** Points that stand: never negative. */
export const wholePoints = () => z.int({ error: NOT_NEGATIVE }).nonnegative({ error: NOT_NEGATIVE })

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
  rank: z
    .int({ error: AT_LEAST_ONE })
    .min(1, { error: AT_LEAST_ONE })
    .describe('position of the level, 1 is the first'),
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
    language: formed(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'a language tag, such as fr-BE').describe(
      'BCP 47 language tag, fr-BE',
    ),
    country: formed(/^[A-Z]{2}$/, 'a country code of two capitals, such as BE').describe(
      'ISO 3166-1 alpha-2 country code',
    ),
    enrolledAt: timestamp().describe('when the member joined the program'),
  })
  .describe('the member it happened to')
