import { describe, expect, test } from 'vitest'
import { formatDuration, MAX_DURATION_MS, parseDurationMs, waitsAtSpeed } from '../../src/delivery/duration.ts'

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['10', 10_000],
  ['0.5', 500],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['24d', 2_073_600_000],
  ['0', 0],
  ['35791m', MAX_DURATION_MS],
])('%s is %i ms', (text, durationMs) => {
  expect(parseDurationMs(text, '--timeout')).toBe(durationMs)
})

test.each(['', '10 x', '-5s', 'abc', '5 s', '1e3', '5S', '.5s', '1h30m', 'Infinity', '0x10'])('%j is none', (text) => {
  expect(() => parseDurationMs(text, '--timeout')).toThrow(/^--timeout .*write a duration such as 500ms, 10s, 2m$/)
})

test.each(['35792m', '25d', '999999999999'])('%s is longer than a timer holds', (text) => {
  expect(() => parseDurationMs(text, '--max-time')).toThrow('at most 24d')
})

test('the longest duration fits a timer', () => {
  expect(MAX_DURATION_MS).toBeLessThanOrEqual(2 ** 31 - 1)
})

test.each([
  [60, '60 times shorter'],
  [1_000_000, '1000000 times shorter'],
  [1234.5678, '1234.57 times shorter'],
  [1.5, '1.5 times shorter'],
  [0.5, '2 times longer'],
  [0.3, '3.33 times longer'],
  [0.001, '1000 times longer'],
])('at speed %d waits are %s', (speed, text) => expect(waitsAtSpeed(speed)).toBe(text))

describe('for people', () => {
  test.each([
    [0, '0 ms'],
    [350.4, '350 ms'],
    [999.4, '999 ms'],
    [1000, '1 s'],
    [1500, '1.5 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [64_000, '1 min 4 s'],
    [127_000, '2 min 7 s'],
    [3_599_600, '1 h'],
    [12_000_000, '3 h 20 min'],
    [86_399_999, '1 d'],
    [99_305_000, '1 d 4 h'],
  ])('%d ms is %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
  })
})
