import { Validator } from '@seriousme/openapi-schema-validator'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadContract, renderEvent, renderPayload, SHIPPED_CONTRACTS } from '../../src/contract/contract.ts'
import { describeContract } from '../../src/contract/describe.ts'
import { DIALECT_NAMES } from '../../src/contract/dialect.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import { exportJsonSchema, exportOpenApi } from '../../src/contract/export.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { contractFolder } from '../support/contract-folder.ts'
import { anyEvent } from '../support/events.ts'

const contracts = await Promise.all(SHIPPED_CONTRACTS.map((name) => loadContract(name)))
const { earning } = SAMPLE_EVENTS

function validator(schema: object) {
  const ajv = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true })
  // ajv-formats is CommonJS, and its types see the module where there is the function.
  const addAll = addFormats as unknown as (to: Ajv2020) => void
  addAll(ajv)
  return ajv.compile(schema)
}

describe.each(contracts.map((contract) => [contract.name, contract] as const))(
  'the JSON Schema of %s',
  (_, contract) => {
    test('takes every payload in every dialect', async () => {
      const validate = validator(await exportJsonSchema(contract))
      fc.assert(
        fc.property(fc.array(anyEvent, { maxLength: 3 }), fc.constantFrom(...DIALECT_NAMES), (events, dialect) => {
          validate(JSON.parse(renderPayload(contract, events, dialect)))
          expect(validate.errors).toBeNull()
        }),
        { numRuns: 150 },
      )
    })

    test('refuses an element with any one of its keys missing or of another type, and takes unknown keys', async () => {
      const validate = validator(await exportJsonSchema(contract))
      for (const type of ALL_EVENT_TYPES) {
        const element = JSON.parse(renderEvent(contract, SAMPLE_EVENTS[type])) as Record<string, unknown>
        expect(validate([{ ...element, unknownKey: { a: 1 } }])).toBe(true)
        for (const key of Object.keys(element)) {
          const { [key]: _removed, ...without } = element
          const isOptional = /^(member_birth_date|referrer|promo|expires)$/.test(key)
          expect([key, validate([without])]).toEqual([key, isOptional])
          expect([key, validate([{ ...element, [key]: true }])]).toEqual([key, false])
        }
      }
    })

    test('refuses an unknown type and what is no list', async () => {
      const validate = validator(await exportJsonSchema(contract))
      const element = JSON.parse(renderEvent(contract, earning)) as Record<string, unknown>
      expect(validate(element)).toBe(false)
      expect(validate([{ ...element, [contract.discriminator.wirePath]: 'gift' }])).toBe(false)
    })
  },
)

describe('filters change the schema', () => {
  test.each([
    ['"{{data.points | negate}}"', { type: 'integer', exclusiveMaximum: 0 }],
    ['"{{data.points | string}}"', { type: 'string', pattern: '^-?\\d+$' }],
    [
      '"{{id | upper}}"',
      { type: 'string', pattern: '^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$' },
    ],
    ['"{{type | upper}}"', { type: 'string', const: 'EARNING' }],
    ['"{{type | map(earning=7) | number | negate}}"', { type: 'number', const: -7 }],
    ['"{{data.expiresAt | epoch_s}}"', { type: ['integer', 'null'] }],
    ['"{{data.expiresAt? | epoch_ms}}"', { type: 'integer' }],
    ['"{{occurredAt | date}}"', { type: 'string', format: 'date' }],
    ['1.0', { type: 'integer', const: 1 }],
    ['null', { type: 'null' }],
    ['["{{id}}", 2]', { type: 'array', minItems: 2, maxItems: 2 }],
  ])('%s', async (leaf, expected) => {
    const { cwd } = await contractFolder({ 'earning.json': `{ "type": "{{type}}", "id": "{{id}}", "x": ${leaf} }` })
    const contract = await loadContract('my-contract', { cwd })
    const schema = await exportJsonSchema(contract)
    const event = schema.items?.oneOf?.[ALL_EVENT_TYPES.indexOf('earning')]
    const { description: _, prefixItems: _items, ...x } = event?.properties?.['x'] ?? {}
    expect(x).toEqual(expected)
    expect(event?.required?.includes('x')).toBe(!leaf.includes('?'))
    expect(validator(schema)([JSON.parse(renderEvent(contract, earning))])).toBe(true)
  })
})

test('a change of level that is written with numbers keeps its closed set', async () => {
  const schema = await exportJsonSchema(await loadContract('flat-snake'))
  const { direction, reason, valid_until } =
    schema.items?.oneOf?.[ALL_EVENT_TYPES.indexOf('change_in_level')]?.properties ?? {}
  expect([direction, reason, valid_until]).toEqual([
    {
      type: 'number',
      enum: [1, -1],
      description:
        'up or down; another word for each value; the text as a number; only texts such as 42 can be written',
    },
    {
      type: 'string',
      enum: ['THRESHOLD_REACHED', 'QUALIFICATION_EXPIRED', 'MANUAL'],
      description: 'why; in upper case',
    },
    {
      type: ['integer', 'null'],
      description:
        'until when the new level holds, or null when it does not expire; whole seconds since 1970-01-01 UTC',
    },
  ])
})

