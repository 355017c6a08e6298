import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { againText } from '../../src/cli/check-again.ts'
import type { CheckSession } from '../../src/cli/check-session.ts'
import { AUTHORIZATION, SECRET } from '../receivers/receiver.ts'
import { check, checkOf, closeReceivers, faulty, found, jsonOf } from './checking.ts'
import { folderOf } from './endpoints.ts'

closeReceivers()
const REPORTS = ['json', 'junit', 'github', 'markdown'].flatMap((form) => ['--report', `${form}=r.${form}`])
const againIn = (stdout: string): string => /again +(qualifio-sim check .*)$/m.exec(stdout)?.[1] ?? ''

describe('--verbose', () => {
  test.concurrent('shows every request as it was sent, and its answer', async () => {
    const { stdout } = await check(['--only', 'AUT-01,CON-04', '--verbose', '-H', 'x-auth: hush-hush', '--seed', '1'])
    const json = jsonOf(await check(['--only', 'AUT-01,CON-04', '--format', 'json', '--seed', '1']))
    expect(stdout.match(/^ +> POST \/webhooks \(/gm)).toHaveLength(json.requests)
    expect(stdout.match(/^ +< \d{3} in \d+ ms/gm)).toHaveLength(json.requests)
    // Preflight and controls are requests, too.
    for (const name of ['wrong signature', 'first control', 'control', 'no signature'])
      expect(stdout).toContain(`> POST /webhooks (${name})\n`)
    expect(stdout).toMatch(/^ +> X-Qualifio-Signature: sha256=[0-9a-f]{64}$/m)
    expect(stdout).toMatch(/^ +> x-auth: …$/m)
    expect(stdout).toMatch(/^ +> \[\{"id":.{193} … \(\d\d,\d{3} bytes\)$/m)
    expect(stdout).toMatch(/^ +< 401 in \d+ ms: the signature is missing/m)
    expect(stdout).not.toContain('hush-hush')
  })

  test.concurrent('json has the request of every finding anyway', async () => {
    const result = await check(['--only', 'AUT-01', '--format', 'json'])
    expect(found(result, 'AUT-01').findings[0]?.request).toMatchObject({
      method: 'POST',
      path: '/webhooks',
      headers: expect.arrayContaining(['Content-Type: application/json', 'x-test-authorization-header: …']),
      bodyBytes: expect.any(Number),
      bodyStart: expect.stringMatching(/^\[\{"id":.{193}$/),
    })
  })
})

test.concurrent('what passes because of --accept is named in every form', async () => {
  const receiver = await faulty('unknown-type-400')
  const only = ['--only', 'CON-06,AUT-01']
  const [status = ''] = (
    found(await checkOf(receiver, [...only, '--format', 'json']), 'CON-06').findings[0]?.actual ?? ''
  ).split(' ')
  const cwd = folderOf({})
  const { exitCode, stdout } = await checkOf(receiver, [...only, '--accept', `CON-06=${status}`, ...REPORTS], { cwd })
  const words = `${status} counts as right: --accept`
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`(${words})`)
  expect(stdout).toContain('\n1 check passed because of --accept: CON-06\nCONFORMANT')
  for (const form of ['json', 'junit', 'markdown'])
    expect(readFileSync(join(cwd, `r.${form}`), 'utf8')).toContain(words)
  expect(readFileSync(join(cwd, 'r.github'), 'utf8')).toContain('::1 check passed because of --accept: CON-06\n')
})

test.concurrent('events without an id are counted all the same', async () => {
  const args = ['--contract', 'no-identity', '--only', 'CON-01,AUT-01']
  const [text, json] = await Promise.all([check(args), check([...args, '--format', 'json'])])
  const { events, eventIds } = jsonOf(json)
  expect(eventIds).toEqual([])
  // Eight types, and the controls.
  expect(events).toBeGreaterThan(10)
  expect(text.stderr).toContain(`about ${events} events,`)
  expect(text.stdout).toMatch(
    new RegExp(
      `^${events} events were sent, of members whose externalId begins with qsim-\\w+-; this contract gives them no id$`,
      'm',
    ),
  )
})

describe('the command that repeats', () => {
  test.each<[numbers: readonly string[], says: RegExp]>([
    [['AUT-05'], /^qualifio-sim check --to http:\/\/h\/ --only AUT-05 --seed 7 --now 2026-01-31T12:00:00.000Z$/],
    [['AUT-05', 'ROB-01'], /--only AUT-05,ROB-01 --seed 7 --now 2026-01-31T12:00:00.000Z$/],
    // New events, or there would be nothing left to apply twice.
    [['DLV-01', 'AUT-05'], /--oracle-cmd count --only DLV-01,AUT-05$/],
    [['AUT-15'], /^qualifio-sim check --to http:\/\/h\/ --seed 7 --now 2026-01-31T12:00:00.000Z$/],
    [['AUT-05', 'AUT-15'], /^qualifio-sim check --to http:\/\/h\/ --seed 7 --now 2026-01-31T12:00:00.000Z$/],
  ])('%j', (numbers, says) => {
    const isCounted = numbers.includes('DLV-01')
    const options = { localHost: [], only: [], skip: [], accept: [], ...(isCounted ? { oracleCmd: 'count' } : {}) }
    const target = { endpoint: { url: new URL('http://h/') }, displayedUrl: 'http://h/', label: 'http://h/' }
    const session = {
      options,
      target,
      kit: { seed: 7, nowMs: Date.UTC(2026, 0, 31, 12) },
      checks: CATALOG.map((one) => ({ check: one })),
    }
    const wanted = numbers.flatMap((number) => CATALOG.filter((one) => one.number === number))
    expect(againText(session as unknown as CheckSession, wanted)).toMatch(says)
  })

  test.concurrent('a check that only looks repeats what it looked at', async () => {
    const receiver = await faulty('login-page')
    const result = await checkOf(receiver, ['--only', 'CON-10,CON-02', '--skip', 'CON-03', '--format', 'json'])
    expect(found(result, 'CON-10')).toMatchObject({
      verdict: 'FAIL',
      again: /--only CON-10,CON-02 --skip CON-03 --seed/,
    })
    const skip = 'CON-0*,CON-11,AUT-*,ROB-*,DLV-*,PRF-*,TRN-*'
    const all = await checkOf(receiver, ['--skip', skip])
    expect(againIn(all.stdout)).toContain(`--skip '${skip}' --seed`)
    expect(againIn(all.stdout)).not.toContain('--only')
  })

  test.concurrent('needs variables, which are named with the header that was given', async () => {
    const receiver = await faulty('fail-open')
    const [name, value] = AUTHORIZATION
    const run = (env: Readonly<Record<string, string>>) => checkOf(receiver, ['--only', 'AUT-01'], { env })
    const { stdout } = await run({})
    expect(stdout).toContain(`set first: export QUALIFIO_SIM_SECRET=… QUALIFIO_SIM_AUTH='${name}: …'\n`)
    expect(stdout).not.toContain(value)
    const auth = `${name}: ${value}`
    const other = await run({ QUALIFIO_SIM_SECRET: 'another', QUALIFIO_SIM_AUTH: auth })
    expect(other.stdout).toContain('set first: export QUALIFIO_SIM_SECRET=…\n')
    const set = await run({ QUALIFIO_SIM_SECRET: SECRET, QUALIFIO_SIM_AUTH: auth })
    expect(set.stdout).not.toContain('set first')
  })
})

test.concurrent('credentials in the URL of the oracle are an error that names no option of the endpoint', async () => {
  const url = 'http://ann:pa55w0rd@localhost:1/{eventId}'
  const { exitCode, stderr } = await check(['--only', 'DLV-01', '--oracle-url', url])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(
    '--oracle-url http://…@localhost:1/{eventId}: credentials in the URL are not sent; let --oracle-cmd',
  )
  expect(stderr).not.toMatch(/--basic|ann|pa55w0rd/)
})

test.concurrent('what an oracle does not know is said once', async () => {
  const args = ['--only', 'DLV-01,AUT-01', '--oracle-cmd', 'false']
  const { stdout } = await check(args)
  expect(stdout.match(/ended with exit code 1/g)).toHaveLength(1)
})
