import { describe, expect, it } from 'vitest'
import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import type { AttemptResult } from '../../../src/delivery/outcome.ts'
import type { DeliveryState } from '../../../src/emitter/records.ts'
import { eventSentence, storyStepSentence, type Standing } from '../../../src/emitter/life/sentence.ts'
import type { EventView, RouteView } from '../../../src/emitter/view/views.ts'

const stars = { currency: { id: 'stars', name: 'Stars' }, previous: 0, current: 0, lifetime: 0 }
const [bronze, silver] = [
  { id: 'bronze', name: 'Bronze', rank: 1 },
  { id: 'silver', name: 'Silver', rank: 2 },
]
const by = { id: 'anna', name: 'Anna Claes' }
const mug = { id: 'mug', name: 'Coffee mug', kind: 'physical' as const }

const said = (type: LoyaltyEvent['type'], data: object) =>
  eventSentence({
    type,
    data,
    program: { id: 'club', name: 'Coffee Club' },
    member: { firstName: 'Emma', lastName: 'Peeters' },
  } as unknown as LoyaltyEvent)

describe('what happened, in a sentence', () => {
  it.each<[LoyaltyEvent['type'], object, string]>([
    ['profile_creation', {}, 'Emma Peeters joined Coffee Club'],
    ['member_portal_visit', { page: 'rewards' }, 'Emma Peeters visited the portal (rewards)'],
    [
      'earning',
      { points: 100, rule: { name: 'Weekly quiz' }, balance: stars },
      'Emma Peeters earned 100 Stars (Weekly quiz)',
    ],
    ['burning', { points: 250, reward: mug, balance: stars }, 'Emma Peeters spent 250 Stars on "Coffee mug"'],
    [
      'point_correction_plus',
      { points: 50, reason: 'Goodwill', correctedBy: by, balance: stars },
      'Emma Peeters was given 50 Stars by Anna Claes: "Goodwill"',
    ],
    [
      'point_correction_minus',
      { points: 20, reason: 'Purchase returned', correctedBy: by, balance: stars },
      'Emma Peeters lost 20 Stars to a correction by Anna Claes: "Purchase returned"',
    ],
    ['change_in_level', { previousLevel: bronze, newLevel: silver }, 'Emma Peeters is now Silver (was Bronze)'],
    [
      'free_gift',
      { reward: { ...mug, name: 'Tote bag' }, givenBy: by },
      'Emma Peeters was given "Tote bag" by Anna Claes',
    ],
  ])('%s', (type, data, sentence) => {
    expect(said(type, data)).toBe(sentence)
  })
})

const responded = (status: number): AttemptResult => ({
  kind: 'responded',
  status,
  headers: {},
  bodySnippet: '',
  bodyBytes: 0,
})
const route = (
  id: number,
  state: DeliveryState,
  [lastResult, lastDurationMs]: readonly [AttemptResult | null, number | null] = [null, null],
): RouteView => ({
  webhook: { id: 'w', name: 'shop' },
  goes: true,
  why: 'goes to "shop"',
  delivery: { id, state, lastResult, lastDurationMs },
})
const notSent = (name: string): RouteView => ({
  webhook: { id: name, name },
  goes: false,
  why: `"${name}" has no earning in its scope`,
})
const view = (sentence: string, routes: readonly RouteView[]) =>
  ({ sentence, routes, member: { id: 'm', name: 'Emma Peeters' } }) as unknown as EventView
const earned = 'Emma Peeters earned 100 Stars (Weekly quiz)'
const ok = responded(204)

describe('what came of a step, in a sentence', () => {
  it('tells of every event and every answer, and calls a member known by name by the first one', () => {
    const events = [
      view(earned, [route(1, 'delivered', [ok, 210])]),
      view('Emma Peeters is now Silver (was Bronze)', [route(2, 'delivered', [ok, 96])]),
    ]
    expect(storyStepSentence(events)).toEqual({
      sentence: `${earned} → shop confirmed in 0.2 s → Emma is now Silver → shop confirmed in 0.1 s`,
      isSettled: true,
    })
  })

  const retrying: Standing = { attempts: 2, retry: 1, retries: 7, nextDelayMs: 4000 }
  const answers: readonly (readonly [RouteView, Standing | undefined, string, boolean])[] = [
    [{ ...notSent('shop'), goes: true }, undefined, 'shop waiting', false],
    [route(1, 'queued'), undefined, 'shop waiting', false],
    [route(1, 'delivered', [ok, 3]), undefined, 'shop confirmed in 0.01 s', true],
    [route(1, 'delivered', [ok, 1000]), undefined, 'shop confirmed in 1 s', true],
    [route(1, 'delivered', [ok, 9960]), undefined, 'shop confirmed in 10 s', true],
    [route(1, 'delivered', [ok, null]), undefined, 'shop confirmed', true],
    [route(1, 'retrying', [responded(500), 5]), retrying, 'shop refused with 500 (retry 2/7 in 4 s)', false],
    [
      route(1, 'retrying', [responded(500), 5]),
      { ...retrying, nextDelayMs: 300_000 },
      'shop refused with 500 (retry 2/7 in 5 min)',
      false,
    ],
    [route(1, 'retrying', [responded(302), 5]), undefined, 'shop refused with 302 (it will be tried again)', false],
    [
      route(1, 'retrying', [{ kind: 'failed', code: 'timeout', reason: '' }, 5]),
      retrying,
      'shop gave no answer: no answer within the timeout (retry 2/7 in 4 s)',
      false,
    ],
    [
      route(1, 'blocked', [responded(500), 5]),
      { attempts: 8, retry: 7, retries: 7 },
      'shop never confirmed: blocked after 8 requests',
      true,
    ],
    [route(1, 'blocked', [responded(500), 5]), undefined, 'shop never confirmed: blocked', true],
    [route(1, 'blocked'), undefined, 'shop got nothing: the webhook is blocked', true],
    [route(1, 'cancelled'), undefined, 'shop cancelled: the webhook was deleted', true],
    [notSent('shop'), undefined, 'nobody listens: "shop" has no earning in its scope', true],
  ]
  it.each(answers.map(([only, standing, answer, isSettled]) => ({ only, standing, answer, isSettled })))(
    '$answer',
    ({ only, standing, answer, isSettled }) => {
      const route = 'delivery' in only || !only.goes ? only : { webhook: only.webhook, goes: true, why: '' }
      expect(storyStepSentence([view(earned, [route])], () => standing)).toEqual({
        sentence: `${earned} → ${answer}`,
        isSettled,
      })
    },
  )

  it.each<[readonly RouteView[], string]>([
    [[], 'nobody listens: there is no webhook yet'],
    [[notSent('shop'), notSent('crm')], 'nobody listens: no webhook has it in its scope'],
    [[notSent('crm'), route(1, 'delivered', [ok, 200])], 'shop confirmed in 0.2 s'],
  ])('only those who get it are told of: %#', (routes, answer) => {
    expect(storyStepSentence([view(earned, routes)])).toEqual({ sentence: `${earned} → ${answer}`, isSettled: true })
  })

  it('is not settled while one of several is waiting', () => {
    const both = [view(earned, [route(1, 'delivered', [ok, 200]), route(2, 'queued')])]
    expect(storyStepSentence(both).isSettled).toBe(false)
  })
})
