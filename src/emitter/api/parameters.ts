import { z } from 'zod'
import { parseEventType } from '../../contract/event-types.ts'
import type { EventType } from '../../contract/event-types.ts'
import { nearest, UsageError } from '../../errors.ts'
import type { DeliveryState } from '../records.ts'
import { Refusal } from '../refusal.ts'
import type { Parameter } from './route.ts'
import { deliveryState } from './schemas/event.ts'

/** How many entries a page has when nobody says. */
export const DEFAULT_LIMIT = 50
const MOST_ENTRIES = 200

const text = (description: string): Parameter<string> => ({ description, schema: z.string(), read: (given) => given })

/** `{ id }` in the path. */
export const idOf = (what: string) => ({ id: text(`id of the ${what}`) })

/** `{ id }` in the path, a number from 1. */
export const numberOf = (what: string) => ({
  id: {
    description: `id of the ${what}`,
    schema: z.int().min(1),
    read: (given: string): number => {
      if (/^[1-9]\d{0,14}$/.test(given)) return Number(given)
      throw new Refusal('not-found', `There is no ${what} ${JSON.stringify(given)}; its id is a whole number from 1.`)
    },
  },
})

/** `limit` and `cursor` of a list. */
export const pageQuery = {
  limit: {
    description: `how many at most, ${DEFAULT_LIMIT} by default`,
    schema: z.int().min(1).max(MOST_ENTRIES),
    read: (given: string): number => {
      const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0
      if (limit >= 1 && limit <= MOST_ENTRIES) return limit
      throw new Refusal('invalid', `must be a whole number from 1 to ${MOST_ENTRIES}, not ${JSON.stringify(given)}`)
    },
  },
  cursor: text('`cursor` of the page before; the first page has none'),
}

/** Which members. */
export const memberQuery = {
  ...pageQuery,
  query: text('a part of the name, e-mail, id or externalId, in any case'),
}

/** The deliveries of one webhook. */
export const webhookQuery = { webhook: text('id of the webhook, not its name') }

/** Which deliveries. */
export const deliveryQuery = {
  ...pageQuery,
  ...webhookQuery,
  state: {
    description: 'where it stands',
    schema: deliveryState,
    read: (given: string): DeliveryState => {
      const known = deliveryState.options
      const state = known.find((name) => name === given)
      if (state !== undefined) return state
      const near = nearest(given, known)
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      throw new Refusal('invalid', `must be one of ${known.join(', ')}, not ${JSON.stringify(given)}${hint}`)
    },
  },
  type: {
    description: "deliveries with an event of this type, by name, wire type or Qualifio's label, in any case",
    schema: z.string(),
    read: (given: string): EventType => {
      try {
        return parseEventType(given)
      } catch (error) {
        if (error instanceof UsageError) throw new Refusal('invalid', `names an ${error.message}`)
        throw error
      }
    },
  },
  member: text('id of a member, not a name: deliveries with an event of theirs'),
}
