import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { hostileServer } from '../support/hostile-server.ts'
import { peer } from '../support/peer.ts'
import { makeCertificates } from '../support/tls.ts'
import { closeReceivers, isSigned, jsonOf, nowhere, receiver, SECRET, stress, stressOf } from './stressing.ts'

closeReceivers()

const openssl = peer('openssl', 'apt-get install openssl')

const typesIn = (bodies: readonly Buffer[]): string[] => [
  ...new Set(bodies.flatMap((body) => (JSON.parse(body.toString()) as { type: string }[]).map(({ type }) => type))),
]

/** Text without its line breaks. */
const unbroken = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** On a busy machine the sender says first that it was late itself. */
const orLate = (pattern: RegExp): RegExp => new RegExp(`${pattern.source}|^our own schedule was late`)

describe('what a receiver is found to be', () => {
  test.concurrent('one that keeps up: everything is delivered, every body is signed and its own', async () => {
    const target = await receiver()
    const result = await stressOf(target, ['--rate', '100/s', '--duration', '1s', '--json'])
    const report = jsonOf(result)
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'stress',
      target: target.url,
      books: { deliveries: 100, delivered: 100, deliveredAfter: [100], requests: 100, retries: 0 },
      summary: { deliveries: 100, blocked: 0, dropped: 0, amplification: 1, latencyMs: { p99: expect.any(Number) } },
      statuses: { 204: 100 },
      failures: {},
      endedBy: 'schedule',
      exitCode: 0,
    })
    expect(report.summary.offeredPerSecond).toBeCloseTo(100, 0)
    expect(result.exitCode).toBe(0)
    expect(target.got).toHaveLength(100)
    expect(target.got.every(isSigned)).toBe(true)
    expect(new Set(target.got.map(({ body }) => body.toString())).size).toBe(100)
  })

  test.concurrent('one that fails one time in five: nothing is lost, and the retries are counted apart', async () => {
    const target = await receiver((nth) => (nth % 5 === 0 ? 503 : 204))
    const args = ['--rate', '100/s', '--duration', '1s', '--speed', 'max', '--json']
    const report = jsonOf(await stressOf(target, args))
    expect(report).toMatchObject({ books: { delivered: 100, blocked: 0 }, exitCode: 0 })
    expect(report.books.retries).toBe(report.statuses['503'])
    expect(report.books.deliveredAfter[1]).toBeGreaterThan(5)
    expect(report.summary.retryLatencyMs?.p50).toBeGreaterThan(0)
    expect(report.summary.amplification).toBeGreaterThan(1.15)
    expect(report.sentence).toMatch(orLate(/answers 503 to \d\d %/))
    expect(target.got).toHaveLength(report.books.requests)
  })

  test.concurrent('one that refuses everything: blocked after eight requests each, which is data', async () => {
    const target = await receiver(() => 500)
    const args = ['--rate', '20/s', '--count', '20', '--speed', 'max', '--json']
    const { books, exitCode } = jsonOf(await stressOf(target, args))
    expect(books).toMatchObject({ deliveries: 20, blocked: 20, requests: 160, retries: 140 })
    expect([exitCode, target.got.length]).toEqual([0, 160])
    expect(new Set(target.got.map(({ body }) => body.toString())).size).toBe(20)
  })

  test.concurrent('one that is slow: what does not fit is dropped, and never sent', async () => {
    const target = await receiver(() => 204, { delayMs: 200 })
    const args = ['--rate', '100/s', '--duration', '1s', '--connections', '2', '--json']
    const { books, summary } = jsonOf(await stressOf(target, args))
    // Two connections answer five times a second each.
    expect(books.dropped).toBeGreaterThan(70)
    expect(books.delivered).toBe(100 - books.dropped)
    expect(target.got).toHaveLength(books.requests)
    expect(summary.latencyMs.p50).toBeGreaterThanOrEqual(195)
  })

  test.concurrent('one that is slow: waiting for a connection counts, from when a delivery was due', async () => {
    const target = await receiver(() => 204, { delayMs: 100 })
    const limits = ['--connections', '1', '--max-in-flight', '100']
    const args = ['--rate', '50/s', '--count', '20', ...limits, '--json']
    const { books, summary } = jsonOf(await stressOf(target, args))
    // The last is due at 0.4 s, and ends at 2 s at best.
    expect(books).toMatchObject({ delivered: 20, dropped: 0 })
    expect(summary.latencyMs.max).toBeGreaterThan(1400)
  })

  test.concurrent('one that dies and comes back: the retries save everything', async () => {
    const target = await receiver()
    const args = ['--rate', '40/s', '--duration', '3s', '--speed', '20', '--json']
    const running = stressOf(target, args)
    await target.came(30)
    await target.stop()
    await delay(1000)
    await target.start()
    const { books, failures, sentence } = jsonOf(await running)
    expect(books).toMatchObject({ deliveries: 120, delivered: 120, blocked: 0, interrupted: 0 })
    expect(failures.refused).toBeGreaterThan(20)
    expect(books.deliveredAfter.slice(1).reduce((a, b) => a + b, 0)).toBeGreaterThan(20)
    expect(sentence).toMatch(orLate(/refused/))
  })

  test.concurrent('one that is never there: exit code 3, and what to try', async () => {
    const to = await nowhere()
    const [text, github] = await Promise.all([
      stress(['earning', '--to', to, '--rate', '10/s', '--count', '5']),
      stress(['earning', '--to', to, '--rate', '10/s', '--count', '5', '--format', 'github']),
    ])
    expect(text.stdout).toMatch(/^0 of 5 delivered \(0 %\); no connection was ever made$/m)
    expect(text.stdout).not.toMatch(/^latency|per delivery/m)
    expect(text.stdout.replaceAll('\n', ' ')).toMatch(/Is the receiver listening on port \d+\? .*--wait-for/)
    expect(github.stdout).toMatch(/^::error .*never reached|^::error .*nothing (else )?is known/)
    expect([text.exitCode, github.exitCode]).toEqual([3, 3])
  })
})

