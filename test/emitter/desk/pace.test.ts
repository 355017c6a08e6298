import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../../src/emitter/desk/pace.ts'
import { fakeClock } from '../../support/fake-clock.ts'

/** A pace whose events cost no time; `setBackMs` is how far the wall clock was moved. */
function pacing() {
  const time = fakeClock()
  let setMs = 0
  const clock = { ...time, nowMs: () => time.nowMs() + setMs }
  const happened: number[] = []
  const startMs = clock.nowMs()
  const pace = createPace(clock, (atMs) => void happened.push(atMs - startMs))
  return { pace, happened, advance: time.advance, setClock: (byMs: number) => (setMs += byMs) }
}

describe('a pace', () => {
  test('is even, and the first comes after one wait', () => {
    const { pace, happened, advance } = pacing()
    pace.set(2)
    advance(499)
    expect(happened).toEqual([])
    advance(1501)
    expect(happened).toEqual([500, 1000, 1500, 2000])
  })

  test.each([1 / 3600, 0.7, 3, 7, 333, 999, 5000])('of %d/s is exact over time', (perSecond) => {
    const { pace, happened, advance } = pacing()
    const seconds = Math.ceil(Math.max(20, 3 / perSecond))
    pace.set(perSecond)
    advance(seconds * 1000)
    expect(happened.length).toBeGreaterThanOrEqual(Math.floor(seconds * perSecond * 0.999_999) - 1)
    expect(happened.length).toBeLessThanOrEqual(Math.ceil(seconds * perSecond))
  })

  test('takes every change at once, and 0 stops it', () => {
    const { pace, happened, advance } = pacing()
    pace.set(1)
    advance(999)
    pace.set(10)
    advance(200)
    expect(happened).toEqual([1099, 1199])
    pace.set(0)
    advance(10_000)
    expect(happened).toHaveLength(2)
    pace.set(1)
    advance(1000)
    expect(happened).toHaveLength(3)
  })

  test('can be changed by what happens, and only one pace goes on', () => {
    const time = fakeClock()
    let count = 0
    const pace = createPace(time, () => {
      count += 1
      pace.set(1)
    })
    pace.set(1000)
    time.advance(10_000)
    expect(count).toBe(10)
  })

  test('leaves out what a machine that slept has missed', () => {
    const { pace, happened, advance, setClock } = pacing()
    pace.set(10)
    advance(1000)
    setClock(8 * 3_600_000)
    advance(1000)
    expect(happened.length).toBeGreaterThanOrEqual(19)
    expect(happened.length).toBeLessThanOrEqual(21)
  })

  test('makes up for a moment', () => {
    const { pace, happened, advance, setClock } = pacing()
    pace.set(10)
    advance(1000)
    setClock(900)
    advance(100)
    expect(happened).toHaveLength(20)
  })

  test('goes on after the clock was set back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.constantFrom(0.5, 2, 50), (backMs, perSecond) => {
        const { pace, happened, advance, setClock } = pacing()
        pace.set(perSecond)
        advance(10_000)
        const before = happened.length
        setClock(-backMs)
        advance(10_000)
        expect(happened.length - before).toBeGreaterThanOrEqual(
          Math.floor(10 * perSecond) - Math.ceil(1.1 * perSecond) - 1,
        )
        expect(happened.length - before).toBeLessThanOrEqual(10 * perSecond + 1)
      }),
      { numRuns: 50 },
    )
  })

  test('rests between what takes long, so that what happened can be sent', () => {
    const time = fakeClock()
    let busyMs = 0
    const clock = { ...time, monotonicMs: () => time.monotonicMs() + busyMs, nowMs: () => time.nowMs() + busyMs }
    createPace(clock, () => void (busyMs += 1)).set(5000)
    time.advance(1000)
    expect(busyMs).toBeGreaterThan(200)
    expect(busyMs).toBeLessThan(600)
  })
})
