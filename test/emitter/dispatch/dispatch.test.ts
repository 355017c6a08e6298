import { describe, expect, test } from 'vitest'
import { FAKE_START_MS } from '../../support/fake-clock.ts'
import type { Step } from '../../support/scripted-transport.ts'
import { dispatchIn, gate, settled } from './dispatch-setting.ts'

const script = (...steps: Step[]) => {
  let nth = 0
  return () => steps[Math.min(nth++, steps.length - 1)] as Step
}

describe('the order of writes', () => {
  test('intent, durable, request, result; then a wait, and the same for the retry', async () => {
    const { log, add, advance } = dispatchIn({ answer: script(503, 'refused', 200) })
    add()
    await settled()
    expect(log).toEqual(['begin 1.1 retry 0', 'durable', 'open shop.example', 'send 1', 'end 1.1 retrying', 'durable'])
    log.length = 0
    await advance(999)
    expect(log).toEqual([])
    await advance(1)
    expect(log).toEqual(['begin 1.2 retry 1', 'durable', 'send 1', 'end 1.2 retrying', 'durable'])
    log.length = 0
    await advance(2000)
    expect(log).toEqual(['begin 1.3 retry 2', 'durable', 'send 1', 'end 1.3 delivered', 'durable'])
  })

  test('nothing is sent before its intent is durable, and a result waits for nothing', async () => {
    const { log, store, add, sentIds } = dispatchIn({ concurrency: 2 })
    const release = store.holdCommits()
    add()
    add()
    await settled()
    expect(log).toEqual(['begin 1.1 retry 0', 'begin 2.1 retry 0'])
    release()
    await settled()
    expect(sentIds()).toEqual([1, 2])
  })

  test('after-send is between the answer and the result', async () => {
    const { log, add } = dispatchIn({ atPoint: (point) => void log.push(point) })
    add()
    await settled()
    expect(log.slice(3, 6)).toEqual(['send 1', 'after-send', 'end 1.1 delivered'])
  })

  test.each(['durable', 'beginAttempt', 'endAttempt'] as const)(
    'a store that cannot be written ends everything: nothing more is sent (%s)',
    async (write) => {
      const setting = dispatchIn()
      const full = new Error('disk full')
      setting.store[write] = () => {
        if (write === 'durable') return Promise.reject(full)
        throw full
      }
      setting.add()
      await settled()
      const sentBefore = setting.sent.length
      setting.add()
      await settled()
      expect(setting.sent).toHaveLength(sentBefore)
      expect(sentBefore).toBe(write === 'endAttempt' ? 1 : 0)
      expect(setting.failures).toEqual([full])
      await setting.dispatch.stop(1000)
    },
  )
})

describe('retries', () => {
  test.each([
    [1, [0, 1000, 3000, 7000]],
    [100, [0, 10, 30, 70]],
    ['max' as const, [0, 0, 0, 0]],
  ])('at speed %s they wait as long as the policy says, and then the delivery is blocked', async (speed, startsMs) => {
    const { attempts, store, clock, add, told, advance, dispatch } = dispatchIn({ answer: () => 500, speed })
    add()
    await settled()
    for (let nth = 1; nth < startsMs.length; nth += 1)
      await advance(Math.max(0, (dispatch.dueAtMs(1) ?? 0) - clock.nowMs()))
    expect(attempts.map(({ startedAtMs }) => startedAtMs - FAKE_START_MS)).toEqual(startsMs)
    expect(attempts.map(({ retry }) => retry)).toEqual([0, 1, 2, 3])
    expect(store.deliveries.get(1)).toMatchObject({ state: 'blocked', blockedBy: 'retries' })
    expect(told).toEqual([1, 1, 1, 1])
    await advance(1e9)
    expect(dispatch.size()).toBe(0)
  })

  test('a ping is tried once', async () => {
    const { store, add, advance, sentIds } = dispatchIn({ answer: () => 500, blockEndpointAfter: 1 })
    add({ kind: 'ping' })
    await advance(1e6)
    expect(sentIds()).toEqual([1])
    expect(store.deliveries.get(1)?.state).toBe('blocked')
    expect(store.webhooksById.get('shop')).toMatchObject({ blockedInARow: 0, blockedAtMs: null })
  })

  test('a retry that waits holds no first attempt back, and goes before those that are due later', async () => {
    const { add, advance, sentIds } = dispatchIn({ answer: ({ id }) => (id === 1 ? 500 : 200) })
    add()
    await settled()
    add()
    await settled()
    expect(sentIds()).toEqual([1, 2])
    await advance(500)
    const slow = gate<Step>()
    const hanging = dispatchIn({ answer: ({ id }) => (id === 1 ? 500 : id === 2 ? slow.passed : 200) })
    hanging.add()
    await settled()
    hanging.add()
    await hanging.advance(1500)
    hanging.add()
    slow.open(200)
    await settled()
    expect(hanging.sentIds()).toEqual([1, 2, 1, 3])
  })

  test('a change of speed shortens the waits that are under way', async () => {
    const { dispatch, add, advance, sentIds, clock } = dispatchIn({ answer: () => 500 })
    add()
    await settled()
    await advance(400)
    dispatch.setSpeed(10)
    expect(dispatch.dueAtMs(1)).toBe(clock.nowMs() + 60)
    await advance(59)
    expect(sentIds()).toEqual([1])
    await advance(1)
    expect(sentIds()).toEqual([1, 1])
    dispatch.setSpeed(5)
    await advance(399)
    expect(sentIds()).toEqual([1, 1])
    await advance(1)
    expect(sentIds()).toEqual([1, 1, 1])
    dispatch.setSpeed('max')
    await settled()
    expect(sentIds()).toEqual([1, 1, 1, 1])
  })
})
