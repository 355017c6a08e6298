import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyContract } from '../../src/contract/contract.ts'
import { BIN, runCli } from '../support/run-cli.ts'

/* A contract's folder that cannot be read or made: the user's mistake, not a bug with a stack. */

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-folder-'))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync('loop-b', join(folder, 'loop-a'))
  symlinkSync('loop-a', join(folder, 'loop-b'))
  mkdirSync(join(folder, 'empty'))
  await copyContract('assumed-1', 'looped', { cwd: folder })
  rmSync(join(folder, 'looped', 'earning.json'))
  symlinkSync('earning.json', join(folder, 'looped', 'earning.json'))
  await copyContract('assumed-1', 'private', { cwd: folder })
})
afterAll(() => {
  chmodSync(join(folder, 'private'), 0o700)
  rmSync(folder, { recursive: true, force: true })
})

const LONG = 'x'.repeat(300)
const CASES: readonly (readonly [args: readonly string[], expected: RegExp])[] = [
  [['contract', 'new', ''], /the folder name is empty/],
  [['contract', 'new', 'file'], /file is a file; name a new folder/],
  [['contract', 'new', 'loop-a'], /loop-a: is a link that leads back to itself/],
  [['contract', 'new', 'loop-a/new'], /loop-a\/new: is a link that leads back to itself/],
  [['contract', 'new', LONG], /x: the name is too long/],
  [['contract', 'new', '/proc/nowhere/new'], /\/proc\/nowhere\/new: no such file or folder/],
  [['contract', 'check', 'loop-a'], /loop-a: is a link that leads back to itself/],
  [['send', 'earning', '--contract', 'loop-a'], /loop-a: is a link that leads back to itself/],
  [['send', 'earning', '--contract', 'looped'], /looped\/earning\.json: is a link that leads back to itself/],
]

describe('a folder that cannot be used is one sentence', () => {
  test.concurrent.each(CASES)('%j', async (args, expected) => {
    const result = await runCli(args, { cwd: folder })
    expect(result.stderr).toMatch(expected)
    expect(result.stderr).not.toMatch(/\n\s+at /)
    expect([result.exitCode, result.stdout]).toEqual([2, ''])
  })

  test('and nothing is made where the name is empty', async () => {
    await runCli(['contract', 'new', ''], { cwd: join(folder, 'empty') })
    expect(readdirSync(join(folder, 'empty'))).toEqual([])
  })
})

/** Root may read everything, so root becomes nobody; whoever is not root is as good. */
const asNobody = (args: readonly string[]) => {
  const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env']
  const [command = '', ...rest] = [...nobody, process.execPath, BIN, ...args]
  return promisify(execFile)(command, rest, { cwd: folder }).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  )
}

test('a folder without rights is permission denied', async ({ skip }) => {
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'private'), 0)
  // Not every checkout can be read by nobody, and not every system has setpriv.
  if ((await asNobody(['--version'])).code !== 0) skip()
  for (const args of [
    ['contract', 'new', 'private/new'],
    ['contract', 'check', 'private'],
    ['send', 'earning', '--contract', 'private'],
  ]) {
    const { code, stderr } = await asNobody(args)
    expect(stderr).toMatch(/private(\/new)?: permission denied\.\n$/)
    expect([args, code]).toEqual([args, 2])
  }
})
