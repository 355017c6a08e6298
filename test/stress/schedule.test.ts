import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LoadSchedule, LoadStage } from '../../src/stress/load-plan.ts'
import { countBefore, dueMs, rateAt, totalOf } from '../../src/stress/schedule.ts'
import { loadSchedule, parseRate, parseStages, scheduleText } from '../../src/stress/schedule-text.ts'

const open = (stages: string, count?: number) => loadSchedule({ stages: parseStages(stages), count })
const stageOf = ([durationMs, fromPerSecond, toPerSecond]: readonly [number, number, number]): LoadStage => ({
  durationMs,
  fromPerSecond,
  toPerSecond,
})

describe('how many deliveries are due before a moment', () => {
  test.each<[sentence: string, stages: string, ms: number, count: number]>([
    ['none before the start', '10s@100/s', -1, 0],
    ['none at the start itself', '10s@100/s', 0, 0],
    ['the first right after it', '10s@100/s', 0.001, 1],
    ['one, until the second is due', '10s@100/s', 10, 1],
    ['two from then on', '10s@100/s', 10.001, 2],
    ['half a second at 100/s is fifty', '10s@100/s', 500, 50],
    ['all at the end', '10s@100/s', 10_000, 1000],
    ['no more after it', '10s@100/s', 99_999, 1000],
    ['600 a minute are ten a second', '10s@600/m', 1000, 10],
    ['a slow rate still begins at once', '10s@6/m', 1, 1],
    ['a ramp from nothing is a quarter at half time', '10s@0/s..100/s', 5000, 125],
    ['a ramp to nothing is three quarters at half time', '10s@100/s..0/s', 5000, 375],
    ['a ramp ends with the area below it', '10s@100/s..300/s', 10_000, 2000],
    ['a border belongs to what follows', '1s@10/s,1s@100/s', 1000, 10],
    ['after it the new rate holds', '1s@10/s,1s@100/s', 1000.001, 11],
    ['a pause adds nothing', '1s@10/s,5s@0/s,1s@10/s', 6000, 10],
    ['after the pause it goes on', '1s@10/s,5s@0/s,1s@10/s', 6000.001, 11],
    ['a pause at the start is waited for', '5s@0/s,1s@10/s', 5000, 0],
    ['stages that share a delivery send it once', '1500ms@1/s,1500ms@1/s', 3000, 3],
    ['a third of a delivery a second is no rounding error more', '3s@20/m', 3000, 1],
    ['100 a minute for an hour are 6,000', '1h@100/m', 3_600_000, 6000],
  ])('%s', (_, stages, ms, count) => {
    expect(countBefore(open(stages), ms)).toBe(count)
  })

  test('a count ends it early', () => {
    const schedule = open('10s@100/s', 7)
    expect([countBefore(schedule, 60), countBefore(schedule, 61), countBefore(schedule, 10_000)]).toEqual([6, 7, 7])
    expect([dueMs(schedule, 6), dueMs(schedule, 7)]).toEqual([60, Infinity])
  })
})

describe('when a delivery is due', () => {
  test.each<[sentence: string, stages: string, index: number, ms: number]>([
    ['the first at the start', '10s@100/s', 0, 0],
    ['the second a hundredth later', '10s@100/s', 1, 10],
    ['the last before the end', '10s@100/s', 999, 9990],
    ['there is none after it', '10s@100/s', 1000, Infinity],
    ['the first of a stage at its border', '1s@10/s,1s@100/s', 10, 1000],
    ['the first after a pause at its end', '1s@10/s,5s@0/s,1s@10/s', 10, 6000],
    ['the first after a pause at the start', '5s@0/s,1s@10/s', 0, 5000],
    ['none in a pause at the end', '1s@10/s,5s@0/s', 10, Infinity],
    ['a ramp from nothing begins at once', '10s@0/s..100/s', 0, 0],
    ['and is half way after a quarter', '10s@0/s..100/s', 125, 5000],
    ['the last of a ramp to nothing comes late', '2s@100/s..0/s', 99, 1800],
    ['an hour of 3 a second has not drifted', '1h@3/s', 10_797, 3_599_000],
  ])('%s', (_, stages, index, ms) => {
    expect(dueMs(open(stages), index)).toBeCloseTo(ms, 6)
  })
})

