import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Attempt, AttemptResult, OutcomeKind } from '../../src/delivery/outcome.ts'
import { ndjsonRenderer } from '../../src/report/send-json.ts'
import { deliveryReport, type ReportedDelivery } from '../../src/report/send-renderer.ts'
import type { SendHeader } from '../../src/report/send-report.ts'
import { anyText } from '../support/events.ts'

const instant = fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString())
const headers = fc
  .array(fc.tuple(anyText, fc.array(anyText, { maxLength: 3 })), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries))
const responded = fc.record(
  {
    kind: fc.constant('responded' as const),
    status: fc.integer({ min: 200, max: 599 }),
    headers,
    bodySnippet: anyText,
    bodyBytes: fc.nat(65_536),
    bodyIncomplete: fc.constantFrom('cut' as const, 'limit' as const, 'deadline' as const),
  },
  { requiredKeys: ['kind', 'status', 'headers', 'bodySnippet', 'bodyBytes'] },
)
const failed = fc.record({ kind: fc.constant('failed' as const), code: fc.constant('reset' as const), reason: anyText })
const waits = fc.oneof(
  fc.constant({}),
  fc.nat(4e6).map((nextDelayMs) => ({ nextDelayMs, nextDelayRealMs: nextDelayMs / 7 })),
)
const attempt: fc.Arbitrary<Attempt> = fc
  .tuple(
    fc.record({ retry: fc.nat(100), startedAt: instant, durationMs: fc.nat(1e6).map((ms) => ms / 100) }),
    instant,
    fc.oneof<fc.Arbitrary<AttemptResult>[]>(responded, failed),
    waits,
  )
  .map(([times, dueAtSimulated, result, next]) => ({ ...times, dueAtSimulated, result, ...next }))
const event = fc.record({ id: anyText, type: fc.constantFrom('earning' as const, 'free_gift' as const) })
const finished = fc.record({
  delivery: fc
    .record({ id: fc.uuid(), number: fc.nat(), events: fc.array(event, { maxLength: 3 }), body: fc.uint8Array() })
    .map(({ body, ...rest }): ReportedDelivery => ({
      ...rest,
      request: { method: 'POST', path: '/', headers: [], body },
    })),
  outcome: fc.record({
    outcome: fc.constantFrom<OutcomeKind>('delivered', 'blocked', 'interrupted', 'ended'),
    attempts: fc.array(attempt, { maxLength: 4 }),
  }),
})

describe('a line of NDJSON', () => {
  test('is what JSON.stringify writes, however deliveries under way alternate', () => {
    fc.assert(
      fc.property(fc.array(finished, { minLength: 1, maxLength: 3 }), (all) => {
        const renderer = ndjsonRenderer({} as SendHeader, 'http://127.0.0.1/')
        for (let round = 0; round < 4; round += 1) {
          for (const { delivery, outcome } of all) {
            const made = outcome.attempts[round]
            if (made === undefined) continue
            const expected = { type: 'attempt', delivery: delivery.id, ...made }
            expect(renderer.attempt(delivery, made)).toBe(`${JSON.stringify(expected)}\n`)
          }
        }
        for (const { delivery, outcome } of all) {
          const expected = { type: 'delivery', ...deliveryReport(delivery, outcome) }
          expect(renderer.delivery(delivery, outcome)).toBe(`${JSON.stringify(expected)}\n`)
        }
      }),
    )
  })
})
