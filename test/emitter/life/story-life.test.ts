import { describe, expect, it } from 'vitest'
import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import type { Life } from '../../../src/emitter/life/life.ts'
import type { StoryRecord } from '../../../src/emitter/records.ts'
import { Refusal } from '../../../src/emitter/refusal.ts'
import { builtInPrograms, defaultProgram } from '../../../src/program/catalog.ts'
import { JOURNEYS } from '../../../src/program/journey.ts'
import { singleCurrency } from '../../program/selections.ts'
import { act, begin, problemsOf, SETTING, START_MS, type History, type Setting } from './life-history.ts'

const journeys = Object.keys(JOURNEYS) as (keyof typeof JOURNEYS)[]

/** Casts a story and takes all its steps; the events of each step. */
async function told(history: History, setting: Setting, journey: string): Promise<readonly LoyaltyEvent[][]> {
  await act(history, { do: 'cast', journey }, setting)
  const which = history.stories.length - 1
  const story = history.stories[which] as StoryRecord
  const steps = history.life.storySteps(story)
  return steps.reduce(async (before: Promise<LoyaltyEvent[][]>) => {
    const taken = await before
    const from = history.happenings.length
    await act(history, { do: 'step', which }, setting)
    return [...taken, history.happenings.slice(from).map(({ event }) => event)]
  }, Promise.resolve([]))
}

