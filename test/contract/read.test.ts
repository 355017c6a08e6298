import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  loadContract,
  readPayload,
  renderEvent,
  renderPayload,
  SHIPPED_CONTRACTS,
  typeOfElement,
  writesPath,
} from '../../src/contract/contract.ts'
import type { ReadElement } from '../../src/contract/contract.ts'
import { DIALECT_NAMES } from '../../src/contract/dialect.ts'
import { loadEventModel } from '../../src/contract/event-model.ts'
import type { LoyaltyEvent } from '../../src/contract/event.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { contractFolder } from '../support/contract-folder.ts'
import { anyEvent } from '../support/events.ts'

const model = await loadEventModel()
const contracts = await Promise.all(SHIPPED_CONTRACTS.map((name) => loadContract(name)))
const [assumed, flatSnake, noIdentity] = contracts as [
  (typeof contracts)[0],
  (typeof contracts)[0],
  (typeof contracts)[0],
]
const { earning } = SAMPLE_EVENTS

type Read = Extract<ReadElement, { kind: 'event' }>

function readOne(contract: typeof assumed, element: unknown): Read {
  const [read] = readPayload(contract, [element], model)
  if (read?.kind !== 'event') throw new Error(JSON.stringify(read))
  return read
}

const toSecond = (timestamp: string) => timestamp.replace(/\.\d{3}Z$/, '.000Z')
const toDay = (timestamp: string) => `${timestamp.slice(0, 10)}T00:00:00.000Z`

/** What each rehearsal is expected to lose of an event, written down apart from the templates. */
const LOSES: Readonly<Record<string, (event: LoyaltyEvent) => unknown>> = {
  'assumed-1': (event) => event,
  'flat-snake': (event) => {
    const data: Record<string, unknown> = { ...event.data }
    for (const key of ['expiresAt', 'validUntil']) if (typeof data[key] === 'string') data[key] = toSecond(data[key])
    const { enrolledAt } = event.member
    return {
      ...event,
      occurredAt: toSecond(event.occurredAt),
      member: { ...event.member, enrolledAt: toDay(enrolledAt) },
      data,
    }
  },
  'no-identity': ({ id: _id, ...event }) => {
    const { balance: _balance, balances: _balances, ...data } = event.data as Record<string, unknown>
    return { ...event, data }
  },
}

describe('read(render(event)) is what the contract writes of the event', () => {
  test.each(
    contracts.flatMap((contract) => DIALECT_NAMES.map((dialect) => [contract.name, dialect, contract] as const)),
  )('%s, %s', (name, dialect, contract) => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 3 }), (events) => {
        const read = readPayload(contract, JSON.parse(renderPayload(contract, events, dialect)), model)
        expect(read.map((element) => (element.kind === 'event' ? [element.event, element.problems] : element))).toEqual(
          events.map((event) => [LOSES[name]?.(event), []]),
        )
      }),
      { numRuns: 40 },
    )
  })
})

test('what a template does not mention is reported and not invented', () => {
  expect(readOne(assumed, earning).unmentioned).toEqual([])
  const read = readOne(noIdentity, JSON.parse(renderEvent(noIdentity, earning)))
  expect(read.unmentioned).toEqual([
    'id',
    'data.balance.currency.id',
    'data.balance.currency.name',
    'data.balance.previous',
    'data.balance.current',
    'data.balance.lifetime',
  ])
  expect(
    readOne(noIdentity, JSON.parse(renderEvent(noIdentity, SAMPLE_EVENTS.profile_creation))).unmentioned,
  ).toContain('data.balances[].current')
  expect(readPayload(assumed, [earning])).toEqual([{ kind: 'event', type: 'earning', event: earning, problems: [] }])
})

test('what one contract wrote can be written by another, without what it did not say', () => {
  const { event } = readOne(noIdentity, JSON.parse(renderEvent(noIdentity, earning)))
  const { id: _id, ...rest } = earning
  const { balance: _balance, ...data } = earning.data
  expect(JSON.parse(renderEvent(assumed, event))).toEqual({ ...rest, data: { ...data, balance: { currency: {} } } })
})

