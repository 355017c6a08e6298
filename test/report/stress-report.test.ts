import { describe, expect, test } from 'vitest'
import {
  stressJsonRenderer,
  stressNdjsonRenderer,
  stressSummary,
  type StressReport,
} from '../../src/report/stress-report.ts'
import { flatMs, resultOf, secondOf } from '../stress/results.ts'
import { HEADER, written } from './stressed.ts'

describe('the summary', () => {
  test('has the figures by the names that scripts read', () => {
    const books = { delivered: 900, deliveredAfter: [850, 50], blocked: 100, requests: 1700, retries: 700 }
    const summary = stressSummary(resultOf({ books, retryLatencyMs: flatMs(3), requestsPerSecond: 169.949 }))
    expect(summary).toEqual({
      deliveries: 1000,
      delivered: 900,
      deliveredFirst: 850,
      blocked: 100,
      dropped: 0,
      interrupted: 0,
      refusedAsExpected: 0,
      wronglyAccepted: 0,
      unproven: 0,
      requests: 1700,
      retries: 700,
      amplification: 1.7,
      offeredPerSecond: 100,
      startedPerSecond: 100,
      answeredPerSecond: 100,
      requestsPerSecond: 169.9,
      latencyMs: flatMs(10),
      retryLatencyMs: flatMs(3),
      latenessMs: { p99: 0.5, max: 1 },
    })
  })

  test('has no latency where nothing was answered, but its names', () => {
    const { latencyMs } = stressSummary(resultOf({ answeredFirst: 0, latencyMs: flatMs(0) }))
    expect(latencyMs).toEqual({ p50: null, p90: null, p99: null, p999: null, max: null })
  })

  test('says of forged ones that they were refused as expected', () => {
    const summary = stressSummary(resultOf({ books: { refused: 40 } }))
    expect(summary.refusedAsExpected).toBe(40)
    expect(summary).not.toHaveProperty('refused')
    expect(stressSummary(resultOf({ books: { unproven: 3 } }))).toMatchObject({ unproven: 3, interrupted: 3 })
  })

  test.each([
    [{ deliveries: 1000, dropped: 600, requests: 800 }, 2],
    [{ deliveries: 5, dropped: 5, requests: 0 }, 0],
  ])('amplification is of what was started: %j', (books, amplification) => {
    expect(stressSummary(resultOf({ books })).amplification).toBe(amplification)
  })
})

const timeline = [secondOf(0, { due: 100 }), secondOf(1, { due: 100 })]

test('json is the run, the result in full and the summary; latencies stand there once', () => {
  const report = JSON.parse(written(stressJsonRenderer(HEADER), { result: { timeline }, exitCode: 4 })) as StressReport
  expect(report).toMatchObject({ ...HEADER, books: { deliveries: 1000 }, timeline, sentence: 'kept up', exitCode: 4 })
  expect(report.summary.latencyMs).toEqual(flatMs(10))
  expect(report).not.toHaveProperty('latencyMs')
})

test('ndjson has the seconds as they end, and not again in the summary', () => {
  const renderer = stressNdjsonRenderer(HEADER)
  const lines = [...timeline.map((second) => renderer.second(second)), written(renderer, { result: { timeline } })]
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  const parsed = lines.map((line) => JSON.parse(line) as { type: string })
  expect(parsed.map(({ type }) => type)).toEqual(['second', 'second', 'summary'])
  expect(parsed[1]).toMatchObject({ second: 1, due: 100 })
  expect(parsed[2]).toMatchObject({ ...HEADER, summary: { delivered: 1000 } })
  expect(parsed[2]).not.toHaveProperty('timeline')
})
