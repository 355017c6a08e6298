import { describe, expect, test } from 'vitest'
import { SOURCES } from '../../src/check/sources.ts'

describe('sources', () => {
  test('all 60 numbers of the catalogue have one, each with a mark', () => {
    const counts = { CON: 11, AUT: 15, DLV: 9, ROB: 12, PRF: 4, TRN: 9 }
    const numbers = Object.entries(counts).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}-${String(index + 1).padStart(2, '0')}`),
    )
    expect(Object.keys(SOURCES)).toEqual(numbers)
    for (const citation of numbers.flatMap((number) => SOURCES[number] ?? [''])) {
      expect(citation).toMatch(/^\[[QSIMJ]\] \S.{10,}$/)
      if (citation.startsWith('[I]')) expect(citation).toMatch(/github\.com\/[\w.-]+\/[\w.-]+\/issues\/\d+$/)
    }
  })
})
