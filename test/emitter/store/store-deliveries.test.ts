import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventType } from '../../../src/contract/event-types.ts'
import type { Store } from '../../../src/emitter/storage.ts'
import {
  answered,
  attempt,
  begin,
  deliveryOf,
  eventOf,
  goingTo,
  memberOf,
  NOW_MS,
  stateFolder,
  webhookOf,
} from './store-setting.ts'
import type { StateFolder } from './store-setting.ts'

let folder: StateFolder
let store: Store
beforeEach(async () => {
  folder = stateFolder()
  store = await folder.open({ folder: 'memory' })
  store.putWebhook(webhookOf('shop'))
  store.putWebhook(webhookOf('app'))
})
afterEach(() => folder.remove())

let made = 0
const event = (type: EventType = 'earning', member = 1, names = ['shop']) =>
  store.addEvent({ event: eventOf(`e${made++}`, type, memberOf(member)), origin: 'life', routings: goingTo(...names) })
const delivery = (name = 'shop') => store.addDelivery(deliveryOf(name, [event('earning', 1, [name])]))
const finished = (to: 'delivered' | 'blocked', name?: string, atMs = NOW_MS + 3) => {
  const id = delivery(name)
  attempt(store, id, to, atMs)
  return id
}
const stateOf = (id: number) => store.delivery(id)?.state
const counts = () => Object.fromEntries(store.counts().map((each) => [`${each.webhookId} ${each.state}`, each.count]))

