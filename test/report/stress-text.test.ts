import { Chalk } from 'chalk'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { msText } from '../../src/report/stress-figures.ts'
import { secondText, spanParts } from '../../src/report/stress-second.ts'
import { stressTextRenderer } from '../../src/report/stress-text.ts'
import { flatMs, secondOf } from '../stress/results.ts'
import { HEADER, textOf, written } from './stressed.ts'

/** What stands behind a name, with the lines in which it goes on. */
const rowOf = (text: string, name: string): string | undefined =>
  new RegExp(`^${name.padEnd(14)}(.*(?:\\n {14}.*)*)`, 'm').exec(text)?.[1]

describe('the headline', () => {
  test.each<[string, Parameters<typeof textOf>[0], string]>([
    ['all well', {}, '1,000 of 1,000 delivered (100 %), p99 10 ms'],
    [
      'some blocked',
      { result: { books: { delivered: 990, blocked: 10 } } },
      '990 of 1,000 delivered (99.0 %), p99 10 ms',
    ],
    [
      'nearly all is not all',
      { result: { books: { deliveries: 100_000, delivered: 99_950 } } },
      '99,950 of 100,000 delivered (99.95 %), p99 10 ms',
    ],
    [
      'dropped ones did not arrive',
      { result: { books: { delivered: 600, dropped: 400 } } },
      '600 of 1,000 delivered (60.0 %), 400 dropped, p99 10 ms',
    ],
    [
      'forged ones are not meant to arrive',
      { result: { books: { delivered: 900, refused: 100 } } },
      '900 of 900 delivered (100 %), p99 10 ms',
    ],
    [
      'nor interrupted, when they prove nothing',
      { result: { books: { delivered: 986, unproven: 14 } } },
      '986 of 986 delivered (100 %), p99 10 ms',
    ],
    [
      'what was interrupted of the others is told',
      { result: { books: { delivered: 980, unproven: 14, interrupted: 20 } } },
      '980 of 986 delivered (99.39 %), p99 10 ms, 6 interrupted',
    ],
    [
      'where all are forged, nothing arrives',
      { result: { books: { deliveries: 38, delivered: 0, refused: 38 }, answeredFirst: 0 } },
      'nothing was meant to arrive',
    ],
    [
      'accepted forgeries are counted of all that were sent',
      { result: { books: { delivered: 900, refused: 60, wronglyAccepted: 10, unproven: 30 } } },
      'accepted 10 of 100 forged signatures; 900 of 900 delivered (100 %), p99 10 ms',
    ],
    [
      'accepted forgeries come first of all',
      {
        result: { books: { delivered: 962, wronglyAccepted: 38 } },
        thresholds: [{ text: 'no forged signature is accepted', actual: '38 of 38 accepted', crossed: true }],
        exitCode: 4,
      },
      'accepted 38 of 38 forged signatures; 962 of 962 delivered (100 %), p99 10 ms',
    ],
    [
      'and thresholds second',
      {
        result: { books: { delivered: 900, refused: 90, wronglyAccepted: 10 } },
        thresholds: [
          { text: 'p99<9s', actual: '10 ms', crossed: false },
          { text: 'no forged signature is accepted', actual: '10 of 100 accepted', crossed: true },
        ],
        exitCode: 4,
      },
      'accepted 10 of 100 forged signatures; all thresholds kept: 900 of 900 delivered (100 %), p99 10 ms',
    ],
    [
      'a crossed threshold comes first',
      {
        thresholds: [
          { text: 'p99<9ms', actual: '10 ms', crossed: true },
          { text: 'rate>1/s', actual: '100/s', crossed: false },
        ],
        exitCode: 4,
      },
      '1 of 2 thresholds crossed: 1,000 of 1,000 delivered (100 %), p99 10 ms',
    ],
    [
      'what nobody asked for is no threshold to be told of',
      {
        result: { books: { delivered: 962, refused: 38 } },
        thresholds: [{ text: 'no forged signature is accepted', actual: '0 of 38 accepted', crossed: false }],
      },
      '962 of 962 delivered (100 %), p99 10 ms',
    ],
    [
      'but by its name, when it is crossed',
      {
        result: { books: { delivered: 962, unproven: 38 } },
        thresholds: [{ text: 'no forged signature is accepted', actual: 'none of 38', crossed: true }],
        exitCode: 4,
      },
      'crossed: no forged signature is accepted (none of 38); 962 of 962 delivered (100 %), p99 10 ms',
    ],
    [
      'all forged, and some dropped',
      { result: { books: { deliveries: 48, delivered: 0, refused: 38, dropped: 10 }, answeredFirst: 0 } },
      'nothing was meant to arrive, 10 dropped',
    ],
    [
      'a limit is said',
      { stoppedBy: 'max-requests' },
      '1,000 of 1,000 delivered (100 %), p99 10 ms; stopped at --max-requests',
    ],
    [
      'nobody was there',
      {
        result: { books: { delivered: 0, blocked: 900, interrupted: 100 }, durationMs: 5012 },
        stoppedBy: 'never-connected',
        exitCode: 3,
      },
      '0 of 1,000 delivered (0 %); stopped after 5 s: no connection was ever made',
    ],
    [
      'what was dropped is said',
      { result: { books: { deliveries: 1751, dropped: 652, delivered: 1099 } } },
      '1,099 of 1,751 delivered (62.8 %), 652 dropped, p99 10 ms',
    ],
    [
      'nobody was there to the end of the schedule',
      {
        result: { books: { delivered: 0, blocked: 10, deliveries: 10 }, durationMs: 3000 },
        stoppedBy: 'never-connected',
        exitCode: 3,
        end: 'whole',
      },
      '0 of 10 delivered (0 %); no connection was ever made',
    ],
    [
      'what was interrupted is said',
      { result: { books: { delivered: 0, interrupted: 40, deliveries: 40 }, answeredFirst: 0 } },
      '0 of 40 delivered (0 %), 40 interrupted',
    ],
    [
      'and by which limit',
      { result: { books: { delivered: 948, interrupted: 52 } }, stoppedBy: 'drain' },
      '948 of 1,000 delivered (94.8 %), p99 10 ms; 52 interrupted: --drain 2s was over',
    ],
    [
      'or by whom',
      { result: { books: { delivered: 948, interrupted: 52 } }, stoppedBy: 'SIGINT' },
      '948 of 1,000 delivered (94.8 %), p99 10 ms; 52 interrupted by SIGINT',
    ],
    [
      'delivered by retries alone has no latency of first deliveries',
      { result: { books: { delivered: 1000, deliveredAfter: [0, 1000] }, answeredFirst: 0 } },
      '1,000 of 1,000 delivered (100 %)',
    ],
    ['nothing was due', { result: { books: { deliveries: 0, delivered: 0 } } }, '0 of 0 delivered (0 %)'],
  ])('%s', (_, given, headline) => {
    expect(textOf(given).split('\n')[0]).toBe(headline)
  })
})

