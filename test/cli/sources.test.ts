import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { SendReport } from '../../src/report/send-report.ts'
import { runCli, type CliResult } from '../support/run-cli.ts'

/*
 * Options come from flags, the environment, .env.local, .env, and qualifio-sim.json, in this order. What
 * was chosen is read off the report of a run that sends nothing.
 */

const folders: string[] = []
let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'qualifio-sim-sources-'))
  folders.push(cwd)
})
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const file = (name: string, content: string): void => writeFileSync(join(cwd, name), content)
const dry = (args: readonly string[] = [], env: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['send', 'earning', '--dry-run', '--json', ...args], { cwd, env })
const seedOf = ({ stdout }: CliResult): number => (JSON.parse(stdout) as SendReport).seed
const headersOf = ({ stdout }: CliResult): Readonly<Record<string, string>> =>
  (JSON.parse(stdout) as SendReport).deliveries[0]?.request?.headers ?? {}

describe('precedence', () => {
  test('a flag wins over the environment, over .env.local, over .env, over the file’s section, over its top level', async () => {
    const layers: readonly [string, () => void][] = [
      ['1', () => file('qualifio-sim.json', '{ "seed": 1 }')],
      ['2', () => file('qualifio-sim.json', '{ "seed": 1, "send": { "seed": 2 }, "generate": { "seed": 9 } }')],
      ['3', () => file('.env', 'QUALIFIO_SIM_SEED=3\nOTHER=x\n')],
      ['4', () => file('.env.local', 'QUALIFIO_SIM_SEED="4"\n')],
    ]
    for (const [seed, add] of layers) {
      add()
      expect(seedOf(await dry())).toBe(Number(seed))
    }
    expect(seedOf(await dry([], { QUALIFIO_SIM_SEED: '5' }))).toBe(5)
    expect(seedOf(await dry(['--seed', '6'], { QUALIFIO_SIM_SEED: '5' }))).toBe(6)
  })

  test('lists have one item a line, and a flag replaces them', async () => {
    const env = { QUALIFIO_SIM_HEADER: 'x-a: 1\nx-b: 2' }
    expect(headersOf(await dry([], env))).toMatchObject({ 'x-a': '…', 'x-b': '…' })
    const replaced = headersOf(await dry(['-H', 'x-c: 3'], env))
    expect(replaced).toHaveProperty('x-c')
    expect(replaced).not.toHaveProperty('x-a')
  })

  test('a clash is judged within one source; a higher source wins', async () => {
    file('a.secret', 'from-file')
    expect((await dry(['--secret', 'a'], { QUALIFIO_SIM_SECRET_FILE: 'missing' })).exitCode).toBe(0)
    const clash = await dry([], { QUALIFIO_SIM_SECRET: 'a', QUALIFIO_SIM_SECRET_FILE: 'a.secret' })
    expect(clash.stderr).toMatch(/use only one of QUALIFIO_SIM_SECRET, QUALIFIO_SIM_SECRET_FILE/)
    expect(clash.exitCode).toBe(2)
    const fixed = ['--seed', '1', '--now', '2026-01-31']
    const withHeader = [...fixed, '-H', 'Authorization: x']
    expect(headersOf(await dry(withHeader, { QUALIFIO_SIM_BASIC: 'a:b' }))).toEqual(headersOf(await dry(withHeader)))
    const withBasic = [...fixed, '--basic', 'a:b']
    const env = { QUALIFIO_SIM_HEADER: 'authorization: x' }
    expect(headersOf(await dry(withBasic, env))).toEqual(headersOf(await dry(withBasic)))
  })

  test('an empty variable is unset, but an empty secret is an error', async () => {
    expect((await dry([], { QUALIFIO_SIM_SEED: '' })).exitCode).toBe(0)
    const empty = await dry([], { QUALIFIO_SIM_SECRET: '' })
    expect(empty.stderr).toMatch(/the secret is empty/)
    expect(empty.exitCode).toBe(2)
  })

  test('a value whose variable is not set matters only to who needs it', async () => {
    file('qualifio-sim.json', '{ "secret": "${UNSET}", "to": "${UNSET}" }')
    expect((await dry(['--secret', 'a', '--to', 'embedded'])).exitCode).toBe(0)
    expect((await dry(['--to', 'embedded'])).stderr).toMatch(/"secret": the environment variable UNSET is not set/)
  })

  test('a mistake names the source it came from', async () => {
    file('.env.local', 'QUALIFIO_SIM_RETRIES=x')
    expect((await dry()).stderr).toMatch(/\.env\.local QUALIFIO_SIM_RETRIES x: must be/)
    expect((await dry(['--retries', '1'], { QUALIFIO_SIM_TO: 'example.com' })).stderr).toMatch(
      /QUALIFIO_SIM_TO: not an absolute URL/,
    )
  })

  test('a value in the file may come from the environment', async () => {
    file('qualifio-sim.json', '{ "seed": "${MY_SEED}" }')
    expect(seedOf(await dry([], { MY_SEED: '77' }))).toBe(77)
  })
})

