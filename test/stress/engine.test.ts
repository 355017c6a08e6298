import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../../src/stress/load-plan.ts'
import type { LoadSchedule } from '../../src/stress/load-plan.ts'
import { measuredFirst, type StressBooks, type StressResult } from '../../src/stress/result.ts'
import { countBefore } from '../../src/stress/schedule.ts'
import { judge, parseThreshold } from '../../src/stress/threshold.ts'
import { simulate } from './simulation.ts'
import type { Reply, Simulation } from './simulation.ts'

const steady = (perSecond: number, durationMs: number, count?: number): LoadSchedule => ({
  kind: 'open',
  stages: [{ durationMs, fromPerSecond: perSecond, toPerSecond: perSecond }],
  ...(count === undefined ? {} : { count }),
})

const accountedFor = (books: StressBooks): number =>
  books.delivered + books.blocked + books.dropped + books.interrupted + books.refused + books.wronglyAccepted

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Everything that must hold for every run. */
function expectSoundBooks({ result, seen, seconds }: Simulation): void {
  const { books, timeline } = result
  expect(accountedFor(books)).toBe(books.deliveries)
  expect(books.requests).toBe(seen.length)
  const forged = seen.filter(({ mode }) => mode === 'forged').length
  expect(books.forged).toBe(forged)
  expect(sum(Object.values(books.forgedAnswers))).toBeLessThanOrEqual(forged)
  expect(books.unproven).toBeGreaterThanOrEqual(forged - books.refused - books.wronglyAccepted)
  expect(books.unproven).toBeLessThanOrEqual(books.interrupted)
  expect(sum(books.deliveredAfter)).toBe(books.delivered)
  const answered = sum(timeline.flatMap(({ answers }) => Object.values(answers)))
  expect(sum(Object.values(result.statuses)) + sum(Object.values(result.failures))).toBe(answered)
  expect(answered + books.lostAcks).toBeLessThanOrEqual(books.requests)
  expect(result.failures.aborted).toBeUndefined()
  expect(sum(result.distribution.map(({ count }) => count))).toBe(measuredFirst(result))
  expect(result.answeredFirst).toBeLessThanOrEqual(sum(Object.values(result.statuses)))
  for (const { latencyMs, answers } of timeline)
    if (latencyMs !== undefined) expect(sum(Object.values(answers))).toBeGreaterThan(0)
  expect(sum(timeline.map(({ due }) => due))).toBe(books.deliveries)
  expect(sum(timeline.map(({ delivered }) => delivered))).toBe(books.delivered)
  expect(timeline.map(({ second }) => second)).toEqual(timeline.map((_, index) => index))
  expect(seconds).toEqual(timeline)
  expect(result.bytesSent).toBe(100 * seen.length)
}

/** A run that came to its end by itself leaves nothing behind but forged deliveries that proved nothing. */
function expectOrderlyEnd({ result: { books, endedBy }, seen }: Simulation): void {
  const { interrupted, refused, wronglyAccepted } = books
  const forged = seen.filter(({ mode }) => mode === 'forged').length
  if (endedBy !== 'schedule' && endedBy !== 'count') return
  expect(refused + wronglyAccepted + interrupted).toBe(forged)
  expect(interrupted).toBe(books.unproven)
}

const replies = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 3000 }),
    with: fc.constantFrom<Reply['with'][]>(204, 200, 204, 302, 404, 500, 503, 'reset', 'refused', 'closed', 'never'),
  }),
  { minLength: 1, maxLength: 40 },
)

