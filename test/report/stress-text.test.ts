import { Chalk } from 'chalk'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { msText } from '../../src/report/stress-figures.ts'
import { secondText } from '../../src/report/stress-second.ts'
import { stressTextRenderer } from '../../src/report/stress-text.ts'
import { flatMs, secondOf } from '../stress/results.ts'
import { textOf, written } from './stressed.ts'

const rowOf = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .find((line) => line.startsWith(name.padEnd(14)))
    ?.slice(14)

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
      'dropped ones never started',
      { result: { books: { delivered: 600, dropped: 400 } } },
      '600 of 600 delivered (100 %), p99 10 ms',
    ],
    [
      'forged ones are not meant to arrive',
      { result: { books: { delivered: 900, refused: 90, wronglyAccepted: 10 } } },
      '900 of 900 delivered (100 %), p99 10 ms',
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
      'a limit is said',
      { stoppedBy: 'max-requests' },
      '1,000 of 1,000 delivered (100 %), p99 10 ms; stopped at --max-requests',
    ],
    [
      'nobody was there',
      { result: { books: { delivered: 0, blocked: 1000 } }, stoppedBy: 'never-connected', exitCode: 3 },
      '0 of 1,000 delivered (0.0 %); the target was never reached',
    ],
    ['nothing was due', { result: { books: { deliveries: 0, delivered: 0 } } }, '0 of 0 delivered (0.0 %)'],
  ])('%s', (_, given, headline) => {
    expect(textOf(given).split('\n')[0]).toBe(headline)
  })
})

test('the books name what is not nothing, and add up', () => {
  const books = { delivered: 700, blocked: 100, dropped: 90, interrupted: 60, refused: 40, wronglyAccepted: 10 }
  expect(rowOf(textOf({ result: { books } }), 'deliveries')).toBe(
    '1,000 = 700 delivered + 100 blocked + 90 dropped + 60 interrupted + 40 forged and refused + 10 forged and accepted',
  )
  expect(rowOf(textOf(), 'deliveries')).toBe('1,000 = 1,000 delivered + 0 blocked')
})

test('retries, copies and answers are counted apart', () => {
  const books = { deliveredAfter: [900, 80, 0, 20], requests: 1260, retries: 160, duplicates: 100 }
  const text = textOf({
    result: { books, statuses: { 204: 1000, 503: 200 }, failures: { timeout: 60 }, retryLatencyMs: flatMs(3) },
  })
  expect(rowOf(text, 'after retries')).toBe('900 at once, 80 after 1 retry, 20 after 3')
  expect(rowOf(text, 'requests')).toBe('1,260 = 1.26 per delivery started, 100 of them duplicates on purpose; 100/s')
  expect(rowOf(text, 'answers')).toBe('1,000 × 204, 200 × 503, 60 × timeout')
  expect(rowOf(text, 'of retries')).toContain('p99 3 ms')
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
  const renderer = stressTextRenderer(new Chalk({ level: 1 }))
  const colours = [0, 4, 3].map((exitCode) => /^\u001b\[(\d+)m/.exec(written(renderer, { exitCode }))?.[1])
  expect(colours).toEqual(['32', '31', '33'])
})

test('a sentence is broken between words, as wide as the terminal, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\w{1,12}$/), { minLength: 1 }), fc.nat({ max: 60 }), (words, more) => {
      const columns = 40 + more
      const sentence = words.join(' ')
      const lines = textOf({ sentence }, columns).split('\n\n')[0]?.split('\n').slice(1) ?? []
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
      '02:06  12,000/s due, 2xx 7,480 5xx 1,500 failed 20, p50 1.23 s p99 1.23 s, 7,480 delivered, 17 blocked, 3,000 dropped, 40,000 retries waiting, 50 in flight',
    )
  })

  test('at 80 columns leaves whole parts out, and what failed stays', () => {
    const text = secondText(busy, 79)
    expect(text).toBe('02:06  12,000/s due, 2xx 7,480 5xx 1,500 failed 20, p99 1.23 s, 17 blocked')
  })

  test('never is wider than the terminal', () => {
    for (let columns = 0; columns < 170; columns++)
      expect(secondText(busy, columns).length).toBeLessThanOrEqual(columns)
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
