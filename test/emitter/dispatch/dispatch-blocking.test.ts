import { describe, expect, test } from 'vitest'
import type { Step } from '../../support/scripted-transport.ts'
import { dispatchIn, gate, settled, webhookCalled } from './dispatch-setting.ts'

describe('too many blocked deliveries in a row', () => {
  const once = { policy: { delaysMs: [] }, blockEndpointAfter: 2 } as const

  test('block the webhook, with everything that waits for it; what is in flight ends by its own result', async () => {
    const slow = gate<Step>()
    const told: unknown[] = []
    const setting = dispatchIn({
      ...once,
      policy: { delaysMs: [1000] },
      concurrency: 2,
      answer: ({ id }) => (id === 1 ? slow.passed : 500),
      onWebhook: ({ blockedInARow, blockedAtMs }) => void told.push([blockedInARow, blockedAtMs !== null]),
    })
    const { add, advance, dispatch, store, log } = setting
    for (let nth = 0; nth < 5; nth += 1) add()
    await settled()
    await advance(1000)
    expect(told).toEqual([
      [1, false],
      [2, true],
    ])
    expect(log).toContain('block 1,4,5')
    expect(setting.sentIds()).toEqual([1, 2, 3, 4, 5, 2, 3])
    expect(setting.told.slice(-3).toSorted((a, b) => a - b)).toEqual([3, 4, 5])
    add()
    await advance(1e6)
    expect(dispatch.held(6)).toBe('webhook-inactive')
    expect(setting.sentIds()).toHaveLength(7)

    slow.open(200)
    await settled()
    expect(store.deliveries.get(1)?.state).toBe('delivered')
    expect(store.webhooksById.get('shop')?.blockedInARow).toBe(2)
    dispatch.webhookIs(webhookCalled('shop'))
    await settled()
    expect(setting.sentIds().at(-1)).toBe(6)
  })

  test('leave nobody behind who waits for one of them', async () => {
    const slow = gate<Step>()
    const { add, dispatch, sentIds } = dispatchIn({
      ...once,
      blockEndpointAfter: 1,
      order: 'by-member',
      concurrency: 2,
      answer: ({ id }) => (id === 1 ? slow.passed : id === 2 ? 500 : 200),
    })
    add({ memberIds: ['a'] })
    add({ memberIds: ['b'] })
    add({ memberIds: ['a', 'b'] })
    await settled()
    dispatch.webhookIs(webhookCalled('shop'))
    const [a, b] = [add({ memberIds: ['a'] }), add({ memberIds: ['b'] })]
    await settled()
    expect([sentIds(), dispatch.held(a)]).toEqual([[1, 2, b], 'earlier-delivery'])
    slow.open(200)
    await settled()
    expect([sentIds(), dispatch.size()]).toEqual([[1, 2, b, a], 0])
  })

  test('what fails in flight is blocked with the webhook, not retried', async () => {
    const slow = gate<Step>()
    const { add, store, advance, sentIds } = dispatchIn({
      ...once,
      policy: { delaysMs: [1000] },
      concurrency: 2,
      blockEndpointAfter: 1,
      answer: ({ id }) => (id === 1 ? slow.passed : 500),
    })
    add()
    add()
    await settled()
    await advance(1000)
    slow.open(500)
    await advance(1e6)
    expect(store.deliveries.get(1)).toMatchObject({ state: 'blocked', blockedBy: 'webhook' })
    expect(sentIds()).toEqual([1, 2, 2])
  })

  test('a delivered one in between starts the count again', async () => {
    const { add, log, store } = dispatchIn({ ...once, answer: ({ id }) => (id === 2 ? 200 : 500) })
    for (let nth = 0; nth < 4; nth += 1) add()
    await settled()
    expect(log.filter((line) => line.startsWith('webhook'))).toEqual([
      'webhook shop 1',
      'webhook shop 0',
      'webhook shop 1',
      'webhook shop 2 blocked',
    ])
    expect(store.deliveries.get(4)).toMatchObject({ state: 'blocked', blockedBy: 'retries' })
  })

  test('a ping in between counts for nothing, whatever it came to', async () => {
    const { add, log } = dispatchIn({ ...once, concurrency: 1, answer: ({ id }) => (id === 2 ? 200 : 500) })
    for (const kind of ['events', 'ping', 'events'] as const) {
      add({ kind })
      await settled()
    }
    expect(log.filter((line) => line.startsWith('webhook'))).toEqual(['webhook shop 1', 'webhook shop 2 blocked'])
  })

  test('a resend of one that is still in flight waits for it, and keeps its own round', async () => {
    const slow = gate<Step>()
    const setting = dispatchIn({
      ...once,
      blockEndpointAfter: 1,
      concurrency: 2,
      answer: ({ id }) => (id === 1 && setting.sent.length < 3 ? slow.passed : id === 1 ? 200 : 500),
    })
    const { add, store, dispatch, log } = setting
    add()
    add()
    await settled()
    dispatch.webhookIs(webhookCalled('shop'))
    store.resend(1, { dueAtMs: setting.clock.nowMs(), signature: null })
    const [unfinished] = store.unfinished()
    if (unfinished !== undefined) dispatch.add(unfinished)
    await settled()
    expect(setting.sentIds()).toEqual([1, 2])
    slow.open(500)
    await settled()
    expect(log.indexOf('end 1.1 blocked')).toBeLessThan(log.indexOf('begin 1.2 retry 0'))
    expect(log).toContain('begin 1.2 retry 0')
    expect(store.deliveries.get(1)).toMatchObject({ state: 'delivered', round: 2 })
    expect(dispatch.size()).toBe(0)
  })
})
