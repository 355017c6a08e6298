import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadContract, renderEvent, renderPayload } from '../../src/contract/contract.ts'
import { DIALECT_NAMES, DIALECTS, writeJson } from '../../src/contract/dialect.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { UsageError } from '../../src/errors.ts'
import { contractFolder } from '../support/contract-folder.ts'
import { anyEvent } from '../support/events.ts'

const assumed = await loadContract('assumed-1')
const { earning } = SAMPLE_EVENTS

/** What assumed-1 writes of the sample earning with one leaf of the template changed: the text of that leaf's line. */
async function rendered(
  leaf: string,
  event: object = earning,
  dialect: 'js' | 'php' | 'pretty' = 'js',
): Promise<string> {
  const { cwd } = await contractFolder({ 'earning.json': `{ "type": "{{type}}", "x": ${leaf}, "id": "{{id}}" }` })
  return renderEvent(await loadContract('my-contract', { cwd }), event as typeof earning, dialect)
}

describe('assumed-1 writes the event model as it stands', () => {
  test.each(ALL_EVENT_TYPES)('%s, byte for byte as JSON.stringify', (type) => {
    expect(renderEvent(assumed, SAMPLE_EVENTS[type])).toBe(JSON.stringify(SAMPLE_EVENTS[type]))
  })

  test.each(DIALECT_NAMES)('in the dialect %s, payloads of any events', (name) => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 3 }), (events) => {
        const inWireOrder = events.map(({ id, type, occurredAt, program, member, data }) => ({
          id,
          type,
          occurredAt,
          program,
          member,
          data,
        }))
        expect(renderPayload(assumed, events, name)).toBe(writeJson(inWireOrder, DIALECTS[name]))
      }),
      { numRuns: 60 },
    )
  })

  test('a field that the model does not know is not written', () => {
    expect(renderEvent(assumed, { ...earning, extra: 1 } as typeof earning)).toBe(JSON.stringify(earning))
  })
})

describe('a leaf of a template', () => {
  test.each([
    ['1.0', '1.0'],
    ['-0.50e+3', '-0.50e+3'],
    ['"a\\u002fb"', '"a/b"'],
    ['{}', '{}'],
    ['[]', '[]'],
    ['[true, [null]]', '[true,[null]]'],
    ['"{{data.points}}"', '500'],
    ['"{{data.points | string}}"', '"500"'],
    ['"{{data.points | negate}}"', '-500'],
    ['"{{data.balance.previous | negate}}"', '0'],
    ['"{{occurredAt | epoch_s}}"', '1767983400'],
    ['"{{occurredAt | epoch_ms}}"', '1767983400000'],
    ['"{{occurredAt | date}}"', '"2026-01-09"'],
    ['"{{type | upper}}"', '"EARNING"'],
    ['"{{type | map(earning=got/points)}}"', '"got/points"'],
    ['"{{type | map(earning=7) | number}}"', '7'],
    ['"{{data.expiresAt}}"', 'null'],
    ['"{{data.expiresAt | epoch_s}}"', 'null'],
    ['"{{data.rule}}"', '{"id":"rule-3","name":"Participation à une campagne"}'],
    ['["{{data.points}}", "{{data.expiresAt}}"]', '[500,null]'],
  ])('%s is written %s', async (leaf, text) => {
    expect(await rendered(leaf)).toBe(`{"type":"earning","x":${text},"id":"${earning.id}"}`)
  })

  test.each([
    ['1.999 s is second 1', { ...earning, occurredAt: '1970-01-01T00:00:01.999Z' }, '"{{occurredAt | epoch_s}}"', '1'],
    [
      'before 1970 too, seconds are cut off towards the past',
      { ...earning, occurredAt: '1969-12-31T23:59:59.001Z' },
      '"{{occurredAt | epoch_s}}"',
      '-1',
    ],
    [
      'the day is the day in UTC',
      { ...earning, occurredAt: '2026-01-31T23:59:59.999Z' },
      '"{{occurredAt | date}}"',
      '"2026-01-31"',
    ],
    [
      'a text that is a number',
      { ...earning, member: { ...earning.member, externalId: '-12.5' } },
      '"{{member.externalId | number}}"',
      '-12.5',
    ],
  ])('%s', async (_, event, leaf, text) => {
    expect(await rendered(leaf, event)).toContain(`"x":${text},`)
  })

  test('"?" leaves the key out when the value is null, and commas stay right', async () => {
    const template =
      '{ "a": "{{data.expiresAt?}}", "type": "{{type}}", "b": { "c": "{{data.expiresAt? | epoch_s}}" }, "d": "{{data.expiresAt?}}" }'
    const { cwd } = await contractFolder({
      'earning.json': template,
      'contract.json': (text) => text.replace('"id"', ''),
    })
    const contract = await loadContract('my-contract', { cwd })
    const withExpiry = { ...earning, data: { ...earning.data, expiresAt: '2027-01-01T00:00:00.000Z' } }
    expect(renderEvent(contract, earning)).toBe('{"type":"earning","b":{}}')
    expect(renderEvent(contract, earning, 'pretty')).toBe('{\n  "type": "earning",\n  "b": {}\n}')
    expect(renderEvent(contract, withExpiry)).toBe(
      '{"a":"2027-01-01T00:00:00.000Z","type":"earning","b":{"c":1798761600},"d":"2027-01-01T00:00:00.000Z"}',
    )
  })

  test('a subtree is indented as deep as it stands', async () => {
    expect(await rendered('{ "rule": "{{data.rule}}" }', earning, 'pretty')).toBe(
      JSON.stringify({ type: 'earning', x: { rule: earning.data.rule }, id: earning.id }, null, 2),
    )
  })

  test('what the template writes is quoted into code: no text of a template is ever run', async () => {
    const nasty = '"\\"+(globalThis.broken=1)+\\"${1}`\\u2028\\\\"'
    expect(JSON.parse(await rendered(nasty))).toHaveProperty('x', JSON.parse(nasty))
    expect(JSON.parse(await rendered(`{ ${nasty}: ${nasty} }`))).toHaveProperty('x', {
      [JSON.parse(nasty) as string]: JSON.parse(nasty),
    })
    expect(globalThis).not.toHaveProperty('broken')
  })
})

