import { describe, expect, test } from 'vitest'
import { createBatch } from '../../../src/emitter/console/client/batch.ts'
import { MOST_ROWS, takeIn, type Rows, type Wanted } from '../../../src/emitter/console/client/deliveries/rows.ts'
import { has, scopeProblem, scopeText, toggled } from '../../../src/emitter/console/client/webhooks/scope.ts'
import { durationText, relativeText } from '../../../src/emitter/console/client/time.ts'
import { standingText } from '../../../src/emitter/console/client/words.ts'
import type { DeliveryView } from '../../../src/emitter/view/views.ts'
import { sampleWebhook } from '../console-people.ts'
import { answerTo, sampleDelivery } from '../console-sends.ts'

const all: Wanted = { state: undefined, webhook: undefined, type: undefined, member: undefined }
const delivery = (id: number, change: Partial<DeliveryView> = {}): DeliveryView => ({
  ...sampleDelivery(id, sampleWebhook('w', 'shop'), [], 0),
  kind: 'events',
  ...change,
})
const rows = (...ids: number[]): Rows => ({ shown: ids.map((id) => delivery(id)), waiting: new Set() })
const idsOf = ({ shown }: Rows) => shown.map(({ id }) => id)

describe('the list of deliveries', () => {
  test('takes new ones in at the top, the newest first', () => {
    const now = takeIn(rows(2, 1), [delivery(3), delivery(4)], { wanted: all, isReading: false })
    expect(idsOf(now)).toEqual([4, 3, 2, 1])
  })

  test('lets new ones wait while someone reads, and counts each once', () => {
    const first = takeIn(rows(2, 1), [delivery(3)], { wanted: all, isReading: true })
    const then = takeIn(first, [delivery(3, { state: 'delivered' }), delivery(4)], { wanted: all, isReading: true })
    expect(idsOf(then)).toEqual([2, 1])
    expect([...then.waiting]).toEqual([3, 4])
  })

  test('changes rows where they are, also while someone reads', () => {
    const now = takeIn(rows(2, 1), [delivery(1, { state: 'blocked' })], { wanted: all, isReading: true })
    expect(now.shown.map(({ state }) => state)).toEqual(['queued', 'blocked'])
  })

  test('drops what is no longer asked for, but not under the eyes of someone who reads', () => {
    const wanted = { ...all, state: 'queued' }
    const change = [delivery(1, { state: 'delivered' })]
    expect(idsOf(takeIn(rows(2, 1), change, { wanted, isReading: false }))).toEqual([2])
    expect(idsOf(takeIn(rows(2, 1), change, { wanted, isReading: true }))).toEqual([2, 1])
  })

  test('an older one that changed does not come back in at the top', () => {
    expect(idsOf(takeIn(rows(9, 8), [delivery(3)], { wanted: all, isReading: false }))).toEqual([9, 8])
  })

  test('never grows beyond what a page holds', () => {
    const many = Array.from({ length: 500 }, (_, index) => delivery(index + 10))
    const now = takeIn(rows(2, 1), many, { wanted: all, isReading: false })
    expect(now.shown).toHaveLength(MOST_ROWS)
    expect(now.shown[0]?.id).toBe(509)
  })
})

test('changes of one frame come together, each thing with its last state, and what is too much is told as more', () => {
  const frames: (() => void)[] = []
  const told: [readonly { id: number; at: number }[], boolean][] = []
  const batch = createBatch<{ id: number; at: number }>(
    (items, more) => told.push([items, more]),
    (draw) => frames.push(draw),
  )
  batch.add({ items: [{ id: 1, at: 1 }], more: false })
  batch.add({ items: [{ id: 1, at: 2 }], more: false })
  for (const draw of frames.splice(0)) draw()
  batch.add({ items: Array.from({ length: 300 }, (_, id) => ({ id, at: 3 })), more: false })
  for (const draw of frames.splice(0)) draw()
  expect(told[0]).toEqual([[{ id: 1, at: 2 }], false])
  expect(told[1]?.[0]).toHaveLength(200)
  expect(told[1]?.[0].at(-1)?.id).toBe(299)
  expect(told[1]?.[1]).toBe(true)
})

const [AT, LATER] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:11.200Z'] as const
const said = (attempt: string) => ({ lastResult: answerTo(attempt, 1), lastDurationMs: 210 })
test.each<[change: Partial<DeliveryView>, inMs: number | undefined, text: string]>([
  [{}, 0, 'not sent yet'],
  [{ ...said('/error') }, 0, 'answered 500, sent again soon'],
  [{ kind: 'ping', state: 'blocked', retries: 0, ...said('/error') }, undefined, 'answered 500'],
  [{ state: 'delivered', ...said('/ok') }, undefined, 'confirmed in 0.2 s'],
  [
    { state: 'delivered', attempts: 2, retry: 1, createdAt: AT, finishedAt: LATER, ...said('/ok') },
    undefined,
    'confirmed at the second try, after 11 s',
  ],
  [{ state: 'retrying', retry: 0, retries: 7, ...said('/error') }, 900, 'answered 500, retry 1/7 in 1 s'],
  [
    { state: 'retrying', retry: 6, retries: 7, ...said('/down') },
    -50,
    'gave no answer: connection refused, retry 7/7 now',
  ],
  [
    { state: 'blocked', blockedBy: 'retries', retry: 7, ...said('/error') },
    undefined,
    'answered 500, blocked after 7 retries',
  ],
  [{ state: 'blocked', blockedBy: 'webhook' }, undefined, 'blocked with its webhook'],
  [{ held: 'webhook-inactive' }, undefined, 'waits until the webhook is active'],
  [{ state: 'cancelled' }, undefined, 'cancelled: the webhook was deleted'],
])('%j is told as it stands', (change, inMs, text) => {
  expect(standingText(delivery(1, change), inMs)).toBe(text)
})

test.each([
  [4, '4 ms'],
  [210, '0.2 s'],
  [1000, '1 s'],
  [64_000, '64 s'],
  [300_000, '5 min'],
  [7_200_000, '2 h'],
  [36_000_000, '10 h'],
])('%i ms are %s', (ms, text) => expect(durationText(ms)).toBe(text))

test.each([
  [-400, 'just now'],
  [12_000, '12 s ago'],
  [600_000, '10 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [3 * 86_400_000, '3 days ago'],
  [-64_000, 'in 64 s'],
])('a moment %i ms before is %s', (ms, text) => expect(relativeText(1e12 - ms, 1e12)).toBe(text))

describe('the scope of a webhook', () => {
  test('all are null, so that what comes later is in it too', () => {
    expect(toggled(['a', 'b'], 'c', ['a', 'b', 'c'])).toBe(null)
    expect(toggled(null, 'b', ['a', 'b', 'c'])).toEqual(['a', 'c'])
    expect(has(null, 'b')).toBe(true)
  })

  test('is told in words, and so is what would send nothing', () => {
    expect(scopeText({ events: ['earning', 'burning'], programs: null })).toBe('Earning and Burning of all programs')
    expect(scopeProblem({ events: [], programs: null })).toContain('Tick at least one event')
    expect(scopeProblem({ events: null, programs: null })).toBe(undefined)
  })
})
