import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ReplayReport } from '../../src/report/replay-report.ts'
import type { SendReport } from '../../src/report/send-report.ts'
import { runCli } from '../support/run-cli.ts'

const FIXED = ['--seed', '7', '--now', '2026-01-31T12:00:00Z', '--secret', 's', '--speed', 'max']

/** Takes everything; notes what came, on which connection, and how many were there at once. */
let server: Server
let to: string
let folder: string
let inside = 0
/** Answers wait until so many requests are there. */
let together = 1
let waiting: (() => void)[] = []
const seen: {
  readonly body: string
  readonly signature: unknown
  readonly inside: number
  readonly connection: number
}[] = []
/** The connections, in order of their first request. */
const sockets: unknown[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-fault-'))
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      inside += 1
      if (!sockets.includes(request.socket)) sockets.push(request.socket)
      const connection = sockets.indexOf(request.socket)
      const body = Buffer.concat(chunks).toString()
      seen.push({ body, signature: request.headers['x-qualifio-signature'], inside, connection })
      waiting.push(() => {
        inside -= 1
        response.writeHead(200).end('ok')
      })
      if (waiting.length < together) return
      for (const answer of waiting.splice(0)) answer()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  seen.length = 0
  waiting = []
  together = 1
  inside = 0
  sockets.length = 0
})

const send = async (...args: string[]) => {
  const result = await runCli(['send', ...args, ...FIXED, '--to', to, '--format', 'json'])
  return { ...result, report: (result.stdout === '' ? undefined : JSON.parse(result.stdout)) as SendReport }
}
const payloads = async (...what: string[]) =>
  (await runCli(['generate', ...what, ...FIXED.slice(0, 4), '--format', 'ndjson'])).stdout.trimEnd().split('\n')
/** `aabb`: which of the bodies came when. */
const order = (bodies: readonly string[]) => seen.map(({ body }) => 'abcdefgh'[bodies.indexOf(body)] ?? '?').join('')

