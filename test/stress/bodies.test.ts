import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadContract, readPayload, renderPayload, SHIPPED_CONTRACTS } from '../../src/contract/contract.ts'
import type { Contract } from '../../src/contract/contract.ts'
import type { Balance } from '../../src/contract/event.ts'
import type { EventModel } from '../../src/contract/event-model.ts'
import { loadEventModel } from '../../src/contract/event-model.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import type { What } from '../../src/program/selection.ts'
import { identityOf } from '../../src/receiver/identity.ts'
import { createBodies } from '../../src/stress/bodies.ts'
import type { Bodies } from '../../src/stress/bodies.ts'
import { contractFolder } from '../support/contract-folder.ts'

const NOW_MS = Date.UTC(2026, 10, 23, 12)
const WHAT = [['earning'], 'random', 'all', ALL_EVENT_TYPES] as const satisfies readonly What[]

let model: EventModel
beforeAll(async () => {
  model = await loadEventModel()
})

interface Made {
  readonly contract: Contract
  readonly bodies: Bodies
}

async function make(name: string, options: { what?: What; batch?: number; seed?: number } = {}) {
  const contract = await loadContract(name)
  const { what = ['earning'], batch = 1, seed = 7 } = options
  return { contract, bodies: await createBodies({ contract, what, batch, seed, nowMs: NOW_MS }) }
}

/** What is wrong with a body, read as a receiver would that knows the contract. */
function problemsIn({ contract, bodies }: Made, index: number): unknown[] {
  const elements = readPayload(contract, JSON.parse(bodies.bytes(index).toString()), model)
  return elements.flatMap((element) => (element.kind === 'unreadable' ? [element.problem] : element.problems))
}

describe.each(SHIPPED_CONTRACTS)('bodies for load under %s', (name) => {
  test.each(WHAT)('of %s are spliced, valid, and what ordinary rendering writes', async (what) => {
    const made = await make(name, { what })
    expect(made.bodies.splicedShare).toBe(1)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(5000),
          fc.maxSafeNat().map((n) => n % 2 ** 40),
        ),
        (index) => {
          expect(problemsIn(made, index)).toEqual([])
          expect(made.bodies.bytes(index).toString()).toBe(renderPayload(made.contract, made.bodies.events(index)))
        },
      ),
    )
  })

  test.each(['random', 'all'] as const)('of %s are all different, in identity where there is one', async (what) => {
    const { contract, bodies } = await make(name, { what, batch: 2 })
    const identify = identityOf(contract.identity)
    const seen = new Set<string>()
    for (let index = 0; index < 3000; index++)
      for (const element of JSON.parse(bodies.bytes(index).toString()) as unknown[])
        seen.add(identify(element) ?? JSON.stringify(element))
    expect(seen.size).toBe(6000)
  })

  test('of several events are one list in the contract’s own JSON', async () => {
    const made = await make(name, { what: 'random', batch: 7 })
    for (const index of [0, 146, 147, 999_999]) {
      expect(made.bodies.events(index)).toHaveLength(7)
      expect(made.bodies.bytes(index).toString()).toBe(renderPayload(made.contract, made.bodies.events(index)))
      expect(problemsIn(made, index)).toEqual([])
    }
  })
})

test('the same seed and index give the same bytes, whatever was asked for before', async () => {
  const [one, other, foreign] = [await make('assumed-1'), await make('assumed-1'), await make('assumed-1', { seed: 8 })]
  one.bodies.bytes(5)
  one.bodies.bytes(70_000)
  for (const index of [0, 1, 1023, 1024, 5_000_000]) {
    expect(one.bodies.bytes(index)).toEqual(other.bodies.bytes(index))
    expect(one.bodies.bytes(index)).not.toEqual(foreign.bodies.bytes(index))
  }
})

test('a body goes where it is asked to, and touches nothing else', async () => {
  const { bodies } = await make('assumed-1', { what: 'random', batch: 3 })
  for (let index = 0; index < 2000; index += 7) {
    const target = Buffer.alloc(bodies.maxBytes + 20, 0xee)
    const end = bodies.write(index, target, 10)
    expect(target.subarray(10, end)).toEqual(bodies.bytes(index))
    expect([...target.subarray(0, 10), ...target.subarray(end)].every((byte) => byte === 0xee)).toBe(true)
  }
})

test('what happens to a member adds up over the rounds of the pool', async () => {
  const { bodies } = await make('assumed-1', { what: 'random' })
  const balances = new Map<string, number>()
  const lastAt = new Map<string, string>()
  const created = new Set<string>()
  for (let index = 0; index < 5000; index++) {
    const [event] = bodies.events(index)
    if (event === undefined) throw new Error('a body without an event')
    expect(event.occurredAt >= (lastAt.get(event.member.id) ?? '')).toBe(true)
    expect(event.member.enrolledAt <= event.occurredAt).toBe(true)
    if (event.type === 'profile_creation') {
      expect(created.has(event.member.id)).toBe(false)
      expect(event.member.enrolledAt).toBe(event.occurredAt)
      created.add(event.member.id)
    }
    lastAt.set(event.member.id, event.occurredAt)
    if (!('balance' in event.data)) continue
    const { currency, previous, current } = event.data.balance as Balance
    const key = `${event.member.id} ${currency.id}`
    expect(previous).toBe(balances.get(key) ?? previous)
    balances.set(key, current)
  }
  expect(created.size).toBeGreaterThan(20)
})

test('no event comes from the future, at a hundred events per millisecond', async () => {
  const { bodies } = await make('assumed-1')
  for (const index of [0, 99, 100, 6_000_000])
    expect(Date.parse(bodies.events(index)[0]?.occurredAt ?? '')).toBe(NOW_MS + Math.floor(index / 100))
})

test('where the wire misleads the splicer, bodies are rendered, and right all the same', async () => {
  // A constant that looks like the mark of a round.
  const withConstant = (text: string) => text.replace('{', '{ "code": "9173528",')
  const { folder } = await contractFolder({ 'earning.json': withConstant })
  const made = await make(folder, { what: ['earning', 'burning'], batch: 2 })
  expect(made.bodies.splicedShare).toBeCloseTo(0.5, 1)
  for (const index of [0, 3, 5000]) {
    expect(problemsIn(made, index)).toEqual([])
    expect(made.bodies.bytes(index).toString()).toBe(renderPayload(made.contract, made.bodies.events(index)))
  }
})
