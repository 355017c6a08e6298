import { Chalk } from 'chalk'
import { describe, expect, test } from 'vitest'
import type { EventType } from '../../src/contract/event-types.ts'
import type { AttemptResult } from '../../src/delivery/outcome.ts'
import type { AttemptMade } from '../../src/emitter/dispatch/options.ts'
import type { News } from '../../src/emitter/news.ts'
import { emitNdjsonLog, emitTextLog } from '../../src/report/emit-log.ts'
import { webhookCalled } from '../emitter/dispatch/dispatch-setting.ts'

const START_MS = Date.UTC(2026, 0, 31, 12, 3, 40)

const answered = (status: number, bodySnippet = ''): AttemptResult => ({
  kind: 'responded',
  status,
  headers: {},
  bodySnippet,
  bodyBytes: bodySnippet.length,
})
const REFUSED: AttemptResult = {
  kind: 'failed',
  code: 'refused',
  reason: 'nothing accepts connections there (ECONNREFUSED)',
}

function attemptOf(changes: Partial<AttemptMade> = {}): AttemptMade {
  return {
    deliveryId: 7,
    kind: 'events',
    webhook: webhookCalled('shop', { secret: 'hidden', header: { name: 'x-auth', value: 'hidden' } }),
    number: 1,
    round: 1,
    retry: 0,
    possibleDuplicate: false,
    startedAtMs: START_MS,
    durationMs: 12,
    result: answered(200),
    aftermath: { state: 'delivered', atMs: START_MS + 12 },
    ...changes,
  }
}

const retrying = (waitMs: number): AttemptMade['aftermath'] => ({ state: 'retrying', dueAtMs: START_MS + 12 + waitMs })
const blocked = (by: 'retries' | 'webhook'): AttemptMade['aftermath'] => ({ state: 'blocked', by, atMs: START_MS })

type Row = readonly [attempt: Partial<AttemptMade>, line: string, types?: readonly EventType[], eventCount?: number]
const ROWS: readonly Row[] = [
  [{}, '12:03:40      #7  shop  earning                 200 OK in 12 ms'],
  [{ deliveryId: 1234567 }, '12:03:40  #1234567  shop  earning                 200 OK in 12 ms'],
  [
    { result: answered(503), aftermath: retrying(1000) },
    '12:03:40      #7  shop  earning                 503 Service Unavailable in 12 ms; retry 1/7 in 1 s',
  ],
  [
    { retry: 7, number: 8, result: answered(503), aftermath: blocked('retries') },
    '12:03:40      #7  shop  earning                 retry 7/7: 503 Service Unavailable in 12 ms; blocked after 8 requests',
  ],
  [
    { result: answered(503), aftermath: blocked('webhook') },
    '12:03:40      #7  shop  earning                 503 Service Unavailable in 12 ms; blocked with its webhook',
  ],
  [
    { round: 2, number: 9, possibleDuplicate: true },
    '12:03:40      #7  shop  earning                 possible duplicate, sent again: 200 OK in 12 ms',
  ],
  [
    { kind: 'ping', result: answered(500), aftermath: blocked('retries') },
    '12:03:40      #7  shop  ping                    500 Internal Server Error in 12 ms; a ping is not tried again',
    [],
    0,
  ],
  [{}, '12:03:40      #7  shop  12 events               200 OK in 12 ms', ['earning', 'burning'], 12],
  [{}, '12:03:40      #7  shop  point-correction-minus  200 OK in 12 ms', ['point_correction_minus']],
]

