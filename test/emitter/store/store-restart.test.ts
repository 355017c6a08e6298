import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { builtInPrograms } from '../../../src/program/catalog.ts'
import {
  answered,
  attempt,
  begin,
  deliveryOf,
  eventOf,
  goingTo,
  memberOf,
  stateFolder,
  webhookOf,
} from './store-setting.ts'
import type { StateFolder } from './store-setting.ts'

let folder: StateFolder
beforeEach(() => (folder = stateFolder()))
afterEach(() => folder.remove())

test('everything is there again after a restart', async () => {
  const before = await folder.open({ newSeed: () => 4_294_967_295 })
  before.putWebhook(webhookOf('shop'))
  before.putWebhook(webhookOf('app', { previousSecret: null }))
  before.putSettings({ paused: true, pacePerSecond: 0.5, speed: 'max' })
  before.putPrograms(builtInPrograms)
  before.putMember(memberOf(2, { firstName: 'Zoë' }))
  before.putMember(memberOf(1))
  const whyNot = { webhookId: 'id-of-app', goes: false, why: 'event-not-in-scope' } as const
  const seq = before.addEvent({ event: eventOf('e1'), origin: 'story', routings: [...goingTo('shop'), whyNot] })
  const open = before.addEvent({ event: eventOf('e2', 'burning'), origin: 'life', routings: goingTo('app') })
  const id = before.addDelivery(deliveryOf('shop', [seq], { body: Buffer.from([0, 255, 10]), signature: null }))
  attempt(before, id, 'retrying')
  begin(before, id, { possibleDuplicate: true })
  const story = before.addStory({
    journey: 'onboarding',
    programId: 'stars',
    memberNumber: 1,
    taken: [],
    createdAtMs: 5,
  })
  before.putStory({ ...story, taken: [[seq, open]] })

  const seen = (store: typeof before) => ({
    seed: store.seed,
    createdAtMs: store.createdAtMs,
    settings: store.settings(),
    programs: store.programs(),
    webhooks: store.webhooks(),
    members: store.members(),
    events: store.events({ limit: 9 }),
    one: [store.event('e1'), store.eventBySeq(open), store.event('none')],
    unbatched: store.unbatched('id-of-app'),
    delivery: store.delivery(id),
    carried: store.deliveryEvents(id),
    request: store.request(id),
    attempts: store.attempts(id),
    unfinished: store.unfinished(),
    counts: store.counts(),
    stories: store.stories(9),
  })
  const was = seen(before)
  await before.close()
  const is = seen(await folder.open({ newSeed: () => 1 }))

  expect(is).toEqual(was)
  expect(is.seed).toBe(4_294_967_295)
  expect(is.webhooks).toEqual([webhookOf('shop'), webhookOf('app', { previousSecret: null })])
  expect(is.programs).toEqual(builtInPrograms)
  expect(is.members).toEqual([memberOf(1), memberOf(2, { firstName: 'Zoë' })])
  expect(is.one[0]).toEqual({
    seq,
    hadNoWebhook: false,
    event: eventOf('e1'),
    origin: 'story',
    routings: [...goingTo('shop'), whyNot],
    deliveries: new Map([['id-of-shop', id]]),
  })
  expect(is.unbatched).toEqual([open])
  expect(is.request?.body).toEqual(Buffer.from([0, 255, 10]))
  expect(is.delivery).toMatchObject({
    state: 'retrying',
    lastResult: answered(503),
    lastDurationMs: 1.25,
    possibleDuplicate: true,
  })
  expect(is.unfinished).toMatchObject([
    { id, retriesDone: 1, attemptCount: 2, isUnknown: true, memberIds: ['member-1'] },
  ])
  expect(is.attempts.map(({ retry, result }) => [retry, result?.kind])).toEqual([
    [0, 'responded'],
    [1, undefined],
  ])
  expect(is.stories).toEqual([{ ...story, taken: [[seq, open]] }])
})

test('a number is never given twice, though what had it was forgotten', async () => {
  const store = await folder.open()
  store.putWebhook(webhookOf('shop'))
  const write = (on: typeof store) => {
    const seq = on.addEvent({ event: eventOf('e'), origin: 'life', routings: goingTo('shop') })
    return { seq, id: on.addDelivery(deliveryOf('shop', [seq], { state: 'blocked' })) }
  }
  const first = write(store)
  store.forget(folder.clock.nowMs() + 1, 10)
  expect(store.events({ limit: 9 })).toEqual([])
  await store.close()
  const second = write(await folder.open())
  expect([second.seq, second.id]).toEqual([first.seq + 1, first.id + 1])
})

test('without its driver it says how to get it', async () => {
  vi.resetModules()
  vi.doMock('libsql', () => {
    throw new Error('Cannot find package')
  })
  const { openStore } = await import('../../../src/emitter/store/store.ts')
  const opening = openStore({ folder: 'memory', clock: folder.clock, newSeed: () => 1 })
  await expect(opening).rejects.toThrow(/package libsql.*run: npm install libsql$/)
  vi.doUnmock('libsql')
  vi.resetModules()
})
