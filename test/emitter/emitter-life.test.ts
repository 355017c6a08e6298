import { describe, expect, test } from 'vitest'
import { loadContract } from '../../src/contract/contract.ts'
import { openStore } from '../../src/emitter/store/store.ts'
import { builtInPrograms } from '../../src/program/catalog.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { emitterIn, settled } from './emitter-setting.ts'

describe('an event without routes', () => {
  test('says that there was no webhook', async () => {
    const { emitter, webhook, events } = await emitterIn()
    emitter.begin()
    const [before = ''] = await events(1)
    await webhook('shop')
    const [after = ''] = await events(1)
    expect(emitter.event(before)).toMatchObject({ routes: [], why: 'no webhook existed when it happened' })
    expect(emitter.event(after)).not.toHaveProperty('why')
  })
})

describe('members', () => {
  test('live at their pace, in order, once it has begun and as long as it is not paused', async () => {
    const { emitter, webhook, arrived, advance } = await emitterIn({ settings: { pacePerSecond: 2 } })
    await webhook('shop')
    await advance(60_000)
    expect(arrived).toEqual([])
    emitter.begin()
    const seconds = async (count: number) => {
      for (let tenth = 0; tenth < 10 * count; tenth += 1) await advance(100)
    }
    await seconds(10)
    const happened = () => emitter.events({ limit: 500 }).items
    expect(happened().length).toBeGreaterThanOrEqual(20)
    expect(arrived.map(({ ids }) => ids[0])).toEqual(
      happened()
        .map(({ id }) => id)
        .toReversed(),
    )
    expect(new Set(happened().map(({ origin }) => origin))).toEqual(new Set(['life']))

    await emitter.changeProgram({ paused: true })
    const before = happened().length
    await seconds(10)
    expect(happened()).toHaveLength(before)
    await emitter.changeProgram({ paused: false, pacePerSecond: 10 })
    await seconds(1)
    expect(happened().length).toBeGreaterThanOrEqual(before + 10)
  })

  test('do what a button asks of them, and no other', async () => {
    const { emitter } = await emitterIn()
    emitter.begin()
    const member = emitter.members('', { limit: 1 }).items[0]
    const id = member?.id ?? ''
    const balance = () => emitter.member(id).balances.find(({ currency }) => currency.id === currencyId)?.current ?? 0
    const [given] = await emitter.memberEvent(id, { type: 'Point correction +', set: { 'data.points': 5000 } })
    const data = given?.data as { readonly balance: { readonly currency: { readonly id: string } } }
    const currencyId = data.balance.currency.id
    const rich = balance()
    const reward = emitter.member(id).rewards.find(({ currency }) => currency.id === currencyId)
    const [spent] = await emitter.memberEvent(id, { type: 'burning', set: { 'data.reward.id': reward?.id } })
    expect(spent?.sentence).toContain(`on "${reward?.name}"`)
    expect(balance()).toBe(rich - (reward?.cost ?? 0))
    for (const type of ['member-portal-visit', 'free-gift', 'earning', 'point-correction-minus'])
      expect((await emitter.memberEvent(id, { type }))[0]).toMatchObject({ member: { id }, origin: 'request' })
    expect(emitter.member(id).history.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['free_gift', 'burning', 'point_correction_plus', 'earning']),
    )
    expect(new Set(emitter.events({ limit: 100 }).items.map((event) => event.member.id))).toEqual(new Set([id]))
  })

  test('are refused what cannot be, and nothing happens', async () => {
    const { emitter } = await emitterIn()
    emitter.begin()
    const id = emitter.members('', { limit: 1 }).items[0]?.id ?? ''
    const asked: readonly (readonly [who: string, request: Parameters<typeof emitter.anyEvent>[0], text: RegExp])[] = [
      [id, { type: 'erning' }, /^unknown event "erning"; did you mean earning\?/],
      [id, { type: 'earning', set: { 'data.pionts': 1 } }, /did you mean data\.points\?/],
      [id, { type: 'earning', set: { 'data.points': -1 } }, /^data\.points of earning must be .* 1 or more/],
      [
        id,
        { type: 'earning', set: { 'data.points': 9e15 } },
        /more than 1000000000000 points at once are not counted; set/,
      ],
      [id, { type: 'profile-creation' }, /exists already/],
      ['nobody', { type: 'earning' }, /^there is no such member/],
      ['', { type: 'earning', program: 'nowhere' }, /^unknown program "nowhere"; there are: boreal-club, /],
    ]
    for (const [who, request, text] of asked) {
      const refused = who === '' ? emitter.anyEvent(request) : emitter.memberEvent(who, request)
      await expect(refused).rejects.toThrow(text)
      await expect(refused).rejects.toMatchObject({ name: 'Refusal' })
    }
    const flat = await emitterIn({ rules: { contract: await loadContract('no-identity') } })
    await expect(flat.emitter.memberEvent(id, { type: 'earning', set: { 'data.balance.current': 3 } })).rejects.toThrow(
      'the contract no-identity does not write data.balance.current of earning.',
    )
    expect(emitter.events({ limit: 9 }).items).toEqual([])
  })

  test('are found page by page, and so are events and deliveries', async () => {
    const { emitter, webhook, events } = await emitterIn()
    emitter.begin()
    await webhook('shop')
    await events(5)
    const pages = <T>(read: (cursor?: string) => { items: readonly T[]; cursor: string | null }): T[][] => {
      const found: T[][] = []
      let cursor: string | undefined
      do {
        const page = read(cursor)
        found.push([...page.items])
        cursor = page.cursor ?? undefined
      } while (cursor !== undefined)
      return found
    }
    const members = pages((cursor) => emitter.members('', { limit: 7, cursor }))
    expect(members.map(({ length }) => length)).toEqual([7, 7, 6])
    expect(new Set(members.flat().map(({ id }) => id)).size).toBe(20)
    const happened = pages((cursor) => emitter.events({ limit: 2, cursor }))
    expect(happened.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(happened.flat()).toEqual(emitter.events({ limit: 5 }).items)
    const sent = pages((cursor) => emitter.deliveries({}, { limit: 5, cursor }))
    expect(sent.map((page) => page.map(({ id }) => id))).toEqual([[5, 4, 3, 2, 1]])
    expect(() => emitter.events({ limit: 1, cursor: 'x' })).toThrow('the cursor is not one that a list gave out.')
    const someone = members.flat()[3]
    expect(emitter.members(someone?.email.toUpperCase() ?? '', { limit: 5 }).items).toMatchObject([{ id: someone?.id }])
  })
})

