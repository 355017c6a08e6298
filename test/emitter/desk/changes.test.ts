import { describe, expect, test } from 'vitest'
import { createChanges } from '../../../src/emitter/desk/changes.ts'
import type { StreamMessage } from '../../../src/emitter/view/views.ts'
import { fakeClock } from '../../support/fake-clock.ts'

function watching() {
  const clock = fakeClock()
  const asked: string[] = []
  const view = (name: string) => (numbers: readonly number[]) => {
    asked.push(`${name} ${numbers.length}`)
    return numbers.map((id) => ({ id })) as never
  }
  const changes = createChanges(clock, {
    deliveries: view('deliveries'),
    events: view('events'),
    webhooks: () => ({ items: [] }),
    program: () => ({ speed: 1 }) as never,
  })
  const told: StreamMessage[] = []
  const listen = () => changes.subscribe((message) => void told.push(message))
  const names = () => told.splice(0).map(({ name }) => name)
  return { clock, changes, asked, told, listen, names }
}

describe('changes', () => {
  test('of a moment are told together, each thing once, in a fixed order', () => {
    const { clock, changes, told, listen } = watching()
    listen()
    changes.program()
    for (const id of [3, 1, 3, 2]) changes.delivery(id)
    changes.event(7)
    clock.advance(249)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual([
      { name: 'events', data: { items: [{ id: 7 }], more: false } },
      { name: 'deliveries', data: { items: [{ id: 3 }, { id: 2 }, { id: 1 }], more: false } },
      { name: 'webhooks', data: { items: [] } },
      { name: 'program', data: { speed: 1 } },
    ])
    clock.advance(10_000)
    expect(told).toHaveLength(4)
  })

  test('that come later are told later', () => {
    const { clock, changes, listen, names } = watching()
    listen()
    changes.event(1)
    clock.advance(250)
    expect(names()).toEqual(['events'])
    changes.webhooks()
    clock.advance(250)
    expect(names()).toEqual(['webhooks'])
  })

  test('by the thousand show the latest hundred, and say that there were more', () => {
    const { clock, changes, told, listen, asked } = watching()
    listen()
    for (let id = 1; id <= 1000; id += 1) changes.delivery(id)
    clock.advance(250)
    expect(asked).toEqual(['deliveries 100'])
    const ids = Array.from({ length: 100 }, (_, index) => ({ id: 1000 - index }))
    expect(told[0]).toEqual({ name: 'deliveries', data: { items: ids, more: true } })
  })

  test('cost nothing while nobody watches, and are not told to who comes later', () => {
    const { clock, changes, told, asked, listen } = watching()
    changes.delivery(1)
    changes.program()
    clock.advance(1000)
    listen()
    clock.advance(1000)
    expect([asked, told]).toEqual([[], []])
  })

  test('are told to everybody who watches, until they look away', () => {
    const { clock, changes, told, listen, asked } = watching()
    const leave = [listen(), listen()]
    changes.event(1)
    clock.advance(250)
    expect(told).toHaveLength(2)
    leave[0]?.()
    changes.event(2)
    clock.advance(250)
    expect(told).toHaveLength(3)
    changes.event(3)
    leave[1]?.()
    clock.advance(250)
    expect([told.length, asked.length]).toEqual([3, 2])
  })
})
