import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckReport } from '../../src/report/check-report.ts'
import { PREVIOUS_SECRET, RETIRED_SECRET } from '../receivers/receiver.ts'
import { check, checkOf, closeReceivers, faulty, sound } from './checking.ts'
import { folderOf, startEndpoints, type Endpoints } from './endpoints.ts'

closeReceivers()
let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

const FORMS = ['text', 'json', 'ndjson', 'junit', 'github', 'markdown'] as const
const FEW = ['--only', 'AUT-05,ROB-01,CON-11,AUT-14', '--seed', '42'] as const

describe('--format', () => {
  test.concurrent('json is one document with the run, every check and every event', async () => {
    const { stdout } = await checkOf(await faulty('re-serialises'), [...FEW, '--format', 'json'])
    const report = JSON.parse(stdout) as CheckReport
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'check',
      contract: 'assumed-1',
      seed: 42,
      exitCode: 1,
      accept: {},
      summary: { mustFailed: ['AUT-05', 'ROB-01'], shouldFailed: [] },
    })
    expect(report.checks.map(({ number, verdict }) => `${number} ${verdict}`).toSorted()).toEqual([
      'AUT-05 FAIL',
      'AUT-14 SKIP',
      'CON-11 PASS',
      'ROB-01 FAIL',
    ])
    const failed = report.checks.find(({ number }) => number === 'AUT-05')
    expect(failed).toMatchObject({
      cause: 're-serialised-body',
      mend: /express\.raw/,
      again: /--only AUT-05 --seed 42 --now \S+$/,
    })
    expect(failed?.findings).toContainEqual(
      expect.objectContaining({ verdict: 'FAIL', expected: '401 or 403', actual: expect.stringMatching(/^2\d\d in/) }),
    )
    expect(new Set(report.eventIds).size).toBe(report.eventIds.length)
    expect(report.eventIds.length).toBeGreaterThan(3)
  })

  test.concurrent('ndjson is a line for the preflight, for each check as it is done, and for the summary', async () => {
    const { stdout } = await checkOf(await sound(), [...FEW, '--format', 'ndjson'])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; number?: string })
    expect(lines.map(({ type, number = '' }) => `${type} ${number}`.trim())).toEqual([
      'preflight',
      'check CON-11',
      'check AUT-05',
      'check AUT-14',
      'check ROB-01',
      'summary',
    ])
    expect(lines.at(-1)).toMatchObject({ exitCode: 0, seed: 42, summary: { headline: 'CONFORMANT' } })
  })

  test.concurrent('github is annotations and the summary of the job', async () => {
    const cwd = folderOf({ 'summary.md': 'before\n' })
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
    const { stdout } = await checkOf(await faulty('re-serialises'), [...FEW, '--format', 'github'], { cwd, env })
    const lines = stdout.trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,\n]*::/)
    expect(lines.filter((line) => line.startsWith('::error title=AUT-05 '))).toHaveLength(1)
    expect(lines.at(-1)).toMatch(/^::error .*NOT CONFORMANT/)
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8')
    expect(summary).toMatch(/^before\n### NOT CONFORMANT \(2 MUST failed: AUT-05, ROB-01\)\n/)
    expect(summary).toContain('| CON-11 | SHOULD | GET, HEAD and OPTIONS do nothing | PASS |  |')
  })

  test.concurrent('--json is --format json; --output writes it to a file', async () => {
    const cwd = folderOf({})
    const { stdout } = await check(['--only', 'AUT-05', '--json', '--output', 'r.json'], { cwd })
    expect(stdout).toBe('')
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ target: 'embedded', exitCode: 0 })
  })

  test.concurrent.each(FORMS)(
    '%s has nothing else on standard output, and is the same as its --report',
    async (form) => {
      const cwd = folderOf({})
      const args = [...FEW, '--format', form, '--report', `${form}=same`, '--report', 'json=r.json']
      const { stdout, stderr } = await checkOf(await faulty('any-method'), args, { cwd })
      expect(readFileSync(join(cwd, 'same'), 'utf8')).toBe(stdout)
      expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({
        summary: { shouldFailed: ['CON-11'] },
      })
      expect(stdout).not.toContain('requests, about')
      expect(stderr).toContain('requests, about')
    },
  )

  test.concurrent('--quiet leaves the reports', async () => {
    const cwd = folderOf({})
    const args = ['--only', 'AUT-05', '--quiet', '--report', 'junit=r.xml', '--report', 'markdown=r.md']
    expect(await check(args, { cwd })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toContain('<testcase name="AUT-05 ')
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toMatch(/^### CONFORMANT/)
  })
})

