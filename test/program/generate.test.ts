import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import type { LoyaltyEvent } from '../../src/contract/event.ts'
import { planGeneration } from '../../src/program/generate.ts'
import { parseLocales } from '../../src/program/locale.ts'
import type { Selection } from '../../src/program/selection.ts'
import { eventsOf, followedSelections, namedSelections, NOW_MS, selectionOf } from './selections.ts'

const typesOf = (events: readonly LoyaltyEvent[]) => events.map((event) => event.type)

describe('a generation', () => {
  it('gives the same events every time it is asked, and when it is planned again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(namedSelections, followedSelections), async ({ selection }) => {
        const plan = await planGeneration({ ...selection, batch: 7 }).catch(() => undefined)
        fc.pre(plan !== undefined)
        const first = JSON.stringify([...plan.payloads()])
        expect(JSON.stringify([...plan.payloads()])).toBe(first)
        expect(JSON.stringify([...(await planGeneration({ ...selection, batch: 7 })).payloads()])).toBe(first)
      }),
      { numRuns: 60 },
    )
  })

  it('has the events and payloads that it says, whole batches but the last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(namedSelections, followedSelections), async ({ selection }) => {
        const plan = await planGeneration(selection).catch(() => undefined)
        fc.pre(plan !== undefined)
        const sizes = [...plan.payloads()].map((payload) => payload.length)
        const batch = selection.batch === 'max' ? plan.eventCount : selection.batch
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(plan.eventCount)
        expect(sizes).toHaveLength(plan.payloadCount)
        expect(sizes.slice(0, -1).every((size) => size === batch)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('does not depend on the batch', async () => {
    const selection = selectionOf({ what: 'random', count: 500 })
    expect(await eventsOf({ ...selection, batch: 33 })).toEqual(await eventsOf(selection))
  })

  it.each<[string, Partial<Selection>]>([
    ['named types', { what: ['profile_creation', 'earning', 'burning', 'change_in_level'] }],
    ['random', { what: 'random' }],
    ['full sets', { what: 'all' }],
    ['a journey', { what: { journey: 'burn-and-correct' } }],
    ['many members', { what: ['earning'], members: 1_000_000_000 }],
    ['a set rule', { what: ['earning'], set: [{ text: '', steps: ['member', 'firstName'], value: 'A' }] }],
  ])(
    'of a billion is made as it is asked for: %s',
    async (_, over) => {
      const plan = await planGeneration(selectionOf({ count: 1_000_000_000, ...over }))
      const payloads = plan.payloads()[Symbol.iterator]()
      for (let index = 0; index < 3; index++) expect(payloads.next().value).toHaveLength(1)
    },
    3000,
  )

  it('holds few members in memory however many take part', async () => {
    const plan = await planGeneration(selectionOf({ what: ['profile_creation'], count: 60_000, batch: 100 }))
    const heldBytes = (): number => {
      globalThis.gc?.()
      return process.memoryUsage().heapUsed
    }
    const before = heldBytes()
    let most = 0
    let index = 0
    for (const payload of plan.payloads()) {
      if (index++ % 50 === 0) most = Math.max(most, heldBytes() - before)
      expect(payload.length).toBe(100)
    }
    // Sixty thousand members with their streams would take more than 100 MB.
    expect(most / 1e6).toBeLessThan(10)
  })

  it('of one event happens now', async () => {
    const [event] = await eventsOf(selectionOf())
    expect(event?.occurredAt).toBe('2026-01-31T12:00:00.000Z')
  })

  it('spreads events about a second apart, and a very large run over a month', async () => {
    const events = await eventsOf(selectionOf({ count: 101 }))
    const tookMs = NOW_MS - Date.parse(events[0]?.occurredAt ?? '')
    expect(tookMs).toBeGreaterThanOrEqual(100_000)
    expect(tookMs).toBeLessThan(101_000)
    const gaps = new Set(
      events.slice(1).map((event, index) => Date.parse(event.occurredAt) - Date.parse(events[index]?.occurredAt ?? '')),
    )
    expect(gaps.size).toBeGreaterThan(50)
    const plan = await planGeneration(selectionOf({ count: 1_000_000_000 }))
    const [[first] = []] = plan.payloads()
    expect(NOW_MS - Date.parse(first?.occurredAt ?? '')).toBeLessThanOrEqual(30 * 86_400_000)
  })

  it('says when points and levels end at the end of a day, and never skips a month', async () => {
    const events = await eventsOf(selectionOf({ count: 40, nowMs: Date.UTC(2024, 1, 29, 8) }))
    const ends = new Set(events.flatMap((event) => (event.type === 'earning' ? [event.data.expiresAt] : [])))
    expect(ends).toEqual(new Set([null, '2025-02-28T23:59:59.999Z', '2026-02-28T23:59:59.999Z']))
  })
})

