import type { EventOf } from '../../src/contract/event.ts'
import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../src/contract/event.ts'
import { planGeneration } from '../../src/program/generate.ts'
import type { Selection } from '../../src/program/selection.ts'
import { parseSetRule } from '../../src/program/set-rule.ts'
import { problemsIn } from './observer.ts'
import { eventsOf, NOW_MS, selectionOf } from './selections.ts'

const selectionWith = (rules: readonly string[], over: Partial<Selection> = {}) =>
  selectionOf({ set: rules.map((rule) => parseSetRule(rule)), ...over })

describe('parsing --set', () => {
  it.each([
    ['member.email=a@example.com', ['member', 'email'], 'a@example.com'],
    ['data.points:=250', ['data', 'points'], 250],
    ['data.balances[0].current:=1', ['data', 'balances', 0, 'current'], 1],
    ['a=b:=c', ['a'], 'b:=c'],
    ['a:=["x=y"]', ['a'], ['x=y']],
    ['a=', ['a'], ''],
    ['data.promoCode:=null', ['data', 'promoCode'], null],
    ['a[0][1]=x', ['a', 0, 1], 'x'],
    ['a:=[9007199254740991,-0.1,2e3,"12345678901234567890"]', ['a'], [2 ** 53 - 1, -0.1, 2000, '12345678901234567890']],
  ])('%s', (text, steps, value) => {
    expect(parseSetRule(text)).toEqual({ text, steps, value })
  })

  it.each([
    ['points', 'expected path=text, or path:=JSON'],
    ['=5', 'is not a path'],
    ['a..b=5', 'is not a path'],
    ['a.[0]=5', 'is not a path'],
    ['[0]=5', 'is not a path'],
    ['a.b.=5', 'is not a path'],
    ['a[x]=5', 'is not a path'],
    ['a[99999]=5', 'is not a path'],
    ['data.points:=ten', '--set data.points:=ten: what follows := is not JSON'],
    ['data.x:=12345678901234567890', 'the number 12345678901234567890 is beyond what can be written exactly'],
    ['data.x:={"a":["9007199254740993",-9007199254740993]}', 'the number -9007199254740993 is beyond'],
    ['data.x:=1e400', 'the number 1e400 is beyond'],
  ])('refuses %s', (text, message) => {
    expect(() => parseSetRule(text)).toThrow(message)
  })
})

