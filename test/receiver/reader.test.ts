import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  loadContract,
  readPayload,
  renderEvent,
  renderPayload,
  SHIPPED_CONTRACTS,
} from '../../src/contract/contract.ts'
import { loadEventModel } from '../../src/contract/event-model.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { identityNote, identityOf } from '../../src/receiver/identity.ts'
import { quickCheck } from '../../src/receiver/quick-check.ts'
import { payloadReader } from '../../src/receiver/reader.ts'
import { contractFolder } from '../support/contract-folder.ts'
import { anyEvent } from '../support/events.ts'

const model = await loadEventModel()
const contracts = await Promise.all(SHIPPED_CONTRACTS.map((name) => loadContract(name)))

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** The value with its `at`th value or key, counted from the root, changed. */
function changed(value: Json, at: number, to: Json | undefined): Json {
  let left = at
  return visit(value) ?? null

  function visit(node: Json): Json | undefined {
    if (left-- === 0) return to
    if (Array.isArray(node)) return node.map((item) => visit(item) ?? null)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, item]) => {
        const kept = visit(item)
        return kept === undefined ? [] : [[key, kept]]
      }),
    )
  }
}

describe.each(contracts.map((contract) => [contract.name, contract] as const))('%s', (_, contract) => {
  test.each([
    ['with the event model', model],
    ['by shape alone', undefined],
  ])('what is right has no problem, and what is not has those of readPayload, %s', (__, how) => {
    const read = payloadReader(contract, how)
    const change = fc.option(
      fc.tuple(fc.nat(45), fc.constantFrom<Json | undefined>(undefined, null, 0, -1, 'x', '7', true, [], {}, [{}])),
    )
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 2 }), change, (events, edit) => {
        const whole = JSON.parse(renderPayload(contract, events, 'js')) as Json[]
        const payload = edit === null ? whole : whole.map((element) => changed(element, edit[0], edit[1]))
        const elements = readPayload(contract, payload, how)
        const { events: found, problems } = read(payload)
        expect(problems).toEqual(
          elements.flatMap((element) => (element.kind === 'event' ? element.problems : [element.problem])),
        )
        expect(found.map(({ type }) => type)).toEqual(
          elements.map((element) => (element.kind === 'event' ? element.type : undefined)),
        )
        if (edit === null) expect(problems).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

test('the identity is the one of the contract', async () => {
  const ids = contracts.map((contract) => {
    const element = JSON.parse(renderEvent(contract, SAMPLE_EVENTS.earning, 'js')) as unknown
    return payloadReader(contract)([element, null]).events.map(({ id }) => id)
  })
  const { id } = SAMPLE_EVENTS.earning
  expect(ids).toEqual([
    [id, undefined],
    [id, undefined],
    [undefined, undefined],
  ])
  expect(contracts.map((contract) => identityNote(contract)?.includes('duplicates cannot be recognised'))).toEqual([
    undefined,
    undefined,
    true,
  ])
})

test.each([
  [['id'], { id: 'a' }, 'a'],
  [['id'], { id: 7 }, '7'],
  [['id'], { id: null }, undefined],
  [['id'], Object.create({ id: 'inherited' }) as unknown, undefined],
  [['meta.ids[1]'], { meta: { ids: ['x', 'y'] } }, 'y'],
  [['meta["event.id"]'], { meta: { 'event.id': 'y' } }, 'y'],
  [['member.id', 'at'], { member: { id: 'm' }, at: 5 }, '["m","5"]'],
  [['member.id', 'at'], { member: { id: 'm' } }, undefined],
  [['id'], 'id', undefined],
])('the identity %j of %j', (paths, element, identity) => {
  expect(identityOf(paths)(element)).toBe(identity)
})

test('a contract that writes one value in two places is still read: where they differ is a problem', async () => {
  const { cwd } = await contractFolder({
    'earning.json': '{ "type": "{{type}}", "id": "{{id}}", "again": "{{id}}", "data": "{{data}}" }',
  })
  const contract = await loadContract('my-contract', { cwd })
  const read = payloadReader(contract, model)
  const { id, type, data } = SAMPLE_EVENTS.earning
  expect(read([{ type, id, again: id, data }]).problems).toEqual([])
  expect(read([{ type, id, again: 'other', data }]).problems).not.toEqual([])
})

describe('a quick check says what the model says', () => {
  const texts = fc.constantFrom(
    '',
    ' ',
    '2026-02-28T23:59:59.999Z',
    '2026-02-29T00:00:00.000Z',
    '2024-02-29T00:00:00.000Z',
    '2026-02-28T24:00:00.000Z',
    '2026-02-28T23:59:60.000Z',
    '2026-02-28T23:59:59Z',
    '2026-13-01T00:00:00.000Z',
    '2026-02-28',
    '2026-02-31',
    '2026-2-3',
    'a@example.com',
    'a@b',
    'https://example.com/',
    'fr-BE',
    'fr-',
    'BE',
    'be',
    'sso',
    'earning',
    '5f0c7a52-6d1e-4c1b-9a55-0b7d1f3e2a10',
    '5F0C7A52-6d1e-4c1b-9a55-0b7d1f3e2a10',
  )
  const values = fc.oneof(
    fc.constantFrom<unknown>(null, true, 0, 1, -1, 1.5, 2 ** 53, Infinity, [], {}),
    texts,
    fc.integer(),
    fc.string(),
  )
  const paths = Object.values(model).flatMap((ofType) => [...ofType.values()])

  test('of every path and any value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, (path, value) => {
        expect(quickCheck(path)(value)).toBe(path.check(value) === undefined)
      }),
      { numRuns: 3000 },
    )
  })
})