describe('what else is told of the receiver', () => {
  test.concurrent('answers that break off: their status counts, and how many they were', async () => {
    const target = await hostileServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')
    })
    const args = ['earning', '--to', target.url.href, '--rate', '50/s', '--count', '20']
    const [text, json] = [await stress(args), jsonOf(await stress([...args, '--json']))]
    await target.close()
    expect(text.stdout).toMatch(/^answers {7}20 × 200, 20 of them with a body that broke off$/m)
    expect(json).toMatchObject({ brokenBodies: 20, exitCode: 0, books: { delivered: 20 } })
    expect(json.sentence).toMatch(/100 % of answers broke off in their body/)
  })

  test.skipIf(openssl === undefined)('why there is no TLS', async () => {
    const target = await hostileServer(() => undefined, makeCertificates(openssl as string).selfSigned)
    const result = await stress(['earning', '--to', target.url.href, '--rate', '10/s', '--count', '5', '--json'])
    await target.close()
    const report = jsonOf(result)
    expect(report).toMatchObject({ exitCode: 3, unreached: { code: 'tls' } })
    expect(report.sentence).toContain(
      'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT). Trust it with --cacert',
    )
  })
})

describe('forged signatures', () => {
  const args = ['--rate', '50/s', '--count', '40', '--fault', 'wrong-signature:50%', '--seed', '1', '--json']

  test.concurrent('that are accepted: exit code 4, whether it was asked for or not', async () => {
    const target = await receiver()
    const report = jsonOf(await stressOf(target, args))
    const forged = target.got.filter((one) => !isSigned(one)).length
    expect(forged).toBeGreaterThan(5)
    expect(report).toMatchObject({
      books: { wronglyAccepted: forged, refused: 0, delivered: 40 - forged },
      thresholds: [{ text: 'no forged signature is accepted', crossed: true }],
      exitCode: 4,
    })
    expect(report.sentence).toMatch(orLate(new RegExp(`accepted ${forged} of ${forged} forged signatures`)))
  })

  test.concurrent('that are refused: as it must be, and not tried again', async () => {
    const target = await receiver((_, got) => (isSigned(got) ? 204 : 401))
    const report = jsonOf(await stressOf(target, args))
    const { refused } = report.books
    expect(refused).toBeGreaterThan(5)
    expect(report).toMatchObject({
      books: { wronglyAccepted: 0, delivered: 40 - refused, requests: 40, retries: 0 },
      thresholds: [{ crossed: false }],
      exitCode: 0,
    })
    const { stdout } = await stressOf(
      target,
      args.filter((arg) => arg !== '--json'),
    )
    expect(stdout).toContain(`${40 - refused} of ${40 - refused} delivered (100 %)`)
    expect(stdout).toContain(`${refused} forged and refused`)
  })
})

