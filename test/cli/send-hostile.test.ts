import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closedPort } from '../support/hostile-server.ts'
import { runCli } from '../support/run-cli.ts'

/*
 * Receivers on a bad day, seen from the command line: one in debug mode that shows all it got, one that takes the
 * connection and never answers, one that is not there.
 */

let server: Server
let origin: string
let folder: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/hang') === true) return
    const { authorization = '' } = request.headers
    const shown = { url: request.url, headers: request.headers, expected: 'super-secret-key' }
    const basic = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
    response
      .writeHead(500, { 'X-Debug-Exception': `bad auth ${authorization} ${encodeURIComponent(basic)}` })
      .end(JSON.stringify(shown))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-hostile-'))
  writeFileSync(join(folder, 'k.pem'), '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----\n')
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

const send = (path: string, ...args: readonly string[]): readonly string[] => [
  'send',
  'earning',
  '--to',
  `${origin}${path}`,
  '--speed',
  'max',
  ...args,
]

describe('no secret comes back from a receiver that shows the request', () => {
  const basic = Buffer.from('ann:hunter2').toString('base64')
  test.each([
    [['--basic', 'ann:hunter2'], 'text'],
    [['--basic', 'ann:hunter2'], 'json'],
    [['--bearer', 't0ken-of-ann'], 'ndjson'],
    [['-H', 'X-Key: 123456ots'], 'text'],
  ])('%j as %s', async (credentials, format) => {
    const args = ['--secret', 'super-secret-key', ...credentials, '--retries', '0', '--verbose', '--format', format]
    const { stdout, stderr, exitCode } = await runCli(send('/debug?token=query-value', ...args))
    for (const secret of ['super-secret-key', 'hunter2', basic, 't0ken-of-ann', '123456ots', 'query-value'])
      expect(stdout + stderr).not.toContain(secret)
    expect(stdout).toContain('bad auth')
    expect(exitCode).toBe(1)
  })
})

test('--max-time on a receiver that hangs: it was reached, so it is judged', async () => {
  const { stdout, exitCode } = await runCli(send('/hang', '--max-time', '400ms', '--json'))
  expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'max-time', exitCode: 1, summary: { interrupted: 1 } })
  expect(exitCode).toBe(1)
})

describe('--wait-for', () => {
  test('is not advised to those who gave it, and lasts as long as it says', async () => {
    const to = `http://127.0.0.1:${await closedPort()}/`
    const startedMs = performance.now()
    const { stderr, exitCode } = await runCli(['send', 'earning', '--to', to, '--wait-for', '600ms'])
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(600)
    expect(stderr).toMatch(/did not accept connections within 600 ms: .*listening on port/)
    expect(stderr).not.toContain('--wait-for 30s')
    expect(exitCode).toBe(3)
  })

  test('cut by --max-time says that nothing was sent', async () => {
    const to = `http://127.0.0.1:${await closedPort()}/`
    const args = ['send', 'earning', '--to', to, '--wait-for', '1m', '--max-time', '300ms']
    const { stderr, stdout, exitCode } = await runCli(args)
    expect(stderr).toMatch(/stopped after waiting \d+ ms for the target to accept connections; nothing was sent/)
    expect(stdout + stderr).not.toMatch(/unknown|did not accept/)
    expect(exitCode).toBe(3)
  })
})

test('--cacert with a file that has no certificate is an error before anything is sent', async () => {
  const { stderr, exitCode } = await runCli(send('/debug', '--cacert', 'k.pem'), { cwd: folder })
  expect(stderr).toContain('--cacert k.pem: holds no certificate (PEM)')
  expect(stderr).not.toContain('MIGH')
  expect(exitCode).toBe(2)
})
