import { z } from 'zod'
import type { ListView, MemberDetail, MemberView, StoryStep, StoryView } from '../../view/views.ts'
import { component, count, listOf, time } from './component.ts'
import { eventView, named } from './event.ts'

const memberView = component<MemberView>('Member')(
  named.extend({
    externalId: z.string(),
    email: z.string(),
    language: z.string(),
    country: z.string(),
    enrolledAt: time(),
    program: named,
    level: z.object({ id: z.string(), name: z.string(), rank: z.int().min(1) }),
    qualifyingPoints: count(),
    nextLevel: z.object({ name: z.string(), missingPoints: count() }).nullable().describe('null at the top'),
    balances: listOf(z.object({ currency: named, current: count(), lifetime: count() })),
    eventCount: count(),
    lastEventAt: time().nullable(),
  }),
)

/** A page of members. */
export const memberList = component<ListView<MemberView>>('MemberList')(
  z.object({ items: listOf(memberView), cursor: z.string().nullable() }),
)

/** A member in full. */
export const memberDetail = component<MemberDetail>('MemberDetail')(
  memberView.extend({
    history: listOf(eventView).describe('the latest first, at most 100'),
    rewards: listOf(z.object({ id: z.string(), name: z.string(), cost: count(), currency: named })).describe(
      'what they can spend points on now, the cheapest first',
    ),
  }),
)

const storyStep = component<StoryStep>('StoryStep')(
  z.object({
    label: z.string(),
    sentence: z.string().nullable().describe('null before the step is taken'),
    isSettled: z.boolean().describe('false while something is under way that the sentence will tell'),
    events: listOf(eventView),
  }),
)

/** A journey and how far it was shown. */
export const storyView = component<StoryView>('Story')(
  z.object({
    id: z.int().min(1),
    journey: z.string(),
    member: named.nullable().describe('null until the first step, when they join in it'),
    program: named,
    createdAt: time(),
    steps: listOf(storyStep),
    isFinished: z.boolean(),
  }),
)

/** The stories, the latest first. */
export const storyList = component<ListView<StoryView> & { readonly cursor: null }>('StoryList')(
  z.object({ items: listOf(storyView), cursor: z.null() }),
)

/** A story to begin. */
export const storyRequest = component<{ readonly journey: string; readonly program?: string | undefined }>(
  'StoryRequest',
)(
  z.strictObject({
    journey: z.string().min(1).describe('one of the journeys of GET /api/program'),
    program: z.string().optional().describe('id of the program; any by default'),
  }),
)

/** Which step of a story is meant. */
export const stepRequest = component<{ readonly step?: number | undefined }>('StepRequest')(
  z.strictObject({
    step: z
      .int()
      .min(1)
      .optional()
      .describe('its number, from 1, so that two who look at one story do not take two steps; any by default'),
  }),
)