const anyStages = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((list) => list.map(stageOf))

describe('for every schedule', () => {
  test('the next delivery is never due before the moment, the last before it always is', () => {
    fc.assert(
      fc.property(anyStages, fc.double({ min: 0, max: 130_000, noNaN: true }), (stages, ms) => {
        const schedule: LoadSchedule = { kind: 'open', stages }
        const count = countBefore(schedule, ms)
        expect(dueMs(schedule, count)).toBeGreaterThanOrEqual(ms)
        if (count > 0) expect(dueMs(schedule, count - 1)).toBeLessThan(ms)
      }),
      { numRuns: 500 },
    )
  })

  test('counts and due times never fall, and the total is where they end', () => {
    fc.assert(
      fc.property(
        anyStages,
        fc.array(fc.double({ min: 0, max: 130_000, noNaN: true }), { minLength: 2 }),
        (stages, at) => {
          const schedule: LoadSchedule = { kind: 'open', stages }
          const { count = -1, durationMs = -1 } = totalOf(schedule)
          const counts = at.toSorted((a, b) => a - b).map((ms) => countBefore(schedule, ms))
          expect(counts).toEqual(counts.toSorted((a, b) => a - b))
          expect(countBefore(schedule, durationMs + 1)).toBe(count)
          expect(dueMs(schedule, count)).toBe(Infinity)
          const step = Math.max(1, Math.floor(count / 200))
          for (let index = step; index < count; index += step)
            expect(dueMs(schedule, index)).toBeGreaterThanOrEqual(dueMs(schedule, index - 1))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('a steady rate keeps its distance for an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 3599 }), (perSecond, second) => {
        const schedule: LoadSchedule = { kind: 'open', stages: [stageOf([3_600_000, perSecond, perSecond])] }
        expect(dueMs(schedule, perSecond * second)).toBeCloseTo(second * 1000, 6)
        expect(totalOf(schedule).count).toBe(perSecond * 3600)
      }),
    )
  })
})

test('the rate at a moment is the line between its ends, and at a border the next one', () => {
  const schedule = open('10s@100/s..200/s,10s@50/s')
  expect([-1, 0, 5000, 10_000, 20_000].map((ms) => rateAt(schedule, ms))).toEqual([0, 100, 150, 50, 0])
})

describe('what the user writes', () => {
  test.each([
    ['200/s', 200, 200],
    ['600/m', 10, 10],
    ['0.5/s', 0.5, 0.5],
    ['50/s..500/s', 50, 500],
    ['60/m..0/s', 1, 0],
  ])('--rate %s', (text, fromPerSecond, toPerSecond) => {
    expect(parseRate(text)).toEqual({ fromPerSecond, toPerSecond })
  })

  test.each([
    ['200', 'did you mean 200/s? Write a rate such as 200/s'],
    ['0', '--rate 0: "0" is no rate; write a rate such as 200/s'],
    [
      'fast',
      '--rate fast: "fast" is no rate; write a rate such as 200/s or 600/m, a ramp such as 50/s..500/s, or max.',
    ],
    ['-5/s', 'no rate'],
    ['1/s..2/s..3/s', 'no rate'],
    ['5/s..', 'a ramp needs both its rates'],
    ['..5/s', 'a ramp needs both its rates'],
    ['10/h', 'no rate'],
    ['0/s', 'nothing would ever be due'],
    ['1000001/s', 'at most 1000000/s'],
  ])('--rate %s is an error', (text, told) => {
    expect(() => parseRate(text)).toThrow(told)
  })

  test('stages, in steps and ramps', () => {
    expect(parseStages('10s@100/s, 30s@100/s..500/s,500ms@0/s')).toEqual(
      [[10_000, 100, 100] as const, [30_000, 100, 500] as const, [500, 0, 0] as const].map(stageOf),
    )
  })

  test.each([
    ['10s', '--stages stage 1 "10s" is no stage; write stages such as 10s@100/s'],
    ['10s@1/s,', 'stage 2 "" is no stage'],
    ['10s@1/s,x@5/s', 'stage 2 "x@5/s": "x" is not a duration'],
    ['0s@1/s', 'has no length'],
    ['10s@5', 'did you mean 5/s?'],
    ['10s@0/s', 'nothing would ever be due'],
    [Array(101).fill('1s@1/s').join(','), 'at most 100'],
  ])('--stages %s is an error', (text, told) => {
    expect(() => parseStages(text)).toThrow(told)
  })

  const steady = parseRate('200/s')
  test.each([
    ['a rate with a duration', { rate: steady, durationMs: 10_000 }, { count: 2000, durationMs: 10_000 }],
    ['a rate with a count', { rate: steady, count: 1000 }, { count: 1000, durationMs: 5000 }],
    ['a rate and a count that is no whole time', { rate: parseRate('7/s'), count: 1000 }, { count: 1000 }],
    ['both, the count first', { rate: steady, durationMs: 10_000, count: 10 }, { count: 10, durationMs: 50 }],
    ['both, the duration first', { rate: steady, durationMs: 1000, count: 9999 }, { count: 200, durationMs: 1000 }],
    ['a ramp with a duration', { rate: parseRate('0/s..100/s'), durationMs: 10_000 }, { count: 500 }],
    ['stages', { stages: parseStages('1s@5/s') }, { count: 5, durationMs: 1000 }],
    ['stages cut short', { stages: parseStages('1s@5/s'), count: 2 }, { count: 2, durationMs: 400 }],
    ['max for a time', { rate: 'max' as const, durationMs: 1000 }, { durationMs: 1000 }],
    ['max for a count', { rate: 'max' as const, count: 5 }, { count: 5 }],
  ])('%s', (_, choice, total) => {
    expect(totalOf(loadSchedule(choice))).toMatchObject(total)
  })

  test.each([
    ['no load at all', {}, 'how much is to be sent?'],
    ['a rate without an end', { rate: steady }, '--rate needs an end: give --duration 30s or --count 1000.'],
    ['max without an end', { rate: 'max' as const }, '--rate needs an end'],
    ['a ramp with a count only', { rate: parseRate('1/s..9/s'), count: 5 }, 'needs --duration'],
    ['stages and a rate', { stages: parseStages('1s@5/s'), rate: steady }, '--rate and --stages'],
    ['stages and a duration', { stages: parseStages('1s@5/s'), durationMs: 5 }, '--duration and --stages clash'],
  ])('%s is an error', (_, choice, told) => {
    expect(() => loadSchedule(choice)).toThrow(told)
  })

  test.each([
    [
      open('10s@100/s,30s@100/s..500/s,10s@0/s'),
      '10 s at 100/s, 30 s from 100/s to 500/s, 10 s of nothing; 10,000 deliveries',
    ],
    [
      loadSchedule({ rate: parseRate('500/s'), durationMs: 3000, count: 1001 }),
      '3 s at 500/s; 1,001 deliveries, which end it after 2 s',
    ],
    [loadSchedule({ rate: parseRate('500/s'), durationMs: 3000, count: 1500 }), '3 s at 500/s; 1,500 deliveries'],
    [loadSchedule({ rate: parseRate('500/s'), count: 1000 }), '2 s at 500/s; 1,000 deliveries'],
    [
      loadSchedule({ rate: 'max', durationMs: 60_000, count: 1 }),
      'as fast as the connections allow, for 1 min or 1 delivery',
    ],
  ])('is printed: %#', (schedule, text) => {
    expect(scheduleText(schedule)).toBe(text)
  })
})