describe('send --fault', () => {
  test('duplicate: every delivery so many times, one after the other, each with its outcome', async () => {
    const { report, exitCode, stderr } = await send('random', '-c', '3', '--concurrency', '3', '--fault', 'duplicate:3')
    const bodies = await payloads('random', '-c', '3')
    expect(exitCode).toBe(0)
    expect(stderr).toContain('fault: every delivery 3 times, one after the other')
    expect(report.faults).toEqual(['duplicate:3'])
    expect(report.summary).toMatchObject({ deliveries: 9, delivered: 9, requests: 9, events: 3, notStarted: 0 })
    expect(seen.map(({ body }) => body).toSorted()).toEqual([...bodies, ...bodies, ...bodies].toSorted())
    expect(new Set(seen.map(({ signature }) => signature)).size).toBe(3)
    for (const body of bodies) {
      const number = report.deliveries.filter(({ events }) => body.includes(events[0]?.id ?? '?'))
      expect(number.map(({ copy }) => copy)).toEqual([1, 2, 3].map((copy) => ({ number: copy, of: 3 })))
    }
    expect(new Set(report.deliveries.map(({ id }) => id)).size).toBe(9)
  })

  test('duplicate-concurrent: all copies are there before the first is answered', async () => {
    together = 5
    const { report, exitCode } = await send('all', '-c', '1', '--fault', 'duplicate-concurrent:5', '--timeout', '5s')
    expect(exitCode).toBe(0)
    expect(report.summary).toMatchObject({ deliveries: 40, delivered: 40, requests: 40 })
    expect(seen.map((each) => each.inside)).toEqual(Array.from({ length: 8 }, () => [1, 2, 3, 4, 5]).flat())
    expect(order(await payloads('all'))).toBe('aaaaabbbbbcccccdddddeeeeefffffggggghhhhh')
  })

  test('lost-ack: the first answer is cut off, the same bytes come again as a retry', async () => {
    const { report, exitCode } = await send('random', '-c', '2', '--fault', 'lost-ack')
    const bodies = await payloads('random', '-c', '2')
    expect(exitCode).toBe(0)
    expect(order(bodies)).toBe('aabb')
    // What was cut is not used again; what was heard is.
    expect(seen.map(({ connection }) => connection)).toEqual([0, 1, 1, 2])
    for (const { outcome, attempts } of report.deliveries) {
      expect(outcome).toBe('delivered')
      expect(
        attempts.map(({ retry, result }) => [retry, result.kind === 'failed' ? result.code : result.status]),
      ).toEqual([
        [0, 'lost-ack'],
        [1, 200],
      ])
    }
  })

  test('lost-ack and no retry left: the delivery is blocked although the receiver took it', async () => {
    const { exitCode, report } = await send('earning', '--fault', 'lost-ack', '--retries', '0')
    expect({ exitCode, blocked: report.summary.blocked, seen: seen.length }).toEqual({
      exitCode: 1,
      blocked: 1,
      seen: 1,
    })
  })

  test('reorder: neighbours swap places by the seed; with --dry-run it shows without sending', async () => {
    const { report } = await send('random', '-c', '8', '--fault', 'reorder')
    const bodies = await payloads('random', '-c', '8')
    const came = order(bodies)
    expect(came).not.toBe('abcdefgh')
    expect(came).toMatch(/^ba(cd|dc)(ef|fe)(gh|hg)$/)
    const planned = await send('random', '-c', '8', '--fault', 'reorder', '--dry-run')
    expect(planned.report.deliveries.map(({ events }) => events)).toEqual(report.deliveries.map(({ events }) => events))
    expect(planned.report.faults).toEqual(['reorder'])
    expect(seen).toHaveLength(8)
  })

  test('faults add up, and are told as text', async () => {
    const { stdout, stderr, exitCode } = await runCli([
      'send',
      'earning',
      ...FIXED,
      '--to',
      to,
      '--fault',
      'duplicate',
      '--fault',
      'lost-ack',
    ])
    expect(exitCode).toBe(0)
    expect(seen).toHaveLength(4)
    expect(stderr).toMatch(/1 event \(earning\) in 2 deliveries .*, at least 4 requests;/)
    expect(stdout).toMatch(/^2 delivered of 2 deliveries; 4 requests, 1 event$/m)
    expect(stdout).toContain('#1 earning (copy 1 of 2)')
    expect(stdout).toContain('#1 earning (copy 2 of 2)')
    expect(stdout.match(/lost-ack: the answer was cut off here before it was read/g)).toHaveLength(2)
    expect(stdout).toContain('the retry must change nothing')
    expect(stdout).not.toContain('Did the receiver')
  })

  test('lost-ack that is not retried: the application has answered, and Qualifio thinks it has not', async () => {
    const { stdout, stderr, exitCode } = await runCli([
      'send',
      'earning',
      ...FIXED,
      '--to',
      to,
      '--fault',
      'lost-ack',
      '--retries',
      '0',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('at least 1 request;')
    expect(stdout).toContain('which answered: its answer was lost on purpose')
    expect(stdout).not.toContain('would never reach')
  })

  test('the copies of what never connects are not sent', async () => {
    const result = await runCli([
      'send',
      'all',
      ...FIXED,
      '--to',
      'http://127.0.0.1:9/',
      '--fault',
      'duplicate:3',
      '--format',
      'json',
    ])
    expect(result.exitCode).toBe(3)
    expect((JSON.parse(result.stdout) as SendReport).summary).toMatchObject({
      deliveries: 24,
      blocked: 1,
      notStarted: 23,
    })
  })

  test.each([
    [['all', '--fault', 'duplicate:5%'], 'shares are for stress'],
    [['all', '--fault', 'wrong-signature'], 'there is no fault "wrong-signature"'],
    [['all', '--fault', 'duplicate', '--fault', 'duplicate-concurrent'], 'clash'],
    [['earning', '--fault', 'reorder'], 'there is one delivery only'],
  ])('%j is a usage error and sends nothing', async (args, told) => {
    const { exitCode, stderr } = await send(...args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(told)
    expect(seen).toEqual([])
  })
})

describe('replay --fault', () => {
  const replay = async (...args: string[]) => {
    const line = ['replay', 'fixtures', '--to', to, '--secret', 's', '--seed', '7', '--format', 'json', ...args]
    const result = await runCli(line, { cwd: folder })
    return { ...result, report: JSON.parse(result.stdout) as ReplayReport }
  }
  let bodies: string[]
  beforeAll(async () => {
    bodies = await payloads('random', '-c', '4')
    const fixtures = join(folder, 'fixtures')
    rmSync(fixtures, { recursive: true, force: true })
    await runCli(['generate', 'random', '-c', '4', ...FIXED.slice(0, 4), '-o', 'fixtures/'], { cwd: folder })
    writeFileSync(
      join(fixtures, 'refused.json'),
      JSON.stringify({ fixture: 1, name: 'refused', payload: [], sign: 'wrong-secret', expect: { status: [401] } }),
    )
  })

  test('duplicate: every copy is judged', async () => {
    const { report, exitCode, stderr } = await replay('--skip', 'refused', '--fault', 'duplicate:2', '--repeat', '2')
    expect(exitCode).toBe(0)
    expect(stderr).toContain('fault: every delivery 2 times, one after the other')
    expect(report.faults).toEqual(['duplicate:2'])
    expect(report.summary).toMatchObject({ fixtures: 16, passed: 16, notStarted: 0, requests: 16 })
    expect(report.fixtures.slice(0, 2).map(({ name }) => name.replace(/^.* \(/, '('))).toEqual([
      '(copy 1 of 2)',
      '(copy 2 of 2)',
    ])
    expect(order(bodies)).toBe('aabbccddaabbccdd')
  })

  test('duplicate-concurrent: at once', async () => {
    together = 3
    const { exitCode } = await replay('--skip', 'refused', '--fault', 'duplicate-concurrent:3', '--timeout', '5s')
    expect(exitCode).toBe(0)
    expect(seen.map((each) => each.inside)).toEqual(Array.from({ length: 4 }, () => [1, 2, 3]).flat())
  })

  test('lost-ack: retried, and what is expected holds for the retry', async () => {
    const { report, exitCode } = await replay('--skip', 'refused', '--fault', 'lost-ack')
    expect(exitCode).toBe(0)
    expect(report.fixtures.map(({ attempts }) => attempts.length)).toEqual([2, 2, 2, 2])
    expect(order(bodies)).toBe('aabbccdd')
  })

  test('reorder: files swap places, and so do the lines of one', async () => {
    const { stderr } = await replay('--skip', 'refused', '--fault', 'reorder')
    expect(order(bodies)).toMatch(/^ba(cd|dc)$/)
    expect(stderr).toContain('--seed 7')
    seen.length = 0
    writeFileSync(join(folder, 'lines.ndjson'), `${bodies.join('\n')}\n`)
    await runCli(['replay', 'lines.ndjson', '--to', to, '--fault', 'reorder', '--seed', '7'], { cwd: folder })
    expect(order(bodies)).toMatch(/^ba(cd|dc)$/)
  })
})
