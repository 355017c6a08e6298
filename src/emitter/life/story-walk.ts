import type { EventType } from '../../contract/event-types.ts'
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

/** What happens in one step, for people: `Earns points and rises to a new level`. */
export function stepLabel(steps: readonly Step[]): string {
  const [first = '', ...rest] = steps.map(stepText)
  return [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...rest].join(' and ')
}

function stepText(step: Step): string {
  if (step.do !== 'change_in_level') return STEPS[step.do]
  return step.why === 'follow' ? 'rises to a new level' : 'loses their level'
}

const STEPS = {
  profile_creation: 'joins the program',
  member_portal_visit: 'visits the portal',
  earning: 'earns points',
  burning: 'spends points on a reward',
  point_correction_plus: 'is given points by hand',
  point_correction_minus: 'has points taken back by hand',
  free_gift: 'is given a gift',
} as const satisfies Readonly<Record<Exclude<EventType, 'change_in_level'>, string>>

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
