import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { BIN, runCli } from '../support/run-cli.ts'

const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-launcher-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the launcher', () => {
  test.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.0.0', true],
  ])('on Node %s: starts %s', async (version, starts) => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const result = await runCli(['--version'], { nodeArgs: ['--import', `data:text/javascript,${pretend}`] })
    if (starts) expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    else
      expect(result).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: `qualifio-sim: needs Node >= 20.19, found ${version}.\n`,
      })
  })

  test('has nothing that an old Node cannot parse', () => {
    expect(readFileSync(BIN, 'utf8').replaceAll(/\/\/.*|'[^'\n]*'/g, '')).not.toMatch(
      /=>|`|\?\.|\?\?|\b(import|export|const|let|async|await|class)\b/,
    )
  })

  test('without a build says what to do', () => {
    cpSync(dirname(BIN), join(scratch, 'bin'), { recursive: true })
    const { status, stderr } = spawnSync(process.execPath, [join(scratch, 'bin/qualifio-sim.js')], { encoding: 'utf8' })
    expect(stderr).toMatch(/^qualifio-sim: not built yet .* run `npm ci` first\.\n$/)
    expect(status).toBe(2)
  })
})
