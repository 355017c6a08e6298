import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { onAbort } from '../../src/delivery/on-abort.ts'

describe('waiting for a signal', () => {
  test('each that waits is called once, in order; who stopped waiting is not', () => {
    const controller = new AbortController()
    const called: string[] = []
    onAbort(controller.signal, () => called.push('first'))
    const stop = onAbort(controller.signal, () => called.push('second'))
    onAbort(controller.signal, () => called.push('third'))
    stop()
    controller.abort()
    controller.abort()
    expect(called).toEqual(['first', 'third'])
  })

  test('one that stops another while it is called', () => {
    const controller = new AbortController()
    const called: string[] = []
    onAbort(controller.signal, () => {
      called.push('first')
      stop()
    })
    const stop = onAbort(controller.signal, () => called.push('second'))
    controller.abort()
    expect(called).toEqual(['first'])
  })

  test('all share one listener of the signal, and leave none behind', () => {
    const { signal } = new AbortController()
    const stops = [1, 2, 3].map(() => onAbort(signal, () => undefined))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const stop of [...stops, ...stops]) stop()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('who waits again after the last has gone is called; a stop from before has no say', () => {
    const controller = new AbortController()
    const stop = onAbort(controller.signal, () => undefined)
    stop()
    let called = 0
    onAbort(controller.signal, () => (called += 1))
    stop()
    controller.abort()
    expect(called).toBe(1)
  })

  test('two signals are apart', () => {
    const [one, other] = [new AbortController(), new AbortController()]
    let called = 0
    onAbort(one.signal, () => (called += 1))
    onAbort(other.signal, () => (called += 10))
    one.abort()
    expect(called).toBe(1)
  })
})
