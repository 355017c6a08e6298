import { describe, expect, it } from 'vitest'
import type { EventOf, LoyaltyEvent } from '../../../src/contract/event.ts'
import { ALL_EVENT_TYPES, type EventType } from '../../../src/contract/event-types.ts'
import { startLife, type Asked, type Happening, type Life } from '../../../src/emitter/life/life.ts'
import type { MemberRecord } from '../../../src/emitter/records.ts'
import { Refusal } from '../../../src/emitter/refusal.ts'
import type { MemberState } from '../../../src/program/action.ts'
import { defaultProgram } from '../../../src/program/catalog.ts'
import { DEFAULT_LOCALES } from '../../../src/program/locale.ts'
import { begin, problemsOf, SETTING, START_MS } from './life-history.ts'

const setting = { ...SETTING, programs: [defaultProgram], count: 3 }
const AT_MS = START_MS + 1000
const ENDED = START_MS - 1

/** A life of members with this in common; the first of them. */
async function lifeOf(state: Partial<MemberState>): Promise<{ life: Life; member: MemberRecord; id: string }> {
  const { first } = await begin(setting)
  const members = first.map((record) => ({ ...record, state: { ...record.state, ...state } }))
  const { seed, programs } = setting
  const life = await startLife({ seed, programs, locales: DEFAULT_LOCALES, mostMembers: 20, members, storyNumbers: [] })
  const [member] = members as [MemberRecord]
  return { life, member, id: member.state.member.id }
}

const accounts = (points: number, stars = 0) => [
  { current: points, lifetime: points },
  { current: stars, lifetime: stars },
]
const only = <T extends EventType>(happenings: readonly Happening[], type: T) => {
  expect(happenings.map(({ event }) => event.type)).toEqual([type])
  return happenings[0]?.event as EventOf<T>
}
const refusalOf = async (attempt: Promise<unknown>): Promise<Refusal> => {
  const error = await attempt.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Refusal)
  return error as Refusal
}

