import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedMap } from '../../src/receiver/bounded-map.ts'
import { createMemory } from '../../src/receiver/memory.ts'
import type { Arriving } from '../../src/receiver/memory.ts'

const arriving = (eventIds: readonly string[], change: Partial<Arriving> = {}): Arriving => ({
  eventIds,
  as: 'try',
  takes: 'step',
  ...change,
})

test('the same bytes again are a retry, an event again in other bytes is a duplicate', () => {
  const memory = createMemory()
  expect(memory.arrive('A', arriving(['1', '2']))).toEqual({ request: 1, taken: 0, repetition: undefined })
  expect(memory.arrive('A', arriving(['1', '2'])).repetition).toEqual({ kind: 'retry', request: 2 })
  expect(memory.arrive('B', arriving(['2', '3'])).repetition).toEqual({ kind: 'duplicate', eventIds: ['2'] })
  // It was named when it came first; the same bytes again are a retry of that.
  expect(memory.arrive('B', arriving(['2', '3'])).repetition).toEqual({ kind: 'retry', request: 2 })
  expect(memory.arrive('A', arriving(['1', '2'])).repetition).toEqual({ kind: 'retry', request: 3 })
  expect(memory.arrive('C', arriving(['4', '5', '4'])).repetition).toEqual({ kind: 'duplicate', eventIds: ['4'] })
})

test('without event ids only a retry is recognised', () => {
  const memory = createMemory()
  expect(memory.arrive('A', arriving([])).repetition).toBeUndefined()
  expect(memory.arrive('B', arriving([])).repetition).toBeUndefined()
  expect(memory.arrive('A', arriving([])).repetition).toEqual({ kind: 'retry', request: 2 })
})

test('the ids of a delivery that was refused first are known once it is accepted', () => {
  const memory = createMemory()
  memory.arrive('A', arriving([], { takes: 'nothing' }))
  expect(memory.arrive('A', arriving(['1'])).repetition).toEqual({ kind: 'retry', request: 2 })
  expect(memory.arrive('B', arriving(['1'])).repetition).toEqual({ kind: 'duplicate', eventIds: ['1'] })
})

test('each delivery has steps of its own, and what is refused takes none', () => {
  const memory = createMemory()
  const taken = (sha: string, takes: Arriving['takes']) => memory.arrive(sha, arriving([], { takes })).taken
  expect([
    taken('A', 'step'),
    taken('B', 'step'),
    taken('A', 'nothing'),
    taken('A', 'step'),
    taken('A', 'step'),
  ]).toEqual([0, 0, 1, 1, 2])
})

test('a stray request is no try of a delivery, and leaves no trace unless it takes a step', () => {
  const memory = createMemory()
  const stray = arriving([], { as: 'stray' })
  expect(memory.arrive('A', { ...stray, takes: 'nothing' })).toEqual({ request: 1, taken: 0, repetition: undefined })
  expect(memory.counts().bodies).toBe(0)
  expect([memory.arrive('A', stray).taken, memory.arrive('A', stray).taken]).toEqual([0, 1])
  expect(memory.arrive('A', arriving(['1'])).repetition).toBeUndefined()
})

test('bodies and ids are forgotten from the oldest on, each on its own account, and counted', () => {
  const memory = createMemory(3)
  for (const sha of ['A', 'B', 'C']) memory.arrive(sha, arriving([`${sha}1`, `${sha}2`]))
  expect(memory.counts()).toEqual({ bodies: 3, eventIds: 3, evictedBodies: 0, evictedEventIds: 3 })
  memory.arrive('A', arriving([]))
  memory.arrive('D', arriving([]))
  expect(memory.arrive('A', arriving([])).repetition).toEqual({ kind: 'retry', request: 3 })
  expect(memory.arrive('B', arriving([])).repetition).toBeUndefined()
  expect(memory.counts()).toMatchObject({ bodies: 3, evictedBodies: 2 })
})

test('a bounded map holds the latest touched, as a plain list would', () => {
  const operations = fc.array(
    fc.tuple(fc.constantFrom('add', 'touch'), fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')),
    {
      maxLength: 80,
    },
  )
  fc.assert(
    fc.property(operations, fc.integer({ min: 1, max: 5 }), (steps, most) => {
      const map = boundedMap<string>(most)
      let model: string[] = []
      let evicted = 0
      for (const [what, key] of steps) {
        expect(map.touch(key)).toBe(model.includes(key) ? key : undefined)
        if (model.includes(key)) model = [...model.filter((one) => one !== key), key]
        else if (what === 'add') {
          map.add(key, key)
          model.push(key)
          if (model.length > most) {
            model.shift()
            evicted += 1
          }
        }
        expect([map.size(), map.evicted()]).toEqual([model.length, evicted])
      }
    }),
  )
})

test('forgetting takes no longer when much was forgotten before', () => {
  const map = boundedMap<number>(20_000)
  const spentMs = (from: number) => {
    const startedMs = performance.now()
    for (let index = from; index < from + 100_000; index++) map.add(String(index), index)
    return performance.now() - startedMs
  }
  spentMs(0)
  // An iterator that starts anew for each would walk over a billion holes here.
  expect(spentMs(100_000)).toBeLessThan(1000)
})
