import { describe, expect, test } from 'vitest'
import type { StressResult } from '../../src/stress/result.ts'
import { sentenceOf } from '../../src/stress/sentence.ts'
import { flatMs, resultOf, secondOf } from './results.ts'

type Given = Parameters<typeof secondOf>[1]
const timeline = (count: number, of: (second: number) => Given) =>
  Array.from({ length: count }, (_, second) => secondOf(second, of(second)))
const ramp = (second: number) => 20 + second * 20

const cases: readonly (readonly [sentence: string, result: StressResult, kind?: 'open' | 'closed'])[] = [
  [
    'kept up: p99 18 ms at 500/s',
    resultOf({ latencyMs: flatMs(18.2), startedPerSecond: 499.97, timeline: timeline(20, () => ({ due: 500 })) }),
  ],
  [
    'took: p99 4.1 ms at 12,346/s',
    resultOf({ latencyMs: flatMs(4.08), startedPerSecond: 12_345.6, latenessMs: { p99: 900, max: 900 } }),
    'closed',
  ],
  ['no connection was ever made: nothing is known of the receiver', resultOf({ endedBy: 'never-connected' })],
  ['nothing was sent', resultOf({ books: { requests: 0 } })],
  [
    'our own schedule was late (p99 40 ms): the sender, not the receiver, is the limit',
    resultOf({
      latenessMs: { p99: 40, max: 80 },
      timeline: timeline(20, (second) => ({ due: ramp(second), p99Ms: second < 6 ? 10 : 500 })),
    }),
  ],
  [
    'latency grows from about 140/s (p99 900 ms in all)',
    resultOf({
      latencyMs: flatMs(900),
      timeline: timeline(20, (second) => ({ due: ramp(second), p99Ms: second < 6 ? 10 : 40 + second * 30 })),
    }),
  ],
  [
    // One slow second is no bend, one quick one after it no recovery.
    'latency grows from about 160/s (p99 900 ms in all)',
    resultOf({
      latencyMs: flatMs(900),
      timeline: timeline(24, (second) => ({
        due: ramp(second),
        p99Ms: second === 2 || (second > 6 && second !== 14) ? 300 : 10,
      })),
    }),
  ],
  [
    'latency grows from second 13 on, at 100/s (p99 400 ms in all)',
    resultOf({
      latencyMs: flatMs(400),
      timeline: timeline(30, (second) => ({ due: 100, p99Ms: second < 12 ? 10 : 400 })),
    }),
  ],
  [
    // The queue is worked off long after the peak: only the way up counts.
    'latency grows from about 140/s (p99 900 ms in all)',
    resultOf({
      latencyMs: flatMs(900),
      timeline: timeline(30, (second) => ({ due: second < 15 ? ramp(second) : 5, p99Ms: second < 6 ? 10 : 900 })),
    }),
  ],
  [
    'kept up: p99 14 ms at 100/s',
    resultOf({
      latencyMs: flatMs(14),
      timeline: timeline(20, (second) => ({ due: ramp(second), p99Ms: second < 6 ? 2 : 14 })),
    }),
  ],
  [
    'kept up: p99 400 ms at 100/s',
    resultOf({ latencyMs: flatMs(400), timeline: timeline(20, () => ({ due: 100, p99Ms: 400 })) }),
  ],
  [
    'answers 503 to 12 % from about 300/s; 1.14 requests per delivery',
    resultOf({
      books: { deliveries: 4200, requests: 4772, delivered: 4200 },
      statuses: { 204: 4200, 503: 572 },
      timeline: timeline(20, (second) => ({ due: ramp(second), bad: second < 14 ? {} : { '5xx': 100 } })),
    }),
  ],
  [
    'fails (reset) and others to 20 %; 1.25 requests per delivery; 1 % blocked',
    resultOf({
      books: { requests: 1250, delivered: 990, blocked: 10 },
      statuses: { 204: 1000, 500: 50 },
      failures: { reset: 200 },
    }),
  ],
  [
    'fails (refused) to 40 %, all of them for 8 s from second 7 on, then it came back; 1.67 requests per delivery',
    resultOf({
      books: { requests: 1667 },
      failures: { refused: 667 },
      timeline: timeline(20, (second) => ({ due: 50, bad: second < 6 || second > 13 ? {} : { failed: 50 } })),
    }),
  ],
  [
    '8.3 % did not fit into the connections and were dropped from about 140/s',
    resultOf({
      books: { deliveries: 4200, dropped: 350, requests: 3850 },
      timeline: timeline(20, (second) => ({ due: ramp(second), dropped: second < 6 ? 0 : 25 })),
    }),
  ],
  [
    'kept up: p99 10 ms at 100/s',
    resultOf({ books: { refused: 10, delivered: 990 }, statuses: { 204: 990, 401: 10 } }),
  ],
  [
    'accepted 3 of 10 forged signatures',
    resultOf({ books: { refused: 7, wronglyAccepted: 3, delivered: 990 }, statuses: { 204: 993, 401: 7 } }),
  ],
]

describe('one sentence says', () => {
  test.each(cases.map(([sentence, result, kind]) => ({ sentence, result, kind })))(
    '$sentence',
    ({ sentence, result, kind = 'open' }) => {
      expect(sentenceOf(result, kind)).toBe(sentence)
    },
  )
})