test('the books name what is not nothing, and add up', () => {
  const books = { delivered: 700, blocked: 100, dropped: 90, interrupted: 60, refused: 40, wronglyAccepted: 10 }
  expect(rowOf(textOf({ result: { books } }), 'deliveries')).toBe(
    '1,000 = 700 delivered + 100 blocked + 90 dropped + 60 interrupted +\n              40 forged and refused + 10 forged and accepted',
  )
  expect(rowOf(textOf(), 'deliveries')).toBe('1,000 = 1,000 delivered + 0 blocked')
  const unproven = { delivered: 980, interrupted: 20, unproven: 14 }
  expect(rowOf(textOf({ result: { books: unproven } }), 'deliveries')).toBe(
    '1,000 = 980 delivered + 0 blocked + 6 interrupted + 14 forged, proving nothing',
  )
})

test('retries, copies and answers are counted apart', () => {
  const books = { deliveredAfter: [900, 80, 0, 20], requests: 1260, retries: 160, duplicates: 100 }
  const text = textOf({
    result: {
      books: { ...books, lostAcks: 7 },
      statuses: { 204: 1000, 503: 200 },
      failures: { timeout: 60 },
      retryLatencyMs: flatMs(3),
    },
  })
  expect(rowOf(text, 'after retries')).toBe('900 at once, 80 after 1 retry, 20 after 3')
  expect(rowOf(text, 'requests')).toBe(
    '1,260, 100 of them duplicates on purpose, 7 with an answer lost on purpose,\n              1.15 per delivery started without them, 100/s over 10 s',
  )
  expect(rowOf(textOf(), 'requests')).toBe('1,000, 1 per delivery started, 100/s over 10 s')
  expect(rowOf(text, 'answers')).toBe('1,000 × 204, 200 × 503, 60 × timeout')
  expect(rowOf(text, 'of retries')).toContain('p99 3 ms')
})

