import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { alarm } from '../../../src/emitter/dispatch/alarm.ts'
import { laneHeap } from '../../../src/emitter/dispatch/lane-heap.ts'
import { laneQueue } from '../../../src/emitter/dispatch/lane-queue.ts'
import { fakeClock } from '../../support/fake-clock.ts'

test('what waits comes out by due time and id, also after due times were changed', () => {
  const changes = fc.array(fc.record({ dueAtMs: fc.nat(9), laterMs: fc.nat(9) }), { maxLength: 50 })
  fc.assert(
    fc.property(changes, fc.boolean(), (items, isChanged) => {
      const heap = laneHeap<{ id: number; dueAtMs: number }>()
      const waiting = items.map(({ dueAtMs }, id) => ({ id, dueAtMs }))
      waiting.forEach(heap.push)
      if (isChanged) {
        waiting.forEach((item, index) => (item.dueAtMs = items[index]?.laterMs ?? 0))
        heap.reorder()
      }
      const sorted = waiting.toSorted((a, b) => a.dueAtMs - b.dueAtMs || a.id - b.id)
      expect(sorted.map(() => heap.pop())).toEqual(sorted)
      expect([heap.first, heap.pop()]).toEqual([undefined, undefined])
    }),
  )
})

test('a queue gives back what it was given, in order, however long it was', () => {
  const queue = laneQueue<number>()
  const taken: number[] = []
  for (let nth = 0; nth < 5000; nth += 1) {
    queue.push(nth)
    if (nth % 3 === 0) taken.push(queue.shift() as number)
  }
  while (queue.first !== undefined) taken.push(queue.shift() as number)
  expect(taken).toEqual(taken.map((_, index) => index))
  expect(taken).toHaveLength(5000)
})

test('an alarm rings for the earliest it was set for, and looks at the wall clock once a minute', () => {
  const clock = fakeClock()
  const rung: number[] = []
  const bell = alarm(clock, () => void rung.push(clock.monotonicMs()))
  const startMs = clock.nowMs()
  bell.by(startMs + 500)
  bell.by(startMs + 200)
  bell.by(startMs + 900)
  bell.by(Number.POSITIVE_INFINITY)
  clock.advance(1000)
  expect(rung).toEqual([200])
  bell.by(startMs + 3_600_000)
  clock.advance(60_000)
  expect(rung).toEqual([200, 61_000])
  bell.by(startMs - 1)
  clock.advance(0)
  bell.by(startMs + 62_000)
  bell.cancel()
  clock.advance(60_000)
  expect(rung).toEqual([200, 61_000, 61_000])
})