describe('a story', () => {
  test('goes step by step to its end, in sentences that settle with the answers', async () => {
    const statuses = [503, 200]
    const { emitter, webhook, advance } = await emitterIn({ answer: () => statuses.shift() ?? 200 })
    emitter.begin()
    await webhook('shop')
    let story = await emitter.startStory({ journey: 'earn-to-level-up' })
    expect(story.steps.every(({ sentence }) => sentence === null)).toBe(true)
    expect(story.member).toBeNull()

    await emitter.nextStep(story.id)
    await settled()
    const waiting = emitter.stories()[0]
    expect(waiting?.steps[0]).toMatchObject({ isSettled: false })
    expect(waiting?.steps[0]?.sentence).toMatch(
      /^\S.* joined .+ → shop did not accept it \(error 503\); next try in 1 s$/,
    )
    await advance(1000)
    expect(emitter.stories()[0]?.steps[0]).toMatchObject({ isSettled: true })
    expect(emitter.stories()[0]?.steps[0]?.sentence).toMatch(
      / joined .+ → shop confirmed at the second try, after 1 s$/,
    )

    while (!story.isFinished) {
      story = await emitter.nextStep(story.id)
      await settled()
    }
    const [told] = emitter.stories()
    expect(told?.isFinished).toBe(true)
    for (const step of told?.steps ?? []) {
      expect(step.isSettled).toBe(true)
      expect(step.sentence).toMatch(/^\S.+ → shop confirmed /)
      for (const event of step.events) expect(event.member.id).toBe(told?.member?.id)
    }
    const [first = ''] = told?.member?.name.split(' ') ?? []
    expect(told?.steps.at(-1)?.sentence).toMatch(new RegExp(`→ ${first} is now \\S+ → shop confirmed`))
    await expect(emitter.nextStep(story.id)).rejects.toMatchObject({ name: 'Refusal' })
    await expect(emitter.nextStep(99)).rejects.toThrow('there is no story 99')
    await expect(emitter.startStory({ journey: 'onbording' })).rejects.toThrow(/did you mean onboarding\?/)
  })

  test('says of what a blocked webhook did not hear what can be done about it now', async () => {
    const rules = { blockEndpointAfter: 1, policy: { delaysMs: [] } }
    const { emitter, webhook, events } = await emitterIn({ answer: () => 500, rules })
    emitter.begin()
    const hook = await webhook('shop')
    await events(1)
    const { id } = await emitter.startStory({ journey: 'onboarding' })
    await emitter.nextStep(id)
    const told = () => emitter.stories()[0]?.steps[0]?.sentence
    expect(told()).toMatch(/ → shop heard nothing of it: nothing is sent there until it is unblocked$/)
    await emitter.unblockWebhook(hook.id)
    expect(told()).toMatch(/ → shop heard nothing of it; it can be sent again$/)
    await emitter.deleteWebhook(hook.id)
    expect(told()).toMatch(/ → shop heard nothing of it: the webhook was deleted$/)
  })

  test('takes the step that is meant, or none and says how it stands', async () => {
    const { emitter } = await emitterIn()
    emitter.begin()
    const { id, steps } = await emitter.startStory({ journey: 'onboarding' })
    await emitter.nextStep(id, 1)
    const refusals = [
      [1, 'step 1 was taken already; step 2 comes next.'],
      [4, 'step 4 cannot be taken; step 2 comes next.'],
    ] as const
    for (const [step, text] of refusals) {
      const [story] = emitter.stories()
      await expect(emitter.nextStep(id, step)).rejects.toMatchObject({ name: 'OtherStep', message: text, story })
    }
    for (let step = 2; step <= steps.length; step += 1) await emitter.nextStep(id, step)
    for (const [step, what] of [
      [steps.length, 'was taken already'],
      [steps.length + 1, 'cannot be taken'],
    ] as const)
      await expect(emitter.nextStep(id, step)).rejects.toThrow(`step ${step} ${what}; the story is told to its end.`)
    expect(emitter.events({ limit: 99 }).items.filter(({ type }) => type === 'profile_creation')).toHaveLength(1)
  })

  test('without a webhook says that nobody listens', async () => {
    const { emitter } = await emitterIn()
    emitter.begin()
    const { id } = await emitter.startStory({ journey: 'gift' })
    expect((await emitter.nextStep(id)).steps[0]?.sentence).toMatch(/→ nobody listens: there is no webhook yet$/)
  })
})

