import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryHeap } from '../../src/stress/retry-heap.ts'

test('gives out by due time, then by index, whatever came in between', () => {
  const step = fc.oneof(
    fc.record({ dueMs: fc.integer({ min: 0, max: 20 }), note: fc.nat(65_535) }),
    fc.constant('pop' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const heap = retryHeap()
      const model: { dueMs: number; index: number; note: number }[] = []
      steps.forEach((one, index) => {
        if (one !== 'pop') {
          heap.push(one.dueMs, index, one.note)
          model.push({ ...one, index })
        } else if (model.length > 0) {
          model.sort((a, b) => a.dueMs - b.dueMs || a.index - b.index)
          expect({ ...heap.pop() }).toEqual(model.shift())
        }
        expect(heap.size).toBe(model.length)
        expect(heap.nextDueMs).toBe(Math.min(Infinity, ...model.map(({ dueMs }) => dueMs)))
      })
    }),
  )
})

/** Twice: the bytes of an array that was collected are given back while the next collection waits for them. */
function collect(): void {
  globalThis.gc?.()
  globalThis.gc?.()
}

test('two hundred thousand waiting take less than forty bytes each', () => {
  collect()
  const before = process.memoryUsage()
  const heap = retryHeap()
  for (let index = 0; index < 200_000; index++) heap.push((index * 7919) % 100_003, index, 1)
  collect()
  const after = process.memoryUsage()
  const grown = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  expect(grown / 200_000).toBeLessThan(40)
  const given = Array.from({ length: heap.size }, () => heap.pop().dueMs)
  expect(given).toEqual(given.toSorted((a, b) => a - b))
})

test('has nothing to give when nothing waits', () => {
  expect(() => retryHeap().pop()).toThrow('nothing waits')
})
