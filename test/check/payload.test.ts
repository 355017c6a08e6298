import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { brokenElement, eventSource, ofUnknownType, runName, withMembers } from '../../src/check/payload.ts'
import { ALL_EVENT_TYPES } from '../../src/contract/event-types.ts'
import { loadContract, SHIPPED_CONTRACTS, typeOfElement } from '../../src/contract/contract.ts'
import type { LoyaltyEvent } from '../../src/contract/event.ts'
import { kitFor, NOW_MS, probesOf } from './found.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
type Element = Record<string, unknown>

async function eventsOf(checkId: string, seed = 1): Promise<readonly LoyaltyEvent[]> {
  const source = await eventSource(checkId, { seed, nowMs: NOW_MS })
  return [...ALL_EVENT_TYPES, ...ALL_EVENT_TYPES].map((type) => source.next(type))
}

describe('the events of a check', () => {
  test('are of the type that is asked for, each of a member of its own', async () => {
    const events = await eventsOf('contract/each-event-type')
    expect(events.map(({ type }) => type)).toEqual([...ALL_EVENT_TYPES, ...ALL_EVENT_TYPES])
    expect(new Set(events.map(({ member }) => member.id)).size).toBe(events.length)
    expect(new Set(events.map(({ member }) => member.externalId)).size).toBe(events.length)
  })

  test('are recognisable, and nobody: qsim-<run>-… and example.com', async () => {
    const run = runName(1)
    expect(run).toMatch(/^[a-z0-9]{4}$/)
    for (const { member } of await eventsOf('delivery/duplicate')) {
      expect(member.externalId).toMatch(new RegExp(`^qsim-${run}-[a-z0-9]{6}-\\d+$`))
      expect(member.email).toBe(`${member.externalId}@example.com`)
    }
    expect(runName(2)).not.toBe(run)
  })

  test('happened a moment ago, in the order in which they are asked for', async () => {
    const times = (await eventsOf('delivery/duplicate')).map(({ occurredAt }) => Date.parse(occurredAt))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.every((ms) => ms <= NOW_MS && ms > NOW_MS - 5 * 60_000)).toBe(true)
  })

  test('are in ASCII, for letters are the subject of checks of their own', async () => {
    for (let seed = 1; seed <= 20; seed += 1)
      expect(JSON.stringify(await eventsOf('contract/batch-of-100', seed))).toMatch(/^[\x20-\x7e]+$/)
  })

  test('are the same for the same check and seed, and others for another', async () => {
    const events = await eventsOf('delivery/duplicate')
    expect(await eventsOf('delivery/duplicate')).toEqual(events)
    const ids = [events, await eventsOf('delivery/duplicate', 2), await eventsOf('delivery/batch-of-three')]
    const all = ids.flatMap((some) => some.map(({ id }) => id))
    expect(new Set(all).size).toBe(all.length)
    expect(all.every((id) => UUID.test(id))).toBe(true)
  })
})

test('no two checks send the same event, and every id of a run is a UUID', async () => {
  const owners = new Map<string, string>()
  for (const check of CATALOG) {
    const kit = await kitFor(check.id)
    for (const id of probesOf(check, kit).flatMap(({ eventIds }) => eventIds)) {
      expect(id).toMatch(UUID)
      expect([id, owners.get(id) ?? check.number]).toEqual([id, check.number])
      owners.set(id, check.number)
    }
  }
  expect(owners.size).toBeGreaterThan(500)
})

describe.each(SHIPPED_CONTRACTS)('what no contract knows, under %s', (name) => {
  const element = async () => {
    const kit = await kitFor('contract/unknown-fields', { contract: name })
    const [text = ''] = kit.elements('member_portal_visit')
    return { kit, text, whole: JSON.parse(text) as Element, contract: kit.contract }
  }

  test('an unknown field is added, and nothing else changes', async () => {
    const { text, whole, contract } = await element()
    const more = JSON.parse(withMembers(text, '"qsimUnknown":"later"')) as Element
    expect(more).toEqual({ ...whole, qsimUnknown: 'later' })
    expect(typeOfElement(contract, more)).toBe('member_portal_visit')
  })

  test('an unknown type is unknown, and nothing else changes', async () => {
    const { text, whole, contract } = await element()
    expect(typeOfElement(contract, whole)).toBe('member_portal_visit')
    const unknown = JSON.parse(ofUnknownType(contract, text)) as Element
    expect(typeOfElement(contract, unknown)).toBeUndefined()
    const differing = Object.keys(whole).filter((key) => JSON.stringify(whole[key]) !== JSON.stringify(unknown[key]))
    expect(differing).toEqual([contract.discriminator.keys[0]])
    expect(Object.keys(unknown)).toEqual(Object.keys(whole))
  })

  test('a broken element says its type and which event it is, and nothing else', async () => {
    const { text, whole, contract } = await element()
    const broken = JSON.parse(brokenElement(contract, text)) as Element
    expect(typeOfElement(contract, broken)).toBe('member_portal_visit')
    const kept = Object.keys(broken).filter((key) => broken[key] !== null)
    expect(kept.toSorted()).toEqual([`${contract.discriminator.keys[0]}`, ...contract.identity].toSorted())
    for (const key of kept) expect(broken[key]).toEqual(whole[key])
  })

  test('a payload is the elements in an array, with their ids where the contract has them', async () => {
    const { kit, contract } = await element()
    const payload = kit.payload('earning', 'member_portal_visit', 'earning')
    expect(payload.label).toBe('3 events')
    const elements = JSON.parse(payload.text) as Element[]
    expect(elements.map((one) => typeOfElement(contract, one))).toEqual(['earning', 'member_portal_visit', 'earning'])
    const [identity] = contract.identity
    expect(payload.eventIds).toEqual(identity === undefined ? [] : elements.map((one) => one[identity]))
  })
})

test('an event that is twice in a payload is one', async () => {
  const kit = await kitFor('delivery/overlapping-batches')
  const [a = '', b = ''] = kit.elements('earning', 'earning')
  const { eventIds, text } = kit.ofElements([a, a, b], 'a, a, b')
  expect(eventIds).toEqual([(JSON.parse(a) as Element)['id'], (JSON.parse(b) as Element)['id']])
  expect(JSON.parse(text)).toHaveLength(3)
  expect((await loadContract('assumed-1')).identity).toEqual(['id'])
})
