import { EVENT_TYPES, type EventType } from '../../src/contract/event-types.ts'
import { stepLabel } from '../../src/emitter/life/story-walk.ts'
import { OtherStep } from '../../src/emitter/refusal.ts'
import type { Step } from '../../src/program/journey.ts'
import { storyStepSentence, type Standing } from '../../src/emitter/life/story-sentence.ts'
import type { EventView, MemberDetail, StoryView, WebhookView } from '../../src/emitter/view/views.ts'
import { HAPPENINGS, PROGRAMS, sampleMember } from './console-people.ts'

/** An event of a member, and what it leaves them with. */
export function happening(
  member: MemberDetail,
  type: EventType,
  how: { readonly atMs: number; readonly points: number; readonly id: string; readonly origin?: EventView['origin'] },
): { event: EventView; changed: MemberDetail } {
  const { says, sign } = HAPPENINGS[type]
  const { current = 0, lifetime = 0 } = member.balances[0] ?? {}
  const purse = {
    points: Math.max(0, current + sign * how.points),
    lifetime: lifetime + (type === 'earning' ? how.points : 0),
  }
  const at = new Date(how.atMs).toISOString()
  const number = Number(member.id.replace('member-', ''))
  const made = sampleMember(number, purse, Date.parse(member.enrolledAt) + (number + 3) * 26 * 3_600_000)
  return {
    event: {
      id: how.id,
      type,
      label: EVENT_TYPES[type].label,
      occurredAt: at,
      program: member.program,
      member: { id: member.id, name: member.name },
      sentence: `${member.name} ${says(how.points)}`,
      origin: how.origin ?? 'request',
      routes: [],
      data: { points: how.points } as unknown as EventView['data'],
    },
    changed: { ...made, eventCount: member.eventCount + 1, lastEventAt: at },
  }
}

/** Whether a webhook gets an event. */
export function isInScope({ active, scope }: WebhookView, { type, program }: EventView): boolean {
  const { events, programs } = scope
  return active && (events === null || events.includes(type)) && (programs === null || programs.includes(program.id))
}

interface Told {
  readonly id: number
  readonly journey: string
  readonly createdAt: string
  member: MemberDetail | undefined
  readonly taken: string[]
}

const STEPS: readonly EventType[] = ['profile_creation', 'member_portal_visit', 'earning', 'earning']

/** Stories of four steps. */
export function createStories(life: {
  readonly happenNow: (
    member: MemberDetail,
    type: EventType,
    how: { readonly points: number; readonly origin: 'story' },
  ) => EventView
  readonly newMember: () => MemberDetail
  readonly members: ReadonlyMap<string, MemberDetail>
  readonly webhooks: ReadonlyMap<string, WebhookView>
  readonly viewed: (event: EventView) => EventView
}): {
  all(): readonly StoryView[]
  start(journey: string): StoryView
  next(id: number, step: number | undefined): StoryView | undefined
} {
  const told: Told[] = []
  const events = new Map<string, EventView>()
  /** The played routes hold their deliveries whole. */
  const standingIn = (event: EventView) => (deliveryId: number) => {
    const route = event.routes.find(({ delivery }) => delivery?.id === deliveryId)
    const webhook = life.webhooks.get(route?.webhook.id ?? '')
    const webhookIs = webhook === undefined ? 'deleted' : webhook.blocked === null ? 'open' : 'blocked'
    return { ...(route?.delivery as unknown as Standing), webhookIs } as const
  }
  const view = ({ id, journey, createdAt, member, taken }: Told): StoryView => ({
    id,
    journey,
    createdAt,
    member: member === undefined ? null : { id: member.id, name: member.name },
    program: PROGRAMS[0] as StoryView['program'],
    steps: STEPS.map((type, index) => {
      const event = events.get(taken[index] ?? '')
      const label = stepLabel([{ do: type } as Step])
      if (event === undefined) return { label, sentence: null, isSettled: false, events: [] }
      const now = life.viewed(event)
      return { label, events: [now], ...storyStepSentence([now], standingIn(now)) }
    }),
    isFinished: taken.length === STEPS.length,
  })
  return {
    all: () => told.map(view),
    start(journey) {
      const story = { id: told.length + 1, journey, createdAt: new Date().toISOString(), member: undefined, taken: [] }
      told.unshift(story)
      return view(story)
    },
    next(id, step) {
      const story = told.find((item) => item.id === id)
      if (story !== undefined && step !== undefined && step !== story.taken.length + 1)
        throw new OtherStep(`step ${step} was taken already.`, view(story))
      const type = story === undefined ? undefined : STEPS[story.taken.length]
      if (story === undefined || type === undefined) return undefined
      story.member = story.member === undefined ? life.newMember() : life.members.get(story.member.id)
      if (story.member === undefined) return undefined
      const event = life.happenNow(story.member, type, { points: 120, origin: 'story' })
      events.set(event.id, event)
      story.taken.push(event.id)
      return view(story)
    },
  }
}