describe('the log for people', () => {
  const rows = ROWS.map(([changes, line, types = ['earning'], eventCount = 1]) => ({
    changes,
    line,
    types,
    eventCount,
  }))
  test.each(rows)('$line', ({ changes, line, types, eventCount }) => {
    const log = emitTextLog(new Chalk({ level: 0 }))
    expect(log({ attempt: attemptOf(changes), types, eventCount, retries: 7 })).toBe(`${line}\n`)
  })

  const written = (log: ReturnType<typeof emitTextLog>, changes: Partial<AttemptMade>) =>
    log({ attempt: attemptOf(changes), types: ['earning'], eventCount: 1, retries: 7 }).split('\n')

  test('says once for each webhook what to try', () => {
    const log = emitTextLog(new Chalk({ level: 0 }))
    const failed = { result: REFUSED, aftermath: retrying(1000) }
    const [, hint, ...rest] = written(log, failed)
    expect(hint).toMatch(/^ {10}Is the receiver listening on port 443\?/)
    expect(rest).toEqual([''])
    expect(written(log, { ...failed, retry: 1 })).toHaveLength(2)
    expect(written(log, { ...failed, webhook: webhookCalled('other') })).toHaveLength(3)
    const unauthorized = written(log, { result: answered(401), aftermath: retrying(1000) })
    expect(unauthorized[1]).toContain('does it have the secret and header as the webhook?')
    for (const status of [301, 400, 401, 404, 413, 503]) {
      const told = written(log, { result: answered(status), aftermath: retrying(1) }).join()
      expect(told).not.toMatch(/--(to|secret|header|wait-for)\b/)
    }
  })

  test('has its columns under each other, and shows no control character of a name or an answer', () => {
    const log = emitTextLog(new Chalk({ level: 0 }))
    const names = ['marketing', 'shop', 'x'.repeat(30), 'crm']
    const starts = names.map((name) => (written(log, { webhook: webhookCalled(name) })[0] ?? '').indexOf('earning'))
    expect(starts).toEqual([29, 29, 50, 40])
    const known = emitTextLog(new Chalk({ level: 0 }), ['shop', 'x'.repeat(30), 'crm'])
    const later = ['crm', 'shop'].map((name) =>
      (written(known, { webhook: webhookCalled(name) })[0] ?? '').indexOf('ear'),
    )
    expect(later).toEqual([40, 40])
    const evil = { ...REFUSED, reason: 'a\u001b]0;x\u0007b' }
    const lines = written(log, {
      webhook: webhookCalled('a', { name: 'a\u001b[2Jb' }),
      result: evil,
      aftermath: retrying(1),
    })
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
  })

  test('is green, yellow or red where there is colour', () => {
    const log = emitTextLog(new Chalk({ level: 1 }))
    const colours = [attemptOf(), attemptOf({ aftermath: retrying(1) }), attemptOf({ aftermath: blocked('retries') })]
    const lines = colours.map((attempt) => log({ attempt, types: ['earning'], eventCount: 1, retries: 7 }))
    expect(lines.map((line) => /\u001b\[(\d+)m200 OK/.exec(line)?.[1])).toEqual(['32', '33', '31'])
  })
})

const AT_MS = Date.parse('2026-01-31T12:03:40Z')
const SHOP = { id: 'id-of-shop', name: 'shop' }
const NEWS: readonly [news: Omit<News, 'atMs'>, line: string, object: object, attempts?: number][] = [
  [
    { kind: 'webhook-blocked', webhook: SHOP, afterDeliveries: 5 } as Omit<News, 'atMs'>,
    '12:03:40  "shop" is blocked after 5 blocked deliveries in a row; nothing is sent there until it is unblocked',
    { webhook: SHOP, afterDeliveries: 5 },
  ],
  [
    { kind: 'webhook-unblocked', webhook: SHOP, deliveries: 1 } as Omit<News, 'atMs'>,
    '12:03:40  "shop" is unblocked; 1 delivery to it stays blocked until sent again',
    { webhook: SHOP, blockedDeliveries: 1 },
  ],
  [
    { kind: 'not-sent', webhook: SHOP, deliveryId: 7 } as Omit<News, 'atMs'>,
    '12:03:40      #7  shop  earning                 not sent; blocked with its webhook',
    { delivery: 7, webhook: SHOP, events: 1, types: ['earning'], attempts: 0, state: 'blocked' },
  ],
  [
    { kind: 'not-sent', webhook: SHOP, deliveryId: 7 } as Omit<News, 'atMs'>,
    '12:03:40      #7  shop  earning                 not sent again; blocked with its webhook',
    { delivery: 7, webhook: SHOP, events: 1, types: ['earning'], attempts: 2, state: 'blocked' },
    2,
  ],
  [
    { kind: 'forgotten', deliveries: 12, keepMs: 7 * 86_400_000 } as Omit<News, 'atMs'>,
    '12:03:40  12 blocked deliveries are forgotten, 7 d after the end (--keep)',
    { blockedDeliveries: 12 },
  ],
]

test.each(NEWS)('what is no attempt has a line and an object too: %o', (told, line, object, attempts = 0) => {
  const news = { ...told, atMs: AT_MS } as News
  const logged = { news, types: ['earning'], eventCount: 1, attempts } as const
  expect(emitTextLog(new Chalk({ level: 0 }))(logged)).toBe(`${line}\n`)
  expect(JSON.parse(emitNdjsonLog()(logged))).toEqual({ type: news.kind, at: '2026-01-31T12:03:40.000Z', ...object })
})

test('the log for machines has one object a line, all that is known, and no secret', () => {
  const attempt = attemptOf({ retry: 1, number: 2, result: REFUSED, aftermath: retrying(2000) })
  const line = emitNdjsonLog()({ attempt, types: ['earning'], eventCount: 1, retries: 7 })
  expect(line.match(/\n/g)).toHaveLength(1)
  expect(JSON.parse(line)).toEqual({
    type: 'attempt',
    at: '2026-01-31T12:03:40.000Z',
    delivery: 7,
    kind: 'events',
    webhook: { id: 'shop', name: 'shop' },
    events: 1,
    types: ['earning'],
    number: 2,
    round: 1,
    retry: 1,
    possibleDuplicate: false,
    durationMs: 12,
    result: REFUSED,
    state: 'retrying',
    nextAttemptAt: '2026-01-31T12:03:42.012Z',
  })
  expect(line).not.toContain('hidden')
})