describe('asking for an event', () => {
  it.each(ALL_EVENT_TYPES.filter((type) => type !== 'profile_creation'))('%s, of this very member', async (type) => {
    const { life, id } = await lifeOf({ accounts: accounts(5000, 50), qualifyingPoints: 0, levelIndex: 0 })
    const [happening] = await life.cause({ type, memberId: id }, AT_MS)
    expect(happening?.event).toMatchObject({ type, member: { id }, occurredAt: new Date(AT_MS).toISOString() })
    expect(life.member(id)).toEqual(happening?.member)
  })

  it('a profile creation makes a new member, whose own data can be set and stay', async () => {
    const { life } = await lifeOf({})
    const set = { 'member.email': 'zoe@example.com', 'member.firstName': 'Zoë' }
    const event = only(await life.cause({ type: 'profile_creation', set }, AT_MS), 'profile_creation')
    expect(event.member).toMatchObject({ email: 'zoe@example.com', firstName: 'Zoë', enrolledAt: event.occurredAt })
    expect(life.memberNumbered(3)?.state.member).toEqual(event.member)
    const next = only(await life.cause({ type: 'free_gift', memberId: event.member.id }, AT_MS), 'free_gift')
    expect(next.member).toEqual(event.member)
    expect([...life.memberCounts()]).toEqual([['boreal-club', 4]])
    expect((await refusalOf(life.cause({ type: 'profile_creation', set }, AT_MS))).message).toBe(
      `set member.email: Zoë ${event.member.lastName} has it already; each member needs their own.`,
    )
  })

  it('what another event says of its member is said once', async () => {
    const { life, id, member } = await lifeOf({})
    const set = { 'member.firstName': 'Zoë' }
    expect(only(await life.cause({ type: 'free_gift', memberId: id, set }, AT_MS), 'free_gift').member.firstName).toBe(
      'Zoë',
    )
    expect(life.member(id)?.state.member).toEqual(member.state.member)
  })

  it('an earning that crosses a threshold brings the change of level with it', async () => {
    const { life, id } = await lifeOf({ accounts: accounts(10), qualifyingPoints: 10, levelIndex: 0 })
    const asked = { type: 'earning' as const, memberId: id, set: { 'data.points': 2500, 'data.rule.id': 'quiz-win' } }
    const events = (await life.cause(asked, AT_MS)).map(({ event }) => event)
    expect(events).toMatchObject([
      { type: 'earning', data: { points: 2500, rule: { id: 'quiz-win' }, balance: { previous: 10, current: 2510 } } },
      { type: 'change_in_level', data: { newLevel: { id: 'gold' }, reason: 'threshold_reached' } },
    ])
  })

  it('a level that has ended is lost first, and is the change that is asked for', async () => {
    const state = { levelIndex: 2, qualifyingPoints: 2500, levelEndsMs: ENDED }
    const expiry = { type: 'change_in_level', data: { reason: 'qualification_expired', newLevel: { rank: 1 } } }
    const { life, id, member } = await lifeOf(state)
    const visit = await life.cause({ type: 'member_portal_visit', memberId: id }, AT_MS)
    expect(visit.map(({ event }) => event)).toMatchObject([expiry, { type: 'member_portal_visit' }])
    expect(visit.map((happening) => happening.member.eventCount)).toEqual([1, 2])
    expect(life.memberNumbered(member.number)?.eventCount).toBe(2)
    const other = await lifeOf(state)
    const changed = await other.life.cause({ type: 'change_in_level', memberId: id }, AT_MS)
    expect(changed.map(({ event }) => event)).toMatchObject([expiry])
  })

  it.each<[string, Partial<MemberState>, Asked['set'], Partial<EventOf<'change_in_level'>['data']>]>([
    ['may end', { levelIndex: 1, levelEndsMs: null }, {}, { reason: 'qualification_expired', validUntil: null }],
    ['is held', { levelIndex: 1, levelEndsMs: AT_MS + 1 }, {}, { reason: 'manual', direction: 'upgrade' }],
    ['is the first', { levelIndex: 0 }, {}, { reason: 'manual', validUntil: '2027-01-31T23:59:59.999Z' }],
    ['is the top, held', { levelIndex: 3, levelEndsMs: AT_MS + 1 }, {}, { reason: 'manual', direction: 'downgrade' }],
    [
      'is to be gold',
      { levelIndex: 0 },
      { 'data.newLevel.id': 'gold' },
      { reason: 'manual', newLevel: { id: 'gold', name: 'Gold', rank: 3 } },
    ],
    [
      'is to end soon',
      { levelIndex: 1, levelEndsMs: null },
      { 'data.validUntil': '2026-02-01T00:00:00.000Z' },
      { reason: 'manual', direction: 'upgrade', validUntil: '2026-02-01T00:00:00.000Z' },
    ],
  ])('a change of level where the level %s', async (_, state, set, data) => {
    const { life, id } = await lifeOf({ qualifyingPoints: 0, ...state })
    const event = only(await life.cause({ type: 'change_in_level', memberId: id, set }, AT_MS), 'change_in_level')
    expect(event.data).toMatchObject(data)
    const after = life.member(id)?.state as MemberState
    expect(defaultProgram.levels[after.levelIndex]?.rank).toBe(event.data.newLevel.rank)
    expect(after.levelEndsMs).toBe(event.data.validUntil === null ? null : Date.parse(event.data.validUntil))
  })

  it.each([
    [{ 'data.points': 100 }, { points: 100, balance: { currency: { id: 'points' }, current: 1100 } }],
    [{ 'data.points': 7, 'data.balance.currency.id': 'stars' }, { balance: { currency: { id: 'stars' }, current: 9 } }],
    [{ 'data.balance.currency.name': 'Boréal Stars' }, { balance: { currency: { id: 'stars' }, previous: 2 } }],
    [{ 'data.reason': 'Goodwill' }, { reason: 'Goodwill', balance: { currency: { id: 'points' } } }],
  ])('points are given as %j says', async (set, data) => {
    const { life, id } = await lifeOf({ accounts: accounts(1000, 2) })
    const asked = { type: 'point_correction_plus' as const, memberId: id, set }
    expect(only(await life.cause(asked, AT_MS), 'point_correction_plus').data).toMatchObject(data)
  })

  it.each<[string, Partial<MemberState>, Omit<Asked, 'memberId'>, string, Refusal['kind']]>([
    [
      'a burning',
      {},
      { type: 'burning' },
      'NAME has 40 Boréal Points; the cheapest reward costs 150. Give points first.',
      'conflict',
    ],
    [
      'a named reward',
      {},
      { type: 'burning', set: { 'data.reward.id': 'tote-bag' } },
      'NAME has 40 Boréal Points; "Organic cotton tote bag" costs 600. Give points first.',
      'conflict',
    ],
    [
      'a named reward of another currency',
      {},
      { type: 'burning', set: { 'data.reward.id': 'early-access' } },
      'NAME has 0 Boréal Stars; "Early access to the sales" costs 10. Give points first.',
      'conflict',
    ],
    [
      'a price of its own',
      {},
      { type: 'burning', set: { 'data.points': 1 } },
      'set data.points: a burning costs what its reward costs (voucher-5 250, voucher-10 450, tote-bag 600, plant-a-tree 150, early-access 10).',
      'invalid',
    ],
    [
      'too many points back',
      {},
      { type: 'point_correction_minus', set: { 'data.points': 41 } },
      'NAME has 40 Boréal Points, not 41 to take off. Give points first.',
      'conflict',
    ],
    [
      'points back in an empty currency',
      {},
      { type: 'point_correction_minus', set: { 'data.balance.currency.id': 'stars' } },
      'NAME has 0 Boréal Stars to take off. Give points first.',
      'conflict',
    ],
    [
      'the level they have',
      { levelIndex: 2 },
      { type: 'change_in_level', set: { 'data.newLevel.name': 'Gold' } },
      'NAME is Gold already. Name another level.',
      'conflict',
    ],
    [
      'an end that has passed',
      {},
      { type: 'change_in_level', set: { 'data.validUntil': '2020-01-01T00:00:00.000Z' } },
      'set data.validUntil: it has passed.',
      'invalid',
    ],
    [
      'another program',
      {},
      { type: 'free_gift', programId: 'maree' },
      'no program has the id "maree"; there is boreal-club.',
      'not-found',
    ],
    [
      'points as a text',
      {},
      { type: 'earning', set: { 'data.points': '100' } },
      'data.points of earning must be a whole number, 1 or more; write it without quotes.',
      'invalid',
    ],
    [
      'points of a visit',
      {},
      { type: 'member_portal_visit', set: { 'data.points': 1 } },
      'set data.points: member-portal-visit has no data.points; earning, burning, point-correction-plus, point-correction-minus has.',
      'invalid',
    ],
    [
      'a path misspelt',
      {},
      { type: 'earning', set: { 'data.pointz': 1 } },
      'set data.pointz: no selected event has data.pointz; did you mean data.points?',
      'invalid',
    ],
    [
      'a reward misspelt',
      {},
      { type: 'burning', set: { 'data.reward.id': 'tote-bagg' } },
      'set data.reward.id: program boreal-club has none whose id is "tote-bagg"; did you mean tote-bag?',
      'invalid',
    ],
    [
      'a currency misspelt',
      {},
      { type: 'point_correction_plus', set: { 'data.balance.currency.id': 'starz' } },
      'set data.balance.currency.id: program boreal-club has no currency whose id is "starz"; did you mean stars?',
      'invalid',
    ],
    [
      'a rule of another currency',
      {},
      { type: 'earning', set: { 'data.balance.currency.id': 'stars', 'data.rule.id': 'quiz-win' } },
      'set data.balance.currency: no such earning rule pays in Boréal Stars in program boreal-club.',
      'invalid',
    ],
    [
      'an id',
      {},
      { type: 'earning', set: { id: '0b6cbb3c-6a6e-4b43-9d2f-0c8a3a2f1d10' } },
      'set id: id cannot be set here: every event gets its own; resend a delivery to send the same event again.',
      'invalid',
    ],
    [
      'somebody else',
      {},
      { type: 'earning', set: { 'member.id': 'x' } },
      'set member.id: member.id cannot be set here: ask for that member instead.',
      'invalid',
    ],
    [
      'a path that is none',
      {},
      { type: 'earning', set: { 'data..x': 1 } },
      'set data..x:=1: "data..x" is not a path; paths look like member.email or data.balances[0].current.',
      'invalid',
    ],
    [
      'a profile',
      {},
      { type: 'profile_creation' },
      'NAME exists already. Leave the member out, and a new one is created.',
      'conflict',
    ],
  ])('refuses %s, and changes nothing', async (_, state, asked, message, kind) => {
    const { life, id, member } = await lifeOf({ accounts: accounts(40), ...state })
    const refusal = await refusalOf(life.cause({ ...asked, memberId: id }, AT_MS))
    const { firstName, lastName } = member.state.member
    expect(refusal.message).toBe(message.replace('NAME', `${firstName} ${lastName}`))
    expect(refusal.kind).toBe(kind)
    expect(life.member(id)).toEqual(member)
  })

  it('refuses who is not there', async () => {
    const { life } = await lifeOf({})
    const refusal = await refusalOf(life.cause({ type: 'earning', memberId: 'nobody' }, AT_MS))
    expect(refusal).toMatchObject({ kind: 'not-found', message: 'no member has the id "nobody".' })
  })
})