describe('a restart', () => {
  test('goes on with the settings, the members, the stories and the open batch', async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    const settings = { rules: { batchWindowMs: 60_000 }, settings: {} }
    const first = await emitterIn({ store, clock, ...settings })
    await first.emitter.changeProgram({ pacePerSecond: 0 })
    first.emitter.begin()
    await first.emitter.changeProgram({ speed: 60, paused: true })
    await first.webhook('shop')
    const ids = await first.events(2)
    const story = await first.emitter.startStory({ journey: 'gift' })
    first.kill()
    const second = await emitterIn({ store, clock, ...settings, members: { count: 999 } })
    expect(second.emitter.program()).toMatchObject({ pacePerSecond: 0, speed: 60, paused: true, members: 20 })
    expect(second.emitter.stories()).toMatchObject([{ id: story.id, member: story.member }])
    second.emitter.begin()
    await settled()
    expect(second.at('shop')).toEqual([ids.join()])
    expect((await second.emitter.nextStep(story.id)).steps[0]?.events[0]?.member).toEqual(story.member)
  })

  test("lets nobody join the user's own people by chance, as before it", async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    const people = [{ place: 'people.csv:2', externalId: 'u1', balances: new Map<string, number>() }]
    const first = await emitterIn({ store, clock, members: { count: 1, people } })
    first.kill()
    // A later start does not read the file again.
    const second = await emitterIn({ store, clock, members: { count: 200 }, settings: { pacePerSecond: 10 } })
    second.emitter.begin()
    for (let tenth = 0; tenth < 300; tenth += 1) await second.advance(100)
    expect(second.emitter.events({ limit: 500 }).items.length).toBeGreaterThan(250)
    expect(second.emitter.program().members).toBe(1)
  })

  test('after a stop sends the batch that was open, once', async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    const settings = { store, clock, rules: { batchWindowMs: 60_000 } }
    const first = await emitterIn(settings)
    first.emitter.begin()
    await first.webhook('shop')
    const ids = await first.events(2)
    await first.emitter.stop(1000)
    expect(first.arrived).toEqual([])
    const second = await emitterIn(settings)
    second.emitter.begin()
    await second.advance(120_000)
    expect(second.at('shop')).toEqual([ids.join()])
  })

  test('takes what is given before what it remembers', async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    const first = await emitterIn({ store, clock, settings: { pacePerSecond: 3, speed: 2 } })
    first.emitter.begin()
    const second = await emitterIn({ store, clock, settings: { speed: 'max' } })
    expect(second.emitter.program()).toMatchObject({ pacePerSecond: 3, speed: 'max' })
  })

  test('with other programs is refused, with the same ones it is not', async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    const [one, two] = builtInPrograms
    const startOn = (given: typeof builtInPrograms | undefined) =>
      emitterIn({ store, clock, programs: { given, usual: builtInPrograms } })
    if (one === undefined || two === undefined) throw new Error('there are two')
    await startOn([one])
    await expect(startOn([one, two])).rejects.toThrow(
      `--program: this state was made with other programs, or with other contents of them (${one.id})`,
    )
    await expect(startOn([{ ...one, name: 'Another name' }])).rejects.toThrow(/pass another --state/)
    expect((await startOn([one])).emitter.program().programs.map(({ id }) => id)).toEqual([one.id])
    expect((await startOn(undefined)).emitter.program().programs.map(({ id }) => id)).toEqual([one.id])
  })

  test('forgets what is old, a little at a time, and a story says so', async () => {
    const { emitter, webhook, events, advance } = await emitterIn({ keepMs: 3_600_000 })
    emitter.begin()
    await webhook('shop')
    const { id } = await emitter.startStory({ journey: 'gift' })
    await emitter.nextStep(id)
    await events(450)
    expect(emitter.deliveries({}, { limit: 999 }).items).toHaveLength(451)
    await advance(1_800_000)
    const [late] = await events(1)
    await advance(1_700_000)
    expect(emitter.deliveries({}, { limit: 999 }).items).toHaveLength(452)
    await advance(200_000)
    expect(emitter.deliveries({}, { limit: 999 }).items).toHaveLength(1)
    expect(emitter.events({ limit: 9 }).items.map((event) => event.id)).toEqual([late])
    expect(emitter.stories()[0]?.steps[0]).toMatchObject({
      sentence: 'this was long ago: its events are no longer kept',
      isSettled: true,
    })
  })
})