const refusalOf = (attempt: () => unknown): Refusal => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a story', () => {
  it.each<[keyof typeof JOURNEYS, readonly string[]]>([
    ['onboarding', ['Joins the program', 'Visits the portal', 'Earns points', 'Visits the portal', 'Earns points']],
    [
      'earn-to-level-up',
      [
        'Joins the program',
        'Visits the portal',
        'Earns points',
        'Visits the portal',
        'Earns points',
        'Earns points and rises to a new level',
      ],
    ],
    [
      'burn-and-correct',
      ['Visits the portal', 'Spends points on a reward', 'Is given points by hand', 'Has points taken back by hand'],
    ],
    ['level-down', ['Visits the portal', 'Loses their level', 'Visits the portal', 'Earns points']],
    ['gift', ['Visits the portal', 'Is given a gift', 'Visits the portal']],
  ])('%s has these steps', async (journey, labels) => {
    const { life } = await begin(SETTING)
    const steps = life.storySteps({ journey, programId: defaultProgram.id })
    expect(steps.map(({ label }) => label)).toEqual(labels)
  })

  it.each([...builtInPrograms, singleCurrency])('each journey is told to its end: $id', async (program) => {
    for (let seed = 0; seed < 25; seed++) {
      const setting = { seed, programs: [program], count: 20 }
      const history = await begin(setting)
      for (const journey of journeys) {
        const steps = await told(history, setting, journey)
        const expected: string[] = JOURNEYS[journey].map((step) => step.do)
        expect(steps.flat().map(({ type }) => type)).toEqual(expected)
        expect(new Set(steps.flat().map(({ member }) => member.id)).size).toBe(1)
      }
      expect(history.refusals).toEqual([])
      expect(problemsOf(history, setting)).toEqual([])
    }
  })

  it('one Next step is the earning and the change of level that it leads to', async () => {
    const history = await begin(SETTING)
    const steps = await told(history, SETTING, 'earn-to-level-up')
    expect(steps.at(-1)).toMatchObject([
      { type: 'earning' },
      { type: 'change_in_level', data: { reason: 'threshold_reached', direction: 'upgrade' } },
    ])
  })

  it('keeps the number of its new member, whoever joins before the first step, and after a restart', async () => {
    const history = await begin(SETTING)
    await act(history, { do: 'cast', journey: 'onboarding' }, SETTING)
    await act(history, { do: 'restart' }, SETTING)
    const [joined] = await history.life.cause({ type: 'profile_creation' }, START_MS)
    expect(joined?.member.number).toBe(SETTING.count + 1)
    await act(history, { do: 'step', which: 0 }, SETTING)
    expect(history.happenings[0]?.member.number).toBe(SETTING.count)
    expect(history.happenings[0]?.event.type).toBe('profile_creation')
  })

  it('takes place in the program that was named', async () => {
    const { life } = await begin({ ...SETTING, count: 40 })
    for (const journey of journeys) {
      const { programId, memberNumber } = life.castStory({ journey, programId: 'maree-rewards' })
      expect(programId).toBe('maree-rewards')
      const member = life.memberNumbered(memberNumber)
      if (member !== undefined) expect(member.programId).toBe('maree-rewards')
    }
  })

  it.each<[string, Partial<Setting>, (life: Life) => unknown, string]>([
    ['an unknown journey', {}, (life) => life.castStory({ journey: 'onbording' }), 'did you mean onboarding?'],
    [
      'an unknown program',
      {},
      (life) => life.castStory({ journey: 'gift', programId: 'x' }),
      'no program has the id "x"; there is boreal-club, maree-rewards.',
    ],
    [
      'a journey without members',
      { count: 0 },
      (life) => life.castStory({ journey: 'gift' }),
      'Nobody can walk gift: it needs a member. Create a profile first.',
    ],
    [
      'a loss of level without a level',
      { count: 0 },
      (life) => life.castStory({ journey: 'level-down' }),
      'Nobody can walk level-down: it needs a member above Explorer whose level may end now. Ask for a change in level with data.validUntil null first.',
    ],
    [
      'a spending without points',
      { count: 0 },
      (life) => life.castStory({ journey: 'burn-and-correct' }),
      'Nobody can walk burn-and-correct: it needs a member with 170 Boréal Points. Give somebody points first.',
    ],
  ])('refuses %s', async (_, over, attempt, text) => {
    const { life } = await begin({ ...SETTING, ...over })
    expect(refusalOf(() => attempt(life)).message).toContain(text)
  })

  it('refuses a step after the last one, and changes nothing', async () => {
    const history = await begin(SETTING)
    await told(history, SETTING, 'gift')
    const [story] = history.stories as [StoryRecord]
    const before = history.life.memberNumbered(story.memberNumber)
    const refusal = refusalOf(() => history.life.takeStep(story, history.atMs))
    expect(refusal.message).toBe('The story gift is told to its end. Start the story again.')
    expect(history.life.memberNumbered(story.memberNumber)).toBe(before)
  })

  it.each<[string, string, number, Record<string, unknown>, string]>([
    ['level-down', 'silver', 1, { 'data.validUntil': '2026-06-01T00:00:00.000Z' }, ' for now. Start the story again.'],
    ['earn-to-level-up', 'platinum', 5, {}, ' is Platinum already, the highest level. Start the story again.'],
  ])('refuses a step of %s that life made impossible', async (journey, level, stepsBefore, set, text) => {
    const setting = { ...SETTING, programs: [defaultProgram], count: 30 }
    const history = await begin(setting)
    await act(history, { do: 'cast', journey }, setting)
    for (let step = 0; step < stepsBefore; step++) await act(history, { do: 'step', which: 0 }, setting)
    const [story] = history.stories as [StoryRecord]
    const { state } = history.life.memberNumbered(story.memberNumber) ?? { state: undefined }
    const isThere = defaultProgram.levels[state?.levelIndex ?? 0]?.id === level
    await history.life.cause(
      {
        type: 'change_in_level',
        memberId: state?.member.id,
        set: { 'data.newLevel.id': isThere ? 'gold' : level, ...set },
      },
      history.atMs,
    )
    expect(refusalOf(() => history.life.takeStep(story, history.atMs)).message).toContain(text)
  })

  it('an earning that had no room to stay below the next level brings the change with it', async () => {
    const setting = { ...SETTING, programs: [singleCurrency] }
    const history = await begin(setting)
    await act(history, { do: 'cast', journey: 'onboarding' }, setting)
    await act(history, { do: 'step', which: 0 }, setting)
    await act(history, { do: 'step', which: 0 }, setting)
    const [story] = history.stories as [StoryRecord]
    const memberId = history.life.memberNumbered(story.memberNumber)?.state.member.id
    await history.life.cause({ type: 'earning', memberId, set: { 'data.points': 499 } }, history.atMs)
    const happenings = history.life.takeStep(story, history.atMs)
    expect(happenings.map(({ event }) => event.type)).toEqual(['earning', 'change_in_level'])
  })

  it('a level that has ended by the time it is to end ends once', async () => {
    const setting = { ...SETTING, count: 30 }
    const history = await begin(setting)
    await act(history, { do: 'cast', journey: 'level-down' }, setting)
    await act(history, { do: 'step', which: 0 }, setting)
    const [story] = history.stories as [StoryRecord]
    const memberId = history.life.memberNumbered(story.memberNumber)?.state.member.id
    const set = { 'data.validUntil': '2026-02-01T00:00:00.000Z' }
    await history.life.cause({ type: 'change_in_level', memberId, set }, history.atMs)
    const happenings = history.life.takeStep(story, Date.UTC(2026, 1, 2))
    expect(happenings.map(({ event }) => event)).toMatchObject([
      { type: 'change_in_level', data: { reason: 'qualification_expired' } },
    ])
  })
})
