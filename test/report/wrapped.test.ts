import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counted, wrapped } from '../../src/report/wrapped.ts'

describe('wrapped text', () => {
  test('has the same words in the same order, in lines that fit unless a word does not', () => {
    const words = fc.array(fc.stringMatching(/^[a-z./:]{1,70}$/), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, fc.integer({ min: 32, max: 120 }), fc.integer({ min: 0, max: 20 }), (all, width, indent) => {
        const lines = wrapped(all.join(' '), { width, indent })
        const whole = [' '.repeat(indent) + lines[0], ...lines.slice(1)]
        expect(whole.flatMap((line) => line.trim().split(' '))).toEqual(all)
        for (const [index, line] of whole.entries()) {
          expect(line.startsWith(' '.repeat(indent))).toBe(true)
          if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(width)
          // No line is broken too early either.
          const next = whole[index + 1]?.trim().split(' ')[0]
          if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(width)
        }
      }),
    )
  })

  test('is one empty line where there is nothing', () => {
    expect(wrapped('', { width: 80, indent: 2 })).toEqual([''])
  })
})

test.each([
  [0, '0 events'],
  [1, '1 event'],
  [1200, '1,200 events'],
])('%i is counted as %s', (number, text) => {
  expect(counted(number, 'event')).toBe(text)
})