const schedules: fc.Arbitrary<LoadSchedule> = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    stages: fc.array(
      fc.record({
        durationMs: fc.integer({ min: 1, max: 3000 }),
        fromPerSecond: fc.integer({ min: 0, max: 60 }),
        toPerSecond: fc.integer({ min: 0, max: 60 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('closed' as const),
    durationMs: fc.integer({ min: 1, max: 3000 }),
    count: fc.integer({ min: 1, max: 200 }),
  }),
)

describe('the books', () => {
  test('balance, whatever the receiver answers and whenever the run is stopped', async () => {
    const options = fc.record({
      schedule: schedules,
      replies,
      connections: fc.integer({ min: 1, max: 12 }),
      maxInFlight: fc.integer({ min: 1, max: 20 }),
      policy: fc.record({ delaysMs: fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 4 }) }),
      speed: fc.constantFrom<(number | 'max')[]>(1, 10, 'max'),
      drainMs: fc.constantFrom(0, 500, 30_000),
      maxRequests: fc.constantFrom(5, 100, 1_000_000),
      timeoutMs: fc.constantFrom(50, 1000),
      shares: fc.dictionary(fc.constantFrom(...FAULTS), fc.constantFrom(0.05, 0.2), { maxKeys: 5 }),
      seed: fc.nat(1000),
      stopMs: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
      endMs: fc.option(fc.integer({ min: 0, max: 6000 }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(options, async ({ replies: script, stopMs, endMs, ...engine }) => {
        const simulation = await simulate({
          ...engine,
          ...(stopMs === undefined ? {} : { stopMs }),
          ...(endMs === undefined ? {} : { endMs }),
          reply: (_, nth) => script[nth % script.length] as Reply,
        })
        expectSoundBooks(simulation)
        const { books } = simulation.result
        expect(books.requests).toBeLessThanOrEqual(engine.maxRequests)
        const firsts = books.requests - books.retries - (books.duplicates ?? 0)
        expect(firsts).toBeLessThanOrEqual(books.deliveries - books.dropped)
        // Nothing but its retries is sent again, and each at most as often as the policy says.
        expect(books.retries).toBeLessThanOrEqual(firsts * engine.policy.delaysMs.length)
        expect(books.retries).toBeLessThanOrEqual((books.failedFirst + books.lostAcks) * engine.policy.delaysMs.length)
        expectOrderlyEnd(simulation)
        for (const { inFlight } of simulation.seconds) expect(inFlight).toBeLessThanOrEqual(engine.maxInFlight)
      }),
      { numRuns: 150 },
    )
  })

  test('requests are the sum of the attempts when everything came to its end', async () => {
    await fc.assert(
      fc.asyncProperty(replies, async (script) => {
        const delaysMs = [100, 200]
        const { result } = await simulate({
          policy: { delaysMs },
          drainMs: 10_000_000,
          timeoutMs: 1000,
          reply: (_, nth) => script[nth % script.length] as Reply,
        })
        const { books } = result
        const attempts = sum(books.deliveredAfter.map((count, retries) => count * (retries + 1))) + books.blocked * 3
        if (result.endedBy !== 'never-connected') expect(books.requests).toBe(attempts)
      }),
    )
  })

  test('the same seed makes the same run', async () => {
    const shares = { duplicate: 0.2, reorder: 0.2, 'lost-ack': 0.2 }
    const reply = ({ body }: { body: number }): Reply => ({ afterMs: body % 7, with: body % 5 === 0 ? 500 : 200 })
    const [one, other] = await Promise.all([1, 2].map(() => simulate({ schedule: steady(50, 2000), shares, reply })))
    expect(one).toEqual(other)
  })
})

describe('first deliveries', () => {
  test('are due by the schedule, and one that does not fit is dropped', async () => {
    const schedule = steady(100, 2000)
    const { result, seen } = await simulate({
      schedule,
      connections: 5,
      maxInFlight: 5,
      reply: () => ({ afterMs: 100, with: 200 }),
    })
    // Five lanes of ten requests a second each.
    expect(result.books).toMatchObject({ deliveries: countBefore(schedule, 2000), delivered: 100, dropped: 100 })
    expect(seen).toHaveLength(100)
    expect(result).toMatchObject({ loadMs: 2000, offeredPerSecond: 100, startedPerSecond: 50, endedBy: 'schedule' })
  })

  test('wait for a connection as long as they may be in flight, and the wait is part of their latency', async () => {
    const { result } = await simulate({
      schedule: steady(10, 1000),
      connections: 1,
      maxInFlight: 100,
      reply: () => ({ afterMs: 200, with: 200 }),
    })
    expect(result.books).toMatchObject({ delivered: 10, dropped: 0 })
    // The last was due at 900 ms and had nine before it: answered at 2 s.
    expect(result.latencyMs.max).toBeCloseTo(1100, -1)
    expect(result.latencyMs.p50).toBeCloseTo(600, -1)
  })

  test('that get a connection only when the load is over are none of the rate that was kept', async () => {
    const { result } = await simulate({
      schedule: steady(10, 1000),
      connections: 1,
      maxInFlight: 100,
      reply: () => ({ afterMs: 220, with: 200 }),
    })
    expect(result.books).toMatchObject({ delivered: 10, dropped: 0 })
    expect(result).toMatchObject({ offeredPerSecond: 10, startedPerSecond: 5 })
  })

  test('are not dropped for a delay of our own, which is told as lateness', async () => {
    const { result } = await simulate({
      schedule: steady(100, 1000),
      connections: 20,
      maxInFlight: 20,
      lagMs: 30,
      reply: () => ({ afterMs: 1, with: 200 }),
    })
    expect(result.books.dropped).toBe(0)
    expect(result.latenessMs.p99).toBeGreaterThan(25)
    expect(result.latencyMs.p99).toBeGreaterThan(25)
  })

  test('are not dropped for a pause of our own in the middle of the work', async () => {
    const { result } = await simulate({
      schedule: steady(1000, 1000),
      connections: 10,
      maxInFlight: 10,
      pauseMs: 50,
      reply: () => ({ afterMs: 2, with: 200 }),
    })
    expect(result.books).toMatchObject({ deliveries: 1000, delivered: 1000, dropped: 0 })
    expect(result.latenessMs.max).toBeGreaterThan(40)
  })

  test('of a closed schedule follow one another on every connection', async () => {
    const { result, seen } = await simulate({
      schedule: { kind: 'closed', durationMs: 1000 },
      connections: 4,
      maxInFlight: 4,
      reply: () => ({ afterMs: 100, with: 200 }),
    })
    expect(seen).toHaveLength(40)
    expect(new Set(seen.map(({ body }) => body)).size).toBe(40)
    expect(result).toMatchObject({ loadMs: 1000, durationMs: 1000, latenessMs: { p99: 0, max: 0 } })
  })

  test('of several workers share the schedule without gap or overlap', async () => {
    const parts = await Promise.all(
      [0, 1, 2].map((part) => simulate({ schedule: steady(100, 1000, 50), share: { part, of: 3 } })),
    )
    const bodies = parts.flatMap(({ seen }) => seen.map(({ body }) => body)).toSorted((a, b) => a - b)
    expect(bodies).toEqual(Array.from({ length: 50 }, (_, index) => index))
    expect(parts.map(({ result }) => result.endedBy)).toEqual(['count', 'count', 'count'])
  })
})

describe('retries', () => {
  test('follow the policy, with waits that are shorter by the speed', async () => {
    const { result, seen } = await simulate({
      schedule: steady(1, 1000),
      policy: { delaysMs: [1000, 2000, 4000] },
      speed: 10,
      reply: () => ({ afterMs: 10, with: 503 }),
    })
    expect(seen.map(({ atMs }) => Math.round(atMs))).toEqual([0, 110, 320, 730])
    expect(result.books).toMatchObject({ deliveries: 1, blocked: 1, requests: 4, retries: 3, failedFirst: 1 })
    expect(result.retryLatencyMs?.max).toBeCloseTo(10, 0)
  })

  test('are never dropped: they wait until there is room', async () => {
    const { result } = await simulate({
      schedule: steady(100, 1000),
      connections: 2,
      maxInFlight: 2,
      policy: { delaysMs: [10, 10, 10] },
      reply: () => ({ afterMs: 50, with: 500 }),
    })
    const { books } = result
    expect(books.blocked).toBe(books.deliveries - books.dropped)
    expect(books.requests).toBe(4 * books.blocked)
  })

  test('that wait when the drain is over are interrupted', async () => {
    const { result } = await simulate({
      schedule: steady(10, 1000),
      policy: { delaysMs: [60_000] },
      drainMs: 5000,
      reply: () => ({ afterMs: 1, with: 500 }),
    })
    expect(result.books).toMatchObject({ deliveries: 10, interrupted: 10, retries: 0, failedFirst: 10 })
    expect(result.timeline.at(-1)?.retriesWaiting).toBe(10)
  })
})

describe('faults', () => {
  const all = (fault: (typeof FAULTS)[number], options: Parameters<typeof simulate>[0] = {}): Promise<Simulation> =>
    simulate({ schedule: steady(10, 1000), shares: { [fault]: 1 }, ...options })

  test('duplicate: the same body again, a second later', async () => {
    const { result, seen } = await all('duplicate')
    expect(result.books).toMatchObject({ deliveries: 10, delivered: 10, requests: 20, duplicates: 10, retries: 0 })
    const [first, copy] = seen.filter(({ body }) => body === 3)
    expect((copy?.atMs ?? 0) - (first?.atMs ?? 0)).toBeCloseTo(1000, -1)
  })

  test('duplicate-concurrent: the same body at once on another connection', async () => {
    const { seen } = await all('duplicate-concurrent')
    for (let body = 0; body < 10; body++) {
      const [first, copy, ...more] = seen.filter((request) => request.body === body)
      expect(copy).toMatchObject({ body, atMs: first?.atMs })
      expect(copy?.lane).not.toBe(first?.lane)
      expect(more).toEqual([])
    }
  })

  test('befall the same bodies, however many workers there are', async () => {
    const sent = async (of: number): Promise<readonly string[]> => {
      const parts = Array.from({ length: of }, (_, part) =>
        simulate({
          schedule: steady(200, 2000),
          shares: { duplicate: 0.1, reorder: 0.3, 'lost-ack': 0.1 },
          share: { part, of },
        }),
      )
      const seen = (await Promise.all(parts)).flatMap((one) => one.seen)
      return seen.map(({ body, mode }) => `${body} ${mode}`).toSorted()
    }
    const alone = await sent(1)
    expect(alone.length).toBeGreaterThan(440)
    expect(await sent(2)).toEqual(alone)
    expect(await sent(3)).toEqual(alone)
  })

  test('reorder: every body once, each in another’s place', async () => {
    const { seen } = await all('reorder')
    expect(seen.map(({ body }) => body)).toEqual([5, 6, 7, 8, 9, 0, 1, 2, 3, 4])
  })

  test('lost-ack: sent again as after a failure, and delivered', async () => {
    const { result, seen } = await all('lost-ack')
    expect(result.books).toMatchObject({ delivered: 10, deliveredAfter: [0, 10], requests: 20, retries: 10 })
    expect(result.books).toMatchObject({ lostAcks: 10, failedFirst: 0 })
    // Of the ten that were lost nothing is told but that they were.
    expect(result).toMatchObject({ failures: {}, statuses: { 204: 10 }, answeredFirst: 0, latencyMs: { max: 0 } })
    expect(sum(result.timeline.map(({ answers }) => answers.failed))).toBe(0)
    expect(result.timeline[0]?.latencyMs).toBeUndefined()
    expect(result.timeline[1]?.answers['2xx']).toBe(10)
    expect(seen.map(({ mode }) => mode).filter((mode) => mode === 'lost-ack')).toHaveLength(10)
  })

  test('lost-ack: one that nobody would have answered failed like any other', async () => {
    const { result } = await all('lost-ack', {
      policy: { delaysMs: [] },
      reply: (_, nth) => ({ afterMs: 1, with: nth < 4 ? 'reset' : 204 }),
    })
    expect(result.books).toMatchObject({ lostAcks: 6, failedFirst: 4, blocked: 10 })
    expect(result.failures).toEqual({ reset: 4 })
    expect(result.timeline[0]?.answers.failed).toBe(4)
  })

  test.each<[Reply['with'], Partial<StressBooks>]>([
    [401, { refused: 10, wronglyAccepted: 0, interrupted: 0 }],
    [302, { refused: 10, wronglyAccepted: 0, interrupted: 0 }],
    [200, { refused: 0, wronglyAccepted: 10, interrupted: 0 }],
    [500, { refused: 0, wronglyAccepted: 0, interrupted: 10, unproven: 10, forged: 10, forgedAnswers: { 500: 10 } }],
    ['reset', { refused: 0, wronglyAccepted: 0, interrupted: 10, unproven: 10, forgedAnswers: { reset: 10 } }],
    ['never', { refused: 0, wronglyAccepted: 0, interrupted: 10, unproven: 10, forgedAnswers: { timeout: 10 } }],
  ])('wrong-signature answered with %s is sent once, and refused only by 3xx and 4xx', async (reply, books) => {
    const simulation = await all('wrong-signature', { reply: () => ({ afterMs: 1, with: reply }) })
    const { result } = simulation
    expect(result.books).toMatchObject({ deliveries: 10, delivered: 0, blocked: 0, requests: 10, ...books })
    expect(result).toMatchObject({ endedBy: 'schedule', books: { failedFirst: 0 } })
    expect(measuredFirst(result)).toBe(0)
    expectSoundBooks(simulation)
  })

  test('forged ones that were never sent are no deliveries that somebody waits for', async () => {
    const simulation = await simulate({
      schedule: steady(100, 1000),
      shares: { 'wrong-signature': 0.5 },
      connections: 1,
      maxInFlight: 1000,
      drainMs: 0,
      reply: ({ mode }) => ({ afterMs: 100, with: mode === 'forged' ? 401 : 204 }),
    })
    const { books } = simulation.result
    expectSoundBooks(simulation)
    expect(books.forged).toBeLessThan(20)
    expect(books.unproven).toBeGreaterThan(30)
    expect(books.interrupted - books.unproven).toBeGreaterThan(30)
    expect(judge([parseThreshold('amplification<=1')], simulation.result)).toMatchObject([{ crossed: false }])
  })
})

describe('latencies', () => {
  test('are not of forged ones, which are answered before any work is done', async () => {
    const { result } = await simulate({
      schedule: steady(100, 2000),
      connections: 100,
      maxInFlight: 100,
      shares: { 'wrong-signature': 0.6 },
      reply: ({ mode }) => ({ afterMs: mode === 'forged' ? 1 : 100, with: mode === 'forged' ? 401 : 204 }),
    })
    expect(result.latencyMs.p50).toBeCloseTo(100, 0)
    expect(result.timeline[0]?.latencyMs?.p50).toBeCloseTo(100, 0)
    expect(measuredFirst(result)).toBe(result.books.delivered)
    expect(result.timeline[0]?.forged).toBeGreaterThan(30)
  })

  test('are of answers, whatever their status, and of timeouts, as long as was waited', async () => {
    const outcomes: Reply[] = [
      { afterMs: 20, with: 200 },
      { afterMs: 0, with: 'refused' },
      { afterMs: 40, with: 503 },
      { afterMs: 900, with: 'reset' },
      { afterMs: 0, with: 'never' },
    ]
    const { result } = await simulate({
      policy: { delaysMs: [] },
      timeoutMs: 2000,
      reply: (_, nth) => outcomes[nth % 5] as Reply,
    })
    expect(result).toMatchObject({ answeredFirst: 4, timedOutFirst: 2 })
    expect(result.failures).toEqual({ refused: 2, reset: 2, timeout: 2 })
    expect(result.latencyMs.p50).toBeCloseTo(40, 0)
    expect(result.latencyMs.max).toBeGreaterThanOrEqual(2000)
    expect(result.latencyMs.max).toBeLessThan(2150)
    expect(sum(result.distribution.map(({ count }) => count))).toBe(6)
    expect(result.distribution[0]?.ms).toBeGreaterThan(19)
    expect(result.timeline[0]?.latencyMs?.max).toBeCloseTo(40, 0)
    // What else ended later were resets.
    expect(result.timeline.flatMap(({ second, latencyMs }) => (latencyMs === undefined ? [] : [second]))).toEqual([
      0, 2,
    ])
  })

  test('of a receiver that hangs now and then cross their thresholds', async () => {
    const { result } = await simulate({
      schedule: steady(100, 1000),
      connections: 100,
      maxInFlight: 100,
      timeoutMs: 3000,
      reply: (_, nth) => ({ afterMs: 5, with: nth % 10 === 9 ? 'never' : 204 }),
    })
    const told = ['p50<500ms', 'p99<500ms', 'max<500ms'].map((text) => parseThreshold(text))
    expect(judge(told, result).map(({ crossed }) => crossed)).toEqual([false, true, true])
  })

  test('of retries are of answers and timeouts', async () => {
    const { result } = await simulate({
      policy: { delaysMs: [1000, 1000] },
      reply: (_, nth) => (nth < 10 ? { afterMs: 1, with: 500 } : { afterMs: 700, with: nth < 20 ? 'reset' : 200 }),
    })
    expect(result.books.deliveredAfter).toEqual([0, 0, 10])
    expect(result.retryLatencyMs?.p50).toBeCloseTo(700, -1)
    const failing = await simulate({
      policy: { delaysMs: [1000] },
      reply: (_, nth) => ({ afterMs: 1, with: nth < 10 ? 500 : 'reset' }),
    })
    expect(failing.result.books).toMatchObject({ retries: 10, blocked: 10 })
    expect(failing.result.retryLatencyMs).toBeUndefined()
  })
})

describe('a second tells', () => {
  test('how many retries waited at most, not how many were left', async () => {
    const { seconds } = await simulate({
      policy: { delaysMs: [250] },
      connections: 1,
      maxInFlight: 1,
      reply: (_, nth) => ({ afterMs: 1, with: nth < 3 ? 500 : 204 }),
    })
    // The first three were due within 200 ms and sent again after 250 ms.
    expect(seconds.map(({ retriesWaiting }) => retriesWaiting)).toEqual([3, 0])
  })

  test('how many deliveries were under way at most, those included that waited for a connection', async () => {
    const { seconds } = await simulate({
      schedule: steady(10, 2000),
      connections: 2,
      maxInFlight: 6,
      reply: (_, nth) => ({ afterMs: nth < 2 ? 450 : 1, with: 204 }),
    })
    expect(seconds.slice(0, 2).map(({ inFlight }) => inFlight)).toEqual([5, 1])
  })

  test('what still waits from the second before', async () => {
    const { seconds } = await simulate({
      schedule: steady(10, 500),
      policy: { delaysMs: [2000] },
      reply: (_, nth) => ({ afterMs: 1, with: nth < 5 ? 500 : 204 }),
    })
    expect(seconds.map(({ retriesWaiting }) => retriesWaiting)).toEqual([5, 5, 5])
  })

  test('what waited in it even when it passed while we were late ourselves', async () => {
    const { seconds } = await simulate({
      schedule: steady(10, 100),
      policy: { delaysMs: [60_000] },
      drainMs: 5000,
      lagMs: 2500,
      reply: () => ({ afterMs: 1, with: 500 }),
    })
    expect(seconds.map(({ retriesWaiting }) => retriesWaiting)).toEqual([1, 1, 1])
  })
})

describe('a run ends', () => {
  const slow = { schedule: steady(10, 10_000), reply: (): Reply => ({ afterMs: 300, with: 200 }) }
  const cases: readonly [string, Parameters<typeof simulate>[0], Partial<StressResult>, Partial<StressBooks>][] = [
    ['when all is sent that was to be', { schedule: steady(10, 9000, 20) }, { endedBy: 'count' }, { delivered: 20 }],
    [
      'at the most requests',
      { ...slow, maxRequests: 15 },
      { endedBy: 'max-requests' },
      { delivered: 15, requests: 15 },
    ],
    [
      'when it is stopped, after what is under way',
      { ...slow, stopMs: 1050 },
      { endedBy: 'signal' },
      { delivered: 11 },
    ],
    ['at once when it is ended', { ...slow, endMs: 1050 }, { endedBy: 'signal' }, { delivered: 8, interrupted: 3 }],
    [
      'with the drain, whose end finds retries waiting',
      { reply: () => ({ afterMs: 1, with: 500 }), policy: { delaysMs: [60_000] }, drainMs: 5000 },
      { endedBy: 'drain' },
      { interrupted: 10 },
    ],
    [
      'with the drain, whose end finds retries under way that come to nothing',
      { reply: () => ({ afterMs: 800, with: 500 }), policy: { delaysMs: [1000, 1000] }, drainMs: 1550 },
      { endedBy: 'drain' },
      { interrupted: 10, retries: 8 },
    ],
    [
      'by itself where retries were through before the drain was over',
      { reply: (_, nth) => ({ afterMs: 1, with: nth < 10 ? 500 : 204 }), drainMs: 5000 },
      { endedBy: 'schedule' },
      { delivered: 10, interrupted: 0 },
    ],
    [
      'by the signal, even where the drain leaves retries behind',
      { reply: () => ({ afterMs: 1, with: 500 }), policy: { delaysMs: [60_000] }, drainMs: 5000, stopMs: 550 },
      { endedBy: 'signal' },
      { interrupted: 6 },
    ],
    [
      'early when nothing ever connects',
      { schedule: steady(10, 60_000), reply: () => ({ afterMs: 1, with: 'refused' }) },
      { endedBy: 'never-connected' },
      { delivered: 0 },
    ],
  ]
  test.each(cases)('%s', async (_, options, expected, books) => {
    const simulation = await simulate(options)
    expect(simulation.result).toMatchObject({ ...expected, books })
    expectSoundBooks(simulation)
    if (expected.endedBy === 'never-connected') expect(simulation.seconds.length).toBeLessThan(8)
  })

  test('at the attempt’s deadline where the receiver says nothing', async () => {
    const { result } = await simulate({
      timeoutMs: 2000,
      policy: { delaysMs: [] },
      reply: () => ({ afterMs: 0, with: 'never' }),
    })
    expect(result.failures).toEqual({ timeout: 10 })
    expect(result.books.blocked).toBe(10)
    // The first was due at once and found overdue by the first look after its deadline.
    expect(result.timeline.map(({ answers }) => answers.failed).slice(0, 2)).toEqual([0, 0])
    expect(result.durationMs).toBeGreaterThanOrEqual(2900)
    expect(result.durationMs).toBeLessThan(3100)
    expect(result).toMatchObject({ answeredFirst: 0, timedOutFirst: 10 })
    expect(result.latencyMs.p50).toBeGreaterThanOrEqual(2000)
  })
})
