import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../../src/receiver/server.ts'
import { sign } from '../../src/signing/signature.ts'
import { runCli } from '../support/run-cli.ts'
import { systemClock } from '../support/system-clock.ts'

const run = promisify(execFile)
const FIXED = ['--seed', '7', '--now', '2026-01-31T12:00:00Z']
const CREDENTIALS = ['--secret', 'my-secret', '-H', 'X-Auth: open-sesame']

let folder: string
let receiver: Receiver
const seen: { readonly status: number | undefined; readonly body: string; readonly userAgent: unknown }[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-engines-'))
  receiver = await startReceiver({
    requirements: { secrets: ['my-secret'], headers: [['x-auth', 'open-sesame']] },
    clock: systemClock,
    onRequest: ({ status, body, headers }) =>
      void seen.push({ status, body: Buffer.from(body ?? []).toString(), userAgent: headers['user-agent'] }),
  })
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

const generate = (args: readonly string[]) => runCli(['generate', ...args, ...FIXED], { cwd: folder })
/** What the same selection generates, a body a line. */
const bodies = async (args: readonly string[]) =>
  (await generate([...args, '--format', 'ndjson'])).stdout.trimEnd().split('\n')
const permissions = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8)

/** vegeta's own schema of a target (lib/target.schema.json), without the keyword that only its generator reads. */
const isTarget = new Ajv().compile({
  type: 'object',
  required: ['method', 'url'],
  additionalProperties: false,
  properties: {
    method: { type: 'string' },
    url: { type: 'string' },
    body: { type: 'string' },
    header: { type: 'object', patternProperties: { '.*': { type: 'array', items: { type: 'string' } } } },
  },
})

interface VegetaTarget {
  readonly method: string
  readonly url: string
  readonly header: Readonly<Record<string, readonly string[]>>
  readonly body: string
}
const targetsOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as VegetaTarget)

describe('generate --format vegeta', () => {
  test('writes a target a line, as vegeta documents them, that only its owner may read', async () => {
    const what = ['random', '--count', '30', '--batch', '4']
    const to = 'https://example.test/hooks?key=open'
    const { exitCode, stdout, stderr } = await generate([
      ...what,
      '--format',
      'vegeta',
      '--to',
      to,
      ...CREDENTIALS,
      '-o',
      'targets.ndjson',
    ])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toContain('targets.ndjson holds credentials: only you may read it (0600)')
    expect(stderr).toContain(
      'vegeta attack -format=json -lazy -redirects=-1 -rate=50/s -duration=160ms -targets=targets.ndjson',
    )
    expect(stderr).not.toContain('open-sesame')
    expect(permissions('targets.ndjson')).toBe('600')
    const targets = targetsOf(readFileSync(join(folder, 'targets.ndjson'), 'utf8'))
    expect(targets.filter((target) => !isTarget(target))).toEqual([])
    const sent = targets.map(({ body }) => Buffer.from(body, 'base64').toString())
    expect(sent).toEqual(await bodies(what))
    targets.forEach(({ method, url, header }, index) => {
      expect({ method, url }).toEqual({ method: 'POST', url: to })
      expect(header).toEqual({
        'Content-Type': ['application/json'],
        'User-Agent': [expect.stringMatching(/^qualifio-sim\//)],
        'X-Auth': ['open-sesame'],
        'X-Qualifio-Signature': [sign('my-secret', Buffer.from(sent[index] ?? ''))],
      })
    })
  })

  test('goes into a pipe, and stops when nobody reads', async () => {
    const { stdout, exitCode } = await generate(['earning', '-c', '3', '--format', 'vegeta', '--to', receiver.url.href])
    expect(targetsOf(stdout)).toHaveLength(3)
    expect(targetsOf(stdout)[0]?.header).not.toHaveProperty('X-Qualifio-Signature')
    expect(exitCode).toBe(0)
  })

  test('replaces what was there, whoever could read that', async () => {
    writeFileSync(join(folder, 'old.ndjson'), 'old', { mode: 0o644 })
    await generate(['earning', '--format', 'vegeta', '--to', receiver.url.href, '-o', 'old.ndjson'])
    expect(permissions('old.ndjson')).toBe('600')
    expect(targetsOf(readFileSync(join(folder, 'old.ndjson'), 'utf8'))).toHaveLength(1)
  })
})

/** What k6 gives a script, as far as ours uses it; requests are really sent. */
function layK6(place: string): void {
  const modules = {
    'index.js': 'export const check = (value, checks) => Object.values(checks).every((holds) => holds(value))',
    'data.js': 'export class SharedArray { constructor(name, make) { return Object.freeze(make()) } }',
    'execution.js': 'export default { scenario: { iterationInTest: 0 } }',
    'http.js': `
      export const sent = []
      export default {
        expectedStatuses: (range) => range,
        post(url, body, { headers, redirects }) {
          if (redirects !== 0) throw new Error('follows redirects')
          sent.push(fetch(url, { method: 'POST', body, headers, redirect: 'manual' }).then((answer) => answer.status))
          return { status: 204 }
        },
      }`,
  }
  const home = join(place, 'node_modules/k6')
  mkdirSync(home, { recursive: true })
  const entries = { '.': './index.js', './data': './data.js', './execution': './execution.js', './http': './http.js' }
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'k6', type: 'module', exports: entries }))
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(home, name), text)
  writeFileSync(join(place, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(place, 'run.mjs'),
    `import { readFileSync } from 'node:fs'
     import { dirname, join } from 'node:path'
     import { pathToFileURL } from 'node:url'
     const [script, iterations, env] = process.argv.slice(2)
     globalThis.__ENV = JSON.parse(env)
     globalThis.open = (path) => readFileSync(join(dirname(script), path), 'utf8')
     const { default: iterate, options } = await import(pathToFileURL(script))
     const { default: exec } = await import('k6/execution')
     const { sent } = await import('k6/http')
     // As several instances would count: each index once, in any order.
     for (let index = Number(iterations) - 1; index >= 0; index -= 1) {
       exec.scenario.iterationInTest = index
       iterate()
     }
     console.log(JSON.stringify({ options, statuses: await Promise.all(sent) }))`,
  )
}