describe('forged signatures prove nothing', () => {
  test.concurrent('of a receiver that breaks on them: exit code 4, and the others are not blamed', async () => {
    const target = await receiver((_, got) => (isSigned(got) ? 204 : 500))
    const args = ['--rate', '100/s', '--count', '60', '--seed', '3', '--fault', 'wrong-signature:20%']
    const limits = ['--threshold', 'delivered>=100%', '--threshold', 'failed<=0%', '--threshold', 'amplification<=1']
    const [run, junit] = await Promise.all([
      stressOf(target, [...args, ...limits, '--json']),
      stressOf(target, [...args, '--format', 'junit']),
    ])
    const report = jsonOf(run)
    const { forged, unproven } = report.books
    expect(forged).toBeGreaterThan(5)
    expect(unproven).toBe(forged)
    expect(report.exitCode).toBe(4)
    expect(report.thresholds.map(({ crossed }) => crossed)).toEqual([false, false, false, true])
    expect(report.thresholds.at(-1)).toEqual({
      text: 'no forged signature is accepted',
      actual: `none of ${forged} was refused, ${forged} prove nothing: answered 500`,
      crossed: true,
    })
    expect(report.headline).toMatch(
      new RegExp(`^1 of 4 thresholds crossed: ${60 - forged} of ${60 - forged} delivered`),
    )
    expect(report.headline).not.toContain('interrupted')
    expect(report.sentence).toMatch(
      orLate(new RegExp(`^${forged} forged signatures prove nothing: answered 500; kept up`)),
    )
    expect(junit.exitCode).toBe(4)
    expect(junit.stdout).toMatch(/failures="1"/)
    expect(junit.stdout).toContain(
      `wrong-signature:20% (${forged}, of them 0 accepted, ${forged} prove nothing: answered 500)`,
    )
  })

  test.concurrent.each([401, 500])('of a receiver that answers %i to everything: exit code 4', async (status) => {
    const target = await receiver(() => status)
    const args = ['--rate', '50/s', '--count', '40', '--fault', 'wrong-signature:50%', '--seed', '1', '--retries', '0']
    const report = jsonOf(await stressOf(target, [...args, '--json']))
    expect(report.thresholds).toContainEqual({
      text: 'something is delivered',
      actual: `0 of ${40 - report.books.forged}`,
      crossed: true,
    })
    expect(report).toMatchObject({ exitCode: 4, books: { delivered: 0, wronglyAccepted: 0 } })
    expect(report.headline).toMatch(
      status === 401
        ? /^crossed: something is delivered \(0 of \d+\); 0 of /
        : /^crossed: no forged signature is accepted \(none of \d+ was refused.*\), something is delivered/,
    )
  })
})

describe('thresholds', () => {
  test.concurrent('that are crossed: exit code 4, each named with what it came to', async () => {
    const target = await receiver((nth) => (nth < 30 ? 204 : 500))
    const limits = ['p99<0.001ms', 'delivered>99.9%', 'amplification<1.2', 'rate>1/s']
    const { exitCode, stdout } = await stressOf(target, [
      '--rate',
      '50/s',
      '--count',
      '40',
      '--speed',
      'max',
      ...limits.flatMap((limit) => ['--threshold', limit]),
    ])
    expect(exitCode).toBe(4)
    expect(stdout).toMatch(/^3 of 4 thresholds crossed: 30 of 40 delivered \(75\.0 %\)/m)
    expect(stdout).toMatch(/crossed {2}p99<0\.001ms \([\d.]+ ms\)/)
    expect(stdout).toMatch(/crossed {2}delivered>99\.9% \(75 %\)/)
    expect(stdout).toMatch(/crossed {2}amplification<1\.2 \(2\.75\)/)
    expect(stdout).toMatch(/kept {5}rate>1\/s \([\d.]+\/s\)/)
  })

  test.concurrent('that are kept: exit code 0, and said', async () => {
    const limits = ['--threshold', 'p99<9s', '--threshold', 'blocked<1%', '--threshold', 'delivered>=100%']
    const { exitCode, stdout } = await stressOf(await receiver(), ['--rate', '50/s', '--count', '10', ...limits])
    expect(stdout).toMatch(/^all thresholds kept: 10 of 10 delivered \(100 %\)/m)
    expect(exitCode).toBe(0)
  })
})

