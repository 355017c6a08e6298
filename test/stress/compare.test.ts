import { describe, expect, test } from 'vitest'
import { compareSummaries, differencesOfRuns } from '../../src/stress/compare.ts'

const before = {
  deliveries: 1000,
  blocked: 0,
  dropped: 4,
  refused: 0,
  delivered: 996,
  requests: 1000,
  amplification: 1.004,
  requestsPerSecond: 100.1,
  latencyMs: { p50: 5, p90: 8, p99: 200 },
  latenessMs: { p99: 1 },
}
const after = {
  deliveries: 1000,
  blocked: 3,
  dropped: 0,
  refused: 0,
  delivered: 997,
  requests: 1100,
  amplification: 1.1,
  requestsPerSecond: 100.3,
  latencyMs: { p50: 5, p90: 8.02, p99: 150, p999: 170 },
  latenessMs: { p99: 1.5 },
}
const changes = [
  { name: 'blocked', before: 0, after: 3 },
  { name: 'dropped', before: 4, after: 0, change: -1 },
  { name: 'delivered', before: 996, after: 997, change: 1 / 996 },
  { name: 'requests', before: 1000, after: 1100, change: 0.1 },
  { name: 'requests per delivery', before: 1.004, after: 1.1, change: (1.1 - 1.004) / 1.004 },
  { name: 'p99 latency (ms)', before: 200, after: 150, change: -0.25 },
  { name: 'p99 our lateness (ms)', before: 1, after: 1.5, change: 0.5 },
]

describe('the figures of two runs', () => {
  test('are told in words and with their unit where they changed: every count, and what is measured noticeably', () => {
    expect(compareSummaries(before, after)).toEqual(changes)
  })

  test("an earlier run's whole document is as good as its summary", () => {
    const document = {
      schemaVersion: 1,
      command: 'stress',
      seed: 5,
      summary: before,
      timeline: [{ second: 0, due: 5 }],
    }
    expect(compareSummaries(document, after)).toEqual(changes)
  })

  test('the same run again changed nothing', () => {
    expect(compareSummaries(before, before)).toEqual([])
  })

  test('an earlier run in which nothing was answered can be compared', () => {
    const silent = { deliveries: 9, requests: 9, offeredPerSecond: 9, latencyMs: { p50: null, p99: null } }
    expect(compareSummaries(silent, { ...silent, requests: 18 })).toEqual([
      { name: 'requests', before: 9, after: 18, change: 1 },
    ])
  })

  test('what was measured in one of them only is told, too', () => {
    const measured = { deliveries: 9, requests: 9, offeredPerSecond: 9, latencyMs: { p50: 5, p99: 11 } }
    const silent = { ...measured, latencyMs: { p50: null, p99: null } }
    expect(compareSummaries(silent, measured)).toEqual([
      { name: 'p50 latency (ms)', before: null, after: 5 },
      { name: 'p99 latency (ms)', before: null, after: 11 },
    ])
    expect(compareSummaries(measured, silent)).toContainEqual({ name: 'p99 latency (ms)', before: 11, after: null })
  })

  test('forged ones that prove nothing were not interrupted', () => {
    const [quiet, forged] = [
      { ...before, interrupted: 3, unproven: 0 },
      { ...before, interrupted: 17, unproven: 14 },
    ]
    expect(compareSummaries(quiet, forged)).toEqual([{ name: 'forged, no proof', before: 0, after: 14 }])
    expect(compareSummaries({ summary: quiet }, forged)).toHaveLength(1)
  })

  test.each([null, [], 'x', {}, { summary: { deliveries: 5, delivered: 5 } }, { summary: 7 }])(
    '%j is no result of stress',
    (value) => {
      expect(() => compareSummaries(value, after, '--compare old.json')).toThrow(
        '--compare old.json is no result of stress',
      )
    },
  )
})

describe('the conditions of two runs', () => {
  const header = {
    seed: 1,
    target: 'http://localhost:3000/webhooks',
    contract: 'assumed-1',
    events: 'earning',
    retryDelaysMs: [1000, 2000],
    drainMs: 30_000,
    timeoutMs: 10_000,
    signed: true,
    schedule: '10 s at 100/s; 1,000 deliveries',
    connections: 50,
    maxInFlight: 50,
    workers: 1,
    speed: 60,
    faults: { duplicate: 0.05, 'lost-ack': 0.01 },
  }

  test.each<[told: readonly string[], changed: object]>([
    [[], { seed: 2, faults: { 'lost-ack': 0.01, duplicate: 0.05, reorder: 0 } }],
    [
      ['other schedule: "10 s at 100/s; 1,000 deliveries" then, "5 s at 9/s; 45 deliveries" now'],
      { schedule: '5 s at 9/s; 45 deliveries' },
    ],
    [
      ['other target: http://localhost:3000/webhooks then, embedded now', 'other contract: assumed-1 then, own now'],
      { target: 'embedded', contract: 'own' },
    ],
    [['other events: earning then, "earning, burning" now'], { events: 'earning, burning' }],
    [
      ['other waits before the retries: 1 s, 2 s then, none now', 'other time for the retries: 30 s then, 500 ms now'],
      { retryDelaysMs: [], drainMs: 500 },
    ],
    [
      ['other timeout: 10 s then, 3 s now', 'other signature: there then, none now'],
      { timeoutMs: 3000, signed: false },
    ],
    [['other connections: 50 then, 2,000 now'], { connections: 2000, maxInFlight: 2000 }],
    [['other most in flight: 50 then, 99 now'], { maxInFlight: 99 }],
    [
      ['other speed of the retries: 60 then, max now', 'other faults: duplicate:5%, lost-ack:1% then, none now'],
      { speed: 'max', faults: {} },
    ],
  ])('%j', (told, changed) => {
    expect(differencesOfRuns(header, { ...header, ...changed })).toEqual(told)
  })

  test.each([null, 'x', [], { deliveries: 5 }])('%j says nothing of them', (document) => {
    expect(differencesOfRuns(document, header)).toEqual([])
  })
})
