import { programNamed, viewsOf } from './members.ts'
import type { Desk } from './desk.ts'
import { takeIn } from './intake.ts'
import { webhookIs } from './push-rules.ts'
import type { StoryRecord } from '../records.ts'
import { OtherStep, Refusal } from '../refusal.ts'
import { storyStepSentence, type Standing } from '../life/story-sentence.ts'
import { deliveryView } from '../view/delivery.ts'
import { namedMember, timeText } from '../view/event.ts'
import type { StoryStep, StoryView } from '../view/views.ts'

const SHOWN_STORIES = 20
const FORGOTTEN = 'this was long ago: its events are no longer kept'

/** Everything that can be done with stories. */
export function storyDesk(desk: Desk) {
  const { store, life, clock } = desk

  function view(story: StoryRecord): StoryView {
    const member = life.memberNumbered(story.memberNumber)
    const program = desk.programs.find(({ id }) => id === story.programId)
    const steps = life.storySteps(story).map(({ label }, index): StoryStep => {
      const taken = story.taken[index]
      if (taken === undefined) return { label, sentence: null, isSettled: true, events: [] }
      const events = viewsOf(desk, taken)
      if (events.length === 0) return { label, sentence: FORGOTTEN, isSettled: true, events }
      return { label, ...storyStepSentence(events, standingOf), events }
    })
    return {
      id: story.id,
      journey: story.journey,
      member: member === undefined ? null : namedMember(member.state.member),
      program: { id: story.programId, name: program?.name ?? story.programId },
      createdAt: timeText(story.createdAtMs),
      steps,
      isFinished: story.taken.length >= steps.length,
    }
  }

  function standingOf(deliveryId: number): Standing | undefined {
    const record = store.delivery(deliveryId)
    if (record === undefined) return undefined
    const view = deliveryView(desk, record)
    const { nextAttemptAt } = view
    const nextDelayMs = nextAttemptAt === null ? undefined : Math.max(0, Date.parse(nextAttemptAt) - clock.nowMs())
    return { ...view, nextDelayMs, webhookIs: webhookIs(desk.webhooks.get(record.webhookId)) }
  }

  return {
    stories: (): readonly StoryView[] => store.stories(SHOWN_STORIES).map(view),
    async startStory(request: { readonly journey: string; readonly program?: string | undefined }): Promise<StoryView> {
      const programId = programNamed(desk, request.program)
      const cast = life.castStory({ journey: request.journey, programId })
      const story = store.addStory({ ...cast, taken: [], createdAtMs: clock.nowMs() })
      await store.durable()
      return view(story)
    },
    async nextStep(id: number, step?: number): Promise<StoryView> {
      const story = store.stories(SHOWN_STORIES).find((known) => known.id === id)
      if (story === undefined) throw new Refusal('not-found', `there is no story ${id}; GET /api/stories lists them.`)
      if (step !== undefined) refuseOtherStep(view(story), step)
      const seqs = takeIn(desk, life.takeStep(story, clock.nowMs()), 'story')
      const further: StoryRecord = { ...story, taken: [...story.taken, seqs] }
      store.putStory(further)
      await store.durable()
      return view(further)
    },
  }
}

/** Two people may look at one story: what one has taken is not taken again by the other. @throws OtherStep */
function refuseOtherStep(story: StoryView, step: number): void {
  const taken = story.steps.filter(({ sentence }) => sentence !== null).length
  if (step === taken + 1 && step <= story.steps.length) return
  const next = taken === story.steps.length ? 'the story is told to its end' : `step ${taken + 1} comes next`
  throw new OtherStep(`step ${step} ${step <= taken ? 'was taken already' : 'cannot be taken'}; ${next}.`, story)
}
