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
    'takes 12,346/s, p99 4.1 ms',
    resultOf({
      books: { delivered: 123_456, deliveries: 123_456, requests: 123_456 },
      latencyMs: flatMs(4.08),
      startedPerSecond: 12_345.6,
      latenessMs: { p99: 900, max: 900 },
    }),
    'closed',
  ],
  ['no connection was ever made: nothing is known of the receiver', resultOf({ endedBy: 'never-connected' })],
  ['nothing was sent', resultOf({ books: { requests: 0 } })],
  [
    'our own schedule was late (p99 40 ms): the sender, not the receiver, is the limit',
    resultOf({
      latenessMs: { p99: 40, max: 80 },
      latencyMs: flatMs(70),
      offeredPerSecond: 100,
      startedPerSecond: 97,
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
    'latency grows from 12 s on, at 100/s (p99 400 ms in all)',
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
    // Growth that nobody feels is none; the highest rate counts, not the mean.
    'kept up: p99 14 ms at 400/s',
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
    'answers 503 to 12 % of requests from about 300/s; 1.14 requests per delivery',
    resultOf({
      books: { deliveries: 4200, requests: 4772, delivered: 4200 },
      statuses: { 204: 4200, 503: 572 },
      timeline: timeline(20, (second) => ({ due: ramp(second), bad: second < 14 ? {} : { '5xx': 100 } })),
    }),
  ],
  [
    '20 % of requests failed (reset 200, 50 × 500), 1 % of deliveries blocked; 1.25 requests per delivery',
    resultOf({
      books: { requests: 1250, delivered: 990, blocked: 10 },
      statuses: { 204: 1000, 500: 50 },
      failures: { reset: 200 },
    }),
  ],
  [
    '40 % of requests failed (refused), every request for 8 s from 6 s on, then it came back; 1.67 requests per delivery',
    resultOf({
      books: { requests: 1667 },
      failures: { refused: 667 },
      timeline: timeline(20, (second) => ({ due: 50, bad: second < 6 || second > 13 ? {} : { failed: 50 } })),
    }),
  ],
  [
    '8.3 % did not fit into the connections and were dropped from about 140/s',
    resultOf({
      books: { deliveries: 4200, dropped: 350, requests: 3850, delivered: 3850 },
      timeline: timeline(20, (second) => ({ due: ramp(second), dropped: second < 6 ? 0 : 25 })),
    }),
  ],
  [
    'kept up: p99 10 ms at 100/s',
    resultOf({ books: { refused: 10, delivered: 990 }, statuses: { 204: 990, 401: 10 } }),
  ],
  [
    'accepted 3 of 10 forged signatures; kept up: p99 10 ms at 100/s',
    resultOf({ books: { refused: 7, wronglyAccepted: 3, delivered: 990 }, statuses: { 204: 993, 401: 7 } }),
  ],
  [
    'accepted 38 of 38 forged signatures',
    resultOf({ books: { deliveries: 38, delivered: 0, wronglyAccepted: 38, requests: 38 }, statuses: { 204: 38 } }),
  ],
  [
    'refused all 38 forged signatures',
    resultOf({
      books: { deliveries: 38, delivered: 0, refused: 38, requests: 38 },
      statuses: { 401: 38 },
      answeredFirst: 0,
    }),
  ],
  // An outage to half a second, whatever came just before and after it.
  [
    '19 % of requests failed (refused), every request for 3 s from 3.5 s on, then it came back',
    resultOf({
      failures: { refused: 190 },
      timeline: timeline(10, (second) => ({
        due: 100,
        bad: second < 3 || second > 6 ? {} : { failed: second === 3 || second === 6 ? 50 : 100 },
      })),
    }),
  ],
  [
    '20 % of requests failed (reset 196, refused 4), every request for 2 s from 2 s on, then it came back',
    resultOf({
      failures: { reset: 196, refused: 4 },
      timeline: timeline(10, (second) => ({
        due: 100,
        bad: { failed: second === 2 ? 99 : second === 3 ? 100 : second === 4 ? 6 : 0 },
      })),
    }),
  ],
  [
    // Not where so many are accepted.
    '15 % of requests failed (reset)',
    resultOf({
      failures: { reset: 150 },
      timeline: timeline(10, (second) => ({ due: 100, bad: { failed: second === 2 || second === 3 ? 75 : 0 } })),
    }),
  ],
  // What times out begins a deadline before.
  [
    '6 % of requests failed (timeout)',
    resultOf({
      failures: { timeout: 60 },
      timeline: timeline(10, (second) => ({ due: 100, p99Ms: 600, bad: { failed: second === 0 ? 1 : 6 } })),
    }),
  ],
  [
    '6 % of requests failed (timeout) from 5 s on, at 100/s',
    resultOf({
      failures: { timeout: 60 },
      timeline: timeline(10, (second) => ({ due: 100, p99Ms: 600, bad: { failed: second < 5 ? 1 : 6 } })),
    }),
  ],

  // Forged ones that prove nothing are no failures of those that were meant to arrive, and no pass.
  [
    '14 forged signatures prove nothing: answered 500; kept up: p99 10 ms at 100/s',
    resultOf({ books: { unproven: 14, delivered: 986 }, statuses: { 204: 986, 500: 14 } }),
  ],
  [
    '1 forged signature proves nothing: no answer (timeout); kept up: p99 10 ms at 100/s',
    resultOf({
      books: { unproven: 1, forgedAnswers: { timeout: 1 }, delivered: 999 },
      statuses: { 204: 999 },
      failures: { timeout: 1 },
    }),
  ],
  [
    '20 forged signatures prove nothing: 12 × 500, reset 5, 3 without an answer before the end; kept up: p99 10 ms at 100/s',
    resultOf({
      books: { unproven: 20, forgedAnswers: { 500: 12, reset: 5 }, delivered: 980 },
      statuses: { 204: 980, 500: 12 },
      failures: { reset: 5 },
    }),
  ],
  [
    // Some were refused: the receiver looks.
    'kept up: p99 10 ms at 100/s',
    resultOf({ books: { refused: 5, unproven: 9, delivered: 986 }, statuses: { 204: 986, 401: 5, 500: 9 } }),
  ],
  [
    'answers 500 to 2 % of requests',
    resultOf({ books: { refused: 5, unproven: 495, delivered: 500 }, statuses: { 204: 490, 401: 5, 500: 505 } }),
  ],
  [
    'refused 30 of 38 forged signatures, 8 prove nothing (answered 503)',
    resultOf({
      books: {
        deliveries: 38,
        delivered: 0,
        refused: 30,
        unproven: 8,
        forgedAnswers: { 401: 30, 503: 8 },
        requests: 38,
      },
      statuses: { 401: 30, 503: 8 },
      answeredFirst: 0,
    }),
  ],
  [
    '38 forged signatures prove nothing: answered 500',
    resultOf({
      books: { deliveries: 38, delivered: 0, unproven: 38, requests: 38 },
      statuses: { 500: 38 },
      answeredFirst: 0,
    }),
  ],

  ['kept up: p99 10 ms at 100/s; 50 % of answers broke off in their body', resultOf({ brokenBodies: 500 })],
  // Nothing answered.
  [
    'nothing was delivered: 37 of 37 without an answer (timeout)',
    resultOf({
      books: { deliveries: 37, delivered: 0, deliveredAfter: [], blocked: 37, requests: 37 },
      statuses: {},
      failures: { timeout: 37 },
      answeredFirst: 0,
      latencyMs: flatMs(0),
      latenessMs: { p99: 42, max: 300 },
    }),
  ],
  [
    'nothing was delivered: 1,500 of 1,500 without an answer (refused 1,400, closed 100)',
    resultOf({
      books: { delivered: 0, blocked: 1000, requests: 1500 },
      statuses: {},
      failures: { closed: 100, refused: 1400 },
      answeredFirst: 0,
    }),
    'closed',
  ],
  [
    'nothing was delivered: 1,000 of 1,000 answered 404',
    resultOf({ books: { delivered: 0, blocked: 1000 }, statuses: { 404: 1000 } }),
  ],
  [
    'nothing was delivered: 30 of 50 failed (20 × 500, timeout 10)',
    resultOf({ books: { delivered: 0, requests: 50 }, statuses: { 500: 20 }, failures: { timeout: 10 } }),
  ],
  [
    'nothing was delivered: no answer came before the end',
    resultOf({ books: { delivered: 0, interrupted: 50, requests: 50 }, statuses: {}, answeredFirst: 0 }),
  ],
  [
    'no first delivery was answered, so no latency is known; 1,000 answers were lost on purpose',
    resultOf({ books: { lostAcks: 1000, requests: 2000 }, answeredFirst: 0, latencyMs: flatMs(0) }),
  ],

  // The drain, and the few.
  [
    'answers 503 to 0.4 % of requests',
    resultOf({
      statuses: { 204: 1000, 503: 4 },
      books: { requests: 1004 },
      timeline: [
        ...timeline(10, () => ({ due: 100 })),
        // Stragglers that are sent again long after the load, until the last is taken.
        ...[10, 11, 12].map((second) => secondOf(second, { due: 0, bad: { '5xx': 1 } })),
        { ...secondOf(13, { due: 0 }), answers: { '2xx': 1, '3xx': 0, '4xx': 0, '5xx': 0, failed: 0 } },
      ],
    }),
  ],
  [
    '2.4 % of requests failed (refused)',
    resultOf({
      books: { deliveries: 40, delivered: 40, requests: 41 },
      statuses: { 204: 40 },
      failures: { refused: 1 },
      timeline: timeline(20, (second) => ({ due: 2, bad: second === 10 || second === 11 ? { failed: 2 } : {} })),
    }),
  ],
  [
    '4.8 % of requests failed (reset), every request from 14 s on; 1.05 requests per delivery',
    resultOf({
      books: { requests: 1050, delivered: 1000 },
      failures: { reset: 50 },
      timeline: timeline(20, (second) => ({ due: 50, bad: second < 14 ? {} : { failed: 50 } })),
    }),
  ],

  // Our own lateness.
  [
    'kept up: p99 60 ms at 100/s; our own schedule was late by up to 42 ms (p99): subtract that',
    resultOf({ latencyMs: flatMs(60), latenessMs: { p99: 42, max: 90 } }),
  ],
  [
    '49 % of requests failed (refused 1,336, closed 1); our own schedule was late by up to 42 ms (p99): subtract that',
    resultOf({
      books: { requests: 2728, deliveries: 2728, delivered: 1391 },
      failures: { closed: 1, refused: 1336 },
      latencyMs: flatMs(50),
      latenessMs: { p99: 42, max: 90 },
      startedPerSecond: 50,
    }),
  ],
  [
    'our own schedule was late (p99 400 ms): the sender, not the receiver, is the limit',
    resultOf({
      latencyMs: flatMs(700),
      latenessMs: { p99: 400, max: 900 },
      timeline: timeline(11, (second) => ({ due: second < 10 ? 95 : 50, p99Ms: 400 })),
    }),
  ],
  [
    // Of fifty, the slowest is the p99.
    'kept up: p99 42 ms at 100/s',
    resultOf({
      books: { deliveries: 50, delivered: 50, requests: 50 },
      statuses: { 204: 50 },
      loadMs: 500,
      latencyMs: flatMs(42),
      latenessMs: { p99: 40, max: 40 },
    }),
  ],
  [
    // One pause of 150 ms in ten seconds makes a p99 of 50 ms.
    'kept up: p99 52 ms at 100/s',
    resultOf({ latencyMs: flatMs(52), latenessMs: { p99: 50, max: 150 } }),
  ],

  // Growth.
  [
    'kept up: p99 900 ms at 100/s',
    resultOf({
      latencyMs: { ...flatMs(10), p99: 900, p999: 900, max: 900 },
      timeline: timeline(20, () => ({ due: 100 })).map((item) => ({
        ...item,
        latencyMs: { ...flatMs(10), p99: item.second < 9 ? 10 : 900, p999: 900, max: 900 },
      })),
    }),
  ],
  [
    'latency grows from about 140/s (p99 900 ms in all)',
    resultOf({
      latencyMs: flatMs(900),
      timeline: timeline(20, (second) => ({ due: ramp(second) })).map((item) => ({
        ...item,
        latencyMs: { ...flatMs(10), p90: item.second < 6 ? 12 : 400, p99: 900, max: 900 },
      })),
    }),
  ],
  [
    // Quick while it refuses, slow while it works off what had waited: that is no growth.
    '20 % of requests failed (refused), every request for 6 s from 1 s on, then it came back; 1.25 requests per delivery',
    resultOf({
      books: { requests: 1250 },
      failures: { refused: 250 },
      latencyMs: flatMs(500),
      timeline: timeline(20, (second) => ({
        due: 50,
        bad: second > 0 && second < 7 ? { failed: 50 } : {},
        p99Ms: second > 0 && second < 7 ? 1 : second < 10 ? 500 : 200,
      })),
    }),
  ],

  // Our own faults.
  [
    'kept up: p99 10 ms at 100/s; 43 answers were lost on purpose',
    resultOf({ books: { lostAcks: 43, requests: 1043, retries: 43 } }),
  ],
  [
    'kept up: p99 10 ms at 100/s; 1 answer was lost on purpose',
    resultOf({ books: { lostAcks: 1, requests: 1501, retries: 1, duplicates: 500 } }),
  ],
  [
    'answers 503 to 10 % of requests from about 240/s',
    resultOf({
      books: { requests: 4620, refused: 420, delivered: 4200, deliveries: 4620 },
      statuses: { 204: 3360, 401: 420, 503: 420 },
      // A tenth is refused all the time, as it must be.
      timeline: timeline(20, (second) => ({
        due: ramp(second),
        forged: ramp(second) / 10,
        bad: { '4xx': ramp(second) / 10, ...(second < 11 ? {} : { '5xx': ramp(second) / 4 }) },
      })),
    }),
  ],

  // The rate.
  [
    '15 % did not fit into the connections and were dropped from about 160/s',
    resultOf({
      books: { deliveries: 1750, dropped: 262, requests: 1488, delivered: 1488 },
      timeline: [62, 88, 112, 138, 162, 188, 212, 238, 262, 288].map((due, second) =>
        // Many at once when the connections are made.
        secondOf(second, { due, dropped: [4, 0, 0, 1, 8, 12, 30, 50, 68, 90][second] ?? 0 }),
      ),
    }),
  ],
  [
    '25 % did not fit into the connections and were dropped from about 110/s',
    resultOf({
      books: { deliveries: 1050, dropped: 262, requests: 788, delivered: 788 },
      timeline: [62, 88, 112, 138, 162, 188, 212].map((due, second) =>
        secondOf(second, { due, dropped: second < 2 ? 0 : 40 }),
      ),
    }),
  ],
  [
    '80 % did not fit into the connections and were dropped: takes about 20/s',
    resultOf({
      books: { deliveries: 1000, dropped: 800, requests: 200, delivered: 200 },
      startedPerSecond: 20,
      timeline: timeline(10, () => ({ due: 100, dropped: 80 })),
    }),
  ],
  [
    '31 % did not fit into the connections and were dropped from about 190/s; answers 503 to 3 % of requests',
    resultOf({
      books: { deliveries: 1375, dropped: 433, requests: 971, delivered: 942 },
      statuses: { 204: 942, 503: 29 },
      timeline: [95, 185, 275, 365, 455].map((due, second) =>
        secondOf(second, { due, dropped: [0, 10, 58, 145, 220][second] ?? 0 }),
      ),
    }),
  ],
  [
    // On a ramp, too, that drops from its start.
    '63 % did not fit into the connections and were dropped: takes about 150/s',
    resultOf({
      books: { deliveries: 1600, dropped: 1008, requests: 592, delivered: 592 },
      startedPerSecond: 120,
      timeline: [200, 300, 400, 500, 200].map((due, second) =>
        secondOf(second, { due, dropped: [58, 150, 248, 352, 100][second] ?? 0 }),
      ),
    }),
  ],
  [
    '32 % did not fit into the connections and were dropped; answers 503 to 3 % of requests',
    resultOf({
      books: { deliveries: 1375, dropped: 437, requests: 967, delivered: 938 },
      statuses: { 204: 938, 503: 29 },
    }),
  ],
  [
    'kept up: p99 10 ms at 170/s',
    resultOf({
      startedPerSecond: 110,
      timeline: [50, 110, 170].map((due, second) => secondOf(second, { due })),
    }),
  ],
  [
    // One more falls into some seconds.
    'kept up: p99 10 ms at 0.5/s',
    resultOf({
      books: { deliveries: 30, delivered: 30, requests: 30 },
      startedPerSecond: 0.5,
      timeline: timeline(60, (second) => ({ due: (second + 1) % 2 })),
    }),
  ],
  [
    'kept up: p99 10 ms in 2 deliveries',
    resultOf({
      books: { deliveries: 2, delivered: 2, requests: 2 },
      startedPerSecond: 0.67,
      timeline: timeline(3, (second) => ({ due: (second + 1) % 2 })),
    }),
  ],
  [
    'no connection was ever made: 10 of 10 deliveries were blocked, and nothing else is known of the receiver',
    resultOf({ books: { deliveries: 10, delivered: 0, blocked: 10 }, endedBy: 'never-connected' }),
  ],
  [
    'stalled for 2 s from 2 s on; takes 70/s, p99 2.2 s',
    resultOf({
      startedPerSecond: 70,
      latencyMs: { ...flatMs(2200), p50: 200 },
      // As it was seen: twenty connections to a receiver that takes 100/s.
      timeline: [100, 99, 0, 0, 119, 100].map((answered, second) => ({
        second,
        due: answered,
        answers: { '2xx': answered, '3xx': 0, '4xx': 0, '5xx': 0, failed: 0 },
        answeredFirst: answered,
        delivered: answered,
        blocked: 0,
        dropped: 0,
        retriesWaiting: 0,
        inFlight: 20,
        ...(answered === 0 ? {} : { latencyMs: flatMs(second === 4 ? 2200 : 200) }),
      })),
    }),
    'closed',
  ],
  ['takes 50/s, p99 188 ms', resultOf({ startedPerSecond: 50, latencyMs: flatMs(188) }), 'closed'],
  [
    '90 % of requests failed (refused); takes 10/s, p99 20 ms',
    resultOf({
      books: { deliveries: 1000, delivered: 100, blocked: 0, requests: 1000 },
      failures: { refused: 900 },
      statuses: { 204: 100 },
      startedPerSecond: 100,
      latencyMs: flatMs(20),
      // The rate follows the receiver here, and says nothing about it.
      timeline: timeline(10, (second) => ({ due: ramp(second), bad: second < 5 ? {} : { failed: 100 } })),
    }),
    'closed',
  ],
  ['kept up: p99 10 ms at 100/s', resultOf({ books: { interrupted: 50, delivered: 950 }, endedBy: 'signal' })],
  [
    '5 % of deliveries were still undelivered when it ended',
    resultOf({ books: { interrupted: 50, delivered: 950 }, endedBy: 'drain' }),
  ],
  [
    '50 % of requests failed (timeout 300, 150 × 503, others 50)',
    resultOf({
      statuses: { 204: 500, 503: 150, 500: 30 },
      failures: { timeout: 300, reset: 20 },
    }),
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
