import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { estimateOf } from '../../src/check/estimate.ts'
import type { Form } from '../../src/check/kit.ts'
import { checkOf, kitFor } from './found.ts'

async function estimated(numbers: readonly string[], form: Form) {
  const plans = numbers.map(async (number) => {
    const check = checkOf(number)
    return { check, plan: check.plan(await kitFor(check.id, { form })) }
  })
  return estimateOf(await Promise.all(plans), form)
}

describe('what a run will send', () => {
  test.each<[string, readonly string[], Form, object]>([
    // The zero-event test and a control before all; another after whatever has effects.
    ['nothing', [], 'zero-event', { requests: 6, events: 0, waitsMs: 0 }],
    ['nothing, with events', [], 'events', { requests: 6, events: 1, waitsMs: 0 }],
    ['a check that only looks', ['CON-09'], 'events', { requests: 6, events: 1, waitsMs: 0 }],
    ['eight events, one each', ['CON-01'], 'events', { requests: 15, events: 10, waitsMs: 0 }],
    ['a hundred in one', ['CON-04'], 'events', { requests: 8, events: 102, waitsMs: 0 }],
    // One forged request, a control before it and one after it.
    ['a refusal between controls', ['AUT-01'], 'zero-event', { requests: 9, events: 0, waitsMs: 0 }],
    ['the same with events', ['AUT-01'], 'events', { requests: 9, events: 4, waitsMs: 0 }],
    ['the same event twice is one', ['DLV-01'], 'events', { requests: 9, events: 3, waitsMs: 0 }],
    ['all at once, and a control after it', ['PRF-03'], 'events', { requests: 27, events: 22, waitsMs: 0 }],
    ['a handshake', ['TRN-01'], 'zero-event', { requests: 7, events: 0, waitsMs: 0 }],
    ['waits', ['TRN-06', 'TRN-07'], 'events', { requests: 13, events: 8, waitsMs: 10_000 }],
  ])('%s', async (_, numbers, form, wanted) => {
    expect(await estimated(numbers, form)).toEqual(wanted)
  })

  test('and how long it waits itself: less than thirty seconds, and none of it in the safe set', () => {
    const waitsMs = (of: typeof CATALOG) => of.reduce((sum, { waitsMs: ms = 0 }) => sum + ms, 0)
    expect(waitsMs(CATALOG)).toBeGreaterThan(0)
    expect(waitsMs(CATALOG)).toBeLessThan(15_000)
    expect(waitsMs(CATALOG.filter(({ sideEffect, zeroEventForm }) => sideEffect <= 'S0' || zeroEventForm))).toBe(0)
  })
})
