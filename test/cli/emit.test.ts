import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emitCommand } from '../../src/cli/commands/emit.ts'
import type { ListView, DeliveryView, EventView, ProgramView, WebhookView } from '../../src/emitter/view/views.ts'
import { runCli, startCli } from '../support/run-cli.ts'
import { emit } from './emitting.ts'
import { folderOf, startEndpoints, type Endpoints } from './endpoints.ts'

let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

const QUIET = ['--pace', '0', '--memory'] as const

describe('the start', () => {
  test.concurrent(
    'says where the console is, who lives there and where events go; SIGTERM ends it with 0',
    async () => {
      const folder = folderOf({})
      const { url } = endpoints.open()
      const emitting = await emit(['--to', `${url}?key=hidden`, '--members', '12', '--seed', '5', '--pace', '600/h'], {
        cwd: folder,
      })
      const page = await fetch(emitting.console)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(await page.text()).toContain('<!doctype html>')
      const { exitCode, stdout, stderr } = await emitting.stop()
      expect(exitCode).toBe(0)
      expect(stdout).toBe('')
      expect(stderr.split('\n')).toEqual([
        `console  ${emitting.console.href}`,
        'members  12 in Boréal Club and Marée Rewards, seed 5, kept in .qualifio-sim',
        'pace     0.167 events/s; Ctrl-C ends',
        `webhook  command line → ${url}?key=… (all events)`,
        'stopped',
        '',
      ])
      expect(statSync(join(folder, '.qualifio-sim/emit.db')).mode & 0o777).toBe(0o600)
    },
  )

  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it with 0, in less than five seconds, while a request hangs',
    async (signal) => {
      const endpoint = endpoints.open(() => 'hang')
      const emitting = await emit(['--to', endpoint.url, ...QUIET])
      await emitting.api('POST', '/events', { type: 'member-portal-visit' })
      await endpoint.came(1)
      const startedMs = performance.now()
      expect((await emitting.stop(signal)).exitCode).toBe(0)
      expect(performance.now() - startedMs).toBeLessThan(5000)
    },
  )

  test.concurrent('without a webhook says how to make one; with a token, where to use it', async () => {
    const emitting = await emit([...QUIET, '--host', '0.0.0.0', '--token', 'change-me+please', '--speed', 'max'])
    expect(emitting.console.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=change-me%2Bplease$/)
    expect((await fetch(new URL('/api/program', emitting.console))).status).toBe(401)
    expect(await emitting.api<ProgramView>('GET', '/program')).toMatchObject({ pacePerSecond: 0, speed: 'max' })
    const { stderr } = await emitting.stop()
    expect(stderr).toContain('members  200 in Boréal Club and Marée Rewards, seed ')
    expect(stderr).toContain(
      ', kept in memory only\npace     events on demand only; retries do not wait; Ctrl-C ends\n',
    )
    expect(stderr).toContain('webhooks none yet: make one in the console, pass --to, or list them in qualifio-sim.json')
  })

  test.concurrent(
    'on a state goes on: what is left is told, what counts only at the first start is noted',
    async () => {
      const options = { cwd: folderOf({}) }
      const endpoint = endpoints.open((nth) => (nth === 0 ? 503 : 200))
      const first = await emit(['--to', endpoint.url, '--pace', '0', '--seed', '5', '--members', '9'], options)
      await first.api('POST', '/events', { type: 'member-portal-visit' })
      await first.waitFor('retry 1/7 in 1 s')
      await first.stop()
      const again = ['--to', endpoint.url, '--members', '10', '--seed', '6', '--retry-schedule', '1s']
      const second = await emit(again, options)
      expect(second.stderr()).toMatch(
        /^note: --members, --seed count at the first start only; the members of this state stay\n/,
      )
      expect(second.stderr()).toContain('members  9 in Boréal Club and Marée Rewards, seed 5, kept in .qualifio-sim')
      expect((await first.result).stderr).toMatch(/\nstopped; 1 delivery goes on at the next start\n$/)
      expect(second.stderr()).toContain('pace     events on demand only')
      expect(second.stderr()).toContain('left     1 delivery from before, going on')
      await endpoint.came(2)
      expect(endpoint.got[1]?.body).toEqual(endpoint.got[0]?.body)
      await second.stop()
      const third = await emit(['--seed', '5', '--memory'], options)
      expect(third.stderr()).not.toContain('note:')
      await third.stop()
    },
  )
})

