import { expect, test } from 'vitest'
import type { Step } from '../../support/scripted-transport.ts'
import { dispatchIn, gate, settled, webhookCalled } from './dispatch-setting.ts'

test('one that hangs slows no other', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `w${index}`)
  const { add, store } = dispatchIn({
    webhooks: names.map((name) => webhookCalled(name)),
    concurrency: 2,
    answer: ({ host }) => (host === 'w0.example' ? new Promise<Step>(() => {}) : 200),
  })
  for (let nth = 0; nth < 50; nth += 1) for (const webhookId of names) add({ webhookId })
  for (let turn = 0; turn < 20; turn += 1) await settled()
  const delivered = [...store.deliveries.values()].filter(({ state }) => state === 'delivered')
  expect(delivered.length).toBe(9 * 50)
})

test('at most `concurrency` requests are under way, first attempts in the order in which they were added', async () => {
  const gates = Array.from({ length: 6 }, () => gate<Step>())
  const { add, sentIds } = dispatchIn({ concurrency: 3, answer: ({ id }) => gates[id - 1]?.passed ?? 200 })
  gates.forEach(() => add())
  await settled()
  expect(sentIds()).toEqual([1, 2, 3])
  gates[1]?.open(200)
  await settled()
  expect(sentIds()).toEqual([1, 2, 3, 4])
})

test('while one is inactive nothing starts; then what is overdue goes in order of due time', async () => {
  const shop = webhookCalled('shop')
  const { add, dispatch, advance, sentIds } = dispatchIn({ answer: () => 500 })
  add()
  await settled()
  dispatch.webhookIs({ ...shop, active: false })
  await advance(100)
  add()
  add()
  await advance(5000)
  expect(sentIds()).toEqual([1])
  expect([1, 2, 3].map(dispatch.held)).toEqual(['webhook-inactive', 'webhook-inactive', 'webhook-inactive'])
  dispatch.webhookIs(shop)
  await settled()
  expect(sentIds()).toEqual([1, 2, 3, 1])
  expect([1, 2, 3].map(dispatch.held)).toEqual([null, null, null])
})

test('another address gets the next attempt, over connections of its own; another header too', async () => {
  const shop = webhookCalled('shop')
  const { add, dispatch, advance, sent, log } = dispatchIn({ answer: () => 500 })
  add()
  await settled()
  const header = { name: 'X-Token', value: 'abc' }
  dispatch.webhookIs({ ...shop, url: 'https://other.example/', header })
  await advance(1000)
  expect(sent.map(({ host }) => host)).toEqual(['shop.example', 'other.example'])
  expect(sent[1]?.headers).toEqual([
    ['Content-Type', 'application/json'],
    ['User-Agent', 'test'],
    ['X-Token', 'abc'],
    ['X-Sig', 'of 1'],
  ])
  expect(log.filter((line) => /open|close/.test(line))).toEqual([
    'open shop.example',
    'close shop.example',
    'open other.example',
  ])
})

test('connections to the address before are closed once nothing is under way on them', async () => {
  const slow = gate<Step>()
  const { add, dispatch, log, store } = dispatchIn({ answer: () => slow.passed })
  add()
  await settled()
  dispatch.webhookIs(webhookCalled('shop', { url: 'https://other.example/' }))
  await settled()
  expect(log).not.toContain('close shop.example')
  slow.open(200)
  await settled()
  expect(log).toContain('close shop.example')
  expect(store.deliveries.get(1)?.state).toBe('delivered')
})

test('to one that was deleted nothing more goes, and who waits for its deliveries waits no longer', async () => {
  const slow = gate<Step>()
  const { add, dispatch, store, told, sentIds, log } = dispatchIn({ answer: () => slow.passed })
  add()
  add()
  await settled()
  store.deleteWebhook('shop', 0)
  dispatch.webhookGone('shop')
  await dispatch.finished(2)
  expect(told).toEqual([2])
  slow.open(500)
  await settled()
  expect([sentIds(), dispatch.size(), store.deliveries.get(1)?.state]).toEqual([[1], 0, 'cancelled'])
  expect(log.at(-1)).toBe('durable')
  expect(log).toContain('close shop.example')
})

test('what a receiver echoes of the secrets, the header and the query is not stored', async () => {
  const shop = webhookCalled('shop', {
    url: 'https://shop.example/?key=q-u-e-r-y',
    secret: 'new-secret',
    previousSecret: { value: 'old-secret', untilMs: 1e15 },
    header: { name: 'Authorization', value: 'Bearer b-e-a-r' },
  })
  const bodySnippet = 'new-secret old-secret b-e-a-r q-u-e-r-y fine'
  const send = async () => ({ kind: 'responded', status: 200, headers: {}, bodySnippet, bodyBytes: 44 }) as const
  const transportFor = () => ({ send, close: async () => {} }) as never
  const { add, store } = dispatchIn({ webhooks: [shop], transportFor })
  add()
  await settled()
  expect(store.deliveries.get(1)?.attempts[0]?.result).toMatchObject({ bodySnippet: '… … … … fine' })
})
