import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyContract } from '../../src/contract/contract.ts'
import { BIN, runCli, startCli } from '../support/run-cli.ts'

/* Files without an end, files that are far too large, and pipes that nobody writes to. */

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-endless-'))
  await promisify(execFile)('mkfifo', [join(folder, 'fifo'), join(folder, 'fed')])
  writeFileSync(join(folder, 'body.json'), '[]')
  await copyContract('assumed-1', 'wire', { cwd: folder })
  rmSync(join(folder, 'wire', 'earning.json'))
  symlinkSync('/dev/zero', join(folder, 'wire', 'earning.json'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a shell makes of a line; `QS` is the command line. The shell may use four gigabytes of address space. */
async function shell(line: string): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  const script = `QS() { ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"; }; ${line}`
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    timeout: 20_000,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end()
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { stdout, stderr, exitCode }
}

const ENDLESS: readonly (readonly [line: string, expected: RegExp])[] = [
  ['send earning --secret-file /dev/zero', /--secret-file \/dev\/zero: is over 4 KB/],
  ['send earning --secret-file /dev/urandom', /--secret-file \/dev\/urandom: is over 4 KB/],
  ['verify body.json --signature x --secret-file /dev/zero', /--secret-file \/dev\/zero: is over 4 KB/],
  ['send earning --to https://localhost:1/ --cacert /dev/zero', /--cacert \/dev\/zero: is over 1 MB/],
  ['send earning --program /dev/zero', /--program \/dev\/zero: is over 1 MB/],
  ['send earning --members-from /dev/zero', /--members-from \/dev\/zero: is over 256 MB/],
  ['send earning --contract wire', /wire\/earning\.json is a device or a pipe; it must be a JSON file/],
  ['contract check wire', /1 problem in wire/],
  ['sign /dev/zero --secret s', /\/dev\/zero: is over 64 MB/],
  ['sign --secret s < /dev/zero', /standard input: is over 64 MB/],
  ['stress earning --rate 1/s --duration 1s --compare /dev/zero', /--compare \/dev\/zero: is over 64 MB/],
  ['listen --port 0 --until 1 --tls-cert /dev/zero --tls-key body.json', /--tls-cert \/dev\/zero: is over 1 MB/],
]

describe('what has no end is refused when it is over its limit', () => {
  test.each(ENDLESS)('%s', async (line, expected) => {
    const result = await shell(`ulimit -v 4000000; QS ${line}`)
    expect(result.stderr).toMatch(expected)
    expect(result.exitCode).toBe(2)
  })
})

const SIGNED = 'sha256=b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5\n'

describe('a pipe is read to its end', () => {
  test.each([
    ['of the shell', 'QS sign --value --secret-file <(echo -n my-secret) body.json'],
    [
      'of the shell, whose writer takes its time',
      'QS sign --value --secret-file <(echo -n my-; sleep 0.2; echo -n secret) body.json',
    ],
    ['that is standard input', 'echo -n my-secret | QS sign --value --secret-file /dev/stdin body.json'],
    ['with a name', '(sleep 0.2; echo -n my-secret > fed) & QS sign --value --secret-file fed body.json'],
  ])('%s', async (_, line) => {
    expect(await shell(line)).toEqual({ stdout: SIGNED, stderr: '', exitCode: 0 })
  })

  test('and an empty one of the shell is an empty file', async () => {
    const { stderr, exitCode } = await shell('QS sign --secret-file <(true) body.json')
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/the secret is empty/)])
  })

  test('and is no input that an output would replace', async () => {
    const { stdout, exitCode } = await shell(
      "printf 'externalId\\na\\n' | QS generate earning --members-from /dev/stdin -o /dev/stdout | cat",
    )
    expect([exitCode, (JSON.parse(stdout) as unknown[]).length]).toEqual([0, 1])
  })
})

test.each(['send', 'generate'])(
  'a pipe that nobody writes to is waited for, which %s says, and a signal ends that',
  async (command) => {
    const format = command === 'generate' ? ['--format', 'http'] : []
    const cli = startCli([command, 'earning', '--secret-file', 'fifo', ...format], { cwd: folder })
    await cli.waitFor(/--secret-file fifo: nothing has come out of it yet; waiting, Ctrl-C ends that/)
    cli.kill('SIGINT')
    expect(await cli.result).toMatchObject({ signal: 'SIGINT', stdout: '' })
  },
)

test('a body of 64 MB is still signed', async () => {
  const path = join(folder, 'large.json')
  writeFileSync(path, Buffer.alloc(64 * 1024 * 1024, 'a'))
  const result = await runCli(['sign', path, '--secret', 's', '--value'])
  expect([result.exitCode, result.stdout]).toEqual([0, expect.stringMatching(/^sha256=[0-9a-f]{64}\n$/)])
})