test('requests per delivery are rounded once', () => {
  const books = { deliveries: 10_000, requests: 12_547, retries: 2547 }
  expect(rowOf(textOf({ result: { books } }), 'requests')).toBe('12,547, 1.25 per delivery started, 100/s over 10 s')
})

test('a slow sender is not taken for a slow receiver', () => {
  expect(rowOf(textOf({ result: { latenessMs: { p99: 25, max: 60 } } }), 'our schedule')).toMatch(
    /^late by p99 25 ms, at most 60 ms: the sender is slow here/,
  )
  expect(rowOf(textOf(), 'our schedule')).toBe('late by p99 0.5 ms, at most 1 ms')
})

test('changes since an earlier run', () => {
  const text = textOf({
    changes: [
      { name: 'requests', before: 1000, after: 1500, change: 0.5 },
      { name: 'blocked', before: 0, after: 3 },
      { name: 'latencyMs.p99', before: 12.345, after: 12.345, change: 0 },
    ],
  })
  expect(text).toMatch(/\n {2}requests +1,000 → 1,500 {2}\+50 %\n {2}blocked +0 → 3\n {2}latencyMs\.p99 .*the same\n/)
})

test('colour says how it ended', () => {
  const renderer = stressTextRenderer({ paint: new Chalk({ level: 1 }), pace: 'open' })
  const colourOf = (given: Parameters<typeof written>[1]) => /^\u001b\[(\d+)m/.exec(written(renderer, given))?.[1]
  expect([0, 4, 3].map((exitCode) => colourOf({ exitCode }))).toEqual(['32', '31', '33'])
  expect(colourOf({ result: { books: { delivered: 0 } } })).toBe('33')
  expect(colourOf({ result: { books: { interrupted: 3 } } })).toBe('33')
})

test('a sentence is broken between words, as wide as the terminal, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\w{1,12}$/), { minLength: 1 }), fc.nat({ max: 60 }), (words, more) => {
      const columns = 40 + more
      const sentence = words.join(' ')
      const [text = ''] = textOf({ sentence, headline: '=' }, { columns }).split('\n\n')
      const lines = text.slice(2)?.split('\n') ?? []
      expect(lines.join(' ')).toBe(sentence)
      for (const [nth, line] of lines.entries()) {
        expect(line.length).toBeLessThanOrEqual(columns)
        const next = lines[nth + 1]?.split(' ')[0]
        if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(columns)
      }
    }),
  )
})

describe('a second', () => {
  const busy = {
    ...secondOf(125, { due: 12_000, dropped: 3000, bad: { '5xx': 1500, failed: 20 }, p99Ms: 1234 }),
    blocked: 17,
    retriesWaiting: 40_000,
    inFlight: 50,
  }

  test('in full', () => {
    expect(secondText(busy)).toBe(
      '02:05  12,000/s due, 2xx 7,480 5xx 1,500 failed 20, p50 1.23 s p99 1.23 s, 7,480 delivered, 17 blocked, 3,000 dropped, 40,000 retries waiting, 50 in flight',
    )
  })

  test('at 80 columns leaves whole parts out, and what failed stays', () => {
    const text = secondText(busy, 79)
    expect(text).toBe('02:05  12,000/s due, 2xx 7,480 5xx 1,500 failed 20, p99 1.23 s, 17 blocked')
  })

  test('never is wider than the terminal', () => {
    for (let columns = 0; columns < 170; columns++)
      expect(secondText(busy, columns).length).toBeLessThanOrEqual(columns)
  })
})

