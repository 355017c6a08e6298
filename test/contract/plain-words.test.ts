import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadEventModel } from '../../src/contract/event-model.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'

const model = await loadEventModel()
const paths = ALL_EVENT_TYPES.flatMap((type) => [...model[type].values()])

describe('what a value of the event model must be is said in plain words', () => {
  test.each([
    ['id', 'abc', 'must be a UUID, version 4, in lower case, such as 0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10'],
    ['occurredAt', '2026-01-31T12:00:00Z', 'must be a time in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z'],
    ['occurredAt', 5, 'must be a time in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z'],
    ['data.points', '250', 'must be a whole number, 1 or more'],
    ['data.points', 1.5, 'must be a whole number, 1 or more'],
    ['data.balance.current', -1, 'must be a whole number, 0 or more'],
    ['data.balance', { currency: {}, previous: 0, current: 0, lifetime: 0 }, 'must have currency.id, a text'],
    ['member', 5, 'must be an object'],
    ['member.email', 'nobody', 'must be an e-mail address, such as a@example.com'],
    ['member.birthDate', '31/12/1990', 'must be a date, such as 1990-12-31, or null'],
    ['member.language', 'French', 'must be a language tag, such as fr-BE'],
    ['member.country', 'be', 'must be a country code of two capitals, such as BE'],
    ['member.externalId', '', 'must be a text that is not empty'],
    ['data.expiresAt', 'soon', expect.stringMatching(/^must be a time .*, or null$/)],
    ['type', 'burning', 'must be "earning"'],
  ])('%s: %j', (path, value, words) => {
    expect(model.earning.get(path)?.check(value)).toEqual(words)
  })

  test('a closed set is listed', () => {
    expect(model.burning.get('data.reward.kind')?.check('cash')).toBe('must be one of promo_code, physical, donation')
  })

  test('no value of any path meets a message of zod', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        expect(path.check(value) ?? '').not.toMatch(/Invalid|expected|Too (small|big)|\/\^|undefined|something else/)
      }),
      { numRuns: 2000 },
    )
  })
})