describe('--set', () => {
  it('writes a field of every selected event that has it, and of no other', async () => {
    const events = await eventsOf(
      selectionWith(['data.browser.device=tablet'], { what: ['member_portal_visit', 'earning'], count: 5 }),
    )
    for (const event of events) {
      if (event.type === 'member_portal_visit') expect(event.data.browser.device).toBe('tablet')
      else expect(event.data).not.toHaveProperty('browser')
    }
  })

  it('writes into an event and leaves what events share alone', async () => {
    const plain = await eventsOf(selectionOf({ count: 4, members: 1 }))
    const set = await eventsOf(
      selectionWith(['member.firstName=Zoë', 'data.balance.currency.name=Coins'], { count: 4, members: 1 }),
    )
    expect(set.map(({ member }) => member.firstName)).toEqual(['Zoë', 'Zoë', 'Zoë', 'Zoë'])
    expect(await eventsOf(selectionOf({ count: 4, members: 1 }))).toEqual(plain)
  })

  it.each([
    [250, 'on'],
    [77, 'off'],
  ] as const)(
    'points (%i), rule and reward go in before the ledger, so that balances add up',
    async (points, validate) => {
      const rules = [`data.points:=${points}`, 'data.rule.id=product-review', 'data.reward.name=€5 voucher']
      const events = await eventsOf(
        selectionWith(rules, { what: ['earning', 'burning', 'free_gift'], count: 30, validate }),
      )
      expect(problemsIn(events, { program: selectionOf().program, nowMs: NOW_MS, fixedPoints: points })).toEqual([])
      for (const event of events) {
        if (event.type === 'earning')
          expect(event.data).toMatchObject({ points, balance: { currency: { id: 'stars' } } })
        if (event.type === 'burning') expect(event.data).toMatchObject({ points, reward: { id: 'voucher-5' } })
        if (event.type === 'free_gift')
          expect(event.data).toMatchObject({ reward: { id: 'voucher-5', kind: 'promo_code' } })
        if (event.type !== 'earning') expect(event.data).toMatchObject({ promoCode: expect.stringMatching(/-/) })
      }
    },
  )

  it.each([
    ['data.reward.kind=donation', { reward: { kind: 'donation' }, promoCode: null }],
    ['data.reward.kind=physical', { reward: { kind: 'physical' }, promoCode: null }],
    ['data.reward.kind=promo_code', { reward: { kind: 'promo_code' }, promoCode: expect.any(String) }],
    ['data.promoCode:=null', { promoCode: null }],
  ])('%s chooses rewards and gifts of which it is true', async (rule, data) => {
    const events = await eventsOf(selectionWith([rule], { what: ['burning', 'free_gift'], count: 20 }))
    expect(events).toHaveLength(40)
    for (const event of events) expect(event.data).toMatchObject(data)
    expect(problemsIn(events, { program: selectionOf().program, nowMs: NOW_MS })).toEqual([])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('a promo code goes to a gift that has one (seed %i)', async (seed) => {
    const [event] = await eventsOf(selectionWith(['data.promoCode=X-1'], { what: ['free_gift'], seed }))
    expect(event?.data).toMatchObject({ promoCode: 'X-1', reward: { kind: 'promo_code' } })
  })

  it('points of a burning choose the reward that costs them', async () => {
    const events = await eventsOf(selectionWith(['data.points:=450'], { what: ['burning', 'earning'], count: 5 }))
    for (const event of events) {
      expect(event.data).toMatchObject({ points: 450 })
      if (event.type === 'burning') expect(event.data.reward.id).toBe('voucher-10')
    }
  })

  it('points that no reward costs are what a reward costs in this run, and balances add up', async () => {
    const events = await eventsOf(selectionWith(['data.points:=77'], { what: ['burning'], count: 5 }))
    for (const { data } of events as readonly EventOf<'burning'>[]) {
      expect(data.points).toBe(77)
      expect(data.balance.previous - data.balance.current).toBe(77)
    }
  })

  it('a whole reward chooses the entry and keeps what else it says', async () => {
    const reward = '{"id":"tote-bag","name":"Organic cotton tote bag","kind":"physical","size":"L"}'
    const [event] = await eventsOf(selectionWith([`data.reward:=${reward}`], { what: ['burning'] }))
    expect(event?.data).toMatchObject({ points: 600, reward: { id: 'tote-bag', size: 'L' } })
  })

  it.each<[string, string[], Partial<Selection>, string | RegExp]>([
    ['an unknown path', ['data.pionts:=5'], {}, 'no selected event has data.pionts; did you mean data.points?'],
    ['a path of another type', ['data.visitId=x'], {}, 'earning has no data.visitId; member-portal-visit has'],
    ['text for a number', ['data.points=250'], {}, 'JSON is written data.points:=250'],
    ['text that is no JSON', ['data.points=many'], {}, /data.points of earning must be a whole number, 1 or more\.$/],
    ['an id that is no UUID', ['id=abc'], {}, 'id of earning must be a UUID, version 4, in lower case, such as '],
    ['a time without milliseconds', ['occurredAt=2026-01-31T12:00:00Z'], {}, 'must be a time in UTC with milliseconds'],
    ['an unlike path', ['qqqqqqqqqq=1'], {}, 'has qqqqqqqqqq; qualifio-sim contract lists the paths. --no-validate'],
    ['a nearby path', ['member.emial=x'], {}, 'did you mean member.email? --no-validate writes it all the same.'],
    [
      'points that the reward does not cost',
      ['data.reward.id=voucher-5', 'data.points:=10'],
      { what: ['burning'] },
      '--set data.points:=10: a burning costs what its reward costs (voucher-5 250)',
    ],
    [
      'one promo code for two',
      ['data.promoCode=X'],
      { what: ['free_gift'], count: 2 },
      '2 events cannot share one promo code; ask for one event',
    ],
    ['one promo code for a burning and a gift', ['data.promoCode=X'], { what: 'all' }, '2 events cannot share one'],
    [
      'one visit for two',
      ['data.visitId=0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10'],
      { what: { journey: 'onboarding' } },
      '2 events cannot share one visit',
    ],
    [
      'a promo code of what has none',
      ['data.reward.id=tote-bag', 'data.promoCode=X'],
      { what: ['burning'] },
      '"Organic cotton tote bag" is of kind physical and has no promo code; set data.reward.kind=promo_code.',
    ],
    [
      'no promo code of what has one',
      ['data.reward.id=voucher-5', 'data.promoCode:=null'],
      { what: ['burning'] },
      '"€5 voucher" always has a promo code',
    ],
    [
      'an id and a kind that contradict each other',
      ['data.reward.id=tote-bag', 'data.reward.kind=donation'],
      { what: ['burning'] },
      'has none whose id is "tote-bag" and kind is "donation"',
    ],
    [
      'an unknown reward',
      ['data.reward.id=xxxxxxxxxxxx'],
      { what: ['burning'] },
      'known: voucher-5, voucher-10, tote-bag, plant-a-tree, early-access. Your own program comes with --program.',
    ],
    ['points below one', ['data.points:=0'], {}, 'data.points of earning'],
    ['an e-mail that is none', ['member.email=nobody'], {}, 'member.email of earning'],
    ['a type that is another', ['type=burning'], {}, 'type of earning'],
    ['one id for two', ['id=0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10'], { count: 2 }, '2 events cannot share one id'],
    ['the same path twice', ['data.points:=1', 'data.points:=2'], {}, 'data.points is set twice'],
    ['an unknown rule', ['data.rule.id=quiz-wim'], {}, 'has none whose id is "quiz-wim"; did you mean quiz-win?'],
    [
      'a gift that cannot be bought',
      ['data.reward.id=sample-box'],
      { what: ['burning'] },
      'has none whose id is "sample-box"',
    ],
    [
      'an entry past the end',
      ['data.balances[5].current:=1'],
      { what: ['profile_creation'] },
      'the list has 2 entries',
    ],
    ['more points than anybody gives', ['data.points:=9000000000000000'], {}, 'more than 1000000000000 points at once'],
    ['more points than numbers hold', ['data.points:=900000000000'], { count: 100_000 }, 'would pass 2^53'],
    ['a prototype', ['__proto__.x=1'], {}, 'no selected event has __proto__.x'],
  ])('refuses %s before anything is generated', async (_, rules, over, message) => {
    await expect(planGeneration(selectionWith(rules, over))).rejects.toThrow(message)
  })

  it('of one id is written when there is one event', async () => {
    const id = '0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10'
    expect((await eventsOf(selectionWith([`id=${id}`])))[0]?.id).toBe(id)
  })

  it('writes anything without validation, missing paths too', async () => {
    const rules = ['data.points=many', 'data.extra.list[1].x:=true', 'member.email=nobody']
    const [event] = await eventsOf(selectionWith(rules, { validate: 'off' }))
    expect(event).toMatchObject({
      type: 'earning',
      member: { email: 'nobody' },
      data: { points: 'many', extra: { list: [null, { x: true }] } },
    })
  })

  it('never reaches a prototype', async () => {
    const [event] = await eventsOf(
      selectionWith(['__proto__.polluted=yes', 'constructor.prototype.polluted=yes'], { validate: 'off' }),
    )
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.hasOwn(event as object, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype)
  })

  it('leaves events that pass their schema', async () => {
    const rules = ['data.points:=250', 'member.birthDate:=null', 'occurredAt=2026-01-01T00:00:00.000Z']
    const events = await eventsOf(selectionWith(rules, { what: 'all', count: 3 }))
    for (const event of events) expect(eventSchemas[event.type].safeParse(event).success).toBe(true)
  })
})