describe('what is sent', () => {
  test.concurrent.each<[words: readonly string[], types: readonly string[]]>([
    [
      ['earning', 'burning'],
      ['earning', 'burning'],
    ],
    [['point correction +'], ['point_correction_plus']],
  ])('the events %j', async (words, expected) => {
    const target = await receiver()
    await stress([...words, '--to', target.url, '--rate', 'max', '--count', '20'])
    expect(target.got).toHaveLength(20)
    expect(typesIn(target.got.map(({ body }) => body)).toSorted()).toEqual([...expected].toSorted())
  })

  test.concurrent.each(['random', 'all'])('%s: events of every kind', async (word) => {
    const target = await receiver()
    const { exitCode } = await stress([word, '--to', target.url, '--rate', 'max', '--count', '200', '--seed', '1'])
    expect([exitCode, target.got.length]).toEqual([0, 200])
    expect(typesIn(target.got.map(({ body }) => body)).length).toBe(8)
  })

  test.concurrent('--batch puts so many events into each payload', async () => {
    const target = await receiver()
    const { stderr } = await stressOf(target, ['--rate', 'max', '--count', '5', '--batch', '3'])
    expect(target.got.map(({ body }) => (JSON.parse(body.toString()) as object[]).length)).toEqual([3, 3, 3, 3, 3])
    expect(stderr).toContain('3 events each')
  })

  test.concurrent('--contract decides how it is written', async () => {
    const target = await receiver()
    await stressOf(target, ['--rate', 'max', '--count', '5', '--contract', 'flat-snake'])
    for (const { body } of target.got)
      expect(JSON.parse(body.toString())).toMatchObject([{ event_type: expect.any(String), ts: expect.any(Number) }])
  })

  test.concurrent('--seed and --now: the same bodies again; another seed: others', async () => {
    const targets = await Promise.all([receiver(), receiver(), receiver()])
    const args = ['--rate', '100/s', '--count', '30', '--now', '2026-01-31T12:00:00Z', '--seed']
    await Promise.all(targets.map((target, nth) => stressOf(target, [...args, nth === 2 ? '8' : '7'])))
    const [first, again, other] = targets.map(({ got }) => got.map(({ body }) => body.toString()).toSorted())
    expect(first).toHaveLength(30)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test.concurrent('the headers that Qualifio sends, and those of the user', async () => {
    const target = await receiver()
    await stressOf(target, ['--rate', 'max', '--count', '3', '-H', 'x-test-authorization-header: 123456ots'])
    for (const { headers } of target.got)
      expect(headers).toMatchObject({
        'content-type': expect.stringContaining('application/json'),
        'x-test-authorization-header': '123456ots',
      })
  })

  test.concurrent.each([
    ['duplicate:100%', 20],
    ['duplicate-concurrent:100%', 20],
  ])('--fault %s: the same bytes again, which are no deliveries', async (fault, copies) => {
    const target = await receiver()
    const args = ['--rate', '50/s', '--count', '20', '--fault', fault, '--json']
    const { books } = jsonOf(await stressOf(target, args))
    expect(books).toMatchObject({ deliveries: 20, delivered: 20, retries: 0, duplicates: copies })
    expect(target.got).toHaveLength(20 + copies)
    expect(new Set(target.got.map(({ body }) => body.toString())).size).toBe(20)
  })

  test.concurrent('--fault lost-ack: sent again although it was taken', async () => {
    const target = await receiver()
    const args = ['--rate', '50/s', '--count', '20', '--fault', 'lost-ack:50%', '--speed', 'max', '--json']
    const { books } = jsonOf(await stressOf(target, args))
    expect(books).toMatchObject({ delivered: 20, blocked: 0 })
    expect(books.deliveredAfter[1]).toBeGreaterThan(3)
    expect(books.lostAcks).toBe(books.requests - 20)
    expect(target.got).toHaveLength(books.requests)
  })
})

describe('the schedule', () => {
  test.concurrent.each<[string, readonly string[], number, RegExp]>([
    ['--rate max', ['--rate', 'max', '--count', '300'], 300, /^as fast as the connections allow, for 300 deliveries\n/],
    ['a ramp', ['--rate', '10/s..90/s', '--duration', '1s'], 50, /^1 s from 10\/s to 90\/s; 50 deliveries\n/],
    ['per minute', ['--rate', '1200/m', '--duration', '500ms'], 10, /^500 ms at 20\/s; 10 deliveries\n/],
    [
      '--stages',
      ['--stages', '500ms@20/s,500ms@20/s..100/s,200ms@0/s'],
      40,
      /^500 ms at 20\/s, 500 ms from 20\/s to 100\/s, 200 ms of nothing; 40 deliveries\n/,
    ],
  ])('%s', async (_, args, deliveries, said) => {
    const target = await receiver()
    const result = await stressOf(target, [...args, '--json'])
    expect(result.stderr).toMatch(said)
    expect(jsonOf(result).books).toMatchObject({ deliveries, delivered: deliveries, dropped: 0 })
    expect(target.got).toHaveLength(deliveries)
  })

  test.concurrent.each([
    ['campaign', /10 s at 5\/s.*20 s at 300\/s.*11,800 deliveries in 1 min 20 s, 1 event each, duplicate:1%/],
    ['outage', /2 min at 50\/s.*6,000 deliveries.*retries 4 times faster, then up to 40 s/],
    ['backlog', /20 s at 50\/s.*50 events each, duplicate:2%, reorder:5%, retries 60 times faster/],
  ])('--scenario %s prints its numbers', async (name, numbers) => {
    const { stderr, stdout, exitCode } = await stress(['--scenario', name, '--max-time', '1s'])
    expect(unbroken(stderr)).toMatch(numbers)
    expect(unbroken(stdout)).toMatch(/ \d+ of \d+ delivered .*: --max-time was reached |; --max-time was reached /)
    expect(exitCode).toBe(0)
  })

  test.concurrent('a scenario that the user changed prints what is played', async () => {
    const given = ['--speed', 'max', '--batch', '2', '--fault', 'reorder:10%', '--drain', '1s', '--count', '3']
    const result = await stress(['--scenario', 'campaign', ...given, '--json'])
    const played = /3 deliveries in .*, 2 events each, reorder:10%, retries at once, then up to 1 s to finish them/
    expect(unbroken(result.stderr)).toMatch(played)
    expect(jsonOf(result).schedule).toMatch(played)
    expect(jsonOf(result).books).toMatchObject({ deliveries: 3, delivered: 3 })
  })

  test.concurrent('--workers 2: the same load from two threads, each body once', async () => {
    const target = await receiver()
    const args = ['--rate', '100/s', '--count', '60', '--workers', '2', '--json']
    const report = jsonOf(await stressOf(target, args))
    expect(report).toMatchObject({ workers: 2, books: { deliveries: 60, delivered: 60, requests: 60 }, exitCode: 0 })
    expect(new Set(target.got.map(({ body }) => body.toString())).size).toBe(60)
    expect(target.got.every(isSigned)).toBe(true)
  })

  test.concurrent('--rate max has no schedule of ours to be late', async () => {
    const { stdout } = await stressOf(await receiver(), ['--rate', 'max', '--count', '20'])
    expect(stdout).toContain('20 of 20 delivered')
    expect(stdout).not.toContain('our schedule')
  })

  test.concurrent('--drain 0s leaves retries undone, and counts them as interrupted', async () => {
    const target = await receiver(() => 503)
    const args = ['--rate', '50/s', '--count', '10', '--speed', '1', '--drain', '0s', '--json']
    const { books } = jsonOf(await stressOf(target, args))
    expect(books).toMatchObject({ deliveries: 10, interrupted: 10, blocked: 0, requests: 10 })
  })

  test.concurrent('--retries 0: one request each', async () => {
    const target = await receiver(() => 503)
    const result = await stressOf(target, ['--rate', '50/s', '--count', '10', '--retries', '0', '--json'])
    expect(jsonOf(result).books).toMatchObject({ blocked: 10, requests: 10 })
    expect(result.stderr).toContain('what fails is blocked at once')
  })

  test.concurrent('without --to, the receiver that comes with the tool takes it', async () => {
    const result = await stress(['earning', '--rate', '50/s', '--count', '10', '--secret', SECRET, '--json'])
    expect(result.stderr).toContain('your application is not called')
    expect(jsonOf(result)).toMatchObject({ target: 'embedded', books: { delivered: 10 }, statuses: { 204: 10 } })
  })
})
