import { EVENT_TYPES } from '../../contract/event-types.ts'
import { UsageError } from '../../errors.ts'
import { journeyNamed, type Journey, type Step } from '../../program/journey.ts'
import { stepActions, type StepActions } from '../../program/step-actions.ts'
import type { Stage } from '../../program/run.ts'
import { Refusal } from '../refusal.ts'

/** A journey as it is shown: steps that belong together are taken together. */
export interface Story {
  readonly journey: Journey
  readonly actions: StepActions
  readonly steps: readonly (readonly Step[])[]
  /** Its first step creates the member. */
  readonly createsMember: boolean
  /** Its member's level must be able to end. */
  readonly losesLevel: boolean
}

/**
 * The story of a journey in a program.
 * @throws Refusal when there is no such journey
 */
export function storyOf(name: string, stage: Stage): Story {
  const journey = storyJourney(name)
  const steps = together(journey.steps)
  return {
    journey,
    actions: stepActions(stage, { steps: journey.steps, fixedPoints: undefined }),
    steps,
    createsMember: createsMember(journey),
    losesLevel: losesLevel(journey),
  }
}

/**
 * The journey with this name.
 * @throws Refusal that lists them
 */
export function storyJourney(name: string): Journey {
  try {
    return journeyNamed(name)
  } catch (error) {
    if (error instanceof UsageError) throw new Refusal('invalid', error.message, 'journey')
    throw error
  }
}

/** Whether the first step creates the member. */
export const createsMember = ({ steps }: Journey) => steps[0]?.do === 'profile_creation'

const losesLevel = ({ steps }: Journey) => steps.some((step) => step.do === 'change_in_level' && step.why === 'expire')

/** `Earning → Change in level`: Qualifio's labels of what happens in one step. */
export const stepLabel = (steps: readonly Step[]) => steps.map((step) => EVENT_TYPES[step.do].label).join(' → ')

/** A change of level that follows from an earning belongs to it. */
function together(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last !== undefined && step.do === 'change_in_level' && step.why === 'follow') last.push(step)
    else groups.push([step])
  }
  return groups
}
