import { describe, expect, test } from 'vitest'
import type { Step } from '../../support/scripted-transport.ts'
import { dispatchIn, gate, settled } from './dispatch-setting.ts'

describe('stop', () => {
  test('starts nothing more, waits for what is in flight, writes its result, closes', async () => {
    const slow = gate<Step>()
    const { add, dispatch, advance, log, store } = dispatchIn({ answer: () => slow.passed })
    add()
    add()
    await settled()
    let isStopped = false
    const stopped = dispatch.stop(5000).then(() => (isStopped = true))
    await advance(4999)
    expect(isStopped).toBe(false)
    slow.open(200)
    await stopped
    expect(log.slice(0, 5)).toEqual([
      'begin 1.1 retry 0',
      'durable',
      'open shop.example',
      'send 1',
      'end 1.1 delivered',
    ])
    expect(log).toContain('close shop.example')
    expect(log.at(-1)).toBe('durable')
    expect(store.deliveries.get(2)?.state).toBe('queued')
  })

  test('what takes longer is stopped without a result, and sent again at the next start, marked', async () => {
    const first = dispatchIn({ answer: () => new Promise<Step>(() => {}), concurrency: 2 })
    first.add()
    first.add()
    await settled()
    const waiting = first.dispatch.finished(1)
    const stopped = first.dispatch.stop(5000)
    await first.advance(5000)
    await stopped
    await waiting
    expect([...first.store.deliveries.values()].map(({ attempts }) => attempts.map(({ result }) => result))).toEqual([
      [null],
      [null],
    ])
    expect(first.log.slice(-2)).toEqual(['close shop.example', 'durable'])

    const second = dispatchIn({ memory: first.store.afterCrash() })
    second.addUnfinished()
    await settled()
    expect(second.log.filter((line) => line.startsWith('begin'))).toEqual([
      'begin 1.2 retry 0 duplicate?',
      'begin 2.2 retry 0 duplicate?',
    ])
    expect(second.dispatch.size()).toBe(0)
  })

  test('retries that wait go on at the next start', async () => {
    const first = dispatchIn({ answer: () => 500 })
    first.add()
    await settled()
    await first.dispatch.stop(0)
    await first.advance(1e6)
    expect(first.sentIds()).toEqual([1])
    const second = dispatchIn({ memory: first.store.afterCrash() })
    second.addUnfinished()
    await second.advance(999)
    expect(second.log).toEqual([])
    await second.advance(1)
    expect(second.log.slice(0, 2)).toEqual(['begin 1.2 retry 1', 'durable'])
  })
})

describe('a start after the process was ended', () => {
  test('an intent without a result is sent again under the same number of retries, and uses none up', async () => {
    const first = dispatchIn({
      answer: ({ id }) =>
        first.sentIds().filter((each) => each === id).length < 2 ? 500 : new Promise<Step>(() => {}),
    })
    first.add()
    await settled()
    await first.advance(1000)
    const second = dispatchIn({ memory: first.store.afterCrash(), answer: () => 500 })
    second.addUnfinished()
    for (const waitMs of [0, 2000, 4000, 1e6]) await second.advance(waitMs)
    expect(second.log.filter((line) => !/durable|open|send/.test(line))).toEqual([
      'begin 1.3 retry 1 duplicate?',
      'end 1.3 retrying',
      'begin 1.4 retry 2',
      'end 1.4 retrying',
      'begin 1.5 retry 3',
      'end 1.5 blocked',
      'webhook shop 1',
    ])
  })

  test('what is overdue goes in order of due time, before what was never sent', async () => {
    const { add, clock, sentIds } = dispatchIn()
    const ago = (byMs: number, retriesDone: number) => ({ dueAtMs: clock.nowMs() - byMs, retriesDone })
    add(ago(0, 0))
    add(ago(10, 1))
    add(ago(30, 2))
    add(ago(20, 1))
    await settled()
    expect(sentIds()).toEqual([3, 4, 2, 1])
  })
})