test.each([
  ['a time is forgotten a tenth of it later', 20_000, 2000],
  ['a short time, after a second', 2000, 1000],
  ['a long time, after a minute', 7 * 86_400_000, 60_000],
])('what was kept for %s at most', async (_, keepMs, lateMs) => {
  const { emitter, webhook, events, advance } = await emitterIn({ keepMs })
  const kept = () => emitter.deliveries({}, { limit: 9 }).items.length
  emitter.begin()
  await webhook('shop')
  await advance(500)
  await events(1)
  await advance(keepMs - 1)
  expect(kept()).toBe(1)
  await advance(lateMs)
  expect(kept()).toBe(0)
})

describe('what fails', () => {
  test('in a timer is told to whoever started it', async () => {
    const clock = fakeClock('hold')
    const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
    let isFull = false
    const full: typeof store = {
      ...store,
      addEvent: (event) => {
        if (isFull) throw new Error('the disk is full')
        return store.addEvent(event)
      },
      durable: () => (isFull ? Promise.reject(new Error('the disk is full')) : store.durable()),
    }
    const { emitter, failures, advance } = await emitterIn({ store: full, clock, settings: { pacePerSecond: 1 } })
    emitter.begin()
    await advance(1000)
    expect(failures).toEqual([])
    isFull = true
    await advance(1000)
    expect(failures).toEqual([new Error('the disk is full')])
    await expect(emitter.changeProgram({ paused: true })).rejects.toThrow('the disk is full')
    expect(failures).toHaveLength(2)
    isFull = false
  })
})
