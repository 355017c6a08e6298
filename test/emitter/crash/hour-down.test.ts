import { expect, test } from 'vitest'
import { retryPolicy, type RetrySchedule } from '../../../src/delivery/retry-policy.ts'
import { emitterIn, type EmitterTried } from '../emitter-setting.ts'
import { FAKE_START_MS } from '../../support/fake-clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const EVENTS = 60

/** An emitter whose receiver is not there for the first hour, with events in its first half. */
async function throughTheHour(schedule: RetrySchedule) {
  const upAtMs = FAKE_START_MS + HOUR_MS
  const answered = new Map<string, number>()
  const tried: EmitterTried = await emitterIn({
    keepMs: 7 * 24 * HOUR_MS,
    rules: { policy: retryPolicy({ schedule }), concurrency: 8 },
    answer: ({ ids }) => {
      if (tried.clock.nowMs() < upAtMs) return 'refused'
      for (const id of ids) answered.set(id, (answered.get(id) ?? 0) + 1)
      return 200
    },
  })
  await tried.webhook('shop')
  tried.emitter.begin()
  const accepted: string[] = []
  for (let nth = 0; nth < EVENTS; nth += 1) {
    accepted.push(...(await tried.events(1, tried.emitter.members('', { limit: 20 }).items[nth % 20]?.id)))
    await passing(tried, MINUTE_MS / 2)
  }
  const once = new Map(accepted.toSorted().map((id) => [id, 1]))
  const got = () => new Map([...answered].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { ...tried, accepted, once, got }
}

/** Time passes in steps, so that what is due has its turn. */
async function passing({ advance }: EmitterTried, forMs: number): Promise<void> {
  const stepMs = Math.max(1000, forMs / 500)
  for (let passedMs = 0; passedMs < forMs; passedMs += stepMs) await advance(stepMs)
}

const statesOf = ({ store }: EmitterTried) =>
  Object.fromEntries(store.counts().map(({ state, count }) => [state, count]))

test('a receiver that is down for an hour gets everything once it is back, with the schedule svix', async () => {
  const tried = await throughTheHour('svix')
  await passing(tried, HOUR_MS / 2)
  expect(tried.got().size).toBeLessThan(EVENTS)
  await passing(tried, 27 * HOUR_MS)
  expect(tried.got()).toEqual(tried.once)
  expect(statesOf(tried)).toEqual({ delivered: EVENTS })
  expect(tried.attempts.some(({ possibleDuplicate }) => possibleDuplicate)).toBe(false)
})

test('with the default schedule everything is blocked, and sent again it all arrives, once', async () => {
  const tried = await throughTheHour('default')
  await passing(tried, HOUR_MS)
  expect(statesOf(tried)).toEqual({ blocked: EVENTS })
  expect(tried.got().size).toBe(0)
  expect(tried.arrived).toHaveLength(8 * EVENTS)

  const before = tried.arrived.length
  expect(await tried.emitter.resendBlocked()).toEqual({ resent: EVENTS, leftOut: [] })
  await passing(tried, MINUTE_MS)
  expect(tried.got()).toEqual(tried.once)
  expect(tried.arrived).toHaveLength(before + EVENTS)
  expect(statesOf(tried)).toEqual({ delivered: EVENTS })
  expect(tried.attempts.some(({ possibleDuplicate }) => possibleDuplicate)).toBe(false)
  // In order of occurrence, in the bytes of before.
  const resent = tried.arrived.slice(before)
  expect(resent.flatMap(({ ids }) => ids)).toEqual(tried.accepted)
  const bodies = new Set(tried.arrived.slice(0, before).map(({ body }) => body))
  expect(resent.filter(({ body }) => !bodies.has(body))).toEqual([])
  expect(await tried.emitter.resendBlocked()).toEqual({ resent: 0, leftOut: [] })
})
