import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { emitCommand } from '../../src/cli/commands/emit.ts'
import { configJsonSchema } from '../../src/cli/config-schema.ts'
import { readConfig } from '../../src/cli/config.ts'
import type { Context } from '../../src/cli/context.ts'
import { webhooksOfFile } from '../../src/cli/emit-webhooks.ts'
import { COMMAND_OPTIONS } from '../../src/cli/options/every-option.ts'
import { UsageError } from '../../src/errors.ts'
import { folderOf } from './endpoints.ts'

const validate = new Ajv2020({ allowUnionTypes: true, strict: true }).compile(configJsonSchema())

const folder = folderOf({})

/** Whether the reader takes it, as far as a schema can know. */
async function isRead(config: unknown): Promise<boolean> {
  writeFileSync(join(folder, 'qualifio-sim.json'), JSON.stringify(config))
  const context = {
    cwd: folder,
    env: {},
    stderr: { write: () => {} },
  } as unknown as Context
  try {
    await readConfig(context, emitCommand)
    webhooksOfFile(context, { programs: ['boreal-club'], signatureHeader: 'X-Qualifio-Signature', ownPort: 4600 })
    return true
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

const shop = { name: 'shop', url: 'http://localhost:3000/webhooks' }
const withWebhooks = (...webhooks: readonly unknown[]) => ({ emit: { webhooks } })

const FULL = {
  $schema: './node_modules/qualifio-sim/dist/config.schema.json',
  to: 'http://localhost:3000/webhooks',
  contract: 'assumed-1',
  seed: 7,
  header: ['x-a: 1', 'x-b: 2'],
  insecure: true,
  send: { count: 3, set: 'data.points:=5', speed: 'max' },
  check: { quiet: false },
  emit: {
    members: 50,
    program: ['boreal-club'],
    pace: '2/s',
    'batch-window': '1s',
    webhooks: [
      {
        ...shop,
        header: { name: 'x-test-authorization-header', value: '123456ots' },
        secret: 'my-secret',
        rotation: 'immediate',
        scope: { events: ['earning', 'Point correction +'], programs: ['boreal-club'] },
        active: false,
      },
      { name: 'crm', url: 'https://crm.example/', header: null, secret: null, scope: null },
      { name: 'all', url: 'https://all.example/', scope: { events: null } },
    ],
  },
}

const ROWS: readonly (readonly [what: string, config: unknown, isRight: boolean])[] = [
  ['everything', FULL, true],
  ['nothing', {}, true],
  ['no object', [], false],
  ['a key that no command knows', { retires: 7 }, false],
  ['a key that another command knows', { send: { webhooks: [] } }, false],
  ['a section that is no object', { send: 3 }, false],
  ['a contract for one command', { contract: { contract: 'assumed-1' } }, true],
  ['a contract that is neither', { contract: true }, false],
  ['a typo in a section', { emit: { batchWindow: '1s' } }, false],
  ['a number for a switch', { insecure: 1 }, false],
  ['a text for a switch', { insecure: 'true' }, false],
  ['a switch for a value', { to: true }, false],
  ['a list for a value', { seed: [1] }, false],
  ['null for a value', { seed: null }, false],
  ['one for a list', { header: 'x-a: 1' }, true],
  ['an object in a list', { header: [{}] }, false],
  ['webhooks at the top level', { webhooks: [] }, false],
  ['webhooks that are no list', { emit: { webhooks: shop } }, false],
  ['a webhook', withWebhooks(shop), true],
  ['no webhook', withWebhooks(), true],
  ['a webhook that is a text', withWebhooks('http://localhost:3000/'), false],
  ['a webhook without a name', withWebhooks({ url: shop.url }), false],
  ['a webhook without a URL', withWebhooks({ name: 'shop' }), false],
  ['a webhook with an empty name', withWebhooks({ ...shop, name: '' }), false],
  ['a webhook with a typo', withWebhooks({ ...shop, secrets: 'x' }), false],
  ['a webhook with an empty secret', withWebhooks({ ...shop, secret: '' }), false],
  ['a webhook with a number for a secret', withWebhooks({ ...shop, secret: 5 }), false],
  ['a header that is a text', withWebhooks({ ...shop, header: 'x-a: 1' }), false],
  ['a header without a value', withWebhooks({ ...shop, header: { name: 'x-a' } }), false],
  ['a header with more', withWebhooks({ ...shop, header: { name: 'x-a', value: 'b', note: 'c' } }), false],
  ['another rotation', withWebhooks({ ...shop, rotation: 'slow' }), false],
  ['a scope with a typo', withWebhooks({ ...shop, scope: { event: [] } }), false],
  ['a scope that is a list', withWebhooks({ ...shop, scope: ['earning'] }), false],
  ['a text for active', withWebhooks({ ...shop, active: 'yes' }), false],
]

describe('the schema of the configuration file and its reader agree on', () => {
  test.each(ROWS)('%s', async (_, config, isRight) => {
    expect({ schema: validate(config), reader: await isRead(config) }).toEqual({ schema: isRight, reader: isRight })
  })
})

test('the schema knows every command and says what every option does', () => {
  const schema = configJsonSchema() as { properties: Record<string, { description?: string; anyOf?: object[] }> }
  for (const name of Object.keys(COMMAND_OPTIONS)) expect(schema.properties).toHaveProperty(name)
  for (const [name, property] of Object.entries(schema.properties))
    expect(JSON.stringify(property), name).toContain('"description":"')
})

test('the schema in the package is this one', () => {
  const built = new URL('../../dist/config.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(built, 'utf8'))).toEqual(configJsonSchema())
})
