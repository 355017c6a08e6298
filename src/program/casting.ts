import type { EventType } from '../contract/event-types.ts'
import { UsageError } from '../errors.ts'
import { cohorts, type Cohort } from './cohort.ts'
import { typesOfJourney, type Journey } from './journey.ts'
import type { Person } from './people.ts'
import { counted, type Pool } from './selection.ts'

/**
 * The cohorts of a run. The user's own people are in memory anyway and stay together; those of whom nothing
 * is told can be created.
 * @throws UsageError when there are too few of those
 */
export function cohortsOf(pool: Pool, counts: Record<EventType, number>, people?: readonly Person[]): Iterable<Cohort> {
  if (people === undefined) return cohorts({ ...pool, counts })
  const fresh = creatable(people).slice(0, pool.freshCount)
  if (fresh.length < pool.freshCount) throw tooFewToCreate(pool.freshCount, fresh.length)
  const created = new Set(fresh)
  const existing = [...people.keys()].filter((index) => !created.has(index))
  return [{ existing, fresh, counts }]
}

function creatable(people: readonly Person[]): readonly number[] {
  return [...people.keys()].filter((index) => {
    const { balances, levelIndex, enrolledAt } = people[index] as Person
    return balances.size === 0 && levelIndex === undefined && enrolledAt === undefined
  })
}

const thereAre = (found: number) => (found === 1 ? 'there is 1' : `there are ${found}`)

function tooFewToCreate(wanted: number, found: number): UsageError {
  const creations = wanted === 1 ? '1 profile creation needs' : `${wanted} profile creations need`
  const people = counted(wanted, 'person', 'people')
  return new UsageError(
    `--members-from: ${creations} ${people} without balance, level and enrolledAt, ${thereAre(found)}.`,
  )
}

/**
 * Which of the user's people walk a journey.
 * @throws UsageError when there are too few
 */
export function walkersOf(
  people: readonly Person[],
  { journey, count }: { journey: Journey; count: number },
): readonly number[] {
  const types = typesOfJourney(journey)
  if (types.includes('profile_creation')) {
    const able = creatable(people)
    if (able.length < count) throw tooFewToCreate(count, able.length)
    return able
  }
  const mustExpire = types.includes('change_in_level')
  const able = [...people.keys()].filter((index) => !mustExpire || people[index]?.levelIndex !== 0)
  if (able.length < count) {
    const whose = mustExpire ? ' whose level is not the first' : ''
    throw new UsageError(
      `--members-from: ${count} × ${journey.name} ${count === 1 ? 'needs' : 'need'} ${counted(count, 'person', 'people')}${whose}, ${thereAre(able.length)}.`,
    )
  }
  return able
}

/**
 * Refuses people who enrol after the run has begun.
 * @throws UsageError with `file:line`
 */
export function checkEnrolments(people: readonly Person[] | undefined, startMs: number): void {
  const late = people?.find(({ enrolledAt }) => enrolledAt !== undefined && Date.parse(enrolledAt) > startMs)
  if (late === undefined) return
  throw new UsageError(
    `${late.place}: enrolledAt ${late.enrolledAt} is later than the first event (${new Date(startMs).toISOString()}); change it, or --now.`,
  )
}