describe('unknown keys are ignored, and everything else that differs is a problem with its place', () => {
  test.each([
    [{ ...earning, brandNew: { a: 1 } }, []],
    [{ ...earning, member: null }, ['events[0].member is null; expected an object']],
    [{ ...earning, data: undefined }, ['events[0].data is missing; expected an object']],
    [{ ...earning, id: undefined }, [expect.stringMatching(/^events\[0\]\.id is missing: this event's identity/)]],
    [
      { ...earning, data: { ...earning.data, points: '500' } },
      ['events[0].data.points is "500"; it must be a whole number, 1 or more'],
    ],
    [
      { ...earning, data: { ...earning.data, points: 0 } },
      ['events[0].data.points is 0; it must be a whole number, 1 or more'],
    ],
    [
      { ...earning, occurredAt: 'yesterday' },
      [
        'events[0].occurredAt is "yesterday"; it must be a time in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z',
      ],
    ],
  ])('%#', (element, problems) => {
    expect(readOne(assumed, element).problems).toEqual(problems)
  })

  const flat = JSON.parse(renderEvent(flatSnake, earning)) as object
  test.each([
    [
      { ts: '1767983400' },
      ['events[0].ts is "1767983400", which "epoch_s" (whole seconds since 1970-01-01 UTC) never writes'],
    ],
    [{ ts: 1.5 }, [expect.stringContaining('events[0].ts is 1.5, which')]],
    [{ ts: 9e15 }, [expect.stringContaining('events[0].ts is 9000000000000000, which')]],
    [{ ts: null }, [expect.stringMatching(/^events\[0\]\.ts is null; it must be a time in UTC/)]],
    [{ tenant: 'be-2' }, ['events[0].tenant is "be-2"; expected "be-1"']],
    [{ schema_version: '1.0' }, ['events[0].schema_version is "1.0"; expected 1.0']],
    [{ amount: 500 }, ['events[0].amount is 500, which "string" (the number as a text) never writes']],
    [{ amount: '0500' }, [expect.stringContaining('events[0].amount is "0500", which')]],
    [{ member_country: 'BE' }, ['events[0].member_country is "BE", which "lower" (in lower case) never writes']],
    [{ member_since: '2026-02-31' }, [expect.stringContaining('events[0].member_since is "2026-02-31", which')]],
    [{ member_birth_date: undefined }, []],
  ])('flat-snake: %j', (change, problems) => {
    expect(readOne(flatSnake, { ...flat, ...change }).problems).toEqual(problems)
  })

  test('a map that was never written, and elements of a list', () => {
    const profile = JSON.parse(renderEvent(flatSnake, SAMPLE_EVENTS.profile_creation)) as { wallets: object[] }
    const element = {
      ...profile,
      auth: 'sso',
      wallets: [...profile.wallets, { ...profile.wallets[0], balance_after: 'x' }, 3],
    }
    expect(readOne(flatSnake, element).problems).toEqual([
      'events[0].auth is "sso", which "map" (another word for each value) never writes',
      'events[0].wallets[1].balance_after is "x", which "string" (the number as a text) never writes',
      'events[0].wallets[2] is 3; expected an object',
    ])
  })
})

describe('an element that is none of the eight', () => {
  test.each([
    [
      { type: 'gift' },
      'events[0].type is "gift"; it is one of profile_creation, member_portal_visit, change_in_level, earning,',
    ],
    [{}, 'events[0].type is missing; it is one of profile_creation,'],
    [JSON.parse('{"__proto__":{"type":"earning"}}'), 'events[0].type is missing;'],
    [null, 'events[0]: null, and an event is an object'],
    [[], 'events[0]: a list, and an event is an object'],
    ['earning', 'events[0]: a string, and an event is an object'],
  ])('%j', (element, problem) => {
    expect(readPayload(assumed, [element], model)).toEqual([
      { kind: 'unreadable', problem: expect.stringContaining(problem) },
    ])
    expect(typeOfElement(assumed, element)).toBeUndefined()
  })

  test('or a payload that is no list', () => {
    expect(readPayload(assumed, earning)).toEqual([
      { kind: 'unreadable', problem: 'the payload is an object; it must be a list of events' },
    ])
  })
})

describe('a path that is written in several places', () => {
  const template =
    '{ "type": "{{type}}", "id": "{{id}}", "day": "{{occurredAt | date}}", "at": "{{occurredAt}}", "s": "{{occurredAt | epoch_s}}", "data": "{{data}}", "points": "{{data.points | string}}" }'
  const wire = {
    type: 'earning',
    id: earning.id,
    day: '2026-01-09',
    at: earning.occurredAt,
    s: 1767983400,
    data: earning.data,
    points: '500',
  }

  test.each([
    [{}, earning.occurredAt, []],
    [{ at: undefined }, '2026-01-09T18:30:00.000Z', ['events[0].at is missing: ']],
    [
      { s: 1767983401 },
      earning.occurredAt,
      ['events[0].s says that occurredAt is "2026-01-09T18:30:01.000Z", and another place "2026-01-09T18:30:00.000Z"'],
    ],
    [
      { day: '2026-01-08' },
      '2026-01-08T00:00:00.000Z',
      ['events[0].at says that occurredAt is', 'events[0].s says that occurredAt is'],
    ],
    [{ points: '501' }, earning.occurredAt, ['events[0].points says that data.points is 501, and another place 500']],
  ])('keeps the most precise and says where they differ: %j', async (change, occurredAt, problems) => {
    const { cwd } = await contractFolder({ 'earning.json': template })
    const element = JSON.parse(JSON.stringify({ ...wire, ...change })) as unknown
    const read = readOne(await loadContract('my-contract', { cwd }), element)
    expect(read.event['occurredAt']).toBe(occurredAt)
    expect(read.event['data']).toEqual(earning.data)
    expect(read.problems).toEqual(problems.map((problem) => expect.stringContaining(problem)))
  })
})

test('a key called __proto__ is data: it pollutes nothing', async () => {
  const { cwd } = await contractFolder({
    'earning.json':
      '{ "type": "{{type}}", "id": "{{id}}", "__proto__": { "points": "{{data.points}}" }, "rule": "{{data.rule}}", "rule_id": "{{data.rule.id}}" }',
  })
  const contract = await loadContract('my-contract', { cwd })
  const text = renderEvent(contract, earning)
  expect(text).toContain('"__proto__":{"points":500}')
  const read = readOne(contract, JSON.parse(text.replace('"name":"Part', '"__proto__":{"polluted":1},"name":"Part')))
  expect(read.event['data']).toMatchObject({ points: 500 })
  expect([
    ({} as Record<string, unknown>)['polluted'],
    (read.event['data'] as { rule: Record<string, unknown> }).rule['polluted'],
  ]).toEqual([undefined, undefined])
  expect(
    readOne(contract, { type: 'earning', id: earning.id, rule: earning.data.rule, rule_id: 'rule-3' }).problems,
  ).toEqual(['events[0].__proto__ is missing; expected an object'])
})

test.each([
  ['assumed-1', 'earning', 'data.points', true],
  ['assumed-1', 'earning', 'type', true],
  ['assumed-1', 'earning', 'data', true],
  ['assumed-1', 'earning', 'data.pointsMore', false],
  ['assumed-1', 'earning', 'data.promoCode', false],
  ['assumed-1', 'burning', 'data.promoCode', true],
  ['assumed-1', 'profile_creation', 'data.balances[0].current', true],
  ['assumed-1', 'profile_creation', 'data.balances', true],
  ['assumed-1', 'profile_creation', 'data.balances[1].rank', false],
  ['flat-snake', 'earning', 'type', true],
  ['no-identity', 'earning', 'id', false],
  ['no-identity', 'earning', 'data.balance.current', false],
  ['no-identity', 'earning', 'data.balance', false],
] as const)('%s: %s writes %s: %s', async (name, type, path, expected) => {
  expect(writesPath(await loadContract(name), type, path)).toBe(expected)
})
