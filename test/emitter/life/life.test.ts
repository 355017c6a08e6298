import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstMembers } from '../../../src/emitter/life/first.ts'
import { ALL_EVENT_TYPES } from '../../../src/contract/event-types.ts'
import { JOURNEYS } from '../../../src/program/journey.ts'
import { builtInPrograms } from '../../../src/program/catalog.ts'
import { singleCurrency } from '../../program/selections.ts'
import { DEFAULT_LOCALES } from '../../../src/program/locale.ts'
import type { Person } from '../../../src/program/people.ts'
import { act, begin, problemsOf, SETTING, START_MS, type Deed, type Setting } from './life-history.ts'

const DAY_MS = 86_400_000

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('happen' as const), times: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('cause' as const),
      type: fc.constantFrom(...ALL_EVENT_TYPES),
      who: fc.integer({ min: -1, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cause' as const),
      type: fc.constantFrom('earning' as const, 'point_correction_plus' as const, 'point_correction_minus' as const),
      who: fc.integer({ min: -1, max: 30 }),
      points: fc.constantFrom(1, 50, 700, 100_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cause' as const),
      type: fc.constant('change_in_level' as const),
      who: fc.integer({ min: -1, max: 30 }),
      set: fc.constantFrom(
        { 'data.newLevel.rank': 1 },
        { 'data.newLevel.rank': 3 },
        { 'data.validUntil': null },
        { 'data.validUntil': '2026-01-31T12:05:00.000Z' },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cast' as const),
      journey: fc.constantFrom(...Object.keys(JOURNEYS)),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('step' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(-5000, 60_000, 400 * DAY_MS, 800 * DAY_MS),
    }),
  },
)

const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  programs: fc.constantFrom(builtInPrograms, [builtInPrograms[1] as never], [singleCurrency]),
  count: fc.constantFrom(0, 1, 5, 20),
})

describe('life', () => {
  it('adds up for every member, whatever is asked of it', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.array(deeds, { minLength: 5, maxLength: 40 }), async (setting, plan) => {
        const history = await begin(setting)
        for (const deed of plan) await act(history, deed, setting)
        expect(problemsOf(history, setting)).toEqual([])
        for (const { message } of history.refusals) expect(message).not.toMatch(/--|undefined|NaN/)
      }),
      { numRuns: 150 },
    )
  }, 60_000)

  it('goes on after a restart as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(
        settings,
        fc.array(fc.tuple(deeds, fc.boolean()), { minLength: 5, maxLength: 30 }),
        async (setting, plan) => {
          const [once, again] = [await begin(setting), await begin(setting)]
          for (const [deed, restarts] of plan) {
            await act(once, deed, setting)
            await act(again, deed, setting)
            if (restarts) await act(again, { do: 'restart' }, setting)
          }
          expect(again.happenings).toEqual(once.happenings)
          expect([...again.stories]).toEqual([...once.stories])
          expect(again.refusals.map(String)).toEqual(once.refusals.map(String))
        },
      ),
      { numRuns: 80 },
    )
  }, 60_000)

  it('brings every type, mostly visits and earnings', async () => {
    const history = await begin({ ...SETTING, count: 60 })
    await act(history, { do: 'happen', times: 3000 }, SETTING)
    const shares = new Map(ALL_EVENT_TYPES.map((type) => [type, 0]))
    for (const { event } of history.happenings) shares.set(event.type, (shares.get(event.type) ?? 0) + 1)
    expect(Math.min(...shares.values())).toBeGreaterThan(10)
    const [most, next] = [...shares].toSorted(([, a], [, b]) => b - a).map(([type]) => type)
    expect([most, next]).toEqual(['member_portal_visit', 'earning'])
  })

  it.each([
    [0, 20],
    [4, 20],
    [15, 30],
  ])('of %i in the beginning become at most %i, restarts or not', async (count, most) => {
    const setting = { ...SETTING, count }
    const history = await begin(setting)
    for (let round = 0; round < 5; round++) {
      await act(history, { do: 'happen', times: 300 }, setting)
      await act(history, { do: 'restart' }, setting)
    }
    expect(history.records.size).toBe(most)
    expect([...history.life.memberCounts().values()]).toEqual([most / 2, most / 2])
  })

  it('loses a level that has ended before anything else', async () => {
    const history = await begin(SETTING)
    await act(history, { do: 'happen', times: 400 }, SETTING)
    const held = [...history.records.values()].filter(({ state }) => state.levelEndsMs !== null)
    expect(held.length).toBeGreaterThan(3)
    await act(history, { do: 'wait', ms: 1100 * DAY_MS }, SETTING)
    const before = history.happenings.length
    await act(history, { do: 'happen', times: 300 }, SETTING)
    for (const { number } of held) {
      const next = history.happenings.slice(before).find(({ member }) => member.number === number)
      expect(next?.event).toMatchObject({ type: 'change_in_level', data: { reason: 'qualification_expired' } })
    }
    expect(problemsOf(history, SETTING)).toEqual([])
  })
})

describe('the first members', () => {
  const options = { seed: 42, programs: builtInPrograms, locales: DEFAULT_LOCALES, atMs: START_MS }

  it('are spread over the programs, joined before, and have levels and balances', async () => {
    const members = await firstMembers({ ...options, count: 101 })
    expect(members.map(({ number }) => number)).toEqual(Array.from({ length: 101 }, (_, number) => number))
    for (const { number, programId, state, eventCount, lastEventAtMs } of members) {
      expect(programId).toBe(builtInPrograms[number % 2]?.id)
      expect(Date.parse(state.member.enrolledAt)).toBeLessThan(START_MS)
      expect([eventCount, lastEventAtMs, state.levelEndsMs]).toEqual([0, null, null])
    }
    expect(new Set(members.map(({ state }) => state.levelIndex))).toEqual(new Set([0, 1, 2, 3]))
  })

  it('are the same whoever else is there', async () => {
    const few = await firstMembers({ ...options, count: 3 })
    expect((await firstMembers({ ...options, count: 30 })).slice(0, 3)).toEqual(few)
  })

  const person = (over: Partial<Person>): Person => ({
    place: 'people.csv:2',
    externalId: 'u1',
    balances: new Map(),
    ...over,
  })

  it("are the user's own people, in the first program, and nobody joins by chance", async () => {
    const people = [
      person({ firstName: 'Ada', balances: new Map([['points', 777]]), levelIndex: 2 }),
      person({ externalId: 'u2', email: 'bo@example.com' }),
    ]
    const setting = { ...SETTING, people }
    const history = await begin(setting)
    const [ada, bo] = history.first.map(({ programId, state }) => ({ programId, ...state }))
    expect(ada).toMatchObject({
      programId: 'boreal-club',
      member: { firstName: 'Ada', externalId: 'u1' },
      levelIndex: 2,
    })
    expect(ada?.accounts[0]?.current).toBe(777)
    expect(bo?.member.email).toBe('bo@example.com')
    await act(history, { do: 'happen', times: 500 }, setting)
    expect(history.records.size).toBe(2)
    const [created] = await history.life.cause({ type: 'profile_creation' }, history.atMs)
    expect(created?.member).toMatchObject({ number: 2, state: { levelIndex: 0 } })
  })

  it('cannot join later than now', async () => {
    const people = [person({ enrolledAt: '2030-01-01T00:00:00.000Z' })]
    await expect(firstMembers({ ...options, people, count: 0 })).rejects.toThrow(
      'people.csv:2: enrolledAt 2030-01-01T00:00:00.000Z is in the future; give a time that has passed.',
    )
  })
})