describe('the OpenAPI document', () => {
  test.each(contracts.map((contract) => [contract.name, contract] as const))(
    'of %s passes a validator that is not ours',
    async (_, contract) => {
      const document = await exportOpenApi(contract)
      const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>)
      expect(result.errors).toBeUndefined()
      expect(result.valid).toBe(true)
      expect(Object.keys(document.webhooks)).toEqual(ALL_EVENT_TYPES)
      const { discriminator } = document.components.schemas['Event'] ?? {}
      expect(discriminator?.propertyName).toBe(contract.discriminator.wirePath)
      expect(Object.values(discriminator?.mapping ?? {})).toEqual(
        document.components.schemas['Event']?.oneOf?.map(({ $ref }) => $ref),
      )
    },
  )

  test('has an example of each event that its own schema takes', async () => {
    for (const contract of contracts) {
      const { webhooks } = await exportOpenApi(contract)
      const validate = validator(await exportJsonSchema(contract))
      for (const type of ALL_EVENT_TYPES) {
        expect(webhooks[type]).toMatchObject({
          post: {
            requestBody: { content: { 'application/json': { examples: { [type]: { value: [expect.anything()] } } } } },
            responses: {
              '2XX': { description: expect.stringContaining('Delivered') },
              default: { description: expect.stringContaining('up to 7 times') },
            },
          },
        })
        const { post } = webhooks[type] as {
          post: { requestBody: { content: Record<string, { examples: Record<string, { value: unknown }> }> } }
        }
        expect(validate(post.requestBody.content['application/json']?.examples[type]?.value)).toBe(true)
      }
    }
  })

  test('has a pattern that takes a real signature and no other', async () => {
    const { components } = await exportOpenApi(await loadContract('assumed-1'))
    const { Signature } = components['parameters'] as { Signature: { name: string; schema: { pattern: string } } }
    const pattern = new RegExp(Signature.schema.pattern, 'u')
    expect(Signature.name).toBe('X-Qualifio-Signature')
    expect(pattern.test('sha256=b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5')).toBe(true)
    expect(pattern.test('sha256=B30D1755794113807417D1527911BE283DD56529480E48928D0541240E83C0F5')).toBe(false)
    expect(pattern.test('b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5')).toBe(false)
  })

  test('leaves the discriminator out where the type is nested, because OpenAPI cannot say it', async () => {
    const nested = (text: string) => text.replace('"type": "{{type}}"', '"meta": { "type": "{{type}}" }')
    const names = [
      'profile-creation',
      'member-portal-visit',
      'change-in-level',
      'earning',
      'burning',
      'point-correction-plus',
      'point-correction-minus',
      'free-gift',
    ]
    const { cwd } = await contractFolder(Object.fromEntries(names.map((name) => [`${name}.json`, nested])))
    const document = await exportOpenApi(await loadContract('my-contract', { cwd }))
    expect(document.components.schemas['Event']).not.toHaveProperty('discriminator')
    expect(
      (await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>)).valid,
    ).toBe(true)
  })
})

describe('the description', () => {
  test('has a row for each value, with its meaning, and the facts with their marks', async () => {
    const { events, facts } = await describeContract(await loadContract('flat-snake'), 'profile_creation')
    expect(events.map(({ type, label }) => [type, label])).toEqual([['profile_creation', 'Profile creation']])
    const rows = new Map(events[0]?.fields.map((row) => [row.wirePath, row]))
    expect(rows.get('ts')).toEqual({
      wirePath: 'ts',
      jsonType: 'integer',
      meaning:
        'when it happened, RFC 3339 in UTC with milliseconds; never decreases within one member; whole seconds since 1970-01-01 UTC',
      optional: false,
      modelPath: 'occurredAt',
      filters: ['epoch_s'],
    })
    expect(rows.get('tenant')).toEqual({
      wirePath: 'tenant',
      jsonType: 'string',
      meaning: 'always "be-1"',
      optional: false,
      constant: 'be-1',
    })
    expect(rows.get('schema_version')).toMatchObject({ jsonType: 'integer', meaning: 'always 1.0' })
    expect(rows.get('member_birth_date')).toMatchObject({
      optional: true,
      jsonType: 'string',
      modelPath: 'member.birthDate',
    })
    expect(rows.get('wallets')).toMatchObject({ jsonType: 'array', modelPath: 'data.balances' })
    expect(rows.get('wallets[].balance_after')).toMatchObject({
      jsonType: 'string',
      modelPath: 'data.balances[].current',
      filters: ['string'],
    })
    expect(rows.get('auth')).toMatchObject({ filters: ['map(sso=SSO, secure_token=TOKEN, api=API)'] })
    expect(facts[0]).toMatchObject({ status: 'assumed', recorded: '2026-11-23' })
  })

  test.each(contracts.map((contract) => [contract.name, contract] as const))(
    'of %s gives a meaning to every row of the eight events',
    async (_, contract) => {
      const { events } = await describeContract(contract)
      expect(events.map(({ type }) => type)).toEqual(ALL_EVENT_TYPES)
      for (const { fields } of events) expect(fields.filter(({ meaning }) => meaning === '')).toEqual([])
    },
  )
})