describe('events', () => {
  test.concurrent('go to each webhook of the file and of --to, signed with its own secret', async () => {
    const [shop, crm, own] = [endpoints.open(), endpoints.open(), endpoints.open()] as const
    const header = { name: 'x-test-authorization-header', value: '${CRM_KEY}' }
    const cwd = folderOf({
      'qualifio-sim.json': {
        emit: {
          pace: 0,
          memory: true,
          webhooks: [
            { name: 'shop', url: shop.url, secret: '${SHOP_SECRET}' },
            { name: 'crm', url: crm.url, header, scope: { events: ['Point correction +'] } },
          ],
        },
      },
    })
    const env = { SHOP_SECRET: 'of the shop', CRM_KEY: '123456ots', QUALIFIO_SIM_SECRET: 'of --to' }
    const emitting = await emit(['--to', own.url, '--bearer', 'token'], { cwd, env })
    await emitting.api('POST', '/events', { type: 'Point correction +' })
    await emitting.api('POST', '/events', { type: 'member-portal-visit' })
    await Promise.all([shop.came(2), crm.came(1), own.came(2)])
    const webhooks = await emitting.api<ListView<WebhookView>>('GET', '/webhooks')
    expect(webhooks.items.map(({ name, managedBy }) => [name, managedBy])).toEqual([
      ['shop', 'file'],
      ['crm', 'file'],
      ['command line', 'command-line'],
    ])
    const { stdout, stderr } = await emitting.stop()
    const signature = (secret: string, body: Buffer) =>
      `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    for (const [got, secret] of [
      [shop.got, 'of the shop'],
      [own.got, 'of --to'],
    ] as const)
      for (const { headers, body } of got) expect(headers['x-qualifio-signature']).toBe(signature(secret, body))
    expect(own.got[0]?.headers.authorization).toBe('Bearer token')
    expect(
      crm.got.map(({ headers }) => [headers['x-test-authorization-header'], headers['x-qualifio-signature']]),
    ).toEqual([['123456ots', undefined]])
    expect(stdout + stderr).not.toMatch(/of the shop|of --to|123456ots|Bearer token/)
  })

  test.concurrent('to the embedded receiver need nothing else', async () => {
    const emitting = await emit(['--to', 'embedded', ...QUIET])
    await emitting.api('POST', '/events', { type: 'member-portal-visit' })
    await emitting.waitFor(/#1 {2}embedded receiver {2}member-portal-visit +204 No Content in/)
    expect(emitting.stderr()).toContain('webhook  embedded receiver → http://127.0.0.1:')
    expect((await emitting.stop()).exitCode).toBe(0)
  })

  test.concurrent('are logged a line each for people, an object each for machines, or not at all', async () => {
    const endpoint = endpoints.open((nth) => (nth === 0 ? 503 : 204))
    const options = ['--to', endpoint.url, '--secret', 'hidden', ...QUIET, '--retry-schedule', '1s', '--speed', 'max']
    const logged = async (...more: readonly string[]) => {
      const emitting = await emit([...options, ...more])
      const before = endpoint.got.length
      await emitting.api('POST', '/events', { type: 'member-portal-visit' })
      const wanted = before === 0 ? 2 : 1
      await endpoint.came(before + wanted)
      for (;;) {
        const { items } = await emitting.api<ListView<DeliveryView>>('GET', '/deliveries?state=delivered')
        if (items.length > 0) break
      }
      return (await emitting.stop()).stdout
    }
    const schema = new Ajv({ allowUnionTypes: true }).compile({
      type: 'object',
      required: [
        'type',
        'at',
        'delivery',
        'kind',
        'webhook',
        'events',
        'types',
        'number',
        'round',
        'retry',
        'result',
        'state',
      ],
      additionalProperties: false,
      properties: {
        type: { const: 'attempt' },
        at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
        delivery: { type: 'integer', minimum: 1 },
        kind: { enum: ['events', 'ping'] },
        webhook: {
          type: 'object',
          required: ['id', 'name'],
          additionalProperties: false,
          properties: { id: { type: 'string' }, name: { type: 'string' } },
        },
        events: { type: 'integer' },
        types: { type: 'array', items: { type: 'string' } },
        number: { type: 'integer', minimum: 1 },
        round: { type: 'integer', minimum: 1 },
        retry: { type: 'integer', minimum: 0 },
        possibleDuplicate: { type: 'boolean' },
        durationMs: { type: 'number', minimum: 0 },
        result: { type: 'object', required: ['kind'] },
        state: { enum: ['delivered', 'retrying', 'blocked'] },
        nextAttemptAt: { type: 'string' },
      },
    })
    const lines = (await logged('--format', 'ndjson')).trimEnd().split('\n')
    const objects = lines.map((line) => JSON.parse(line) as { readonly state: string; readonly retry: number })
    for (const object of objects) expect(schema(object), JSON.stringify(schema.errors)).toBe(true)
    expect(objects.map(({ state, retry }) => [state, retry])).toEqual([
      ['retrying', 0],
      ['delivered', 1],
    ])
    expect(await logged()).toMatch(
      /^\d\d:\d\d:\d\d {6}#1 {2}command line {2}member-portal-visit +204 No Content in [\d.]+ m?s\n$/,
    )
  })

  test.concurrent('with --quiet are no text: nothing is said but what is wrong, and objects stay', async () => {
    const endpoint = endpoints.open()
    const learned = await emit([...QUIET])
    const { port, origin } = learned.console
    await learned.stop()
    const said = async (...more: readonly string[]) => {
      const args = ['--to', endpoint.url, '--secret', 'x', ...QUIET, '--quiet', '--insecure', ...more]
      const cli = startCli(['emit', '--port', port, ...args])
      const before = endpoint.got.length
      for (;;) {
        const headers = { 'content-type': 'application/json' }
        const body = '{"type":"earning"}'
        const answer = await fetch(`${origin}/api/events`, { method: 'POST', headers, body }).catch(() => undefined)
        if (answer?.status === 202) break
        await sleep(50)
      }
      await endpoint.came(before + 1)
      cli.kill('SIGTERM')
      const { exitCode, stdout, stderr } = await cli.result
      return [exitCode, stdout, stderr] as const
    }
    const warning = 'warning: --insecure: TLS certificates are not verified\n'
    expect(await said()).toEqual([0, '', warning])
    expect(await said('--format', 'ndjson')).toEqual([0, expect.stringMatching(/^({"type":"attempt".*}\n)+$/), warning])
  })

  test.concurrent('of members who live come by themselves, at the pace of the environment', async () => {
    const endpoint = endpoints.open()
    const env = { QUALIFIO_SIM_PACE: '50/s', QUALIFIO_SIM_TO: endpoint.url, QUALIFIO_SIM_MEMORY: '1' }
    const emitting = await emit([], { env })
    await endpoint.came(10)
    const { items } = await emitting.api<ListView<EventView>>('GET', '/events')
    const first = JSON.parse(endpoint.got[0]?.body.toString() ?? '') as readonly { readonly id: string }[]
    expect(items.at(-1)).toMatchObject({ id: first[0]?.id, origin: 'life' })
    expect((await emitting.stop()).exitCode).toBe(0)
  })
})

test.concurrent('a switch that is off excludes nothing', async () => {
  const cwd = folderOf({ 'qualifio-sim.json': { emit: { memory: false, state: 'of-the-file' } } })
  const env = { QUALIFIO_SIM_MEMORY: '0', QUALIFIO_SIM_STATE: 'of-the-environment' }
  const [one, two] = await Promise.all([emit([], { cwd }), emit([], { cwd, env })])
  expect(one.stderr()).toContain('kept in of-the-file')
  expect(two.stderr()).toContain('kept in of-the-environment')
  await Promise.all([one.stop(), two.stop()])
})

test('a port that is taken is said; nothing was sent, and no state was made', async () => {
  const endpoint = endpoints.open()
  const first = await emit([...QUIET])
  const cwd = folderOf({})
  const args = ['emit', '--port', first.console.port, '--to', endpoint.url, '--pace', '1000/s']
  const { exitCode, stdout, stderr } = await runCli(args, { cwd })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(
    new RegExp(`^qualifio-sim: port ${first.console.port} is already in use on 127\\.0\\.0\\.1; .*\\n$`),
  )
  expect(endpoint.got).toHaveLength(0)
  expect(existsSync(join(cwd, '.qualifio-sim'))).toBe(false)
  await first.stop()
})

test('the examples of its help are understood', async () => {
  const { stdout } = await runCli(['emit', '--help'])
  for (const { line } of emitCommand.examples) {
    expect(stdout).toContain(line)
    const args = line.split(' ').slice(2)
    // What comes last is wrong, and found after all that comes before.
    const { stderr, exitCode } = await runCli(['emit', ...args, '--cacert', 'missing.pem'])
    expect([exitCode, stderr]).toEqual([2, 'qualifio-sim: --cacert missing.pem: no such file or folder.\n'])
  }
})

test('a webhook that left the file can be changed by anybody', async () => {
  const endpoint = endpoints.open()
  const cwd = folderOf({ 'qualifio-sim.json': { emit: { pace: 0, webhooks: [{ name: 'shop', url: endpoint.url }] } } })
  const first = await emit([], { cwd })
  const [shop] = (await first.api<ListView<WebhookView>>('GET', '/webhooks')).items
  await expect(first.api('DELETE', `/webhooks/${shop?.id}`)).rejects.toThrow(/409 .*qualifio-sim\.json/)
  await first.stop()
  writeFileSync(join(cwd, 'qualifio-sim.json'), '{}')
  const second = await emit([], { cwd })
  expect((await second.api<ListView<WebhookView>>('GET', '/webhooks')).items).toMatchObject([{ managedBy: 'request' }])
  await second.api('DELETE', `/webhooks/${shop?.id}`)
  await second.stop()
  expect(readFileSync(join(cwd, '.qualifio-sim/emit.db')).includes('nothing')).toBe(false)
  expect(existsSync(join(cwd, '.qualifio-sim/emit.db-wal'))).toBe(false)
})
