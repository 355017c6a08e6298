import { expect, test } from 'vitest'
import { createCollector } from '../../src/stress/collect.ts'
import type { EngineEnd } from '../../src/stress/engine-options.ts'
import { noCounts, noDurations, note } from '../../src/stress/meters.ts'
import type { Counts, SecondRecord } from '../../src/stress/meters.ts'

const end = (endedBy: EngineEnd['endedBy'], interrupted = 0): EngineEnd => ({
  endedBy,
  durationMs: 1000,
  loadMs: 1000,
  interrupted,
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
  collector.add(0, record({ due: 5, unproven: 2, lostAcks: 1, failedFirst: 2 }, { retriesWaiting: 3, inFlight: 1 }))
  collector.add(1, record({ due: 4, delivered: 1, lostAcks: 2 }, { durations, retriesWaiting: 2, inFlight: 4 }))
  collector.ended(0, end('drain', 3))
  collector.ended(1, end('drain', 3))
  const { books, timeline, answeredFirst } = collector.result()
  expect(books).toMatchObject({ deliveries: 9, delivered: 1, interrupted: 8, lostAcks: 3, failedFirst: 2 })
  expect(answeredFirst).toBe(1)
  expect(timeline[0]).toMatchObject({ retriesWaiting: 5, inFlight: 5 })
  expect(timeline[0]?.latencyMs?.max).toBeCloseTo(12, 1)
})
