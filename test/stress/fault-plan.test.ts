import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../../src/delivery/fault.ts'
import { faultOf, faultShares, parseFaultShare } from '../../src/stress/fault-plan.ts'

describe('what the user writes', () => {
  test('shares of several faults', () => {
    const list = ['duplicate:5%', 'duplicate-concurrent:2%', 'wrong-signature:0.5%'].map((text) =>
      parseFaultShare(text),
    )
    expect(faultShares(list)).toEqual({ duplicate: 0.05, 'duplicate-concurrent': 0.02, 'wrong-signature': 0.005 })
    expect(faultShares([])).toEqual({})
  })

  test.each([
    [
      'duplicates:5%',
      '--fault duplicates:5%: there is no fault "duplicates"; did you mean duplicate? It is one of duplicate, duplicate-concurrent, reorder, lost-ack, wrong-signature, written duplicate:5%.',
    ],
    ['', 'there is no fault ""; it is one of'],
    ['constructor:5%', 'there is no fault "constructor"'],
    ['reorder', 'has no share; under load it is a percentage'],
    ['reorder:', '--fault reorder: has no share; under load it is a percentage'],
    ['reorder:2', '"2" is no share'],
    ['reorder:0%', '"0%" is no share'],
    ['reorder:101%', '"101%" is no share'],
    ['reorder:-1%', '"-1%" is no share'],
    ['reorder:1e1%', '"1e1%" is no share'],
  ])('%s is an error', (text, told) => {
    expect(() => parseFaultShare(text)).toThrow(told)
  })

  test('a fault given twice, or more than all deliveries, are errors', () => {
    expect(() => faultShares([parseFaultShare('reorder:1%'), parseFaultShare('reorder:2%')])).toThrow('given twice')
    expect(() => faultShares([parseFaultShare('reorder:60%'), parseFaultShare('duplicate:41%')])).toThrow(
      'add up to 101 %',
    )
    const tenths = FAULTS.map((fault) => parseFaultShare(`${fault}:20%`))
    expect(Object.values(faultShares(tenths))).toEqual([0.2, 0.2, 0.2, 0.2, 0.2])
  })
})

describe('which delivery is befallen', () => {
  const shares = faultShares(['duplicate:5%', 'reorder:10%', 'lost-ack:1%'].map((text) => parseFaultShare(text)))

  test('the share is kept, for every seed and in every stretch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 5_000_000_000 }),
        (seed, from) => {
          const size = 20_000
          const counts = new Map<string, number>()
          for (let index = from; index < from + size; index += 1) {
            const fault = faultOf(shares, seed, index)
            if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
          }
          expect([...counts.keys()].toSorted()).toEqual(['duplicate', 'lost-ack', 'reorder'])
          // Six standard deviations: once in a billion by chance.
          for (const [fault, share] of Object.entries(shares))
            expect(Math.abs((counts.get(fault) ?? 0) - share * size)).toBeLessThan(
              6 * Math.sqrt(size * share * (1 - share)),
            )
        },
      ),
      { numRuns: 50 },
    )
  })

  test('another seed befalls others', () => {
    const hit = (seed: number) => Array.from({ length: 1000 }, (_, index) => faultOf(shares, seed, index))
    expect(hit(1)).toEqual(hit(1))
    const both = hit(1).filter((fault, index) => fault !== undefined && fault === hit(2)[index]).length
    expect(both).toBeLessThan(40)
  })

  test('all of them or none', () => {
    for (let index = 0; index < 1000; index += 1) {
      expect(faultOf({ 'lost-ack': 1 }, 7, index)).toBe('lost-ack')
      expect(faultOf({}, 7, index)).toBeUndefined()
    }
  })
})
