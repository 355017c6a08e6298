import { expect, test } from 'vitest'
import { compareSummaries } from '../../src/stress/compare.ts'

const before = { deliveries: 1000, blocked: 0, dropped: 4, requests: 1000, latencyMs: { p50: 5, p99: 200 } }
const after = { deliveries: 1000, blocked: 3, dropped: 0, requests: 1100, latencyMs: { p50: 5, p99: 150, p999: 170 } }
const changes = [
  { name: 'deliveries', before: 1000, after: 1000, change: 0 },
  { name: 'blocked', before: 0, after: 3 },
  { name: 'dropped', before: 4, after: 0, change: -1 },
  { name: 'requests', before: 1000, after: 1100, change: 0.1 },
  { name: 'latencyMs.p50', before: 5, after: 5, change: 0 },
  { name: 'latencyMs.p99', before: 200, after: 150, change: -0.25 },
]

test('every figure that both hold, with its relative change where there is one', () => {
  expect(compareSummaries(before, after)).toEqual(changes)
})

test("an earlier run's whole document is as good as its summary", () => {
  const document = { schemaVersion: 1, command: 'stress', seed: 5, summary: before, timeline: [{ second: 0, due: 5 }] }
  expect(compareSummaries(document, after)).toEqual(changes)
})

test.each([null, [], 'x', {}, { summary: { deliveries: 5, delivered: 5 } }, { summary: 7 }])(
  '%j is no result of stress',
  (value) => {
    expect(() => compareSummaries(value, after, '--compare old.json')).toThrow(
      '--compare old.json is no result of stress',
    )
  },
)
