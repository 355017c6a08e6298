import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliveryFaults, parseFaultCount } from '../../src/delivery/fault.ts'
import { losingFirstAcks } from '../../src/delivery/lost-ack.ts'
import type { SignedRequest } from '../../src/delivery/request.ts'
import { reordered, reorderedAsync } from '../../src/delivery/reorder.ts'
import { randomStream } from '../../src/program/random.ts'
import { resultOf } from '../support/scripted-transport.ts'

const faultsOf = (...texts: string[]) => deliveryFaults(texts.map((text) => parseFaultCount(text)))

describe('--fault of send and replay', () => {
  test.each([
    [['duplicate:3'], { copies: { count: 3, order: 'in-turn' }, reorder: 'no', lostAck: 'no' }],
    [['duplicate'], { copies: { count: 2, order: 'in-turn' }, texts: ['duplicate:2'] }],
    [['duplicate-concurrent:5'], { copies: { count: 5, order: 'at-once' } }],
    [['lost-ack', 'reorder'], { copies: { count: 1 }, reorder: 'yes', lostAck: 'yes', texts: ['lost-ack', 'reorder'] }],
    [[], { copies: { count: 1, order: 'in-turn' }, reorder: 'no', lostAck: 'no', texts: [] }],
  ])('%j', (texts, faults) => {
    expect(faultsOf(...texts)).toMatchObject(faults)
  })

  test.each([
    [
      'duplicat:2',
      'there is no fault "duplicat"; did you mean duplicate? It is one of duplicate, duplicate-concurrent, reorder, lost-ack,',
    ],
    ['wrong-signature', 'there is no fault "wrong-signature"'],
    ['duplicate:1', 'an integer 2-50, such as duplicate:2'],
    ['duplicate:51', 'an integer 2-50'],
    ['duplicate:', '"" is no count'],
    ['duplicate:2.5', '"2.5" is no count'],
    ['duplicate:5%', '"5%" is no count (shares are for stress)'],
    ['lost-ack:2', 'lost-ack takes no count'],
    ['reorder:', 'reorder takes no count'],
  ])('%s is an error', (text, told) => {
    expect(() => parseFaultCount(text)).toThrow(told)
  })

  test.each([
    [['reorder', 'reorder'], 'reorder is given twice'],
    [['duplicate:2', 'duplicate-concurrent:2'], 'duplicate and duplicate-concurrent clash'],
  ])('%j is an error', (texts, told) => {
    expect(() => faultsOf(...texts)).toThrow(told)
  })
})

describe('reorder', () => {
  test('moves everything by one place at most, loses nothing, and does something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), fc.nat(), async (count, seed) => {
        const items = Array.from({ length: count }, (_, index) => index)
        const result = [...reordered(items, randomStream(seed, 'reorder'))]
        expect(result.toSorted((a, b) => a - b)).toEqual(items)
        expect(result.filter((item, index) => Math.abs(item - index) > 1)).toEqual([])
        if (count > 1) expect(result).not.toEqual(items)
        async function* slowly() {
          for (const item of items) yield await Promise.resolve(item)
        }
        const later: number[] = []
        for await (const item of reorderedAsync(slowly(), randomStream(seed, 'reorder'))) later.push(item)
        expect(later).toEqual(result)
      }),
    )
  })

  test('the seed says which', () => {
    const orders = [1, 2, 3, 4].map((seed) => [...reordered(Array(20).keys(), randomStream(seed, 'reorder'))].join())
    expect(new Set(orders).size).toBe(4)
  })
})

test('lost-ack loses the first answer to every delivery, and only that', async () => {
  const heard = { send: async () => resultOf(204), sendUnheard: async () => resultOf('lost-ack') }
  const { send } = losingFirstAcks(heard)
  const [one, other] = [{} as SignedRequest, {} as SignedRequest]
  expect(await send(one)).toMatchObject({ code: 'lost-ack' })
  expect(await send(other)).toMatchObject({ code: 'lost-ack' })
  expect(await send(one)).toMatchObject({ status: 204 })
  expect(await send(one)).toMatchObject({ status: 204 })
})
