import { describe, expect, it } from 'vitest'
import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import { eventSentence } from '../../../src/emitter/life/sentence.ts'

const stars = { currency: { id: 'stars', name: 'Stars' }, previous: 0, current: 0, lifetime: 0 }
const [bronze, silver] = [
  { id: 'bronze', name: 'Bronze', rank: 1 },
  { id: 'silver', name: 'Silver', rank: 2 },
]
const by = { id: 'anna', name: 'Anna Claes' }
const mug = { id: 'mug', name: 'Coffee mug', kind: 'physical' as const }

const said = (type: LoyaltyEvent['type'], data: object) =>
  eventSentence({
    type,
    data,
    program: { id: 'club', name: 'Coffee Club' },
    member: { firstName: 'Emma', lastName: 'Peeters' },
  } as unknown as LoyaltyEvent)

describe('what happened, in a sentence', () => {
  it.each<[LoyaltyEvent['type'], object, string]>([
    ['profile_creation', {}, 'Emma Peeters joined Coffee Club'],
    ['member_portal_visit', { page: 'home' }, 'Emma Peeters visited the portal'],
    ['member_portal_visit', { page: 'earn' }, 'Emma Peeters looked in the portal at ways to earn points'],
    [
      'earning',
      { points: 100, rule: { name: 'Weekly quiz' }, balance: stars },
      'Emma Peeters earned 100 Stars (Weekly quiz)',
    ],
    [
      'earning',
      { points: 1234567, rule: { name: 'Weekly quiz' }, balance: stars },
      'Emma Peeters earned 1,234,567 Stars (Weekly quiz)',
    ],
    ['burning', { points: 250, reward: mug, balance: stars }, 'Emma Peeters spent 250 Stars on "Coffee mug"'],
    [
      'point_correction_plus',
      { points: 50, reason: 'Goodwill', correctedBy: by, balance: stars },
      'Emma Peeters was given 50 Stars by Anna Claes: "Goodwill"',
    ],
    [
      'point_correction_minus',
      { points: 20, reason: 'Purchase returned', correctedBy: by, balance: stars },
      'Emma Peeters lost 20 Stars to a correction by Anna Claes: "Purchase returned"',
    ],
    ['change_in_level', { previousLevel: bronze, newLevel: silver }, 'Emma Peeters is now Silver (was Bronze)'],
    [
      'free_gift',
      { reward: { ...mug, name: 'Tote bag' }, givenBy: by },
      'Emma Peeters was given "Tote bag" by Anna Claes',
    ],
  ])('%s', (type, data, sentence) => {
    expect(said(type, data)).toBe(sentence)
  })
})
