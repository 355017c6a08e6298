import { describe, expect, test } from 'vitest'
import { queued } from './queue.ts'
import { simulate } from './simulation.ts'

describe('the rate is that of first deliveries answered while more are due', () => {
  test.each<[what: string, perSecond: number, serviceMs: number, servers: number, rate: number, seconds: number]>([
    ['what the receiver takes, however long the queue', 20, 50, 1, 25, 12],
    ['far less than is due', 20, 50, 1, 200, 5],
    ['all, when it keeps up', 100, 20, 10, 100, 3],
    ['all, however long each takes', 50, 900, 100, 50, 4],
    ['all, even if each takes longer than the load', 10, 3000, 100, 10, 2],
  ])('%s: %d/s', async (_, perSecond, serviceMs, servers, rate, seconds) => {
    const { answeredPerSecond } = await queued({ serviceMs: () => serviceMs, servers }, { rate, seconds })
    expect(answeredPerSecond).toBeGreaterThan(perSecond * 0.97)
    expect(answeredPerSecond).toBeLessThanOrEqual(perSecond)
  })

  test.each([2, 50, 1000])('by whatever number of connections it waits: %i', async (connections) => {
    const load = { rate: 25, seconds: 12, connections, maxInFlight: 1000 }
    const { answeredPerSecond } = await queued({ serviceMs: () => 50 }, load)
    expect(answeredPerSecond).toBeGreaterThan(19.5)
    expect(answeredPerSecond).toBeLessThanOrEqual(20)
  })

  test.each([
    ['for a time', { durationMs: 5000 }],
    ['for a short one', { durationMs: 1000 }],
    ['for a count', { count: 300 }],
    ['for a count of which few wait', { count: 30 }],
  ])('also where the connections set the pace, %s', async (_, schedule) => {
    const load = {
      rate: 1,
      seconds: 1,
      connections: 50,
      maxInFlight: 50,
      schedule: { kind: 'closed', ...schedule },
    } as const
    const { answeredPerSecond } = await queued({ serviceMs: () => 50 }, load)
    expect(answeredPerSecond).toBeGreaterThan(18)
    expect(answeredPerSecond).toBeLessThanOrEqual(20.01)
  })

  test.each([
    ['an error is an answer', 503, 100],
    ['a refusal is none', 'refused', 0],
  ] as const)('%s', async (_, reply, perSecond) => {
    const { result } = await simulate({
      schedule: { kind: 'open', stages: [{ durationMs: 2000, fromPerSecond: 100, toPerSecond: 100 }] },
      reply: () => ({ afterMs: 10, with: reply }),
    })
    expect(result.answeredPerSecond).toBe(perSecond)
  })
})
