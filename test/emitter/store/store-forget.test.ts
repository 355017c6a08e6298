import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventType } from '../../../src/contract/event-types.ts'
import type { Store } from '../../../src/emitter/storage.ts'
import { attempt, deliveryOf, eventOf, goingTo, memberOf, NOW_MS, stateFolder, webhookOf } from './store-setting.ts'
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
const counts = () => Object.fromEntries(store.counts().map((each) => [`${each.webhookId} ${each.state}`, each.count]))

describe('forgetting', () => {
  const old = NOW_MS + 10
  const left = () => store.deliveries({}, { limit: 99 }).map(({ id }) => id)

  test('takes what is finished and old, with all that belongs to it', () => {
    const [gone, recent, underWay] = [finished('blocked'), finished('delivered', 'shop', old), delivery()]
    expect(store.forget(old, 100)).toEqual({ forgotten: 1, blocked: 1 })
    expect(left()).toEqual([underWay, recent])
    expect([store.request(gone), store.attempts(gone), store.deliveryEvents(gone)]).toEqual([undefined, [], []])
    expect(store.events({ limit: 9 })).toHaveLength(2)
    expect(counts()).toEqual({ 'id-of-shop delivered': 1, 'id-of-shop queued': 1 })
    expect(store.deliveries({ memberId: 'member-1' }, { limit: 9 })).toHaveLength(2)
    expect(store.forget(old, 100).forgotten).toBe(0)
  })

  test('keeps an event while one of its routes waits for a batch or is under way', () => {
    const seq = event('earning', 1, ['shop', 'app'])
    const id = store.addDelivery(deliveryOf('shop', [seq]))
    attempt(store, id, 'delivered')
    folder.clock.advance(100)
    expect(store.forget(old, 100).forgotten).toBe(1)
    // A route whose delivery is forgotten is not one that waits.
    expect(store.eventBySeq(seq)).toMatchObject({ routings: goingTo('app'), deliveries: new Map() })
    const other = store.addDelivery(deliveryOf('app', [seq]))
    store.forget(old, 100)
    expect(store.eventBySeq(seq)?.deliveries).toEqual(new Map([['id-of-app', other]]))
    attempt(store, other, 'blocked')
    store.forget(old, 100)
    expect(store.eventBySeq(seq)).toBeUndefined()
  })

  test('takes old events that went nowhere, not new ones', () => {
    const unseen = event('earning', 1, [])
    const dropped = event('earning', 1, ['app'])
    store.deleteWebhook('id-of-app', NOW_MS)
    folder.clock.advance(100)
    const recent = event('earning', 1, [])
    expect(store.forget(old, 100).forgotten).toBe(2)
    expect([unseen, dropped, recent].map((seq) => store.eventBySeq(seq)?.seq)).toEqual([undefined, undefined, recent])
  })

  test('takes a few at a time, the oldest first, and says when nothing is left', () => {
    const ids = [5, 3, 4, 1, 2].map((atMs) => finished('blocked', 'shop', NOW_MS + atMs))
    expect([store.forget(old, 2).forgotten, left()]).toEqual([2, [ids[2], ids[1], ids[0]]])
    expect([store.forget(old, 2).forgotten, left()]).toEqual([2, [ids[0]]])
    expect([store.forget(old, 2).forgotten, left()]).toEqual([1, []])
    expect(store.counts()).toEqual([])
  })
})

describe('members', () => {
  test('are found by any part of name, address and ids, in any case and without accents, by name', () => {
    store.putMember(memberOf(1, { firstName: 'Zoë', lastName: 'Ärm', email: 'x@example.org' }))
    store.putMember(memberOf(2, { firstName: 'Élise', lastName: 'Peeters', externalId: 'SSO-77%' }))
    store.putMember(memberOf(3, { firstName: 'Anna', lastName: 'Öst' }))
    const found = (query: string, limit = 9, offset = 0) => store.findMembers(query, { limit, offset })
    expect(found('')).toEqual(['member-3', 'member-2', 'member-1'])
    expect(found('', 1, 1)).toEqual(['member-2'])
    const cases = ['ZOË', 'zoe ä', 'elise p', 'EXAMPLE.ORG', 'o-77%', 'ber-3', 'peeters zo', '_', '%'].map((query) =>
      found(query).join(),
    )
    expect(cases).toEqual(['member-1', 'member-1', 'member-2', 'member-1', 'member-2', 'member-3', '', '', 'member-2'])
    store.putMember(memberOf(1, { firstName: 'Bea' }))
    expect([found('zoe'), found('bea')]).toEqual([[], ['member-1']])
    expect(store.members()).toHaveLength(3)
  })

  test('have their events, latest first', () => {
    const seqs = [event('earning', 1), event('burning', 2), event('free_gift', 1), event('burning', 1)]
    const of = (page: Parameters<Store['events']>[0]) => store.events(page).map(({ seq }) => seqs.indexOf(seq))
    expect(of({ limit: 9, memberId: 'member-1' })).toEqual([3, 2, 0])
    expect(of({ limit: 1, memberId: 'member-1', before: seqs[3] })).toEqual([2])
    expect(of({ limit: 2, before: seqs[2] })).toEqual([1, 0])
  })
})
