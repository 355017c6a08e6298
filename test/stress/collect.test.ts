import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCollector } from '../../src/stress/collect.ts'
import type { EngineEnd } from '../../src/stress/engine-options.ts'
import { noCounts, noDurations, note } from '../../src/stress/meters.ts'
import type { Counts, SecondRecord } from '../../src/stress/meters.ts'

const end = (endedBy: EngineEnd['endedBy'], interrupted = 0): EngineEnd => ({
  endedBy,
  durationMs: 1000,
  loadMs: 1000,
  firstAnswerMs: 10,
  interrupted,
  forgedUnsent: 0,
})

function record(counts: Partial<Counts>, rest: Partial<SecondRecord> = {}): SecondRecord {
  return {
    second: 0,
    counts: { ...noCounts(), ...counts },
    durations: noDurations(),
    retriesWaiting: 0,
    inFlight: 0,
    ...rest,
  }
}

test.each<[EngineEnd['endedBy'], EngineEnd['endedBy'][]]>([
  ['schedule', ['schedule', 'schedule']],
  ['count', ['schedule', 'count']],
  ['drain', ['count', 'drain']],
  ['drain', ['drain', 'never-connected']],
  ['max-requests', ['drain', 'max-requests']],
  ['signal', ['drain', 'signal', 'max-requests']],
  ['never-connected', ['never-connected', 'never-connected']],
])('a run ended by %s when its workers ended by %j', (expected, endings) => {
  const collector = createCollector(endings.length)
  endings.forEach((endedBy, worker) => collector.ended(worker, end(endedBy)))
  expect(collector.result().endedBy).toBe(expected)
})

test('the books of several workers are added up, and forged deliveries that proved nothing are interrupted', () => {
  const collector = createCollector(2)
  const durations = noDurations()
  note(durations.first, 12)
  collector.add(
    0,
    record({ due: 5, forged: 2, unproven: 2, lostAcks: 1, failedFirst: 2 }, { retriesWaiting: 3, inFlight: 1 }),
  )
  collector.add(1, record({ due: 4, delivered: 1, lostAcks: 2 }, { durations, retriesWaiting: 2, inFlight: 4 }))
  collector.ended(0, end('drain', 3))
  collector.ended(1, end('drain', 3))
  const { books, timeline, answeredFirst } = collector.result()
  expect(books).toMatchObject({ deliveries: 9, delivered: 1, interrupted: 8, unproven: 2, lostAcks: 3, failedFirst: 2 })
  expect(answeredFirst).toBe(1)
  expect(timeline[0]).toMatchObject({ retriesWaiting: 5, inFlight: 5 })
  expect(timeline[0]?.latencyMs?.max).toBeCloseTo(12, 1)
})

describe('a percentile', () => {
  test.each([
    [60, 1, { p50: 5, p90: 5, p99: 2000, p999: 2000 }],
    [100, 1, { p99: 5, p999: 2000 }],
    [101, 1, { p99: 5, p999: 2000 }],
    [100, 2, { p99: 2000 }],
    [501, 1, { p99: 5, p999: 2000 }],
    [999, 1, { p999: 2000 }],
    [1000, 1, { p999: 5 }],
    [1001, 1, { p999: 5 }],
    [1001, 2, { p999: 2000 }],
    [10, 5, { p50: 5, p90: 2000 }],
    [9, 5, { p50: 2000 }],
    [2, 1, { p50: 5, p90: 2000 }],
  ])('of %i durations of which %i take 2 s is the nearest rank: %j', (count, slow, expected) => {
    const collector = createCollector(1)
    const durations = noDurations()
    for (let number = 0; number < count; number += 1) note(durations.first, number < slow ? 2000 : 5)
    collector.add(0, record({}, { durations }))
    collector.ended(0, end('schedule'))
    const { latencyMs } = collector.result()
    const rounded = Object.fromEntries(Object.entries(latencyMs).map(([name, ms]) => [name, Number(ms.toPrecision(2))]))
    expect(rounded).toMatchObject(expected)
  })

  test('is the value that as many do not exceed, whatever was measured', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 2500 }), (values) => {
        const collector = createCollector(1)
        const durations = noDurations()
        for (const ms of values) note(durations.first, ms)
        collector.add(0, record({}, { durations }))
        collector.ended(0, end('schedule'))
        const sorted = values.toSorted((a, b) => a - b)
        const { p50, p90, p99, p999 } = collector.result().latencyMs
        for (const [ms, permille] of [
          [p50, 500],
          [p90, 900],
          [p99, 990],
          [p999, 999],
        ] as const) {
          const exact = sorted[Math.ceil((permille * values.length) / 1000) - 1] as number
          expect(Math.abs(ms - exact)).toBeLessThanOrEqual(exact * 0.001)
        }
      }),
      { numRuns: 100 },
    )
  })
})