async function runK6(script: string, { iterations, env = {} }: { iterations: number; env?: Record<string, string> }) {
  await run(process.execPath, ['--check', join(folder, script)])
  const args = [join(folder, 'run.mjs'), join(folder, script), String(iterations), JSON.stringify(env)]
  const { stdout } = await run(process.execPath, args)
  return JSON.parse(stdout) as {
    readonly statuses: readonly number[]
    readonly options: { readonly scenarios: { readonly qualifio: Record<string, unknown> } }
  }
}

describe('generate --format k6', () => {
  beforeAll(() => layK6(folder))

  test('writes a script and its data, which send every request once, signed and authorized', async () => {
    seen.length = 0
    const what = ['random', '--count', '120', '--set', 'member.firstName=Zoë 🎁 \u2028']
    const url = `${receiver.url.origin}/hooks?key=a%20b`
    const { exitCode, stderr } = await generate([...what, '--format', 'k6', '--to', url, ...CREDENTIALS, '-o', 'k6/'])
    expect(exitCode).toBe(0)
    expect(readdirSync(join(folder, 'k6')).toSorted()).toEqual(['stress.js', 'stress.ndjson'])
    expect(['k6/stress.js', 'k6/stress.ndjson'].map(permissions)).toEqual(['600', '600'])
    expect(stderr).toContain('k6/stress.js and k6/stress.ndjson hold credentials: only you may read them (0600)')
    expect(stderr).toContain('k6 run -e RATE=50 k6/stress.js')
    expect(stderr).not.toContain('open-sesame')
    // More iterations than requests: the last second of the schedule has room for them.
    const { statuses, options } = await runK6('k6/stress.js', { iterations: 130, env: { RATE: '50' } })
    expect(statuses).toEqual(Array.from({ length: 120 }, () => 204))
    expect(seen.map(({ body }) => body).toSorted()).toEqual((await bodies(what)).toSorted())
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([204]))
    expect(String(seen[0]?.userAgent)).toMatch(/^qualifio-sim\//)
    expect(options.scenarios.qualifio).toMatchObject({
      executor: 'constant-arrival-rate',
      rate: 50,
      timeUnit: '1s',
      duration: '3s',
    })
  })

  test('a script by its name has its data beside it', async () => {
    const { exitCode } = await generate(['all', '--format', 'k6', '--to', receiver.url.href, '-o', 'eight.js'])
    expect(exitCode).toBe(0)
    expect(readFileSync(join(folder, 'eight.js'), 'utf8')).toContain('open("./eight.ndjson")')
    // Without credentials the receiver refuses them: that they were signed above is no accident.
    expect((await runK6('eight.js', { iterations: 8 })).statuses).toEqual(Array(8).fill(401))
  })
})

test.each([
  [
    ['--format', 'k6', '--to', 'http://localhost:1/'],
    '--format k6 writes two files; give --output folder/ or --output FILE.js',
  ],
  [
    ['--format', 'k6', '--to', 'http://localhost:1/', '-o', 'stress.ts'],
    '--output stress.ts: k6 runs files that end in .js',
  ],
  [['--format', 'k6', '--to', 'http://localhost:1/', '-o', 'nowhere/stress.js'], 'the folder nowhere does not exist'],
  [['--format', 'k6', '-o', 'x/'], '--format k6 needs --to URL'],
  [['--format', 'vegeta', '--to', 'embedded'], '--format vegeta needs --to URL'],
  [['--format', 'vegeta', '--to', 'http://localhost:1/', '-o', 'targets/'], '--format vegeta is one file'],
])('%j is a usage error, and leaves nothing behind', async (args, told) => {
  const before = readdirSync(folder)
  const { exitCode, stderr, stdout } = await generate(['earning', ...args])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(told)
  expect(stderr).not.toContain('--seed')
  expect(readdirSync(folder)).toEqual(before)
})

test.each(['vegeta', 'k6'])('--format %s without a secret or header speaks of no credentials', async (format) => {
  const output = format === 'k6' ? 'open.js' : 'open.ndjson'
  const to = ['--to', 'http://localhost:1/']
  const { exitCode, stderr } = await generate(['earning', '--format', format, ...to, '-o', output])
  expect(exitCode).toBe(0)
  expect(stderr).toContain(output)
  expect(stderr).not.toContain('credentials')
  expect(permissions(output)).toBe('600')
})