describe('some seconds', () => {
  const quiet = { ...secondOf(3, { due: 0 }), latencyMs: undefined }
  const idle = (({ latencyMs: _, ...second }) => second)(quiet)

  test('are summed up; of latencies and of what waits, the most', () => {
    const seconds = [
      { ...secondOf(5, { due: 100, p99Ms: 12, bad: { '5xx': 7 } }), retriesWaiting: 7 },
      { ...secondOf(6, { due: 200, p99Ms: 81, dropped: 20, bad: { failed: 1 } }), retriesWaiting: 3, blocked: 2 },
      { ...idle, second: 7, retriesWaiting: 1 },
    ]
    expect(spanParts(seconds).join(', ')).toBe(
      '00:05-00:08  300 due, 2xx 272 5xx 7 failed 1, p99 up to 81 ms, 272 delivered, 2 blocked, 20 dropped, up to 7 retries waiting',
    )
  })

  test('one retry is no retries', () => {
    expect(spanParts([{ ...secondOf(0, { due: 1 }), retriesWaiting: 1 }]).at(-1)).toBe('1 retry waiting')
    expect(secondText({ ...secondOf(0, { due: 1 }), retriesWaiting: 1 })).toContain(', 1 retry waiting')
  })

  test('without load and without answers are not worth a line; with only answers they are', () => {
    expect(spanParts([{ ...idle, retriesWaiting: 50 }])).toEqual([])
    expect(spanParts([{ ...idle, answers: { ...idle.answers, '2xx': 3 } }])[0]).toBe('00:03-00:04  0 due')
  })
})

