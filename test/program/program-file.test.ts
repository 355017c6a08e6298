import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { builtInProgram, builtInPrograms } from '../../src/program/catalog.ts'
import { checkProgram, parseProgram } from '../../src/program/program-file.ts'
import type { Program } from '../../src/program/program.ts'
import { problemsIn } from './observer.ts'
import { eventsOf, NOW_MS, selectionOf } from './selections.ts'

const exampleText = readFileSync(new URL('../../fixtures/programs/example.json', import.meta.url), 'utf8')
const example = JSON.parse(exampleText) as Program
const withChange = (change: object) => JSON.stringify({ ...example, ...change }, null, 2)

describe('a program file', () => {
  it('of the shipped example is a program whose runs add up', async () => {
    const program = await parseProgram(exampleText, 'example.json')
    for (const what of ['random', 'all', ['change_in_level', 'burning', 'earning']] as const) {
      const events = await eventsOf(selectionOf({ program, what, count: 200 }))
      expect(problemsIn(events, { program, nowMs: NOW_MS })).toEqual([])
    }
  })

  it('may say what the built-in programs say', async () => {
    const read = await Promise.all(builtInPrograms.map((program) => parseProgram(JSON.stringify(program), 'p.json')))
    expect(read).toEqual(builtInPrograms)
  })

  it.each([
    [
      'an unknown currency',
      { qualifyingCurrency: 'bean' },
      /p\.json:\d+:\d+: qualifyingCurrency: no currency "bean"; did you mean "beans"\?/,
    ],
    ['an unknown key', { levls: [] }, /p\.json:\d+:\d+: levls: unknown key; did you mean levels\?/],
    ['no name', { name: undefined }, /p\.json:1:1: name: is missing; it must be a text/],
    [
      'one number for the points of a rule',
      { earningRules: [{ ...example.earningRules[0], points: 5 }] },
      /earningRules\[0\]\.points: must be two whole numbers, the least and the most points, such as \[10, 100\]/,
    ],
    [
      'half a number of points',
      { earningRules: [{ ...example.earningRules[0], points: [0.5, 2] }] },
      /earningRules\[0\]\.points\[0\]: must be a whole number, 1 or more/,
    ],
    ['an id with capitals', { id: 'My Club' }, /id: must be a short name of lower-case letters/],
    [
      'a kind that is none',
      { gifts: [{ id: 'a', name: 'A', kind: 'cash' }] },
      /gifts\[0\]\.kind: must be one of promo_code/,
    ],
    ['a level that never ends', { levelValidityMonths: 0 }, /must be a whole number of months, 1 to 120/],
    [
      'levels out of order',
      { levels: example.levels.toReversed() },
      /levels\[0\]\.rank: must be 1[^]*levels\[0\]\.threshold: the first level starts at 0/,
    ],
    [
      'thresholds too near',
      { levels: example.levels.map((level, index) => ({ ...level, threshold: index * 5 })) },
      /levels\[1\]\.threshold: must be at least 10 above/,
    ],
    [
      'an id twice',
      { rewards: [example.rewards[0], example.rewards[0]] },
      /rewards\[1\]\.id: "free-espresso" stands twice/,
    ],
    [
      'a reward for nothing',
      { rewards: [{ ...example.rewards[0], cost: 0 }] },
      /p\.json:\d+:\d+: rewards\[0\]\.cost: /,
    ],
    [
      'no rule towards levels',
      { currencies: [...example.currencies, { id: 'stars', name: 'Stars' }], qualifyingCurrency: 'stars' },
      /earningRules: no rule pays in the qualifying currency/,
    ],
    [
      'points backwards',
      { earningRules: [{ ...example.earningRules[0], points: [9, 3] }] },
      /earningRules\[0\]\.points: the least points come first/,
    ],
    ['no managers', { managers: [] }, /managers: must be a list of at least one entry/],
  ])('with %s is refused with place and path', async (_, change, message) => {
    await expect(parseProgram(withChange(change), 'p.json')).rejects.toThrow(message)
  })

  it('with several problems tells all of them, a line each', async () => {
    const text = withChange({ portalHost: 'https://x', managers: [], levelValidityMonths: 0 })
    const error = (await parseProgram(text, 'p.json').catch((reason: unknown) => reason)) as Error
    expect(error.name).toBe('UsageError')
    expect(error.message.split('\n')).toHaveLength(3)
  })

  it.each([5, null, [], {}, { ...example, rewards: 'none' }, { ...example, levels: [1, 2] }])(
    'never passes on a message of the validator: %j',
    async (value) => {
      const error = (await checkProgram(value, 'program').catch((reason: unknown) => reason)) as Error
      expect(error.name).toBe('UsageError')
      for (const line of error.message.split('\n')) expect(line).toMatch(/^program: .*must be (an?|two|one) /)
      expect(error.message).not.toMatch(/Invalid|expected|received|something else/)
    },
  )

  it('that is handed in as an object is checked like a file', async () => {
    expect(await checkProgram(example, 'program')).toBe(example)
    await expect(checkProgram({ ...example, qualifyingCurrency: 'bean' }, 'program')).rejects.toThrow(
      'program: qualifyingCurrency: no currency "bean"; did you mean "beans"?',
    )
  })

  it('that is not JSON is refused with its place', async () => {
    await expect(parseProgram('{\n  "id": }', 'p.json')).rejects.toThrow('p.json:2:9')
  })
})

describe('a built-in program', () => {
  it('is found by id, and a misspelt id is told', () => {
    expect(builtInProgram('Maree-Rewards').id).toBe('maree-rewards')
    expect(() => builtInProgram('maree')).toThrow(/unknown program "maree"/)
    expect(() => builtInProgram('boreal-clob')).toThrow('did you mean boreal-club?')
  })
})