describe('an event that lacks values', () => {
  test.each(DIALECT_NAMES)('leaves their keys out in the dialect %s, as JSON.stringify does', (name) => {
    const { id: _id, ...rest } = earning
    const partial = { ...rest, member: { email: 'a@example.com' }, data: { ...earning.data, balance: { current: 3 } } }
    const expected = {
      type: 'earning',
      occurredAt: earning.occurredAt,
      program: earning.program,
      member: partial.member,
      data: { ...earning.data, balance: { currency: {}, current: 3 } },
    }
    expect(renderEvent(assumed, partial as unknown as typeof earning, name)).toBe(writeJson(expected, DIALECTS[name]))
  })

  test('leaves out lists too, and writes null for a missing element', async () => {
    const profile = SAMPLE_EVENTS.profile_creation
    const without = { ...profile, data: { ...profile.data, balances: undefined } }
    expect(renderEvent(assumed, without as unknown as typeof profile)).toBe(JSON.stringify(without))
    expect(await rendered('["{{data.points}}", "{{occurredAt | epoch_s}}"]', { type: 'earning' })).toBe(
      '{"type":"earning","x":[null,null]}',
    )
  })

  test('does not change how the next event is written', () => {
    const text = renderEvent(assumed, earning)
    renderEvent(assumed, { type: 'earning' })
    expect(renderEvent(assumed, earning)).toBe(text)
  })
})

test('a value that a filter cannot write so that it reads back is an error with the path, the event and the place', async () => {
  const event = { ...earning, member: { ...earning.member, externalId: '007' } }
  await expect(rendered('"{{member.externalId | number}}"', event)).rejects.toThrow(
    new UsageError(
      `member.externalId of the earning event ${earning.id} is "007", which "number" cannot write so that it reads back (my-contract/earning.json:1:31).`,
    ),
  )
})

test('an event of no known type is an error', () => {
  for (const type of ['gift', '__proto__', 'constructor']) {
    expect(() => renderEvent(assumed, { ...earning, type } as unknown as typeof earning)).toThrow(
      /the contract assumed-1 has no template for it/,
    )
  }
})