describe('a delivery', () => {
  test('knows the types and members of its events, each once, in the order of the events', () => {
    const events = [event('free_gift', 2), event('earning', 1), event('free_gift', 1), event('burning', 2)]
    const id = store.addDelivery(deliveryOf('shop', events))
    expect(store.delivery(id)).toMatchObject({
      types: ['free_gift', 'earning', 'burning'],
      memberIds: ['member-2', 'member-1'],
      eventCount: 4,
    })
    expect(store.deliveryEvents(id)).toEqual(events)
    expect(store.unbatched('id-of-shop')).toEqual([])
    expect(store.deliveries({ memberId: 'member-2', type: 'burning' }, { limit: 9 })).toHaveLength(1)
  })

  test('may be a ping, or be born blocked', () => {
    const ping = store.addDelivery(deliveryOf('shop', []))
    expect(store.delivery(ping)).toMatchObject({
      kind: 'ping',
      types: [],
      memberIds: [],
      state: 'queued',
      blockedBy: null,
    })
    const born = store.addDelivery(deliveryOf('shop', [event()], { state: 'blocked' }))
    const end = { state: 'blocked', blockedBy: 'webhook', dueAtMs: null, finishedAtMs: NOW_MS }
    expect(store.delivery(born)).toMatchObject(end)
    expect(store.unfinished().map(({ id }) => id)).toEqual([ping])
  })

  test('goes from attempt to attempt, and shows its latest result', () => {
    const id = delivery()
    begin(store, id)
    expect(store.unfinished()).toMatchObject([
      { id, dueAtMs: NOW_MS + 1, isUnknown: true, attemptCount: 1, retriesDone: 0 },
    ])
    const aftermath = { state: 'retrying', dueAtMs: NOW_MS + 50 } as const
    const refused = { kind: 'failed', code: 'refused', reason: 'nobody listens' } as const
    store.endAttempt({ deliveryId: id, number: 1 }, { result: refused, durationMs: 2, aftermath })
    expect(store.unfinished()).toMatchObject([{ id, dueAtMs: NOW_MS + 50, isUnknown: false, retriesDone: 1 }])
    attempt(store, id, 'retrying')
    begin(store, id, { possibleDuplicate: true })
    const while3 = { attemptCount: 3, retriesDone: 2, lastResult: answered(503), possibleDuplicate: true }
    expect(store.delivery(id)).toMatchObject(while3)
    const delivered = { state: 'delivered', atMs: NOW_MS + 9 } as const
    store.endAttempt({ deliveryId: id, number: 3 }, { result: answered(204), durationMs: 0.5, aftermath: delivered })
    const end = {
      state: 'delivered',
      dueAtMs: null,
      finishedAtMs: NOW_MS + 9,
      lastResult: answered(204),
      lastDurationMs: 0.5,
    }
    expect(store.delivery(id)).toMatchObject({ ...end, possibleDuplicate: true, retriesDone: 2 })
    expect(
      store.attempts(id).map(({ number, retry, possibleDuplicate }) => [number, retry, possibleDuplicate]),
    ).toEqual([
      [1, 0, false],
      [2, 1, false],
      [3, 2, true],
    ])
  })

  test('that is resent starts another round with the same bytes and another signature', () => {
    const id = finished('blocked')
    const signature = { header: 'X-Other', value: 'sha256=bb' }
    const before = store.request(id)
    store.resend(id, { dueAtMs: NOW_MS + 70, signature })
    const again = {
      state: 'queued',
      blockedBy: null,
      round: 2,
      retriesDone: 0,
      dueAtMs: NOW_MS + 70,
      finishedAtMs: null,
    }
    expect(store.delivery(id)).toMatchObject({ ...again, attemptCount: 1, signature })
    expect(store.request(id)).toEqual({ ...before, signature })
    expect(() => store.resend(id, { dueAtMs: 1, signature })).toThrow('still under way')
    attempt(store, id, 'delivered')
    expect(store.attempts(id).map(({ round, number }) => [round, number])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  test('takes no attempt when it is over, and no second result', () => {
    const id = finished('delivered')
    expect(() => begin(store, id)).toThrow(`delivery ${id} is not under way`)
    const ending = { result: answered(200), durationMs: 1, aftermath: { state: 'delivered', atMs: 5 } } as const
    expect(() => store.endAttempt({ deliveryId: id, number: 1 }, ending)).toThrow('is not under way')
    expect(() => store.addDelivery(deliveryOf('none', []))).toThrow('there is no webhook id-of-none')
    expect(counts()).toEqual({ 'id-of-shop delivered': 1 })
  })

  test('is not ended by what a round before it came to', () => {
    const id = delivery()
    begin(store, id)
    store.blockUnfinished('id-of-shop', NOW_MS)
    store.resend(id, { dueAtMs: 1, signature: null })
    const aftermath = { state: 'blocked', by: 'retries', atMs: 5 } as const
    store.endAttempt({ deliveryId: id, number: 1 }, { result: answered(500), durationMs: 1, aftermath })
    expect(store.delivery(id)).toMatchObject({ state: 'queued', round: 2, lastResult: answered(500) })
  })
})

describe('a webhook', () => {
  test('that is blocked blocks what is under way to it, and nothing else', () => {
    const [queued, retrying, other, done] = [delivery(), delivery(), delivery('app'), finished('delivered')]
    attempt(store, retrying, 'retrying')
    expect(store.blockUnfinished('id-of-shop', NOW_MS + 8)).toEqual([queued, retrying])
    expect([queued, retrying, other, done].map(stateOf)).toEqual(['blocked', 'blocked', 'queued', 'delivered'])
    const end = { blockedBy: 'webhook', finishedAtMs: NOW_MS + 8, dueAtMs: null }
    expect(store.delivery(retrying)).toMatchObject(end)
    expect(counts()).toEqual({ 'id-of-shop delivered': 1, 'id-of-shop blocked': 2, 'id-of-app queued': 1 })
  })

  test('that is deleted leaves its name and what is finished', async () => {
    const [underWay, done] = [delivery(), finished('blocked')]
    const open = event('earning', 1, ['shop', 'app'])
    begin(store, underWay)
    store.deleteWebhook('id-of-shop', NOW_MS + 4)
    expect(store.webhooks().map(({ name }) => name)).toEqual(['app'])
    expect([store.webhookName('id-of-shop'), store.webhookName('id-of-none')]).toEqual(['shop', undefined])
    expect(store.delivery(underWay)).toMatchObject({ state: 'cancelled', finishedAtMs: NOW_MS + 4, dueAtMs: null })
    const aftermath = { state: 'delivered', atMs: 9 } as const
    store.endAttempt({ deliveryId: underWay, number: 1 }, { result: answered(200), durationMs: 1, aftermath })
    expect(stateOf(underWay)).toBe('cancelled')
    expect(store.attempts(underWay)[0]?.result).toEqual(answered(200))
    expect(stateOf(done)).toBe('blocked')
    expect([store.unbatched('id-of-shop'), store.unbatched('id-of-app')]).toEqual([[], [open]])
    expect(store.eventBySeq(open)?.routings).toEqual(goingTo('app'))
    expect(store.deliveries({ webhookId: 'id-of-shop' }, { limit: 9 }).map(({ id }) => id)).toEqual([done, underWay])
    expect(store.unfinished()).toEqual([])
  })

  test('may take the name of one that was deleted', () => {
    store.deleteWebhook('id-of-shop', NOW_MS)
    store.putWebhook({ ...webhookOf('shop'), id: 'another' })
    expect(store.webhooks().map(({ id }) => id)).toEqual(['id-of-app', 'another'])
    expect(store.webhookName('id-of-shop')).toBe('shop')
  })
})
