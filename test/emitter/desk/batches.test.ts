import { describe, expect, test } from 'vitest'
import { createBatches } from '../../../src/emitter/desk/batches.ts'
import { fakeClock } from '../../support/fake-clock.ts'

function batching(max = 3) {
  const clock = fakeClock()
  const closed: string[] = []
  const batches = createBatches({
    clock,
    windowMs: 1000,
    max,
    onBatch: (webhookId, events) => void closed.push(`${clock.monotonicMs()} ${webhookId} ${events.join()}`),
  })
  return { clock, closed, batches }
}

describe('a batch', () => {
  test('is closed a window after its first event, not after its last', () => {
    const { clock, closed, batches } = batching()
    batches.add('a', 1)
    clock.advance(999)
    batches.add('a', 2)
    expect(closed).toEqual([])
    clock.advance(1)
    expect(closed).toEqual(['1000 a 1,2'])
    clock.advance(5000)
    batches.add('a', 3)
    clock.advance(1000)
    expect(closed).toEqual(['1000 a 1,2', '7000 a 3'])
  })

  test('is closed at once when it is full, and its window does not close the next one', () => {
    const { clock, closed, batches } = batching(2)
    batches.add('a', 1)
    clock.advance(600)
    for (const seq of [2, 3]) batches.add('a', seq)
    clock.advance(400)
    expect(closed).toEqual(['600 a 1,2'])
    clock.advance(600)
    expect(closed).toEqual(['600 a 1,2', '1600 a 3'])
  })

  test('of one event is closed at once when that is all it holds', () => {
    const { closed, batches } = batching(1)
    for (const seq of [1, 2]) batches.add('a', seq)
    expect(closed).toEqual(['0 a 1', '0 a 2'])
  })

  test('belongs to one webhook', () => {
    const { clock, closed, batches } = batching()
    batches.add('a', 1)
    clock.advance(500)
    batches.add('b', 1)
    batches.add('a', 2)
    clock.advance(1000)
    expect(closed).toEqual(['1000 a 1,2', '1500 b 1'])
  })

  test('is closed early by a flush: of one webhook, or of all', () => {
    const { clock, closed, batches } = batching()
    for (const id of ['a', 'b', 'c']) batches.add(id, 1)
    batches.flush('b')
    expect(closed).toEqual(['0 b 1'])
    batches.flush()
    batches.flush('unknown')
    clock.advance(5000)
    expect(closed).toEqual(['0 b 1', '0 a 1', '0 c 1'])
  })

  test('is forgotten when its webhook goes', () => {
    const { clock, closed, batches } = batching()
    batches.add('a', 1)
    batches.drop('a')
    batches.drop('unknown')
    clock.advance(5000)
    batches.flush()
    expect(closed).toEqual([])
  })
})
