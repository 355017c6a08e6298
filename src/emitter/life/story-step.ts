import { UsageError } from '../../errors.ts'
import { topLevel } from '../../program/book.ts'
import type { Step } from '../../program/journey.ts'
import type { Stage } from '../../program/run.ts'
import type { Happening } from './life.ts'
import { fullName } from './ability.ts'
import { expire, isDue, kept, mayExpire, nextEvent, nextEventAtMs, rise, type Outcome } from './events.ts'
import type { World } from './world.ts'
import type { MemberRecord, StoryRecord } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { storyOf, type Story } from './story-walk.ts'

const AGAIN = 'Start the story again.'

/**
 * Takes the next step of a story: what happens follows from the story's member as they are now, so that a restart in
 * between changes nothing.
 * @throws Refusal when no step is left, or the member cannot take it any more
 */
export function takeStep(world: World, story: StoryRecord, atMs: number): readonly Happening[] {
  const stage = world.stageOf(story.programId)
  if (stage === undefined) throw new Refusal('conflict', `Program ${story.programId} is not here any more. ${AGAIN}`)
  const walked = storyOf(story.journey, stage)
  const steps = walked.steps[story.taken.length]
  if (steps === undefined) throw new Refusal('conflict', `The story ${story.journey} is told to its end. ${AGAIN}`)
  const member = walker(world, { story, walked, atMs })
  const outcomes: Outcome[] = []
  const state = () => outcomes.at(-1)?.member ?? member
  const expires = steps.some((step) => step.do === 'change_in_level' && step.why === 'expire')
  if (!expires && isDue(member.state, nextEventAtMs(member, atMs))) outcomes.push(expire(world, member, atMs))
  let crossed: number | undefined
  for (const step of steps) {
    refuseLost(step, { stage, member: state(), atMs })
    const outcome = take(step, state())
    crossed = outcome.levelCrossed
    outcomes.push(outcome)
  }
  // An earning that was to stay below may have had no room to.
  if (crossed !== undefined) outcomes.push(rise(world, outcomes.at(-1) as Outcome, { atMs }))
  return kept(world, outcomes)

  function take(step: Step, record: MemberRecord): Outcome {
    try {
      return nextEvent(world, record, {
        atMs,
        draw: (seat, at) => walked.actions.action(step, { seat, crossed, atMs: at }),
      })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new Refusal('conflict', `${fullName(record.state)} has too few points for this step. Give points first.`)
    }
  }
}

/** Who takes the step: the story's member, or the new one that its first step creates. */
function walker(
  world: World,
  { story, walked, atMs }: { readonly story: StoryRecord; readonly walked: Story; readonly atMs: number },
): MemberRecord {
  const { memberNumber: number, programId } = story
  const member = world.roster.numbered(number)
  if (walked.createsMember && story.taken.length === 0) {
    if (member === undefined) return world.newMember({ number, programId, atMs })
    throw new Refusal('conflict', `${fullName(member.state)} exists already. ${AGAIN}`)
  }
  if (member === undefined) throw new Refusal('conflict', `The member of this story is not here any more. ${AGAIN}`)
  return member
}

/** What happened to the member between two steps may leave nothing to show. */
function refuseLost(
  step: Step,
  { stage: { book }, member, atMs }: { readonly stage: Stage; readonly member: MemberRecord; readonly atMs: number },
): void {
  const { state } = member
  const level = book.levels[state.levelIndex]?.name ?? ''
  if (step.do === 'earning' && step.aim === 'cross' && state.levelIndex === topLevel(book)) {
    throw new Refusal('conflict', `${fullName(state)} is ${level} already, the highest level. ${AGAIN}`)
  }
  if (step.do === 'change_in_level' && step.why === 'expire' && !mayExpire(state, nextEventAtMs(member, atMs))) {
    const why = state.levelIndex === 0 ? `is ${level}, the first level` : `stays ${level} for now`
    throw new Refusal('conflict', `${fullName(state)} ${why}. ${AGAIN}`)
  }
}
