import { describe, expect, test } from 'vitest'
import { paceOf, wholePoints } from '../../../src/emitter/console/client/numbers.ts'
import { paceText } from '../../../src/emitter/console/client/words.ts'

describe('points as people write them', () => {
  test.each([
    ['1', 1],
    [' 250 ', 250],
    ['007', 7],
    ['1 000', 1000],
    ['1\u202f000', 1000],
    ['1.000', 1000],
    ['1,000', 1000],
    ["12'000", 12_000],
    ['1,234,567', 1_234_567],
  ])('%j are %i', (text, points) => expect(wholePoints(text)).toBe(points))

  test.each([
    '',
    ' ',
    '0',
    '000',
    '-5',
    '+5',
    'many',
    '2.5',
    '2,5',
    '10.50',
    '1e3',
    '0x10',
    '٣',
    '5 points',
    '1.00',
    '1,0000',
    '10,00',
    '1,000.000',
    '1.000,50',
    '0,500',
    '1 00',
    '1000,000',
    '1,,000',
  ])('%j are none', (text) => expect(() => wholePoints(text)).toThrow('Points are a whole number above 0.'))

  test('are refused when they cannot be counted exactly', () =>
    expect(() => wholePoints('9007199254740993')).toThrow('counted exactly'))
})

describe('the pace as people write it', () => {
  test.each([
    ['0', 0],
    ['0.5', 0.5],
    ['0,5', 0.5],
    ['20', 20],
    ['1000', 1000],
    ['0.125', 0.125],
    [' 2,25 ', 2.25],
  ])('%j is %d', (text, pace) => expect(paceOf(text)).toBe(pace))

  test.each(['', '1e3', '0x10', '-1', 'Infinity', 'NaN', '1.2.3', '.', '5/s'])('%j is none', (text) =>
    expect(() => paceOf(text)).toThrow('The pace is a number from 0'),
  )

  test.each(['1.000', '1,000'])('%j could be a thousand or one, so it is asked for', (text) =>
    expect(() => paceOf(text)).toThrow('without a separator'),
  )

  test.each([
    [1, '1 event'],
    [0.5, '0.5 events'],
    [2000, '2,000 events'],
  ])('%d is told as %s', (pace, text) => expect(paceText(pace)).toBe(text))
})
