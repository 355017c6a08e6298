import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'

/*
 * What a user gets nearly right: the error shows what was given, names the limit, and offers what was meant, or an
 * option that changes nothing says so.
 */

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-odd-'))
  writeFileSync(join(folder, 'c.pem'), rootCertificates[0] ?? '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const send = (...args: readonly string[]): readonly string[] => ['send', 'earning', '--dry-run', ...args]

describe('an empty value is shown', () => {
  test.each([
    ['--retries', 'must be an integer 0-100.'],
    ['--now', 'must be a time with an offset'],
    ['--set', 'expected path=text'],
    ['--speed', 'must be max, or a number'],
    ['--batch', 'must be max, or an integer'],
    ['--format', 'must be one of text, json'],
    ['--fault', 'there is no fault'],
  ])('%s', async (flag, told) => {
    expect((await runCli(send(flag, ''))).stderr).toContain(`qualifio-sim: ${flag} "": ${told}`)
  })

  test('one of spaces too, with the variable it stands in', async () => {
    const { stderr } = await runCli(send(), { env: { QUALIFIO_SIM_RETRIES: '  ' } })
    expect(stderr).toBe('qualifio-sim: QUALIFIO_SIM_RETRIES "  ": must be an integer 0-100.\n')
  })
})

describe('what was meant is offered, where something is near', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['the beginning of an option', send('--dry'), /^qualifio-sim: unknown option '--dry'; did you mean --dry-run\?\n$/],
    ['the beginning of a program', send('--program', 'boreal'), /unknown program "boreal"; did you mean boreal-club\?/],
    [
      'a command of contract, with its folder',
      ['contract', 'chek', 'x'],
      /"contract chek"; did you mean contract check\?/,
    ],
    ['a command of contract alone', ['contract', 'chek'], /"chek"; did you mean check\?/],
    ['nothing like a locale', send('--locale', 'xx'), /unknown locale "xx"\. Known: fr_BE/],
    ['a comma too many', send('--locale', 'fr_BE,'), /--locale fr_BE,: an entry is empty; take the comma out\.\n$/],
    ['nothing like a command', ['help', 'qqqqqqqq'], /unknown command "qqqqqqqq"\. See qualifio-sim --help\.\n$/],
    ['nothing like an option', send('--qqqqqq'), /unknown option '--qqqqqq'\.\n$/],
    [
      'a position beyond the limit',
      send('--set', 'data.extra[99999999]:=1', '--no-validate'),
      /"data\.extra\[99999999\]" is not a path: a position in a list is at most 9999\./,
    ],
  ])('%s', async (_, args, told) => {
    const { stderr, exitCode, stdout } = await runCli(args)
    expect(stderr).toMatch(told)
    expect([exitCode, stdout]).toEqual([2, ''])
  })

  test('a key of contract.json that belongs somewhere else', async () => {
    await runCli(['contract', 'new', 'mine'], { cwd: folder })
    const file = join(folder, 'mine', 'contract.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"title"', '"retires": 7,\n  "title"'))
    const { stdout } = await runCli(['contract', 'check', 'mine'], { cwd: folder })
    expect(stdout).toContain('unknown key "retires"; did you mean retries in retryPolicy?')
  })
})

describe('an option that changes nothing says so', () => {
  const told = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stderr, exitCode } = await runCli(send('--quiet', ...args), { cwd: folder })
    expect(exitCode).toBe(0)
    return stderr.split('\n').slice(0, -1)
  }

  test.each([['http://localhost:1/'], ['embedded']])('http has no certificate: %s', async (to) => {
    expect(await told('--to', to, '-k', '--cacert', 'c.pem')).toEqual([
      'warning: --insecure changes nothing: http has no certificate',
      'warning: --cacert changes nothing: http has no certificate',
    ])
  })

  test('https has one', async () => {
    const to = ['--to', 'https://localhost:1/']
    expect(await told(...to, '-k')).toEqual(['warning: --insecure: the TLS certificate is not verified'])
    expect(await told(...to, '--cacert', 'c.pem')).toEqual([])
  })

  test('a signature header without a secret', async () => {
    const named = ['--signature-header', 'X-Foo']
    expect(await told('--to', 'http://localhost:1/', ...named)).toEqual([
      'warning: --signature-header X-Foo changes nothing: without --secret or --secret-file nothing is signed',
    ])
    expect(await told('--to', 'http://localhost:1/', ...named, '--secret', 's')).toEqual([])
    // The embedded receiver brings a secret.
    expect(await told(...named)).toEqual([])
  })

  test.each(['http', 'vegeta'])('a signature header without a secret, in requests written as %s', async (format) => {
    const args = ['--format', format, '--to', 'http://localhost:1/', '--signature-header', 'X-Foo']
    const { stderr } = await runCli(['generate', 'earning', ...args])
    expect(stderr).toContain('warning: --signature-header X-Foo changes nothing: without --secret')
  })

  test.each([['http://0.0.0.0:1/'], ['http://[::]:1/']])('%s is this machine: no warning of plain http', async (to) => {
    expect(await told('--to', to)).toEqual([])
  })
})

test('a printed curl command has a flag and its file on one line', async () => {
  const args = send('--to', 'https://localhost:1/', '--format', 'curl', '--cacert', 'c.pem')
  expect((await runCli(args, { cwd: folder })).stdout).toContain(` \\\n  --cacert c.pem \\\n`)
})
