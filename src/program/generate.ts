import { ALL_EVENT_TYPES, type EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { UsageError } from '../errors.ts'
import { openBook } from './book.ts'
import { checkEnrolments, cohortsOf, walkersOf } from './casting.ts'
import { createDraws } from './draws.ts'
import { FULL_SET, journeyNamed, typesOfJourney, walkedSteps, type Journey } from './journey.ts'
import type { Locale } from './locale.ts'
import { loadNames, memberLocale } from './member.ts'
import { namedEvents } from './named-events.ts'
import { randomEvents } from './random-events.ts'
import { randomStream } from './random.ts'
import type { Run } from './run.ts'
import {
  checkSelection,
  checkWalkers,
  MOST_EVENTS_IN_A_PAYLOAD,
  poolOfChance,
  poolOfTypes,
  type Selection,
} from './selection.ts'
import { planSet, type SetPlan } from './set-plan.ts'
import type { SetScope } from './set-scope.ts'
import { runStartMs, timeline } from './timeline.ts'
import { timestampWriter } from './timestamp.ts'
import { walkEvents } from './walk-events.ts'

/** A run that can be generated: how much it is, and its payloads. */
export interface Generation {
  readonly eventCount: number
  readonly payloadCount: number
  /** The event types that may occur. */
  readonly types: readonly EventType[]
  /** The payloads, made as they are asked for; every call gives the same ones again. Events share objects: change none. */
  readonly payloads: () => Iterable<readonly LoyaltyEvent[]>
}

/** Events of a run, drawn with what one pass needs. */
interface Plan {
  readonly eventCount: number
  readonly types: readonly EventType[]
  readonly memberCount: number
  readonly set: SetPlan
  readonly events: (run: Run) => Iterable<LoyaltyEvent>
}

/**
 * Plans a run and refuses, before anything is sent, what cannot be generated.
 * @throws UsageError
 */
export async function planGeneration(selection: Selection): Promise<Generation> {
  checkSelection(selection)
  const plan = await planOf(selection)
  const { eventCount, set } = plan
  const { seed, nowMs } = selection
  if (selection.batch === 'max' && eventCount > MOST_EVENTS_IN_A_PAYLOAD) {
    throw new UsageError(
      `--batch max: ${eventCount} events are more than the ${MOST_EVENTS_IN_A_PAYLOAD} that one payload holds; use --batch ${MOST_EVENTS_IN_A_PAYLOAD}.`,
    )
  }
  const batch = selection.batch === 'max' ? eventCount : selection.batch
  const startMs = runStartMs(nowMs, eventCount)
  checkEnrolments(selection.people, startMs)

  const names = await loadNames(localesOf(selection, plan.memberCount))
  const book = openBook(selection.program)
  const members = { seed, locales: selection.locales, names, people: selection.people }
  function* payloads(): Generator<readonly LoyaltyEvent[]> {
    const run: Run = {
      book,
      draws: createDraws(book, set.fixed),
      seats: { book, members, startMs },
      timeline: timeline({ seed, nowMs, eventCount }),
      write: timestampWriter(),
    }
    let payload: LoyaltyEvent[] = []
    for (const event of plan.events(run)) {
      payload.push(set.apply(event))
      if (payload.length === batch) {
        yield payload
        payload = []
      }
    }
    if (payload.length > 0) yield payload
  }
  rehearse(payloads, selection)
  return { eventCount, payloadCount: Math.ceil(eventCount / batch), types: plan.types, payloads }
}

async function planOf(selection: Selection): Promise<Plan> {
  const { what } = selection
  if (what === 'all') return planWalks(FULL_SET, selection)
  if (what === 'random') return planChance(selection)
  return 'journey' in what ? planWalks(journeyNamed(what.journey), selection) : planTypes(what, selection)
}

async function planTypes(types: readonly EventType[], selection: Selection): Promise<Plan> {
  const pool = poolOfTypes(types, selection)
  const eventCount = types.length * selection.count
  const set = await setOf(selection, types, { eventCount, countOf: () => selection.count })
  const counts = countsOf((type) => (types.includes(type) ? selection.count : 0))
  return {
    eventCount,
    types,
    memberCount: pool.memberCount,
    set,
    events: function* events(run) {
      const draw = { random: randomStream(selection.seed, 'order'), fixedPoints: set.fixed.points }
      for (const cohort of cohortsOf(pool, counts, selection.people)) yield* namedEvents(run, cohort, draw)
    },
  }
}

async function planChance(selection: Selection): Promise<Plan> {
  const pool = poolOfChance(selection)
  const { count } = selection
  const set = await setOf(selection, ALL_EVENT_TYPES, { eventCount: count, countOf: () => count })
  // Only the sum counts here: types are drawn one by one.
  const counts = countsOf((type) => (type === 'member_portal_visit' ? selection.count : 0))
  return {
    eventCount: selection.count,
    types: ALL_EVENT_TYPES,
    memberCount: pool.memberCount,
    set,
    events: function* events(run) {
      const draw = { random: randomStream(selection.seed, 'order'), fixedPoints: set.fixed.points }
      for (const cohort of cohortsOf(pool, counts, selection.people)) yield* randomEvents(run, cohort, draw)
    },
  }
}

async function planWalks(journey: Journey, selection: Selection): Promise<Plan> {
  checkWalkers(journey.name, selection)
  const { count, people } = selection
  const set = await setOf(selection, typesOfJourney(journey), {
    eventCount: journey.steps.length * count,
    countOf: (type) => journey.steps.filter((step) => step.do === type).length * count,
  })
  const steps = walkedSteps(journey, openBook(selection.program), set.fixed)
  const walkers = people === undefined ? undefined : walkersOf(people, { journey, count })
  return {
    eventCount: steps.length * count,
    types: typesOfJourney(journey),
    memberCount: people?.length ?? count,
    set,
    events: (run) =>
      walkEvents(run, {
        steps,
        walkerCount: count,
        memberOf: (walker) => walkers?.[walker] ?? walker,
        random: randomStream(selection.seed, 'order'),
        fixedPoints: set.fixed.points,
      }),
  }
}

function setOf(
  { set, program, validate }: Selection,
  types: readonly EventType[],
  counts: Pick<SetScope, 'eventCount' | 'countOf'>,
): Promise<SetPlan> {
  return planSet(set, { types, book: openBook(program), ...counts, validate })
}

const countsOf = (count: (type: EventType) => number) =>
  Object.fromEntries(ALL_EVENT_TYPES.map((type) => [type, count(type)])) as Record<EventType, number>

/** Few members: the locales they have, so that no others are loaded. */
function localesOf({ seed, locales }: Selection, memberCount: number): Iterable<Locale> {
  if (memberCount > 64) return Object.keys(locales) as Locale[]
  return Array.from({ length: memberCount }, (_, index) => memberLocale(seed, index, locales))
}

/** Events generated to see whether the user's rules fit: what is written is the same for every event of a type. */
const REHEARSED_EVENTS = 10_000

/** Whatever the user's rules and balances make impossible must be known before anything is sent. */
function rehearse(payloads: Generation['payloads'], { set, people }: Selection): void {
  const hasBalances = people?.some((person) => person.balances.size > 0) === true
  if (set.length === 0 && !hasBalances) return
  let rehearsed = 0
  for (const payload of payloads()) {
    rehearsed += payload.length
    if (!hasBalances && rehearsed >= REHEARSED_EVENTS) return
  }
}
