import { array, assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { positionOf, roundsOf, shortenedFrom } from '../../../src/emitter/console/client/deliveries/schedule.ts'
import type { DeliveryDetail } from '../../../src/emitter/view/views.ts'
import { sampleWebhook } from '../console-people.ts'
import { attempted, sampleDelivery } from '../console-sends.ts'

const START_MS = Date.UTC(2026, 0, 1)

/** A delivery to a receiver that refuses, after so many attempts; each starts `lateMs` after it is due. */
function refused(attempts: number, lateMs = 0): DeliveryDetail {
  let delivery: DeliveryDetail = {
    ...sampleDelivery(1, sampleWebhook('w', 'shop', { url: 'http://localhost/error' }), [], START_MS),
    kind: 'events',
    retries: 7,
  }
  for (let count = 0; count < attempts; count++)
    delivery = attempted(delivery, Date.parse(delivery.nextAttemptAt ?? '') + lateMs, 100)
  return delivery
}

describe('the timeline of a delivery', () => {
  test.each([
    [0, 0, 8],
    [1, 1, 7],
    [4, 4, 4],
    [8, 8, 0],
  ])('after %i attempts has %i made and %i to come', (attempts, made, coming) => {
    const [round] = roundsOf(refused(attempts))
    expect(round?.slots.map(({ retry }) => retry)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(round?.slots.filter(({ startedMs }) => startedMs !== undefined)).toHaveLength(made)
    expect(round?.slots.filter(({ startedMs }) => startedMs === undefined)).toHaveLength(coming)
    expect(round?.spare).toEqual([])
  })

  test('keeps the room of retries that were not needed', () => {
    const delivered = { ...refused(3), state: 'delivered', nextAttemptAt: null } as const
    const [round] = roundsOf(delivered)
    expect(round?.slots).toHaveLength(3)
    expect(round?.spare).toEqual([4000, 8000, 16_000, 32_000, 64_000])
  })

  const atSpeed = (delivery: DeliveryDetail, speed: number): DeliveryDetail => ({
    ...delivery,
    schedule: delivery.schedule.map((entry) => ({ ...entry, realDelayMs: entry.delayMs / speed })),
  })
  const waitsOf = (delivery: DeliveryDetail) => roundsOf(delivery)[0]?.slots.map(({ waitMs }) => waitMs)
  const finished = { state: 'blocked', nextAttemptAt: null } as const

  test('tells the waits that were, whatever the speed is now', () => {
    const past = { ...refused(8), ...finished }
    const waits = [undefined, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]
    expect(waitsOf(atSpeed(past, 60))).toEqual(waits)
    expect(waitsOf(atSpeed(past, 1))).toEqual(waits)
  })

  test('has the speed of now only in the waits that are to come, less the one that began already', () => {
    expect(waitsOf(atSpeed(refused(2), 1))).toEqual([
      undefined,
      1000,
      2000,
      240_000,
      480_000,
      960_000,
      1_920_000,
      3_840_000,
    ])
  })

  test('retries that were not needed keep the speed of those before, and tell no wait where none was waited', () => {
    expect(roundsOf(atSpeed({ ...refused(6), ...finished }, 1))[0]?.spare).toEqual([32_000, 64_000])
    expect(roundsOf(atSpeed({ ...refused(1), ...finished }, 1))[0]?.spare).toEqual(Array(7).fill(undefined))
  })

  test('says that waits were shortened by those that are drawn, not by the speed of now', () => {
    const isShortened = (delivery: DeliveryDetail) => shortenedFrom(roundsOf(delivery), delivery.schedule) !== undefined
    const fast = { ...refused(8), ...finished }
    expect(isShortened(fast)).toBe(true)
    expect(isShortened(atSpeed(fast, 1))).toBe(true)
    expect(isShortened(atSpeed({ ...refused(1), ...finished }, 60))).toBe(false)
    expect(isShortened(atSpeed(refused(0), 1))).toBe(false)
    expect(isShortened(refused(0))).toBe(true)
  })

  test('has a row for each sending, the latest first, and what is to come only there', () => {
    const resent: DeliveryDetail = {
      ...refused(8),
      state: 'queued',
      resends: 1,
      nextAttemptAt: new Date(START_MS + 9_000_000).toISOString(),
    }
    expect(roundsOf(resent).map(({ number, slots }) => [number, slots.length])).toEqual([
      [2, 8],
      [1, 8],
    ])
  })

  test('counts an attempt that was made again after the process had ended once', () => {
    const [first] = refused(1).attemptLog
    if (first === undefined) throw new Error('no attempt')
    const unknown = { ...first, durationMs: null, result: null }
    const again = { ...first, number: 2, possibleDuplicate: true }
    const [round] = roundsOf({ ...refused(1), attemptLog: [unknown, again] })
    expect(round?.slots[0]).toMatchObject({ retry: 0, possibleDuplicate: true, result: { status: 500 } })
    expect(round?.slots).toHaveLength(8)
  })

  test('gives a wait of a second as much room as one of a minute', () => {
    const [round] = roundsOf(refused(2))
    if (round === undefined) throw new Error('no round')
    expect(round.slots.map(({ dueMs }) => positionOf(dueMs, round))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => index / 8),
    )
  })

  test('never runs backwards, and never leaves the drawing', () => {
    assert(
      property(
        integer({ min: 0, max: 8 }),
        integer({ min: 0, max: 90_000 }),
        array(integer({ min: -10_000, max: 500_000 }), { minLength: 2 }),
        (attempts, lateMs, moments) => {
          const [round] = roundsOf(refused(attempts, lateMs))
          if (round === undefined) return false
          const positions = moments.toSorted((a, b) => a - b).map((moment) => positionOf(START_MS + moment, round))
          return positions.every((at, index) => at >= 0 && at < 1 && at >= (positions[index - 1] ?? 0))
        },
      ),
    )
  })
})
