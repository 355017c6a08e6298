import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORIZATION, PREVIOUS_SECRET, SECRET, type CheckedReceiver } from '../receivers/receiver.ts'
import { BIN } from '../support/run-cli.ts'
import { check, checkOf, closeReceivers, faulty, found, jsonOf, sound } from './checking.ts'
import { folderOf, startEndpoints, type Endpoints } from './endpoints.ts'

closeReceivers()
let endpoints: Endpoints
let good: CheckedReceiver
beforeAll(async () => {
  endpoints = await startEndpoints()
  good = await sound()
})
afterAll(() => endpoints.close())

/** Runs a command line as a shell does, with `qualifio-sim` on the PATH. */
async function shell(line: string, env: Readonly<Record<string, string>>) {
  const folder = folderOf({})
  mkdirSync(join(folder, 'bin'))
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`
  writeFileSync(join(folder, 'bin/qualifio-sim'), launcher, { mode: 0o755 })
  const path = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`
  const options = { cwd: folder, env: { PATH: path, HOME: folder, ...env } }
  return await promisify(execFile)('bash', ['-c', line], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}
const VARIABLES = {
  QUALIFIO_SIM_SECRET: SECRET,
  QUALIFIO_SIM_AUTH: AUTHORIZATION.join(': '),
  QUALIFIO_SIM_PREVIOUS_SECRET: PREVIOUS_SECRET,
}
const headlineOf = (stdout: string): string => /^(?:NOT )?(?:CONFORMANT|JUDGED).*$/m.exec(stdout)?.[0] ?? ''
const againIn = (stdout: string): string => /again +(qualifio-sim check .*)$/m.exec(stdout)?.[1] ?? ''

/** Those that wait for seconds are left to a run in the process. */
const SWIFT = ['--skip', 'TRN-06,TRN-07'] as const

describe('a sound receiver', () => {
  test.concurrent(
    'is CONFORMANT, and every event id is told',
    async () => {
      const receiver = await sound()
      const result = await checkOf(receiver, ['--oracle-url', receiver.oracleUrl, ...SWIFT, '--format', 'json'])
      const { summary, exitCode, checks, eventIds } = jsonOf(result)
      expect(checks.filter(({ verdict }) => verdict === 'FAIL' || verdict === 'ERROR')).toEqual([])
      expect(summary.headline).toMatch(/^CONFORMANT/)
      expect([result.exitCode, exitCode, checks.length]).toEqual([0, 0, 58])
      const applied = await receiver.applied()
      expect([...applied.keys()].filter((id) => !eventIds.includes(id))).toEqual([])
      expect(result.stderr).toMatch(/^55 of 60 checks of .*: about \d+ requests, about [\d,]+ events, .*--seed \d+/m)
    },
    60_000,
  )

  test.concurrent('is asked what --only names and --skip does not', async () => {
    const result = await checkOf(good, ['--only', 'authenticity,rob-0*', '--skip', 'MUST', '--format', 'json'])
    const numbers = jsonOf(result).checks.map(({ number }) => number)
    expect(numbers.toSorted()).toEqual([
      'AUT-07',
      'AUT-08',
      'AUT-13',
      'AUT-14',
      'AUT-15',
      'ROB-05',
      'ROB-06',
      'ROB-07',
      'ROB-08',
      'ROB-09',
    ])
    expect(result.exitCode).toBe(0)
  })

  test.concurrent('gets the same bytes for the same seed and time', async () => {
    const run = async () => {
      const endpoint = endpoints.open()
      const same = ['--seed', '7', '--now', '2026-01-31T12:00:00Z', '--only', 'CON-01,ROB-01,AUT-05']
      await check(['--to', endpoint.url, '--secret', SECRET, ...same])
      return endpoint.got.map(({ headers, body }) => [body.toString(), headers['x-qualifio-signature']])
    }
    const [one, two] = await Promise.all([run(), run()])
    expect(one.length).toBeGreaterThan(10)
    expect(one).toEqual(two)
  })
})

describe('a faulty receiver', () => {
  test.concurrent('is told what was sent, expected and answered, why, and how to mend and repeat it', async () => {
    const receiver = await faulty('re-serialises')
    const { exitCode, stdout } = await checkOf(receiver, [
      '--only',
      'authenticity,ROB-01,ROB-02,ROB-03',
      '--seed',
      '42',
    ])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('AUT-05 MUST A space appended after it was signed')
    const [, ending = ''] = stdout.split('not run (')
    for (const part of [
      /sent POST "\[ \]"|sent POST/,
      /expected 2xx, actual 401 in \d+ ms/,
      /^ +why /m,
      /^ +mend .*express\.raw/m,
    ])
      expect(ending).toMatch(part)
    for (const number of ['AUT-05', 'ROB-01', 'ROB-02', 'ROB-03']) expect(ending).toContain(number)
    expect(headlineOf(stdout)).toMatch(/^NOT CONFORMANT \(4 MUST failed: AUT-05, ROB-01, ROB-02, ROB-03\)/)
    expect(stdout).not.toContain(SECRET)
  })

  test.concurrent('fails the same one check again by the command that is printed', async () => {
    const receiver = await faulty('fail-open')
    const first = await checkOf(receiver, ['--only', 'AUT-01,AUT-02'])
    const line = againIn(first.stdout)
    expect(line).toContain('--only AUT-01 --seed')
    const again = await shell(line, VARIABLES)
    expect(again.stdout).toContain('NOT CONFORMANT (1 MUST failed: AUT-01)')
    expect(again.code).toBe(1)
    expect(againIn(again.stdout)).toBe(line)
  })

  test.concurrent.each<[name: string, receiver: string, only: string, args: readonly string[]]>([
    ['a header of another name', 'fail-open', 'AUT-01', ['--signature-header', 'X-Qualifio-Signature']],
    ['another contract', 'fail-open', 'AUT-01', ['--contract', 'flat-snake']],
    ['only safe requests', 'fail-open', 'AUT-01', ['--safe', '--timeout', '2500ms']],
    ['a secret that was replaced', 'one-secret', 'AUT-14', ['--previous-secret', PREVIOUS_SECRET]],
  ])('fails again by that command with %s', async (_, name, only, args) => {
    const receiver = await faulty(name)
    const first = await checkOf(receiver, [...args, '--only', only])
    expect(first.stdout).toContain(`MUST failed: ${only}`.replace('MUST failed: AUT-14', 'SHOULD failed'))
    const again = await shell(againIn(first.stdout), VARIABLES)
    expect(again.stderr).toMatch(/^1 of 60 checks/m)
    expect(headlineOf(again.stdout)).toBe(headlineOf(first.stdout))
  })

  test.concurrent.each([
    ['check-then-act', 'DLV-02'],
    ['not-idempotent', 'DLV-01,DLV-03'],
    ['dedupes-bodies', 'DLV-03'],
  ])('fails again at a receiver that keeps what it has seen (%s, %s), for the events are new', async (name, only) => {
    const receiver = await faulty(name)
    const oracle = ['--oracle-url', receiver.oracleUrl, '--oracle-timeout', '600ms']
    const first = await checkOf(receiver, [...oracle, '--only', only])
    expect(first.exitCode).toBe(1)
    const again = await shell(againIn(first.stdout), VARIABLES)
    expect(headlineOf(again.stdout)).toBe(headlineOf(first.stdout))
  })

  test.concurrent('fails again with an oracle that is a command, quotes and all', async () => {
    const receiver = await faulty('not-idempotent')
    const folder = folderOf({
      "it's here/count.cjs": `const { existsSync, writeFileSync } = require('node:fs')
const asked = __dirname + '/' + process.argv.at(-1)
console.log(existsSync(asked) ? '{"data":{"count":2}}' : '{"data":{"count":0}}')
writeFileSync(asked, '')`,
    })
    const command = `node "${join(folder, "it's here/count.cjs")}"`
    const oracle = ['--oracle-cmd', command, '--oracle-pointer', '/data/count']
    const first = await checkOf(receiver, [...oracle, '--only', 'DLV-01'])
    expect(headlineOf(first.stdout)).toBe('NOT CONFORMANT (1 MUST failed: DLV-01)')
    const again = await shell(againIn(first.stdout), VARIABLES)
    expect(headlineOf(again.stdout)).toBe(headlineOf(first.stdout))
  })

  test.concurrent('with a SHOULD failure passes, but not under --strict', async () => {
    const receiver = await faulty('any-method')
    const only = ['--only', 'CON-11,AUT-01']
    const [lax, strict] = await Promise.all([checkOf(receiver, only), checkOf(receiver, [...only, '--strict'])])
    expect([lax.exitCode, strict.exitCode]).toEqual([0, 1])
    expect(lax.stdout).toContain('CONFORMANT (1 SHOULD failed)')
    expect(strict.stdout).toContain('NOT CONFORMANT (--strict, 1 SHOULD failed: CON-11)')
  })

  test.concurrent('passes with the status that --accept names, which the report records', async () => {
    const receiver = await faulty('unknown-type-400')
    const only = ['--only', 'CON-06,AUT-01', '--format', 'json']
    const without = await checkOf(receiver, only)
    const { actual = '' } = found(without, 'CON-06').findings[0] ?? {}
    const [status = ''] = actual.split(' ')
    expect(without.exitCode).toBe(1)
    const result = await checkOf(receiver, [...only, '--accept', `con-06=${status}`])
    expect(found(result, 'CON-06')).toMatchObject({ verdict: 'PASS', findings: [{ why: /--accept/ }] })
    expect(jsonOf(result).accept).toEqual({ 'contract/unknown-event-type': [Number(status)] })
    expect(result.exitCode).toBe(0)
  })
})

describe('without --to', () => {
  test.concurrent('a receiver of its own is checked, and passes', async () => {
    const { exitCode, stdout, stderr } = await check(['--only', 'AUT-*,CON-05'])
    expect(stderr).toMatch(
      /a receiver of my own at http:\/\/127\.0\.0\.1:\d+\/webhooks; your application is not called/,
    )
    expect(stdout).toMatch(/^CONFORMANT/m)
    expect(exitCode).toBe(0)
  })

  test.concurrent('--quiet says it by the exit code alone', async () => {
    expect(await check(['--only', 'AUT-05', '--quiet'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  test.concurrent('--verbose shows passed requests, checks that did not run, and every event id', async () => {
    const [brief, verbose] = await Promise.all([
      check(['--only', 'CON-04,AUT-05,AUT-14']),
      check(['--only', 'CON-04,AUT-05,AUT-14', '--verbose']),
    ])
    const ids = (text: string): number => text.match(/^ {2}[0-9a-f]{8}-[0-9a-f-]{27}$/gm)?.length ?? 0
    expect(ids(brief.stdout)).toBe(10)
    expect(brief.stdout).toMatch(/… and \d+ more/)
    expect(ids(verbose.stdout)).toBeGreaterThan(100)
    expect(verbose.stdout).toMatch(/401 in \d+ ms/)
    expect(verbose.stdout).toContain('AUT-14')
  })
})

describe('the list and one check', () => {
  test.concurrent('need no network: --to is never called', async () => {
    const endpoint = endpoints.open()
    const results = await Promise.all([
      check(['--list', '--to', endpoint.url]),
      check(['--explain', 'AUT-05', '--to', endpoint.url]),
    ])
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(endpoint.got).toEqual([])
  })

  test.concurrent('--list has a line per check; --only thins it out', async () => {
    const [all, some] = await Promise.all([check(['--list']), check(['--list', '--only', 'transport'])])
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(60)
    expect(all.stdout).toMatch(/^AUT-05 +MUST +S0 +authenticity\/space-appended +A space appended/m)
    expect(some.stdout.trimEnd().split('\n')).toHaveLength(9)
  })

  test.concurrent('--explain takes number, id and short name, and tells the mend per framework', async () => {
    const [number, id, name] = await Promise.all(
      ['AUT-05', 'authenticity/space-appended', 'space-appended'].map((text) => check(['--explain', text])),
    )
    expect(number?.stdout).toMatch(/^severity +MUST/m)
    expect(number?.stdout).toMatch(/^ +Express: .*express\.raw/m)
    expect(id?.stdout).toBe(number?.stdout)
    expect(name?.stdout).toBe(number?.stdout)
  })

  test.concurrent('--format json and markdown are for programs and documents', async () => {
    const [json, markdown] = await Promise.all([
      check(['--explain', 'AUT-05', '--format', 'json']),
      check(['--list', '--format', 'markdown']),
    ])
    expect(JSON.parse(json.stdout)).toMatchObject([{ number: 'AUT-05', severity: 'MUST', sideEffect: 'S0' }])
    expect(markdown.stdout).toContain('### AUT-05 A space appended after it was signed')
  })
})

describe('wrong usage ends with 2 and sends nothing', () => {
  test.concurrent.each<[args: readonly string[], says: string]>([
    [['--only', 'AUT-99'], '--only: unknown check AUT-99; nearest AUT-09; see check --list.'],
    [['--skip', 'contract/empty-arry'], '--skip: unknown check contract/empty-arry; nearest contract/empty-array'],
    [['--explain', 'AUT-99'], '--explain: unknown check AUT-99; nearest AUT-09'],
    [['--only', ''], '--only is empty'],
    [['--only', 'AUT-05,'], '--only is empty'],
    [['--only', 'zzz*'], '--only: unknown check zzz*'],
    [['--only', 'AUT-05', '--skip', 'authenticity'], 'no check selected: --only and --skip leave none'],
    [['--skip', '*'], 'no check selected'],
    [['--accept', 'CON-06'], '--accept CON-06: expected a check and statuses, such as CON-06=400'],
    [['--accept', 'CON-06=4xx'], '--accept CON-06=4xx: expected'],
    [['--accept', 'CON-06=999'], '--accept CON-06=999: expected'],
    [['--accept', '=400'], '--accept =400: expected'],
    [['--accept', 'CON-66=400'], '--accept: unknown check CON-66; nearest CON-06'],
    [['--format', 'xml'], '--format xml: must be one of text, json, ndjson, junit, github, markdown'],
    [['--report', 'xml=a.xml'], '--report xml=a.xml'],
    [['--report', 'junit=a', '--output', 'a'], 'is also an output'],
    [['--list', '--format', 'junit'], '--format junit: the list and one check come as text, json or markdown'],
    [['--strict=maybe'], '--strict'],
    [['--stirct'], 'did you mean --strict'],
    [['--previous-secret', 'same', '--secret', 'same'], '--previous-secret and --secret are identical'],
    [['--previous-secret', ''], 'the secret is empty'],
    [['--http-twin', 'https://localhost/'], '--http-twin https://localhost/: the twin is the http:// one'],
    [['--oracle-url', 'http://localhost:1/count'], '--oracle-url http://localhost:1/count: must contain {eventId}'],
    [['--oracle-url', 'localhost:1/{eventId}'], 'did you mean http://localhost:1/{eventId}?'],
    [['--oracle-url', 'http://localhost:1/{eventId}', '--oracle-cmd', 'x'], 'use only one of --oracle-url'],
    [['--oracle-cmd', "count 'it"], "--oracle-cmd count 'it: a quote is not closed"],
    [['--oracle-cmd', ' '], '--oracle-cmd'],
    [['--oracle-pointer', '/count'], '--oracle-pointer and --oracle-timeout need --oracle-url or --oracle-cmd'],
    [['--oracle-timeout', '1s'], '--oracle-pointer and --oracle-timeout need'],
    [['--oracle-cmd', 'x', '--oracle-pointer', 'count'], 'a JSON pointer begins with a slash'],
    [['--oracle-cmd', 'x', '--oracle-timeout', '0'], '--oracle-timeout'],
    [['--timeout', '0'], '--timeout'],
    [['--seed', '1.5'], '--seed'],
    [['--local-host', ''], '--local-host'],
    [['--local-host', 'a b'], '--local-host a b: expected a host name without scheme, port and path'],
    [['--local-host', 'http://staging'], '--local-host http://staging: expected a host name'],
    [['--local-host', 'staging:3000'], '--local-host staging:3000: expected a host name'],
    [['--safe', '--allow-side-effects'], '--safe and --allow-side-effects contradict each other'],
    [['--allow-stress', '--safe'], '--safe and --allow-stress contradict each other'],
    [['--accept', 'AUT-01=422,200'], '--accept AUT-01=422,200: AUT-01 (authenticity/no-signature) sends what must be'],
    [
      ['--accept', 'authenticity=204'],
      'sends what must be refused, so 204 cannot be right; --skip AUT-01 leaves it out',
    ],
    [['--only', 'S1'], '--only: S1 is a class, not a check; --safe, --allow-side-effects and --allow-stress choose'],
    [['--only', 'auth'], '--only: unknown check auth; nearest authenticity;'],
    [['--skip', 'roubstness'], '--skip: unknown check roubstness; nearest robustness;'],
  ])('%j', async (args, says) => {
    const endpoint = endpoints.open()
    const { exitCode, stdout, stderr } = await check(['--to', endpoint.url, ...args])
    expect(stderr).toContain(says)
    expect({ exitCode, stdout, requests: endpoint.got.length }).toEqual({ exitCode: 2, stdout: '', requests: 0 })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test.concurrent('but selectors are taken in any case', async () => {
    expect((await check(['--only', 'aut-05', '--skip', 'must', '--list'])).exitCode).toBe(2)
    expect((await check(['--only', 'aut-05', '--list'])).stdout).toMatch(/^AUT-05 /)
  })
})
