import * as fc from 'fast-check'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import type { LoyaltyEvent } from '../../src/contract/event.ts'
import { builtInPrograms, defaultProgram } from '../../src/program/catalog.ts'
import { planGeneration } from '../../src/program/generate.ts'
import { DEFAULT_LOCALES } from '../../src/program/locale.ts'
import type { Program } from '../../src/program/program.ts'
import type { Selection } from '../../src/program/selection.ts'
import { parseSetRule } from '../../src/program/set-rule.ts'

/** Midday, 31 January 2026, UTC: the end of a month, where adding months goes wrong first. */
export const NOW_MS = Date.UTC(2026, 0, 31, 12)

/** One earning of the default program; `over` says what is different. */
export function selectionOf(over: Partial<Selection> = {}): Selection {
  return {
    what: ['earning'],
    count: 1,
    batch: 1,
    seed: 42,
    nowMs: NOW_MS,
    locales: DEFAULT_LOCALES,
    program: defaultProgram,
    set: [],
    validate: 'on',
    ...over,
  }
}

/** Every event of a selection. */
export async function eventsOf(selection: Selection): Promise<LoyaltyEvent[]> {
  return [...(await planGeneration(selection)).payloads()].flat()
}

/** A program in which the only currency is earned, spent and qualifies. */
export const singleCurrency: Program = {
  ...defaultProgram,
  id: 'single',
  name: 'Single',
  currencies: defaultProgram.currencies.slice(0, 1),
  earningRules: defaultProgram.earningRules.filter((rule) => rule.currency === 'points'),
  rewards: defaultProgram.rewards.filter((reward) => reward.currency === 'points'),
}

const fixedPoints = fc.option(fc.constantFrom(1, 7, 250, 100_000), { nil: undefined, freq: 4 })

const common = {
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  batch: fc.constantFrom(1, 3, 100, 'max' as const),
  program: fc.constantFrom(...builtInPrograms, singleCurrency),
}

const withPoints = (points: number | undefined) =>
  points === undefined ? [] : [parseSetRule(`data.points:=${points}`)]

/** Selections of named types that can be generated. */
export const namedSelections = fc
  .record({
    ...common,
    what: fc.subarray([...ALL_EVENT_TYPES], { minLength: 1 }),
    count: fc.integer({ min: 1, max: 60 }),
    spareMembers: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    points: fixedPoints,
  })
  .map(({ spareMembers, points, ...rest }) => {
    const created = rest.what.includes('profile_creation') ? rest.count : 0
    const hasPoints = rest.what.some((type) => /earning|burning|correction/.test(type))
    const set = hasPoints ? withPoints(points) : []
    const members = spareMembers === undefined ? undefined : created + spareMembers
    return { selection: selectionOf({ ...rest, set, members }), points: set.length > 0 ? points : undefined }
  })

/** Random selections, full sets and journeys. */
export const followedSelections = fc
  .record({
    ...common,
    what: fc.constantFrom(
      'random' as const,
      'random' as const,
      'all' as const,
      ...['onboarding', 'earn-to-level-up', 'burn-and-correct', 'level-down', 'gift'].map((journey) => ({ journey })),
    ),
    count: fc.integer({ min: 1, max: 40 }),
    points: fixedPoints,
  })
  .map(({ points, ...rest }) => {
    const hasPoints = typeof rest.what === 'string' || rest.what.journey !== 'gift'
    const set = hasPoints ? withPoints(points) : []
    return {
      selection: selectionOf({
        ...rest,
        set,
        count: rest.what === 'random' ? rest.count * 10 : rest.count,
      }),
      points: set.length > 0 ? points : undefined,
    }
  })
