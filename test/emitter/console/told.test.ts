import { describe, expect, test } from 'vitest'
import { levelText } from '../../../src/emitter/console/client/members/level.ts'
import { placeOf } from '../../../src/emitter/console/client/place-of.ts'
import { toldParts } from '../../../src/emitter/console/client/story/told.ts'
import { storyStepSentence } from '../../../src/emitter/life/story-sentence.ts'
import type { EventView, MemberDetail, RouteView } from '../../../src/emitter/view/views.ts'
import { sampleMember } from '../console-people.ts'
import { answerTo } from '../console-sends.ts'
import { happening } from '../console-story.ts'

const member = sampleMember(1, { points: 600, lifetime: 600 }, 0)
const route = (name: string, state: 'delivered' | 'retrying' | 'blocked', id: number): RouteView => ({
  webhook: { id: `w-${name}`, name },
  goes: true,
  why: `goes to "${name}"`,
  delivery: { id, state, lastResult: answerTo(state === 'delivered' ? '/ok' : '/error', 1), lastDurationMs: 210 },
})
const event = (routes: readonly RouteView[], sentence?: string): EventView => {
  const made = happening(member, 'earning', { atMs: 0, points: 100, id: 'e1' }).event
  return { ...made, routes, sentence: sentence ?? made.sentence }
}
const step = (...events: EventView[]) => toldParts({ events, ...storyStepSentence(events) })

describe('what is told of a step', () => {
  test('has each answer with its outcome and its delivery, in the order that they are told', () => {
    const parts = step(
      event([route('shop', 'delivered', 4), route('crm', 'blocked', 5)]),
      event([route('crm', 'retrying', 6)]),
    )
    expect(parts.map(({ state, delivery }) => [state, delivery])).toEqual([
      [undefined, undefined],
      ['delivered', 4],
      ['blocked', 5],
      [undefined, undefined],
      ['retrying', 6],
    ])
    expect(parts[1]?.text).toContain('shop confirmed')
    expect(parts[2]?.text).toMatch(/^crm /)
  })

  test('is told without deliveries where nobody listens, where a batch is open, and where it does not add up', () => {
    const open = { ...route('shop', 'delivered', 4), delivery: undefined } as unknown as RouteView
    expect(step(event([])).map(({ state }) => state)).toEqual([undefined, undefined])
    expect(step(event([open]))[1]).toEqual({ text: 'shop hears of it with the next batch', state: 'queued' })
    const odd = step(event([route('shop', 'blocked', 4)], 'Emma was given "A → B"'))
    expect(odd.map(({ state }) => state)).toEqual([undefined, undefined, undefined])
  })
})

describe('the way to the next level', () => {
  const levels = [
    { id: 'explorer', name: 'Explorer', rank: 1 },
    { id: 'silver', name: 'Silver', rank: 2 },
    { id: 'gold', name: 'Gold', rank: 3 },
  ] as const
  const change = (from: number, to: number, reason = 'manual'): EventView => ({
    ...event([]),
    type: 'change_in_level',
    data: {
      previousLevel: levels[from - 1],
      newLevel: levels[to - 1],
      direction: to < from ? 'downgrade' : 'upgrade',
      reason,
    } as unknown as EventView['data'],
  })
  const gold = { name: 'Gold', missingPoints: 66 }
  const silver = { name: 'Silver', missingPoints: 66 }
  test.each<[what: string, level: number, next: MemberDetail['nextLevel'], history: EventView[], text: string]>([
    ['nothing happened', 1, silver, [], '66 more points to Silver'],
    ['lowered, Silver reached by points', 1, gold, [change(2, 1)], 'lowered by hand; 66 more points to Gold'],
    ['lowered two at once, Silver reached', 1, gold, [change(3, 1)], 'lowered by hand; 66 more points to Gold'],
    ['lowered, points below Silver too', 1, silver, [change(2, 1)], '66 more points to Silver'],
    ['lowered by one, points between', 2, gold, [change(3, 2)], '66 more points to Gold'],
    ['raised again since', 2, gold, [change(1, 2), change(2, 1)], '66 more points to Gold'],
    ['lowered from the top', 2, null, [change(3, 2)], 'lowered by hand; points enough for the highest level'],
    ['at the top', 3, null, [change(2, 3)], 'the highest level'],
    ['expired', 1, gold, [change(2, 1, 'qualification_expired')], 'lowered from Silver; 66 more points to Gold'],
  ])('%s', (_what, rank, nextLevel, history, text) => {
    expect(levelText({ level: levels[rank - 1] ?? levels[0], nextLevel, history })).toBe(text)
  })
})

test.each([
  ['', 'deliveries', undefined],
  ['#/', 'deliveries', undefined],
  ['#/deliveries?state=blocked', 'deliveries', undefined],
  ['#/deliveries/12', 'deliveries', '12'],
  ['#/members/a%2Fb', 'members', 'a/b'],
  ['#/nope', undefined, 'nope'],
  ['#/deliverys/12', undefined, 'deliverys/12'],
  ['#/deliveries/12/attempts', undefined, 'deliveries/12/attempts'],
  ['#/program/x', undefined, 'program/x'],
  ['#/constructor', undefined, 'constructor'],
])('the address %j leads to %s %s', (hash, tab, id) => expect(placeOf(hash)).toMatchObject({ tab, id }))
