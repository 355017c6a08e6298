import type { EventType } from '../../../src/contract/event-types.ts'
import { eventSchemas, type Balance, type LoyaltyEvent } from '../../../src/contract/event.ts'
import { firstMembers, mostMembersAfter } from '../../../src/emitter/life/first.ts'
import { startLife, type Happening, type Life } from '../../../src/emitter/life/life.ts'
import type { MemberRecord, StoryRecord } from '../../../src/emitter/records.ts'
import { Refusal } from '../../../src/emitter/refusal.ts'
import { builtInPrograms } from '../../../src/program/catalog.ts'
import { DEFAULT_LOCALES } from '../../../src/program/locale.ts'
import type { Person } from '../../../src/program/people.ts'
import type { Program } from '../../../src/program/program.ts'
import { problemsIn } from '../../program/observer.ts'

/** When the first members are there. */
export const START_MS = Date.UTC(2026, 0, 31, 12)

/** What a history goes on in. */
export interface Setting {
  readonly seed: number
  readonly programs: readonly Program[]
  readonly count: number
  readonly people?: readonly Person[] | undefined
}

/** Both built-in programs and a handful of members. */
export const SETTING: Setting = { seed: 42, programs: builtInPrograms, count: 12 }

/** Something that is done to a life. */
export type Deed =
  | { readonly do: 'happen'; readonly times: number }
  | {
      readonly do: 'cause'
      readonly type: EventType
      /** Position of the member; anybody when negative. */
      readonly who: number
      readonly points?: number | undefined
      readonly set?: Readonly<Record<string, unknown>>
    }
  | { readonly do: 'cast'; readonly journey: string }
  | { readonly do: 'step'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restart' }

/** What a history left: everything a store would keep. */
export interface History {
  readonly happenings: Happening[]
  readonly records: Map<number, MemberRecord>
  readonly first: readonly MemberRecord[]
  readonly stories: StoryRecord[]
  readonly refusals: Refusal[]
  atMs: number
  life: Life
}

/** A life at its first start. */
export async function begin(setting: Setting): Promise<History> {
  const { seed, programs, count, people } = setting
  const first = await firstMembers({ seed, programs, locales: DEFAULT_LOCALES, people, count, atMs: START_MS })
  const mostMembers = mostMembersAfter(setting)
  const life = await startLife({
    seed,
    programs,
    locales: DEFAULT_LOCALES,
    mostMembers,
    members: first,
    storyNumbers: [],
  })
  return {
    happenings: [],
    records: new Map(first.map((member) => [member.number, member])),
    first,
    stories: [],
    refusals: [],
    atMs: START_MS,
    life,
  }
}

/** The same life in a new process: only what a store keeps is left of it. */
export async function restart(history: History, setting: Setting): Promise<void> {
  const { seed, programs } = setting
  const members = structuredClone([...history.records.values()].toReversed())
  const storyNumbers = history.stories.map((story) => story.memberNumber)
  const mostMembers = mostMembersAfter(setting)
  history.life = await startLife({ seed, programs, locales: DEFAULT_LOCALES, mostMembers, members, storyNumbers })
}

function write(history: History, happenings: readonly Happening[]): void {
  for (const happening of happenings) {
    history.happenings.push(happening)
    history.records.set(happening.member.number, happening.member)
  }
}

/** Does something; what is refused is noted and changes nothing. */
export async function act(history: History, deed: Deed, setting: Setting): Promise<void> {
  const { life, stories } = history
  try {
    switch (deed.do) {
      case 'happen':
        for (let time = 0; time < deed.times; time++) write(history, life.happen((history.atMs += 500)))
        return
      case 'cause': {
        const members = [...history.records.values()]
        const memberId = deed.who < 0 ? undefined : members[deed.who % members.length]?.state.member.id
        const set = deed.points === undefined ? deed.set : { 'data.points': deed.points }
        write(history, await life.cause({ type: deed.type, memberId, set }, (history.atMs += 700)))
        return
      }
      case 'cast':
        stories.push({ ...life.castStory(deed), id: stories.length + 1, taken: [], createdAtMs: history.atMs })
        return
      case 'step': {
        const index = deed.which % Math.max(1, stories.length)
        const story = stories[index]
        if (story === undefined) return
        const happenings = life.takeStep(story, (history.atMs += 300))
        const from = history.happenings.length
        write(history, happenings)
        stories[index] = { ...story, taken: [...story.taken, happenings.map((_, position) => from + position + 1)] }
        return
      }
      case 'wait':
        history.atMs += deed.ms
        return
      case 'restart':
        await restart(history, setting)
        return
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    history.refusals.push(error)
  }
}

function balanceOf(event: LoyaltyEvent): Balance | undefined {
  switch (event.type) {
    case 'earning':
    case 'burning':
    case 'point_correction_plus':
    case 'point_correction_minus':
      return event.data.balance
    default:
      return undefined
  }
}

/** Everything that does not add up, member by member: CONTRACT.md's invariants, for an observer of the events. */
export function problemsOf(history: History, { programs }: Setting): string[] {
  const problems: string[] = []
  const byMember = new Map<number, Happening[]>()
  const unique = new Set<string>()
  const firstNumbers = new Set(history.first.map((member) => member.number))
  for (const happening of history.happenings) {
    const { event, member } = happening
    byMember.set(member.number, [...(byMember.get(member.number) ?? []), happening])
    const code = event.type === 'burning' || event.type === 'free_gift' ? event.data.promoCode : null
    for (const value of code === null ? [event.id] : [event.id, code]) {
      if (unique.has(value)) problems.push(`${value} was used before`)
      unique.add(value)
    }
    const issues = eventSchemas[event.type].safeParse(event).error?.issues
    if (issues !== undefined) problems.push(`${event.type}: ${JSON.stringify(issues)}`)
  }
  for (const [number, own] of byMember) {
    const events = own.map(({ event }) => event)
    const [head] = events as [LoyaltyEvent]
    const nowMs = Date.parse((events.at(-1) as LoyaltyEvent).occurredAt)
    const program = programs.find(({ id }) => id === head.program.id) as Program
    problems.push(
      ...problemsIn(events, { program, nowMs, followUps: 'all' }).map((text) => `member ${number}: ${text}`),
    )
    const isFirst = firstNumbers.has(number)
    if (isFirst === (head.type === 'profile_creation')) problems.push(`member ${number} begins with ${head.type}`)
    own.forEach(({ event, member }, index) => {
      if (member.eventCount !== index + 1) problems.push(`member ${number} has ${member.eventCount} events`)
      if (member.lastEventAtMs !== Date.parse(event.occurredAt)) problems.push(`member ${number}: last event`)
      if (member.programId !== program.id) problems.push(`member ${number} moved to ${member.programId}`)
      const balance = balanceOf(event)
      if (balance !== undefined) {
        const account = member.state.accounts[program.currencies.findIndex(({ id }) => id === balance.currency.id)]
        if (account?.current !== balance.current || account?.lifetime !== balance.lifetime)
          problems.push(`member ${number}: the record differs from the event`)
      }
    })
  }
  const emails = [...history.records.values()].map(({ state }) => state.member.email)
  if (new Set(emails).size !== emails.length) problems.push('two members have one e-mail address')
  return problems
}