describe('the text', () => {
  const long = {
    result: {
      books: {
        delivered: 1,
        blocked: 1e6,
        dropped: 1e6,
        interrupted: 1e6,
        refused: 1e6,
        wronglyAccepted: 1e6,
        lostAcks: 1e6,
      },
      statuses: Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [400 + nth, 12_345])),
      latenessMs: { p99: 50, max: 90 },
      retryLatencyMs: flatMs(1234.5),
    },
    thresholds: [{ text: 'amplification<1.2000000000', actual: '1.2000000000000001 in all of the run', crossed: true }],
    sentence: 'a sentence with many words '.repeat(9),
    changes: [{ name: 'delivered at once', before: 1234567, after: 2345678, change: 0.9 }],
    differences: ['another load was asked for: '.repeat(8)],
  }

  test.each([50, 64, 80, 100, undefined])('fits %s columns, in colour too', (columns) => {
    const text = textOf(long, {
      header: { ...HEADER, faults: { duplicate: 0.05, 'lost-ack': 0.01, reorder: 0.1 } },
      ...(columns === undefined ? {} : { columns }),
    })
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns ?? 100)
    const painted = written(
      stressTextRenderer({
        paint: new Chalk({ level: 1 }),
        pace: 'open',
        header: { ...HEADER, faults: { duplicate: 0.05, 'lost-ack': 0.01, reorder: 0.1 } },
        ...(columns === undefined ? {} : { columns }),
      }),
      long,
    )
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(text)
  })

  test('has no latency where nothing was answered', () => {
    const text = textOf({
      result: { answeredFirst: 0, latencyMs: flatMs(0), books: { delivered: 0, interrupted: 1000 } },
    })
    expect(rowOf(text, 'latency')).toMatch(/^none/)
    expect(text).not.toMatch(/\b0 ms/)
  })

  test('says how many timed out, which take longer than that', () => {
    const text = textOf({ result: { timedOutFirst: 6, latencyMs: flatMs(3000) } })
    expect(rowOf(text, 'latency')).toMatch(/max 3\.00 s\s+\(6 timed out: as long as was waited\)$/)
  })

  test('of a run that met nobody says neither a latency nor what a delivery cost', () => {
    const text = textOf({ result: { answeredFirst: 0 }, stoppedBy: 'never-connected', exitCode: 3 })
    expect(rowOf(text, 'latency')).toBeUndefined()
    expect(text).not.toContain('per delivery')
  })

  test('of a run at the pace of the receiver says nothing of our schedule', () => {
    expect(rowOf(textOf({}, { pace: 'closed' }), 'our schedule')).toBeUndefined()
  })

  test.each([
    [{ refused: 14 }, '14, of them 0 accepted'],
    [{ unproven: 14 }, '14, of them 0 accepted, 14 prove nothing: answered 500'],
    [{ unproven: 1, forgedAnswers: { reset: 1 } }, '1, of them 0 accepted, 1 proves nothing: no answer (reset)'],
    [{ wronglyAccepted: 54, unproven: 46 }, '100, of them 54 accepted, 46 prove nothing: answered 500'],
  ])('of forged ones tells all that were sent: %j', (books, told) => {
    const header = { ...HEADER, faults: { 'wrong-signature': 0.05 } }
    expect(rowOf(textOf({ result: { books } }, { header }), 'faults')).toBe(`wrong-signature:5% (${told})`)
  })

  test.each<[Partial<typeof HEADER>, string]>([
    [{ speed: 'max' }, 'at once (--speed max)'],
    [{ speed: 1 }, 'waits as long as at Qualifio (--speed 1)'],
    [{ speed: 0.5 }, 'waits 2 times longer (--speed 0.5)'],
    [{ speed: 60, retryDelaysMs: [] }, 'none: what fails is blocked at once'],
  ])('says of the retries how long they wait: %j', (given, told) => {
    expect(rowOf(textOf({}, { header: { ...HEADER, ...given } }), 'retries')).toBe(told)
  })

  test('of an ordinary run fits 40 columns', () => {
    const thresholds = [{ text: 'p99<250ms', actual: '10 ms', crossed: false }]
    const given = { result: { latenessMs: { p99: 40, max: 85 } }, thresholds }
    for (const line of textOf(given, { columns: 40, header: HEADER }).split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(40)
  })

  test('of an earlier run without latency tells that there is one now', () => {
    const changes = [{ name: 'p99 latency (ms)', before: null, after: 11 }]
    expect(textOf({ changes })).toMatch(/^ {2}p99 latency \(ms\) +none → 11$/m)
  })

  test('of what broke off tells how many', () => {
    const result = { books: { requests: 390 }, statuses: { 200: 387 }, brokenBodies: 12 }
    expect(rowOf(textOf({ result }), 'answers')).toBe(
      '387 × 200, 3 without an answer before the end, 12 of them with a body that broke off',
    )
    const lost = { books: { requests: 390, lostAcks: 3 }, statuses: { 200: 387 } }
    expect(rowOf(textOf({ result: lost }), 'answers')).toBe('387 × 200')
  })

  test('describes the run where it is told to, with what each fault hit', () => {
    const faults = {
      duplicate: 0.05,
      'duplicate-concurrent': 0.02,
      'lost-ack': 0.01,
      'wrong-signature': 0.04,
      reorder: 0.1,
    }
    const books = { duplicates: 70, lostAcks: 12, refused: 37, wronglyAccepted: 3 }
    const text = textOf({ result: { books } }, { header: { ...HEADER, faults } })
    expect(text.slice(0, text.indexOf('\n\n'))).toBe(
      [
        'target        embedded: a receiver that comes with the tool',
        'load          10 s at 100/s; 1,000 deliveries',
        'connections   50, at most 50 in flight',
        'retries       waits 60 times shorter (--speed 60)',
        'faults        duplicate:5%, duplicate-concurrent:2% (70 duplicates in all),',
        '              lost-ack:1% (12 answers), wrong-signature:4% (40, of them 3 accepted), reorder:10%',
        'again         --seed 7 --now 2026-01-31T12:00:00.000Z',
      ].join('\n'),
    )
    expect(textOf()).not.toContain('--seed')
  })

  test('says before the figures how two runs differ', () => {
    const changes = [{ name: 'requests', before: 1000, after: 1500, change: 0.5 }]
    const text = textOf({ changes, differences: ['another seed'] })
    expect(text).toMatch(/\nsince the earlier run\n {2}another seed\n {2}requests /)
    expect(textOf({ changes: [] })).toMatch(/since the earlier run\n {2}the same figures\n$/)
  })
})

test.each([
  [0.0421, '0.042 ms'],
  [9.96, '10 ms'],
  [99.4, '99 ms'],
  [250.4, '250 ms'],
  [1234, '1.23 s'],
  [61_000, '61.0 s'],
])('%d ms is %s', (ms, text) => {
  expect(msText(ms)).toBe(text)
})
