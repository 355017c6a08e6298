import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/stress/sentence.ts'
import { byChance, queued, type Queue } from './queue.ts'

const steady = (ms: number) => () => ms
const sentenceFor = async (queue: Queue, load: Parameters<typeof queued>[1]): Promise<string> =>
  sentenceOf(await queued(queue, load), 'open')

describe('a receiver that takes less than is due does not keep up, though nothing is dropped', () => {
  test.each<[told: string, queue: Queue, load: Parameters<typeof queued>[1]]>([
    ['takes about 143/s', { serviceMs: steady(7) }, { rate: 250, seconds: 8 }],
    ['takes about 143/s', { serviceMs: steady(7) }, { rate: 250, seconds: 3 }],
    ['takes about 143/s', { serviceMs: steady(7) }, { rate: 160, seconds: 8 }],
    ['takes about 143/s', { serviceMs: steady(7) }, { rate: [200, 400], seconds: 6 }],
    ['takes about 100/s', { serviceMs: steady(10) }, { rate: 110, seconds: 5 }],
    // Few per second, each slow.
    ['takes about 1/s', { serviceMs: steady(1000) }, { rate: 5, seconds: 8 }],
    ['takes about 8/s', { serviceMs: steady(500), servers: 4 }, { rate: 12, seconds: 9 }],
    ['takes about 20/s', { serviceMs: steady(400), servers: 8 }, { rate: 22, seconds: 12 }],
    // Ten connections that answer together: two rounds in one second, three in the next.
    ['takes about 25/s', { serviceMs: steady(400), servers: 10 }, { rate: 100, seconds: 14 }],
    ['takes about (6|7)(.\\d)?/s', { serviceMs: steady(1500), servers: 10 }, { rate: 40, seconds: 9 }],
  ])('%s', async (told, queue, load) => {
    expect(await sentenceFor(queue, load)).toMatch(
      new RegExp(`^latency grows all the time: ${told} \\(p99 .* in all\\)$`),
    )
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever single requests take, by chance %i', async (seed) => {
    const sentence = await sentenceFor({ serviceMs: byChance(10, seed) }, { rate: 140, seconds: 6 })
    expect(sentence).toMatch(/^latency grows all the time: takes about (8|9|10|11)\d?\/s/)
  })

  test('from the moment on at which it slows down, however few requests there are', async () => {
    const queue = { serviceMs: (nth: number) => (nth < 60 ? 5 : 400) }
    expect(await sentenceFor(queue, { rate: 5, seconds: 24 })).toMatch(
      /^latency grows from 1[1-4] s on: takes about 2\.[3-7]\/s/,
    )
  })

  test('for a while, and catches up', async () => {
    const queue = { serviceMs: (nth: number) => (nth >= 300 && nth < 500 ? 20 : 4) }
    expect(await sentenceFor(queue, { rate: 100, seconds: 15 })).toMatch(
      /^fell behind for 4 s from 3 s on, then caught up \(p99 /,
    )
  })

  test.each([2, 4, 8])('in a run of %i s of twice the rate', async (seconds) => {
    expect(await sentenceFor({ serviceMs: steady(10) }, { rate: 200, seconds })).toContain('takes about 100/s')
  })
})

describe('where more is due than fits, what fits is told, though the connections answer in rounds', () => {
  test.each<[perSecond: number, serviceMs: number, connections: number, rate: number, seconds: number]>([
    [6.7, 1500, 10, 40, 8],
    [25, 400, 10, 100, 12],
    // Now and then a round more is due than fits, now and then as much.
    [25, 400, 10, 28, 20],
    [3.3, 3000, 10, 20, 20],
  ])('%d/s: %i ms on %i connections, %i/s for %i s', async (perSecond, serviceMs, connections, rate, seconds) => {
    const queue = { serviceMs: steady(serviceMs), servers: connections }
    const sentence = await sentenceFor(queue, { rate, seconds, connections, maxInFlight: connections })
    const [, told] = /were dropped: takes about ([\d.]+)\/s$/.exec(sentence) ?? []
    expect(Math.abs(Number(told) / perSecond - 1), sentence).toBeLessThan(0.11)
  })
})

describe('on a ramp, latency grows from the rate that the receiver takes', () => {
  test.each([
    [200, 4, [50, 400], 14],
    [200, 4, [50, 400], 28],
    [200, 1, [100, 300], 20],
    [100, 10, [20, 200], 20],
  ] as const)('%i/s by %i at a time, under a ramp of %j per second in %i s', async (takes, servers, rate, seconds) => {
    const sentence = await sentenceFor({ serviceMs: steady((1000 * servers) / takes), servers }, { rate, seconds })
    const [, told] = /^latency grows from about (\d+)\/s/.exec(sentence) ?? []
    expect(Math.abs(Number(told) / takes - 1), sentence).toBeLessThanOrEqual(0.1)
  })
})

describe('a receiver that takes what is due keeps up', () => {
  test.each<[what: string, queue: Queue, load: Parameters<typeof queued>[1]]>([
    ['exactly', { serviceMs: steady(10) }, { rate: 100, seconds: 6 }],
    ['slowly, but always so', { serviceMs: steady(900), servers: 100 }, { rate: 50, seconds: 4 }],
    ['very slowly', { serviceMs: steady(3000), servers: 100 }, { rate: 10, seconds: 9 }],
    ['one after the other', { serviceMs: steady(1200) }, { rate: 0.5, seconds: 8 }],
    ['cold at first', { serviceMs: (nth) => (nth < 20 ? 40 : 4) }, { rate: 100, seconds: 3 }],
    ['with a hiccup at the end', { serviceMs: steady(4), freezes: [[1600, 390]] }, { rate: 100, seconds: 2 }],
    ['with a hiccup at the end of three', { serviceMs: steady(4), freezes: [[2600, 390]] }, { rate: 100, seconds: 3 }],
    [
      'with one request of sixty that takes 2 s',
      { serviceMs: (nth) => (nth === 40 ? 2000 : 5), servers: 9 },
      { rate: 20, seconds: 3 },
    ],
    ['up to a rate below it', { serviceMs: steady(4) }, { rate: [20, 200], seconds: 6 }],
  ])('%s', async (_, queue, load) => {
    expect(await sentenceFor(queue, load)).toMatch(/^kept up: /)
  })

  test('by chance, in none of many short runs at half to three quarters of what it takes', async () => {
    const wolves: string[] = []
    for (let seed = 0; seed < 200; seed += 1) {
      const load = { rate: [50, 65, 5, 3][seed % 4] as number, seconds: 1 + (seed % 9) }
      const sentence = await sentenceFor({ serviceMs: byChance(load.rate < 10 ? 150 : 10, seed) }, load)
      if (!sentence.startsWith('kept up')) wolves.push(`${seed}: ${sentence}`)
    }
    expect(wolves).toEqual([])
  })
})

describe('a receiver that stops for a while stalled, and is told when', () => {
  test.each<[told: string, queue: Queue, load: Parameters<typeof queued>[1]]>([
    ['stalled for 3 s from 4 s on', { serviceMs: steady(5), freezes: [[4000, 3000]] }, { rate: 10, seconds: 9 }],
    ['stalled for 3 s from 4 s on', { serviceMs: steady(5), freezes: [[4300, 3000]] }, { rate: 10, seconds: 9 }],
    // A long queue is worked off afterwards.
    ['stalled for 3 s from 4 s on', { serviceMs: steady(7), freezes: [[4000, 3000]] }, { rate: 100, seconds: 10 }],
    ['stalled for 3 s from 6 s on', { serviceMs: steady(5), freezes: [[6000, 3000]] }, { rate: 20, seconds: 8 }],
    ['stalled for 2 s from 0 s on', { serviceMs: steady(5), freezes: [[0, 2000]] }, { rate: 20, seconds: 8 }],
    // The longest of them.
    [
      'stalled for 4 s from 5 s on',
      {
        serviceMs: steady(2),
        freezes: [
          [1000, 2000],
          [5000, 4000],
        ],
      },
      { rate: 20, seconds: 10 },
    ],
  ])('%s', async (told, queue, load) => {
    expect(await sentenceFor(queue, load)).toMatch(new RegExp(`^${told} \\(p99 .* in all\\)$`))
  })

  test('also where the connections fill up meanwhile', async () => {
    const queue = { serviceMs: steady(2), freezes: [[3000, 3000]] as const }
    const load = { rate: 50, seconds: 10, connections: 50, maxInFlight: 50 }
    expect(await sentenceFor(queue, load)).toMatch(
      /^20 % did not fit into the connections and were dropped.*; stalled for 3 s from 3 s on/,
    )
  })

  test('but not for a pause of our own', async () => {
    const result = await queued({ serviceMs: steady(5), freezes: [[4000, 3000]] }, { rate: 10, seconds: 9 })
    expect(sentenceOf({ ...result, latenessMs: { p99: 5, max: 2900 } }, 'open')).toMatch(/^kept up/)
  })
})

describe('whatever a request takes and however many are worked on at once', () => {
  const receivers = fc.record({
    serviceMs: fc.integer({ min: 40, max: 300 }),
    servers: fc.integer({ min: 1, max: 4 }),
    seconds: fc.integer({ min: 4, max: 9 }),
  })
  const told = (
    share: number,
    { serviceMs, servers, seconds }: { serviceMs: number; servers: number; seconds: number },
  ) => sentenceFor({ serviceMs: steady(serviceMs), servers }, { rate: (share * servers * 1000) / serviceMs, seconds })

  test('a quarter more than it takes, up to three times as much, is not kept up with once eight have piled up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1.25, max: 3, noNaN: true }), receivers, async (share, receiver) => {
        const surplus = (share - 1) * ((receiver.servers * 1000) / receiver.serviceMs) * receiver.seconds
        fc.pre(surplus >= 8)
        expect(await told(share, receiver)).toMatch(/^latency grows/)
      }),
      { numRuns: 80 },
    )
  })

  test('up to nine tenths of what it takes is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.1, max: 0.9, noNaN: true }), receivers, async (share, receiver) => {
        expect(await told(share, receiver)).toMatch(/^kept up/)
      }),
      { numRuns: 80 },
    )
  })
})

