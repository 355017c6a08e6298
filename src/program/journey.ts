import type { EventType } from '../contract/event-types.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Book } from './book.ts'
import { createDraws } from './draws.ts'
import type { Fixed } from './set-scope.ts'

/** One event of a walk. */
export type Step =
  | { readonly do: 'profile_creation' | 'member_portal_visit' | 'free_gift' }
  | { readonly do: 'burning' | 'point_correction_plus' | 'point_correction_minus' }
  /** `stay` keeps below the next level; `cross` reaches it. */
  | { readonly do: 'earning'; readonly aim: 'stay' | 'cross' }
  /** `follow` follows from the earning before it, `expire` is the end of the level. */
  | { readonly do: 'change_in_level'; readonly why: 'follow' | 'expire' }

/** A sequence of events that one member walks through. */
export interface Journey {
  readonly name: string
  readonly steps: readonly Step[]
  /** Earnings of fixed points are repeated until they reach the level. */
  readonly repeatsEarnings: boolean
}

const create = { do: 'profile_creation' } as const
const visit = { do: 'member_portal_visit' } as const
const gift = { do: 'free_gift' } as const
const earn = { do: 'earning', aim: 'stay' } as const
const earnLevel = { do: 'earning', aim: 'cross' } as const
const levelUp = { do: 'change_in_level', why: 'follow' } as const
const levelDown = { do: 'change_in_level', why: 'expire' } as const
const burn = { do: 'burning' } as const
const plus = { do: 'point_correction_plus' } as const
const minus = { do: 'point_correction_minus' } as const

/** The named journeys. A journey without a profile creation is walked by members who existed before. */
export const JOURNEYS = {
  onboarding: [create, visit, earn, visit, earn],
  'earn-to-level-up': [create, visit, earn, visit, earn, earnLevel, levelUp],
  'burn-and-correct': [visit, burn, plus, minus],
  'level-down': [visit, levelDown, visit, earn],
  gift: [visit, gift, visit],
} as const satisfies Record<string, readonly Step[]>

/** A full set of the eight: the earning reaches a level, and with the correction + it pays for the rest. */
export const FULL_SET: Journey = {
  name: 'all',
  steps: [create, visit, earnLevel, levelUp, plus, burn, minus, gift],
  repeatsEarnings: false,
}

/** Earnings that a journey repeats at most to reach a level with fixed points. */
const MOST_EARNINGS = 1000

/**
 * The journey with this name.
 * @throws UsageError that lists them and offers the nearest
 */
export function journeyNamed(name: string): Journey {
  const known = Object.keys(JOURNEYS) as (keyof typeof JOURNEYS)[]
  const found = known.find((candidate) => candidate === name.toLowerCase())
  if (found !== undefined) return { name: found, steps: JOURNEYS[found], repeatsEarnings: true }
  const near = nearest(name, known)
  const hint = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(`unknown journey "${name}"${hint} Known: ${known.join(', ')}.`)
}

/** The types of a journey's events, each once. */
export function typesOfJourney({ steps }: Journey): readonly EventType[] {
  return [...new Set(steps.map((step) => step.do))]
}

/**
 * The steps as they are walked in a program: all chance that could change their number is settled
 * here, so that every walk has the same number of events. Fixed points may need more earnings to
 * reach a level, or reach one too early: the change that follows is a step of its own.
 */
export function walkedSteps({ name, steps, repeatsEarnings }: Journey, book: Book, fixed: Fixed): readonly Step[] {
  const { points } = fixed
  const { mostTowardsLevel, staysBelow } = createDraws(book, fixed)
  if (points === undefined || mostTowardsLevel === 0) return steps
  const thresholdAbove = (earned: number) => book.thresholds.find((threshold) => threshold > earned)
  const walked: Step[] = []
  let earned = 0
  let hasCrossed = false
  for (const [index, step] of steps.entries()) {
    // Who is at the top already has no level to reach.
    const isLost = repeatsEarnings && step.do === 'change_in_level' && step.why === 'follow' && !hasCrossed
    if (!isLost) walked.push(step)
    hasCrossed = false
    if (step.do !== 'earning' || (step.aim === 'stay' && staysBelow)) continue
    const next = thresholdAbove(earned)
    earned += points
    if (step.aim === 'cross' && repeatsEarnings && next !== undefined) {
      const more = Math.max(0, Math.ceil((next - earned) / points))
      if (more > MOST_EARNINGS) {
        throw new UsageError(
          `--set data.points=${points}: ${name} would take ${more + 1} earnings to reach a level; set more points.`,
        )
      }
      for (let extra = 0; extra < more; extra++) walked.push(step)
      earned += more * points
    }
    hasCrossed = next !== undefined && earned >= next
    const following = steps[index + 1]
    const isFollowed = following?.do === 'change_in_level' && following.why === 'follow'
    if (hasCrossed && !isFollowed) walked.push(levelUp)
  }
  return walked
}