describe('switches in the environment', () => {
  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])('%s', async (text, expected) => {
    const { stdout } = await dry([], { QUALIFIO_SIM_INSECURE: text })
    expect((JSON.parse(stdout) as SendReport).insecure).toBe(expected)
  })
})

describe('mistakes name their place', () => {
  test.each([
    ['{ "retires": 3 }', /qualifio-sim\.json:1:3 "retires": unknown key; did you mean "retries"\?/],
    ['{\n  "send": { "seeed": 3 } }', /qualifio-sim\.json:2:13 "seeed": unknown key; did you mean "seed"\?/],
    ['{ "generate": { "retires": 3 } }', /qualifio-sim\.json:1:17 "retires": unknown key/],
    ['{ "seed": true }', /qualifio-sim\.json:1:3 "seed": expected a text or a number/],
    ['{ "insecure": "yes" }', /"insecure": expected true or false/],
    ['{ "retries": 7.5 }', /qualifio-sim\.json:1:3 "retries" 7\.5: must be an integer 0-100/],
    ['{ "seed": 1, "seed": 2 }', /qualifio-sim\.json:1:14: the key "seed" stands twice/],
    ['{ "to": "${NOWHERE}" }', /qualifio-sim\.json:1:3 "to": the environment variable NOWHERE is not set/],
    ['{ "seed": 1, }', /qualifio-sim\.json:1:14: unexpected "}"/],
    ['{ "__proto__": { "seed": 1 } }', /"__proto__": unknown key/],
    ['[]', /expected an object of options/],
    ['', /has no JSON/],
  ])('%s', async (content, expected) => {
    file('qualifio-sim.json', content)
    const { stderr, stdout, exitCode } = await dry()
    expect(stderr).toMatch(expected)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  test.each([
    [{ QUALIFIO_SIM_RETRIES: 'x' }, /QUALIFIO_SIM_RETRIES x: must be an integer 0-100/],
    [{ QUALIFIO_SIM_INSECURE: 'maybe' }, /QUALIFIO_SIM_INSECURE maybe: must be 1, true, 0 or false/],
    [{ QUALIFIO_SIM_JSON: '1', QUALIFIO_SIM_FORMAT: 'curl' }, /./],
  ])('%j', async (env, expected) => {
    const { stderr, exitCode } = await runCli(['send', 'earning', '--dry-run'], { cwd, env })
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(2)
  })
})

describe('what has no effect is said', () => {
  test.each([
    [
      { QUALIFIO_SIM_RETIRES: '1' },
      /warning: QUALIFIO_SIM_RETIRES is not an option .*did you mean QUALIFIO_SIM_RETRIES\?/,
    ],
    [{ HTTP_PROXY: 'http://127.0.0.1:1' }, /HTTP_PROXY ignored/],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /NODE_TLS_REJECT_UNAUTHORIZED=0 ignored/],
  ])('%j', async (env, expected) => {
    const { stderr, exitCode } = await dry([], env)
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(0)
  })
})
