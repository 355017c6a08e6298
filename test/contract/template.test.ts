import { describe, expect, test } from 'vitest'
import { checkContract, loadContract } from '../../src/contract/contract.ts'
import { UsageError } from '../../src/errors.ts'
import { contractFolder } from '../support/contract-folder.ts'

/** The earning template of assumed-1 with one leaf more, on line 2. */
const withLeaf = (leaf: string) => (text: string) => text.replace('{\n', `{\n  "x": ${leaf},\n`)

describe('a template that does not fit is said with its place, and with what was probably meant', () => {
  test.each([
    // leaf of earning.json, line:column, problem
    ['"{{data.point}}"', '2:11', 'unknown path "data.point"; did you mean data.points?'],
    ['"{{ data.balance.curent }}"', '2:12', 'unknown path "data.balance.curent"; did you mean data.balance.current?'],
    [
      '"{{zzzzzzzzzzzz}}"',
      '2:11',
      'unknown path "zzzzzzzzzzzz"; known here are id, occurredAt, program, member, type, data',
    ],
    [
      '"{{data.reward.id}}"',
      '2:11',
      'unknown path "data.reward.id"; known here are data.points, data.rule, data.source, data.expiresAt, data.balance',
    ],
    ['"{{__proto__}}"', '2:11', 'unknown path "__proto__"; known here are id, occurredAt, program, member, type, data'],
    [
      '"{{data.points.toString}}"',
      '2:11',
      'unknown path "data.points.toString"; known here are data.points, data.rule, data.source, data.expiresAt, data.balance',
    ],
    ['"{{data.points | strin}}"', '2:25', 'unknown filter "strin"; did you mean string?'],
    [
      '"{{data.points | base64}}"',
      '2:25',
      'unknown filter "base64"; known are epoch_s, epoch_ms, date, string, number, negate, upper, lower, map',
    ],
    [
      '"{{data.points}} points"',
      '2:8',
      '"{{data.points}} points": a leaf is a constant or exactly one placeholder, "{{path}}"',
    ],
    ['"{{id}}{{type}}"', '2:8', '"{{id}}{{type}}": a leaf is a constant or exactly one placeholder, "{{path}}"'],
    ['"{{id"', '2:8', '"{{id": a leaf is a constant or exactly one placeholder, "{{path}}"'],
    ['"{{}}"', '2:11', '"{{}}": a placeholder begins with a path of the event model, such as data.points'],
    [
      '"{{ | string}}"',
      '2:11',
      '"{{ | string}}": a placeholder begins with a path of the event model, such as data.points',
    ],
    ['"{{data.points, string}}"', '2:22', 'unexpected ", string" in a placeholder; "| filter" is expected'],
    ['"{{data.balance[0].current}}"', '2:23', 'unexpected "[0].current" in a placeholder; "| filter" is expected'],
    ['{ "{{id}}": 1 }', '2:10', 'the key "{{id}}" holds a placeholder; keys are constants'],
    ['["{{data.expiresAt?}}"]', '2:26', '"?" leaves a key out, and an element of a list has none'],
    ['"{{data.points | map}}"', '2:25', '"map" needs its pairs, map(a=b,c=d)'],
    ['"{{data.points | string(2)}}"', '2:25', '"string" takes no arguments'],
    ['"{{data.points | map(a)}}"', '2:25', '"map(a)": pairs are written a=b and separated by commas'],
    ['"{{data.points | map(a=b,a=c)}}"', '2:25', '"map" names a twice'],
    ['{ "$each": "data.points", "item": "{{current}}" }', '2:19', '"$each" needs a list, and data.points is none'],

    ['{ "$each": 3, "item": 1 }', '2:19', '"$each" is the path of a list, such as "data.balances"'],
    // filters that could not be undone, or that make no sense there
    [
      '"{{member.firstName | upper}}"',
      '2:30',
      'member.firstName: "upper" can only be undone where every value is lower case, and this is a free text',
    ],
    [
      '"{{id | lower}}"',
      '2:16',
      'id: "lower" can only be undone where every value is upper case, and this is a free text',
    ],
    ['"{{type | map(earning=a,burnings=b)}}"', '2:18', 'type: "map" names burnings, which is not one of earning'],
    ['"{{type | map(burning=b)}}"', '2:18', 'type: "map" does not say what becomes of earning'],
    ['"{{data.points | map(1=a)}}"', '2:25', 'data.points: "map" needs a closed set of values, and this is a number'],
    ['"{{member.birthDate | epoch_s}}"', '2:30', 'member.birthDate: "epoch_s" needs a timestamp, and this is a date'],
    ['"{{occurredAt | epoch_ms | date}}"', '2:35', 'occurredAt: "date" needs a timestamp, and this is a number'],
    ['"{{member.email | string}}"', '2:26', 'member.email: "string" needs a number, and this is a free text'],
    ['"{{data.points | number}}"', '2:25', 'data.points: "number" needs a text, and this is a number'],
    ['"{{type | number}}"', '2:18', 'type: "number" cannot write "earning"'],
    [
      '"{{member.email | number}}"',
      '2:26',
      'member.email: "number" can only write texts such as 42, and this is a free text',
    ],
    [
      '"{{data.rule.name | number}}"',
      '2:28',
      'data.rule.name: "number" can only write texts such as 42, and this is a free text',
    ],
    ['"{{member | negate}}"', '2:20', 'member: "negate" needs a number, and this is an object'],
  ])('%s', async (leaf, place, problem) => {
    const { cwd } = await contractFolder({ 'earning.json': withLeaf(leaf) })
    expect(await checkContract('my-contract', { cwd })).toEqual([`my-contract/earning.json:${place}: ${problem}`])
  })

  test.each([
    [
      '"{{data.direction | map(upgrade=up,downgrade=up)}}"',
      'data.direction: "map" writes "up" for two values, so it cannot be read back',
    ],
    ['"{{data.direction | map(upgrade=up)}}"', 'data.direction: "map" does not say what becomes of downgrade'],
    ['"{{data.direction | map(upgrade=up,downgrade=2) | number}}"', 'data.direction: "number" cannot write "up"'],
  ])('%s of a change in level', async (leaf, problem) => {
    const { cwd } = await contractFolder({ 'change-in-level.json': withLeaf(leaf) })
    expect(await checkContract('my-contract', { cwd })).toEqual([expect.stringMatching(/:2:\d+: /)])
    expect((await checkContract('my-contract', { cwd }))[0]).toContain(problem)
  })

  test.each([
    ['{ "$each": "data.balances" }', '2:8: an "$each" needs an "item": what is written for each element'],
    [
      '{ "$each": "data.balances", "item": 1, "as": 2 }',
      '2:47: unexpected key "as" beside "$each"; only "item" is known',
    ],
    [
      '"{{data.balances.current}}"',
      '2:11: unknown path "data.balances.current"; data.balances is a list, write { "$each": "data.balances", "item": … }',
    ],
    [
      '{ "$each": "data.balances", "item": "{{curent}}" }',
      '2:47: unknown path "curent" in data.balances[]; did you mean current?',
    ],
    [
      '{ "$each": "data.balances", "item": { "p": "{{data.points}}" } }',
      '2:54: unknown path "data.points" in data.balances[]; known here are currency, previous, current, lifetime',
    ],
  ])('%s of a profile creation', async (leaf, problem) => {
    const { cwd } = await contractFolder({ 'profile-creation.json': withLeaf(leaf) })
    expect(await checkContract('my-contract', { cwd })).toEqual([`my-contract/profile-creation.json:${problem}`])
  })
})

