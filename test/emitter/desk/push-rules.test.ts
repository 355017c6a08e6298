import { describe, expect, test } from 'vitest'
import { routingTo, routingWords } from '../../../src/emitter/desk/push-rules.ts'
import type { Webhook } from '../../../src/emitter/records.ts'
import { webhookCalled } from '../dispatch/dispatch-setting.ts'

const EARNING = { type: 'earning', program: { id: 'aurora', name: 'Aurora Club' } } as const

describe('an event goes to a webhook', () => {
  const rows: readonly [when: string, webhook: Partial<Webhook>, goes: boolean, words: string][] = [
    ['without a scope', {}, true, 'goes to "shop"'],
    ['with its type', { scope: { events: ['burning', 'earning'], programs: null } }, true, 'goes to "shop"'],
    ['with its program', { scope: { events: null, programs: ['other', 'aurora'] } }, true, 'goes to "shop"'],
    ['with both', { scope: { events: ['earning'], programs: ['aurora'] } }, true, 'goes to "shop"'],
    ['even when it is blocked', { blockedAtMs: 1 }, true, 'goes to "shop"'],
    [
      'but not of another type',
      { scope: { events: ['burning'], programs: null } },
      false,
      '"shop" does not have Earning in its scope',
    ],
    [
      'but not of another program',
      { scope: { events: null, programs: ['other'] } },
      false,
      '"shop" does not have the program Aurora Club in its scope',
    ],
    [
      'and says the type first when both are out of scope',
      { scope: { events: ['burning'], programs: ['other'] } },
      false,
      '"shop" does not have Earning in its scope',
    ],
    [
      'but not when it is inactive, whatever its scope',
      { active: false, scope: { events: ['burning'], programs: null } },
      false,
      '"shop" was not active',
    ],
    ['nowhere when a list is empty', { scope: { events: [], programs: null } }, false, expect.any(String) as string],
  ]
  test.each(rows)('%s', (_, changes, goes, words) => {
    const routing = routingTo(webhookCalled('shop', changes), EARNING)
    expect(routing).toMatchObject({ webhookId: 'shop', goes })
    expect(routingWords(routing, 'shop', EARNING)).toEqual(words)
  })
})