describe('asking for an event of anybody', () => {
  it.each<[EventType, Partial<MemberState>]>([
    ['burning', { accounts: accounts(150) }],
    ['point_correction_minus', { accounts: accounts(1) }],
    ['change_in_level', { levelIndex: 1 }],
  ])('%s finds the only one who can, wherever the search begins', async (type, able) => {
    const { first } = await begin({ ...setting, count: 9 })
    const poor = { accounts: accounts(0), levelIndex: 0, qualifyingPoints: 0 }
    for (let seed = 0; seed < 12; seed++) {
      const members = first.map((record, index) => ({
        ...record,
        state: { ...record.state, ...poor, ...(index === 4 && able) },
      }))
      const life = await startLife({
        ...setting,
        seed,
        locales: DEFAULT_LOCALES,
        mostMembers: 20,
        members,
        storyNumbers: [],
      })
      const [happening] = await life.cause({ type }, AT_MS)
      expect(happening?.member.number).toBe(4)
    }
  })

  it.each<[EventType, Asked['set'], string]>([
    ['burning', {}, 'Nobody has the 150 Boréal Points that the cheapest reward costs. Give points first.'],
    ['point_correction_minus', { 'data.points': 9 }, 'Nobody has 9 Boréal Points to take off. Give points first.'],
  ])('%s of nobody', async (type, set, message) => {
    const { life } = await lifeOf({ accounts: accounts(0) })
    expect(await refusalOf(life.cause({ type, set }, AT_MS))).toMatchObject({ kind: 'conflict', message })
  })

  it('says that there is nobody', async () => {
    const { life } = await begin({ ...setting, count: 0 })
    const refusal = await refusalOf(life.cause({ type: 'burning' }, AT_MS))
    expect(refusal.message).toBe('There is nobody yet. Create a profile first.')
  })

  it('a reward of one program is asked of its members only', async () => {
    const { life } = await begin({ ...SETTING, count: 40 })
    for (let time = 0; time < 10; time++) {
      const set = { 'data.reward.id': 'clean-beaches' }
      const event = only(await life.cause({ type: 'burning', set }, AT_MS), 'burning')
      expect(event.program.id).toBe('maree-rewards')
    }
    const inProgram = await life.cause({ type: 'free_gift', programId: 'maree-rewards' }, AT_MS)
    expect(only(inProgram, 'free_gift').program.id).toBe('maree-rewards')
  })
})

it('two who ask at once get two events, one after the other', async () => {
  const history = await begin(setting)
  const memberId = history.first[0]?.state.member.id
  const ask = (points: number) =>
    history.life.cause({ type: 'point_correction_plus', memberId, set: { 'data.points': points } }, AT_MS)
  const happenings = (await Promise.all([ask(5), ask(7), ask(9)])).flat()
  history.happenings.push(...happenings)
  expect(problemsOf(history, setting)).toEqual([])
  expect(new Set(happenings.map(({ event }) => event.id)).size).toBe(3)
  const points = happenings.map(({ event }) => (event as EventOf<'point_correction_plus'>).data.points)
  expect(points.toSorted((a, b) => a - b)).toEqual([5, 7, 9])
})

it('time never goes back for a member, whatever the clock does', async () => {
  const { life, id } = await lifeOf({})
  const at = async (atMs: number): Promise<LoyaltyEvent['occurredAt'] | undefined> =>
    (await life.cause({ type: 'free_gift', memberId: id }, atMs))[0]?.event.occurredAt
  const first = await at(AT_MS)
  expect(await at(AT_MS - 60_000)).toBe(first)
  expect(await at(AT_MS + 1)).toBe(new Date(AT_MS + 1).toISOString())
})