describe('what is selected', () => {
  it('named types interleave', async () => {
    const events = await eventsOf(selectionOf({ what: ['earning', 'member_portal_visit'], count: 100 }))
    const changes = typesOf(events).filter((type, index, types) => index > 0 && type !== types[index - 1])
    expect(changes.length).toBeGreaterThan(60)
  })

  it('full sets: each member goes through all eight, the profile first, several at a time', async () => {
    const events = await eventsOf(selectionOf({ what: 'all', count: 20 }))
    const byMember = new Map<string, LoyaltyEvent[]>()
    for (const event of events) byMember.set(event.member.id, [...(byMember.get(event.member.id) ?? []), event])
    expect(byMember.size).toBe(20)
    for (const set of byMember.values()) {
      expect(set[0]?.type).toBe('profile_creation')
      expect(new Set(typesOf(set))).toEqual(new Set(ALL_EVENT_TYPES))
    }
    expect(new Set(events.slice(0, 8).map((event) => event.member.id)).size).toBeGreaterThan(1)
  })

  it('random: all eight, visits and earnings most, members created in the run', async () => {
    const types = typesOf(await eventsOf(selectionOf({ what: 'random', count: 3000 })))
    const count = (type: string) => types.filter((other) => other === type).length
    expect(new Set(types)).toEqual(new Set(ALL_EVENT_TYPES))
    for (const rare of ALL_EVENT_TYPES.filter((type) => type !== 'earning' && type !== 'member_portal_visit')) {
      expect(count('earning')).toBeGreaterThan(count(rare) * 2)
      expect(count('member_portal_visit')).toBeGreaterThan(count(rare) * 2)
    }
  })

  it.each([
    ['onboarding', ['profile_creation', 'member_portal_visit', 'earning', 'member_portal_visit', 'earning']],
    [
      'earn-to-level-up',
      [
        'profile_creation',
        'member_portal_visit',
        'earning',
        'member_portal_visit',
        'earning',
        'earning',
        'change_in_level',
      ],
    ],
    ['burn-and-correct', ['member_portal_visit', 'burning', 'point_correction_plus', 'point_correction_minus']],
    ['level-down', ['member_portal_visit', 'change_in_level', 'member_portal_visit', 'earning']],
    ['gift', ['member_portal_visit', 'free_gift', 'member_portal_visit']],
  ])('journey %s', async (journey, expected) => {
    expect(typesOf(await eventsOf(selectionOf({ what: { journey } })))).toEqual(expected)
  })

  it('a journey with fixed points earns until the level is reached', async () => {
    const set = [{ text: 'data.points:=200', steps: ['data', 'points'], value: 200 }]
    const events = await eventsOf(selectionOf({ what: { journey: 'earn-to-level-up' }, set }))
    expect(events.at(-1)).toMatchObject({
      type: 'change_in_level',
      data: { reason: 'threshold_reached', qualifyingPoints: 600 },
    })
  })

  it('an earning is followed at once by the change that it leads to', async () => {
    const events = await eventsOf(selectionOf({ what: ['earning', 'change_in_level'], count: 50 }))
    const ups = events.flatMap((event, index) =>
      event.type === 'change_in_level' && event.data.reason === 'threshold_reached' ? [events[index - 1]] : [],
    )
    expect(ups.length).toBeGreaterThan(30)
    expect(ups.filter((before) => before?.type === 'earning').length).toBe(ups.length)
  })

  it('the pool is the smaller of count and 1,000, or what is asked for', async () => {
    const members = async (over: Partial<Selection>) =>
      new Set((await eventsOf(selectionOf(over))).map((event) => event.member.id)).size
    expect(await members({ count: 20_000 })).toBe(1000)
    expect(await members({ count: 500, members: 3 })).toBe(3)
    expect(await members({ what: ['profile_creation'], count: 1200 })).toBe(1200)
  })

  it('a member is the same person in every selection of a seed', async () => {
    const identity = ({ member }: LoyaltyEvent) => [
      member.id,
      member.externalId,
      member.firstName,
      member.lastName,
      member.language,
    ]
    const [earned] = await eventsOf(selectionOf())
    const [visited] = await eventsOf(selectionOf({ what: ['member_portal_visit'] }))
    const [first] = await eventsOf(selectionOf({ what: 'all' }))
    expect(identity(visited as LoyaltyEvent)).toEqual(identity(earned as LoyaltyEvent))
    expect(identity(first as LoyaltyEvent)).toEqual(identity(earned as LoyaltyEvent))
    const [other] = await eventsOf(selectionOf({ seed: 43 }))
    expect(identity(other as LoyaltyEvent)).not.toEqual(identity(earned as LoyaltyEvent))
  })

  it.each<[string, Partial<Selection>, string]>([
    ['nothing', { what: [] }, 'no event is selected'],
    ['a type twice', { what: ['earning', 'earning'] }, 'selected twice'],
    ['no count', { count: 0 }, '--count 0'],
    ['half a count', { count: 1.5 }, '--count 1.5'],
    ['an empty batch', { batch: 0 }, '--batch 0'],
    ['a batch beyond a payload', { batch: 10_001 }, '--batch 10001'],
    [
      'a payload beyond the most',
      { what: ['earning', 'burning'], count: 5001, batch: 'max' },
      '--batch max: 10002 events',
    ],
    ['a seed that is none', { seed: 2 ** 32 }, '--seed 4294967296'],
    ['no member', { members: 0 }, '--members 0'],
    ['fewer members than creations', { what: ['profile_creation'], count: 5, members: 4 }, 'pass at least 5'],
    [
      'creations only, and spending',
      { what: ['profile_creation', 'burning'], count: 5, members: 5 },
      'pass at least 6',
    ],
    ['fewer members than sets', { what: 'all', count: 5, members: 4 }, 'pass at least 5'],
    ['fewer members than walks', { what: { journey: 'gift' }, count: 5, members: 4 }, 'pass at least 5'],
    ['an unknown journey', { what: { journey: 'onbording' } }, 'did you mean onboarding?'],
    ['a time before time', { nowMs: -1 }, '--now'],
  ])('refuses %s', async (_, over, message) => {
    await expect(planGeneration(selectionOf(over))).rejects.toThrow(message)
  })
})