describe('no secret is in any output', () => {
  const AUTHORIZATION = 'Bearer t0p-s3cr3t-token'
  const KNOWN = ['s3cret-in-use', 't0p-s3cr3t-token', PREVIOUS_SECRET, RETIRED_SECRET, 'qu3ry-value']
  /** The oracle's own is known to the oracle only. */
  const HIDDEN = [...KNOWN, '0racle-token']
  const forms = (text: string) => [
    text,
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ]

  async function outputs(url: string, oracle: string): Promise<string> {
    const cwd = folderOf({})
    const args = [
      '--to',
      `${url}?key=qu3ry-value`,
      '--secret',
      's3cret-in-use',
      '-H',
      `authorization: ${AUTHORIZATION}`,
      '--previous-secret',
      PREVIOUS_SECRET,
      '--retired-secret',
      RETIRED_SECRET,
      '--oracle-timeout',
      '300ms',
      '--oracle-url',
      `${oracle}?id={eventId}&token=0racle-token`,
      '--timeout',
      '1s',
      '--verbose',
      '--only',
      'AUT-01,AUT-12,AUT-14,AUT-15,CON-09,CON-10,CON-11,DLV-01,ROB-07',
      ...FORMS.flatMap((form) => ['--report', `${form}=r.${form}`]),
    ]
    const { stdout, stderr } = await check(args, { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') } })
    const written = FORMS.map((form) => readFileSync(join(cwd, `r.${form}`), 'utf8'))
    expect(written.join('').length).toBeGreaterThan(5000)
    return [stdout, stderr, ...written].join('\n')
  }
  const echoed = `debug: ${KNOWN.flatMap(forms).join(' | ')}`

  test.concurrent.each<[what: string, status: (nth: number) => number]>([
    ['to everything', () => 500],
    ['after some accepted requests', (nth) => (nth % 3 === 0 ? 500 : 200)],
    ['to everything, as success', () => 200],
    ['as refusals', (nth) => (nth === 0 || nth > 4 ? 400 : 401)],
  ])('though the receiver echoes all of them (%s)', async (_, status) => {
    const headers = { 'x-debug': echoed.replaceAll(/[^\x20-\x7e]/g, '?'), 'content-type': 'text/plain' }
    const endpoint = endpoints.open((nth) => ({ status: status(nth), headers, body: `Error: ${echoed}` }))
    const oracle = endpoints.open(() => ({ status: 200, body: HIDDEN.join(' ').slice(0, 75) }))
    const other = endpoints.open(() => ({ status: 200, body: HIDDEN.toReversed().join(' ').slice(0, 75) }))
    const text = `${await outputs(endpoint.url, oracle.url)}${await outputs(endpoint.url, other.url)}`
    for (const hidden of HIDDEN.flatMap(forms)) expect(text).not.toContain(hidden)
  })

  test.concurrent('though the answer is no HTTP and echoes all of them', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(`${KNOWN.join(' ')}\r\n${echoed}\r\n\r\n`))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`
    const text = await outputs(url, url)
    server.close()
    for (const hidden of HIDDEN.flatMap(forms)) expect(text).not.toContain(hidden)
  })

  test.concurrent('and no control character either', async () => {
    const nasty = '\u001b]0;owned\u0007\u001b[31mred\u0000\u009b1m\u202e ]]> <x> ::error::x'
    const headers = { 'content-type': 'text/plain', location: '/\u009b1m' }
    const endpoint = endpoints.open((nth) => ({ status: nth > 20 ? 500 : 204, headers, body: nasty }))
    const refusing = endpoints.open(() => ({ status: 302, headers, body: nasty }))
    for (const { url } of [endpoint, refusing]) {
      const text = await outputs(url, endpoint.url)
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
    }
  })
})
