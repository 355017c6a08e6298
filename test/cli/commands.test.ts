import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../../src/receiver/server.ts'
import { peer } from '../support/peer.ts'
import { runCli } from '../support/run-cli.ts'
import { systemClock } from '../support/system-clock.ts'

const FIXED = ['--seed', '42', '--now', '2026-01-31T12:00:00Z'] as const
const VECTORS = [
  ['my-secret', '[]', 'sha256=b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5'],
  [
    '123456ots',
    '[{"id":"1","type":"earning"}]',
    'sha256=58652f5970d68bb55e4ab653de25c9957754b4f48b1e0de86fad073499909226',
  ],
  ['s3cr3t-Ω', '[{"name":"Zoë 🎁"}]', 'sha256=4dc1a0799708be2c0396052e301aa2ee5f38a65e0437a0a45b0cfa51c447a28e'],
] as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-commands-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const inFolder = (args: readonly string[]) => runCli(args, { cwd: folder })
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('generate', () => {
  test('prints one payload exactly as its body, and nothing else on standard output', async () => {
    const { stdout, stderr, exitCode } = await runCli(['generate', 'earning', ...FIXED])
    expect(JSON.stringify(JSON.parse(stdout))).toBe(stdout)
    expect(stderr).toContain('--seed 42 --now 2026-01-31T12:00:00.000Z')
    expect(exitCode).toBe(0)
  })

  test('ndjson is one payload a line, also under a contract that breaks lines', async () => {
    const { stdout } = await runCli([
      'generate',
      'random',
      '--count',
      '25',
      '--batch',
      '10',
      '--format',
      'ndjson',
      ...FIXED,
    ])
    const payloads = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown[])
    expect(payloads.map((payload) => payload.length)).toEqual([10, 10, 5])
  })

  test('a folder gets one file per payload, named in order', async () => {
    const { exitCode } = await inFolder(['generate', 'earning', 'burning', '--output', 'payloads/', ...FIXED])
    expect(exitCode).toBe(0)
    const names = readdirSync(join(folder, 'payloads')).toSorted()
    expect(names).toHaveLength(2)
    expect(names.join(' ')).toMatch(/^0001-(earning|burning)\.json 0002-(earning|burning)\.json$/)
    expect(JSON.parse(read(`payloads/${names[0]}`))).toHaveLength(1)
  })

  test('a folder with files of a larger run before says so, and of the same run does not', async () => {
    const run = (count: string) => inFolder(['generate', 'earning', '--count', count, '-o', 'again/', ...FIXED])
    await run('4')
    writeFileSync(join(folder, 'again', 'notes.json'), '')
    const smaller = await run('2')
    expect(smaller.stderr).toContain(
      'warning: again/ has 2 files of an earlier run as well (such as 0003-earning.json); delete them, or name a new folder\n',
    )
    expect(smaller.exitCode).toBe(0)
    expect(readdirSync(join(folder, 'again'))).toHaveLength(5)
    expect((await run('4')).stderr).not.toContain('warning')
  })

  test('an .http file is signed, ready to send, and holds no credential', async () => {
    const args = [
      'generate',
      'all',
      '--format',
      'http',
      '--secret',
      'my-secret',
      '-H',
      'x-key: hunter2',
      '--to',
      'http://localhost:3000/hook',
      '-o',
      'requests.http',
    ]
    await inFolder([...args, ...FIXED])
    const text = read('requests.http')
    expect(text).toContain('@to = http://localhost:3000/hook')
    expect(text).toContain('x-key: {{auth}}')
    expect(text).not.toContain('hunter2')
    expect(text.match(/^### /gm)).toHaveLength(8)
    const [, signature, body] = /X-Qualifio-Signature: (\S+)\n\n(.*)\n/.exec(text) ?? []
    const { stdout } = await runCli(['sign', '--secret', 'my-secret', '--value'], { stdin: body ?? '' })
    expect(stdout.trim()).toBe(signature)
  })

  test('ends quietly when the reader has seen enough', async () => {
    const bin = new URL('../../bin/qualifio-sim.js', import.meta.url).pathname
    const line = `"${process.execPath}" "${bin}" generate random --count 100000000 --format ndjson | head -n 2 | wc -l; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], { cwd: folder, timeout: 15_000 })
    expect(stdout.trim().split(/\s+/)).toEqual(['2', '0'])
    expect(stderr).not.toContain('EPIPE')
  })

  test('an interrupted file leaves nothing behind', async () => {
    const args = ['generate', 'random', '--count', '50000000', '--format', 'ndjson', '--output', 'huge.ndjson']
    const { exitCode } = await runCli(args, { cwd: folder, signalAfter: { text: '--seed', signal: 'SIGINT' } })
    expect(exitCode).toBe(130)
    expect(readdirSync(folder).filter((name) => name.includes('huge'))).toEqual([])
  })

  test('other people’s data: --members-from, --program, --contract, --set', async () => {
    writeFileSync(join(folder, 'people.csv'), 'externalId,email,firstName\nsso-7,ann@example.com,Ann\n')
    const args = [
      'generate',
      'earning',
      '--members-from',
      'people.csv',
      '--set',
      'data.points:=250',
      '--contract',
      'flat-snake',
      ...FIXED,
    ]
    const { stdout, exitCode } = await inFolder(args)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('sso-7')
    expect(stdout).toContain('ann@example.com')
    expect(stdout).toContain('"250"')
  })

  test('--no-validate puts onto the wire what the model does not know', async () => {
    const { stdout } = await runCli(['generate', 'earning', '--set', 'extra.deep:=[1]', '--no-validate', ...FIXED])
    expect(JSON.parse(stdout)).toMatchObject([{ extra: { deep: [1] }, type: 'earning' }])
  })

  test('--no-validate sends a type that does not exist, under every contract', async () => {
    for (const [contract, key] of [
      ['assumed-1', 'type'],
      ['flat-snake', 'event_type'],
    ] as const) {
      const args = ['generate', 'earning', '--set', 'type=tier_frozen', '--no-validate', '--contract', contract]
      expect(JSON.parse((await runCli(args)).stdout)).toMatchObject([{ [key]: 'tier_frozen' }])
    }
  })

  test.each([
    ['data.balance:=null', { data: { balance: null } }],
    ['data.rule=abc', { data: { rule: 'abc' } }],
    ['data.balance.currency:=[1]', { data: { balance: { currency: [1] } } }],
    ['data.balance:={}', { data: { balance: {} } }],
    ['member:=null', { member: null }],
    ['data:=7', { data: 7 }],
    ['member:=[]', { member: [] }],
    ['data:=[]', { data: [] }],
    // What has the fields of the model, and no others, is written by the template, in the contract's own words.
    ['data.rule:={"name":"n","id":"i"}', { data: { rule: { id: 'i', name: 'n' } } }],
  ])('--no-validate puts a value in the place of an object: --set %s', async (set, expected) => {
    const { stdout } = await runCli(['generate', 'earning', '--set', set, '--no-validate', ...FIXED])
    const plain = await runCli(['generate', 'earning', ...FIXED])
    const [event] = JSON.parse(stdout) as [{ data: object; member: object }]
    const [other] = JSON.parse(plain.stdout) as [{ data: object; member: object }]
    const merge = (one: unknown, over: unknown): unknown =>
      typeof over === 'object' && over !== null && Object.keys(over).length > 0 && !Array.isArray(over)
        ? Object.assign(
            {},
            one,
            ...Object.entries(over).map(([key, value]) => ({
              [key]: merge((one as Record<string, unknown>)[key], value),
            })),
          )
        : over
    expect(event).toEqual(merge(other, expected))
  })

  test('--no-validate writes a part of what an earlier --set replaced, points too', async () => {
    const sets = ['--set', 'data:={"k":1}', '--set', 'data.points:=3']
    const { stdout } = await runCli(['generate', 'earning', ...sets, '--no-validate', ...FIXED])
    expect(JSON.parse(stdout)).toMatchObject([{ data: { k: 1, points: 3 } }])
  })

  test.each([
    ['data.balances:=null', null],
    ['data.balances:=[1,2]', [1, 2]],
  ])('--no-validate puts a value in the place of a list: --set %s', async (set, balances) => {
    const { stdout } = await runCli(['generate', 'profile-creation', '--set', set, '--no-validate', ...FIXED])
    expect(JSON.parse(stdout)).toMatchObject([{ data: { balances } }])
    const first = ['generate', 'profile-creation', '--set', 'data.balances[0].currency=x', '--no-validate', ...FIXED]
    expect(JSON.parse((await runCli(first)).stdout)).toMatchObject([
      { data: { balances: [{ currency: 'x', current: 0 }, { current: 0 }] } },
    ])
  })

  test('a contract that scatters an object has no place for another value, and says what to set instead', async () => {
    const args = ['generate', 'earning', '--set', 'data.rule:=null', '--no-validate', '--contract', 'flat-snake']
    const { stderr, exitCode } = await runCli([...args, ...FIXED])
    expect(stderr).toContain('the contract flat-snake has no place for data.rule as a whole; set what it sends of it: ')
    expect(stderr).toContain('data.rule.id')
    expect(exitCode).toBe(2)
  })

  test('a path that the contract does not send is an error, not silence', async () => {
    const { stderr, exitCode } = await runCli([
      'generate',
      'earning',
      '--contract',
      'no-identity',
      '--set',
      'data.balance.current:=5',
    ])
    expect(stderr).toMatch(/no-identity does not send data\.balance\.current/)
    expect(exitCode).toBe(2)
  })
})

describe('the same bytes', () => {
  const args = ['generate', 'random', '--count', '200', '--format', 'ndjson', ...FIXED]
  test('in every time zone and locale of the machine', async () => {
    const outputs = await Promise.all(
      [{}, { TZ: 'Asia/Kathmandu' }, { TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8', LC_ALL: 'tr_TR.UTF-8' }].map(
        async (env) => (await runCli(args, { env })).stdout,
      ),
    )
    expect(new Set(outputs).size).toBe(1)
  })

  const node24 =
    process.env['QUALIFIO_SIM_TEST_NODE24'] ??
    peer('node24', 'npm install --prefix DIR node@24, then QUALIFIO_SIM_TEST_NODE24=DIR/node_modules/node/bin/node')
  test.skipIf(node24 === undefined)('on Node 20 and on Node 24, for every selection', async () => {
    for (const what of [['random'], ['all'], ['change-in-level'], ['--journey', 'level-down']]) {
      const line = ['generate', ...what, '--count', '40', '--format', 'ndjson', ...FIXED]
      const [here, there] = await Promise.all([runCli(line), runCli(line, { node: node24 ?? '' })])
      expect(there.exitCode).toBe(0)
      expect(there.stdout).toBe(here.stdout)
    }
  })
})

describe('sign and verify', () => {
  test.each(VECTORS)('%s over %s', async (secret, body, signature) => {
    const signed = await runCli(['sign', '--secret', secret], { stdin: body })
    expect(signed.stdout).toBe(`X-Qualifio-Signature: ${signature}\n`)
    const value = await runCli(['sign', '-', '--value'], { stdin: body, env: { QUALIFIO_SIM_SECRET: secret } })
    expect(value.stdout).toBe(`${signature}\n`)
    const verified = await runCli(['verify', '--secret', 'other', '--secret', secret, '--signature', signature], {
      stdin: body,
    })
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('valid (secret 2 of 2)') as string })
    const changed = await runCli(['verify', '--secret', secret, '--signature', signature], { stdin: `${body} ` })
    expect(changed).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('not valid: no secret given here') as string,
    })
  })

  test.each([
    ['', /empty/],
    ['nonsense', /prefix/],
    ['sha256=ABC', /lower-case hexadecimal/],
    ['sha256=abc', /wrong length/],
    [`sha256=${'é'.repeat(64)}`, /hexadecimal/],
  ])('a malformed signature %j is not valid, and says why', async (signature, why) => {
    const { stdout, exitCode } = await runCli(['verify', '--secret', 'a', '--signature', signature], { stdin: '[]' })
    expect(stdout).toMatch(why)
    expect(exitCode).toBe(1)
  })

  test('a secret file loses its last newline, and that is said', async () => {
    writeFileSync(join(folder, 'a.secret'), 'my-secret\n')
    const { stdout, stderr } = await runCli(['sign', '--secret-file', 'a.secret', '--value'], {
      cwd: folder,
      stdin: '[]',
    })
    expect(stdout.trim()).toBe(VECTORS[0][2])
    expect(stderr).toMatch(/newline .* left out/)
  })
})

describe('contract', () => {
  test.each(['assumed-1', 'flat-snake', 'no-identity'])(
    'the JSON Schema of %s accepts what is generated',
    async (name) => {
      const schema = await runCli(['contract', '--contract', name, '--format', 'json-schema'])
      const ajv = new Ajv2020({ strict: false })
      addFormats.default(ajv)
      const validate = ajv.compile(JSON.parse(schema.stdout) as object)
      const { stdout } = await runCli([
        'generate',
        'all',
        '--count',
        '20',
        '--batch',
        'max',
        '--contract',
        name,
        ...FIXED,
      ])
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true)
      expect(validate([{ type: 'earning' }])).toBe(false)
    },
  )

  test('a copied contract can be edited, checked and sent with', async () => {
    expect((await inFolder(['contract', 'new', 'mine', '--from', 'assumed-1'])).exitCode).toBe(0)
    expect(await inFolder(['contract', 'check', 'mine'])).toMatchObject({
      exitCode: 0,
      stdout: 'mine: nothing wrong\n',
    })
    const template = read('mine/earning.json')
      .replace('"{{data.points}}"', '"{{data.points | string}}"')
      .replace('"points":', '"amount":')
    writeFileSync(join(folder, 'mine/earning.json'), template)
    const { stdout } = await inFolder([
      'generate',
      'earning',
      '--contract',
      'mine',
      '--set',
      'data.points:=250',
      ...FIXED,
    ])
    expect(stdout).toContain('"amount":"250"')
    writeFileSync(
      join(folder, 'mine/earning.json'),
      template.replace('{{occurredAt', '{{ocurredAt').replace('| string', '| strin'),
    )
    const checked = await inFolder(['contract', 'check', 'mine'])
    expect(checked.stdout).toMatch(/mine\/earning\.json:\d+:\d+: .*occurredAt/)
    expect(checked.stdout).toMatch(/mine\/earning\.json:\d+:\d+: .*string/)
    expect(checked.exitCode).toBe(2)
  })

  test('is exported for one event alone, in every format', async () => {
    const only = async (format: string) => (await runCli(['contract', 'earning', '--format', format])).stdout
    expect(JSON.parse(await only('json'))).toMatchObject({ events: [{ type: 'earning' }] })
    expect((JSON.parse(await only('json-schema')) as { items: { oneOf: unknown[] } }).items.oneOf).toHaveLength(1)
    expect(Object.keys((JSON.parse(await only('openapi')) as { webhooks: object }).webhooks)).toEqual(['earning'])
  })

  test('tells the fields of one event and how sure the facts are', async () => {
    const { stdout } = await runCli(['contract', 'Point correction +'])
    expect(stdout).toMatch(/data\.points +integer/)
    expect(stdout).toMatch(/documented +Any 2XX is success/)
    expect(stdout).toMatch(/assumed +The digest is lower-case hexadecimal/)
    expect(stdout).not.toContain('data.reward')
  })
})

describe('what people look at', () => {
  test.each(['send', 'generate', 'sign', 'verify', 'contract'])('%s --help has examples that work', async (command) => {
    const { stdout, exitCode } = await runCli([command, '--help'])
    expect(exitCode).toBe(0)
    const receiver = await openReceiver()
    try {
      writeFileSync(join(folder, 'payload.json'), '[]')
      for (const [, line = ''] of stdout.matchAll(/^ {2}(.*qualifio-sim (?!.*=b30d17…).*)$/gm)) {
        if (line.trimStart().startsWith('#')) continue
        const bin = new URL('../../bin/qualifio-sim.js', import.meta.url).pathname
        const runnable = line
          .replace(/\bqualifio-sim /, `"${process.execPath}" "${bin}" `)
          .replaceAll('http://localhost:3000', receiver.url.origin)
        await expect(
          promisify(execFile)('bash', ['-c', `rm -rf my-contract; ${runnable}`], { cwd: folder }),
          line,
        ).resolves.toBeDefined()
      }
    } finally {
      await receiver.close()
    }
  })

  test('colour is for terminals, and FORCE_COLOR and NO_COLOR are honoured', async () => {
    const args = ['contract', 'earning']
    expect((await runCli(args)).stdout).not.toContain('\u001b[')
    expect((await runCli(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[')
    expect((await runCli(args, { env: { FORCE_COLOR: '0', NO_COLOR: '1' } })).stdout).not.toContain('\u001b[')
  })
})

async function openReceiver(): Promise<Receiver> {
  return await startReceiver({ requirements: { secrets: [], headers: [] }, clock: systemClock })
}

test('--verbose beside a machine format is said to add nothing', async () => {
  const { stderr, stdout, exitCode } = await runCli(['send', 'earning', '--dry-run', '--verbose', '--format', 'json'])
  expect(stderr).toContain('warning: --verbose adds to the text')
  expect(JSON.parse(stdout)).toMatchObject({ dryRun: true })
  expect(exitCode).toBe(0)
})