describe('members', () => {
  it('come from the locales by weight', async () => {
    const locales = parseLocales('fr_BE:3,nl_BE:1')
    const events = await eventsOf(selectionOf({ what: ['profile_creation'], count: 4000, locales }))
    const french = events.filter(({ member }) => member.language === 'fr-BE').length
    expect(events.every(({ member }) => member.country === 'BE')).toBe(true)
    expect(french / 4000).toBeCloseTo(0.75, 1)
  })

  it.each(['fr_BE', 'nl_BE', 'fr', 'nl', 'en', 'de'])('of %s have names and e-mails of their own', async (locale) => {
    const events = await eventsOf(
      selectionOf({ what: ['profile_creation'], count: 1500, locales: parseLocales(locale) }),
    )
    const surnames = new Set(events.map(({ member }) => member.lastName))
    expect(new Set(events.map(({ member }) => member.email)).size).toBe(1500)
    expect(new Set(events.map(({ member }) => member.firstName)).size).toBeGreaterThan(100)
    expect(surnames.size).toBeGreaterThan(50)
    if (locale === 'nl_BE') expect(surnames).toContain('Peeters')
    if (locale.endsWith('BE')) expect(surnames).not.toContain('Abernathy')
    expect(events.some(({ member }) => member.birthDate === null)).toBe(true)
  })

  it.each([
    ['fr_BE:3,nl', { fr_BE: 3, nl: 1 }],
    ['FR-be', { fr_BE: 1 }],
  ])('--locale %s', (text, weights) => {
    expect(parseLocales(text)).toEqual(weights)
  })

  it.each([
    ['es', 'unknown locale "es"'],
    ['fr_BR', 'did you mean fr_BE?'],
    ['fr:0', 'a weight is a whole number'],
    ['fr:x', 'a weight is a whole number'],
    ['fr,fr', 'fr stands twice'],
    ['', 'unknown locale ""'],
  ])('refuses --locale %j', (text, message) => {
    expect(() => parseLocales(text)).toThrow(message)
  })
})
