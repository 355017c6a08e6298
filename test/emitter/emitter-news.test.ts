import { cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { News } from '../../src/emitter/news.ts'
import { StateError } from '../../src/emitter/state-error.ts'
import { openStore } from '../../src/emitter/store/store.ts'
import type { Clock } from '../../src/ports.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { emitterIn, type EmitterSetting } from './emitter-setting.ts'
import { stateFolder } from './store/store-setting.ts'

/** An emitter whose news and attempts are written down, in order. */
async function toldIn(setting: EmitterSetting = {}) {
  const told: string[] = []
  const words = (news: News) => {
    if (news.kind === 'webhook-blocked') return `${news.webhook.name} blocked after ${news.afterDeliveries}`
    if (news.kind === 'webhook-unblocked') return `${news.webhook.name} unblocked, ${news.deliveries} stay`
    if (news.kind === 'not-sent') return `#${news.deliveryId} not sent`
    return `${news.deliveries} forgotten after ${news.keepMs} ms`
  }
  const tried = await emitterIn({
    onNews: (news) => void told.push(words(news)),
    onAttempt: ({ deliveryId, aftermath }) => void told.push(`#${deliveryId} ${aftermath.state}`),
    ...setting,
  })
  return { ...tried, told }
}

test('a webhook that is blocked is told after the attempt that did it, and then what is not sent with it', async () => {
  const { emitter, webhook, events, advance, told } = await toldIn({
    answer: () => 503,
    rules: { blockEndpointAfter: 1, policy: { delaysMs: [1000] }, concurrency: 10 },
  })
  emitter.begin()
  const { id } = await webhook('shop')
  await events(1)
  await advance(500)
  await events(1)
  await advance(500)
  await events(1)
  expect(told).toEqual([
    '#1 retrying',
    '#2 retrying',
    '#1 blocked',
    'shop blocked after 1',
    '#2 not sent',
    '#3 not sent',
  ])
  await emitter.unblockWebhook(id)
  expect(told.at(-1)).toBe('shop unblocked, 3 stay')
})

test('blocked deliveries that are forgotten are told together, pings are not', async () => {
  const { emitter, webhook, events, advance, told } = await toldIn({
    answer: () => 503,
    rules: { policy: { delaysMs: [] } },
    keepMs: 60_000,
  })
  emitter.begin()
  const { id } = await webhook('shop')
  await emitter.pingWebhook(id)
  await events(250)
  told.length = 0
  await advance(70_000)
  expect(told).toEqual(['250 forgotten after 60000 ms'])
  expect(emitter.webhook(id).counts.blocked).toBe(0)
  await advance(70_000)
  expect(told).toHaveLength(1)
})

test.each(['a look at it within a second', 'a request', 'a look, with another one in its place'])(
  'a state that is deleted ends the run, found by %s',
  async (by) => {
    const folder = stateFolder()
    const clock = fakeClock('hold')
    // Commits come by themselves, all else when the clock is told to.
    const after: Clock['after'] = (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    }
    const store = await openStore({ folder: 'state', cwd: folder.path, clock: { ...clock, after }, newSeed: () => 7 })
    const { emitter, failures, advance, kill } = await emitterIn({ store, clock })
    emitter.begin()
    await advance(2000)
    expect(failures).toEqual([])
    const path = join(folder.path, 'state')
    if (by.endsWith('place')) {
      cpSync(path, join(folder.path, 'copy'), { recursive: true })
      renameSync(path, join(folder.path, 'away'))
      renameSync(join(folder.path, 'copy'), path)
    } else rmSync(path, { recursive: true })
    const gone = /^the state is gone: its folder, or the emit\.db in it, was deleted or replaced/
    if (by === 'a request') await expect(emitter.anyEvent({ type: 'earning' })).rejects.toThrow(gone)
    else await advance(1000)
    expect(failures[0]).toBeInstanceOf(StateError)
    await expect(emitter.anyEvent({ type: 'earning' })).rejects.toThrow(gone)
    kill()
    await store.close()
    await folder.remove()
  },
)
