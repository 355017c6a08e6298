import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../src/contract/event.ts'
import type { EventType } from '../../src/contract/event-types.ts'
import { UsageError } from '../../src/errors.ts'
import { planGeneration } from '../../src/program/generate.ts'
import type { Selection } from '../../src/program/selection.ts'
import { problemsIn } from './observer.ts'
import { eventsOf, followedSelections, namedSelections, NOW_MS, selectionOf, singleCurrency } from './selections.ts'

const observed = async (selection: Selection, over: { points?: number | undefined; followUps?: 'all' } = {}) =>
  problemsIn(await eventsOf(selection), {
    program: selection.program,
    nowMs: selection.nowMs,
    fixedPoints: over.points,
    followUps: over.followUps,
  })

describe('a run adds up for an observer who sees its events only', () => {
  it('named types: balances, levels, members and times, and exactly so many of each', async () => {
    await fc.assert(
      fc.asyncProperty(namedSelections, async ({ selection, points }) => {
        const events = await eventsOf(selection)
        expect(problemsIn(events, { program: selection.program, nowMs: NOW_MS, fixedPoints: points })).toEqual([])
        const types = selection.what as EventType[]
        for (const type of types) {
          expect(events.filter((event) => event.type === type)).toHaveLength(selection.count)
        }
        expect(events).toHaveLength(selection.count * types.length)
      }),
      { numRuns: 300 },
    )
  }, 30_000)

  it('random, full sets and journeys: and what follows from an earning is emitted', async () => {
    await fc.assert(
      fc.asyncProperty(followedSelections, async ({ selection, points }) => {
        const plan = await planGeneration(selection).catch((error: unknown) => error)
        if (plan instanceof UsageError) {
          // Few points per earning: too many earnings for a journey's patience, or for one payload.
          expect(plan.message).toMatch(/earnings to reach a level|--batch max/)
          return
        }
        expect(await observed(selection, { points, followUps: 'all' })).toEqual([])
      }),
      { numRuns: 200 },
    )
  }, 30_000)

  it.each([
    ['one member changes level again and again', { what: ['change_in_level'], count: 40, members: 1 }],
    ['three members earn and change level', { what: ['earning', 'change_in_level'], count: 60, members: 3 }],
    ['several cohorts of members', { what: ['earning', 'burning', 'profile_creation'], count: 2500, members: 5100 }],
    ['a random run over several cohorts', { what: 'random', count: 6000, members: 2300 }],
    ['one member burns often', { what: ['burning', 'point_correction_minus'], count: 300, members: 1 }],
  ] satisfies [string, Partial<Selection>][])('%s', async (_, over) => {
    expect(await observed(selectionOf(over))).toEqual([])
    expect(await observed(selectionOf({ ...over, program: singleCurrency }))).toEqual([])
  })

  it('a level that is changed by hand is the exception', async () => {
    const reasons = async (over: Partial<Selection>) => {
      const events = await eventsOf(selectionOf({ what: ['earning', 'change_in_level'], ...over }))
      return events.flatMap((event) => (event.type === 'change_in_level' ? [event.data.reason] : []))
    }
    expect(await reasons({ count: 500 })).not.toContain('manual')
    expect(await reasons({ count: 60, members: 3 })).not.toContain('manual')
    expect(await reasons({ what: ['change_in_level'], count: 3000, members: 7 })).not.toContain('manual')
    expect(new Set(await reasons({ what: ['change_in_level'], count: 500 }))).toEqual(
      new Set(['threshold_reached', 'qualification_expired']),
    )
  })

  it('every event passes the schema of its type', async () => {
    const selections = [
      selectionOf({ what: 'random', count: 600 }),
      selectionOf({ what: 'all', count: 20 }),
      selectionOf({ what: ['change_in_level', 'earning'], count: 50, members: 2 }),
    ]
    for (const event of (await Promise.all(selections.map(eventsOf))).flat()) {
      expect(eventSchemas[event.type].safeParse(event).error?.issues).toBeUndefined()
    }
  })
})
