import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import { JOURNEYS } from '../../src/program/journey.ts'
import { builtInPrograms } from '../../src/program/catalog.ts'
import { singleCurrency } from '../program/selections.ts'
import { act, begin, problemsOf, type Deed, type Setting } from './life-history.ts'

const DAY_MS = 86_400_000

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('happen' as const), times: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('cause' as const),
      type: fc.constantFrom(...ALL_EVENT_TYPES),
      who: fc.integer({ min: -1, max: 30 }),
      points: fc.constant(undefined),
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
})