describe('what a template may hold', () => {
  test.each([
    '"{{member}}"',
    '"{{data}}"',
    '"{{ data.points|negate|string }}"',
    '"{{occurredAt|date}}"',
    '"{{data.expiresAt? | epoch_s | string}}"',
    '"{{id | upper}}"',
    '"{{member.country | lower}}"',
    '"{{member.externalId | number}}"',
    '"{{data.points | string | number}}"',
    '"{{type | map(earning=E, burning=B)}}"',
    '[1.0, -0.5e3, true, null, "constant", "{{data.points}}", []]',
    '{ "__proto__": { "a": 1 }, "$schema": "x", "item": "{{id}}" }',
    String.raw`"\u007b{id}}"`,
  ])('%s', async (leaf) => {
    const { cwd } = await contractFolder({ 'earning.json': withLeaf(leaf) })
    expect(await checkContract('my-contract', { cwd })).toEqual([])
  })
})

test('a template that is no object is said', async () => {
  const { cwd } = await contractFolder({ 'earning.json': '["{{id}}"]' })
  expect(await checkContract('my-contract', { cwd })).toContain(
    'my-contract/earning.json:1:1: a template is an object: one event, an element of the payload',
  )
})

test('loading such a contract says the first thing, how many more there are, and how to see them', async () => {
  const { cwd } = await contractFolder({
    'earning.json': withLeaf('["{{data.point}}", "{{data.balanc}}"]'),
    'burning.json': '{',
  })
  await expect(loadContract('my-contract', { cwd })).rejects.toThrow(
    new UsageError(
      'my-contract/burning.json:1:2: unexpected end of the file: a key in double quotes is expected. (and 2 more: qualifio-sim contract check my-contract)',
    ),
  )
})