describe('whatever the quiet time, the ramp and the peak', () => {
  const takes = 100
  const loads = fc.record({
    servers: fc.integer({ min: 1, max: 12 }),
    quiet: fc.double({ min: 0.2, max: 0.7, noNaN: true }),
    rampSeconds: fc.integer({ min: 0, max: 4 }),
    eased: fc.boolean(),
  })
  const sentenceAt = async (
    peak: number,
    load: { servers: number; quiet: number; rampSeconds: number; eased: boolean },
  ) => {
    const { servers, quiet, rampSeconds, eased } = load
    const [low, high] = [quiet * takes, peak * takes]
    const hold = (perSecond: number, seconds: number) => ({
      durationMs: seconds * 1000,
      fromPerSecond: perSecond,
      toPerSecond: perSecond,
    })
    const ramp = { durationMs: rampSeconds * 1000, fromPerSecond: low, toPerSecond: high }
    const stages = [hold(low, 3), ...(rampSeconds === 0 ? [] : [ramp]), hold(high, 5), ...(eased ? [hold(low, 2)] : [])]
    const serviceMs = steady((1000 * servers) / takes)
    return sentenceFor({ servers, serviceMs }, { rate: 1, seconds: 1, schedule: { kind: 'open', stages } })
  }

  test('the rate is told that the receiver takes, where the peak is more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1.3, max: 3, noNaN: true }), loads, async (peak, load) => {
        const sentence = await sentenceAt(peak, load)
        const [, told] = /^latency grows from about (\d+)\/s/.exec(sentence) ?? []
        expect(Math.abs(Number(told) / takes - 1), sentence).toBeLessThanOrEqual(0.15)
      }),
      { numRuns: 60 },
    )
  })

  test('and that it keeps up, where the peak is less', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.75, max: 0.9, noNaN: true }), loads, async (peak, load) => {
        expect(await sentenceAt(peak, load)).toMatch(/^kept up/)
      }),
      { numRuns: 60 },
    )
  })
})
