import type { Contract } from '../contract/contract-file.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import { renderPayload } from '../contract/payload.ts'
import { defaultProgram } from '../program/catalog.ts'
import { planGeneration } from '../program/generate.ts'
import { DEFAULT_LOCALES } from '../program/locale.ts'
import type { Program } from '../program/program.ts'
import type { What } from '../program/selection.ts'
import { memberIdText, mix, roundText, timeText, uuidText } from './splice.ts'

/** What the events of a load are made from. */
export interface LoadSelection {
  readonly contract: Contract
  readonly what: What
  /** Events of one body. */
  readonly batch: number
  /** 0 to 4294967295. */
  readonly seed: number
  /** When the load begins, ms since the epoch: no event happened before. */
  readonly nowMs: number
  readonly program?: Program | undefined
}

/**
 * Endlessly many events out of a pool of generated ones. The pool is walked again and again; in each round its
 * members are others (id, external id, email), so that what happens to a member adds up within the round, and no
 * profile is created twice.
 */
export interface EventPool {
  /** The generated events. */
  readonly events: readonly LoyaltyEvent[]
  readonly types: readonly EventType[]
  /** When the event with this number happened. */
  readonly timeMs: (number: number) => number
  /** How many events before this one the member's profile was created; undefined when that was before the load. */
  readonly createdBefore: (position: number) => number | undefined
  /** The event with this number, whole. Objects are shared: change none. */
  readonly eventAt: (number: number) => LoyaltyEvent
  /** The same with these values in place of its own. */
  readonly eventWith: (position: number, values: EventValues) => LoyaltyEvent
  /** The key of the ids of events. */
  readonly idKey: number
  /** The key of the ids of visits. */
  readonly visitKey: number
}

/** The values that differ from round to round. */
export interface EventValues {
  readonly id: string
  readonly visitId: string
  readonly occurredAt: string
  /** For a member whose profile is created in the pool; undefined leaves the member's own. */
  readonly enrolledAt: string | undefined
  readonly memberId: string
  /** Seven digits. */
  readonly round: string
}

/** Enough for every member's story, few enough to stay in a processor's cache. */
const POOL_EVENTS = 1024
/** Members of a pool where nobody has to be created: each appears often enough for order to matter. */
const POOL_MEMBERS = 200
/**
 * So many events happen in a millisecond: no more than can be sent in it, so that no event comes from the future,
 * whatever the rate.
 */
const EVENTS_PER_MS = 100

/**
 * Generates the pool.
 * @throws UsageError for a selection that cannot be generated
 */
export async function createEventPool(selection: LoadSelection): Promise<EventPool> {
  const { contract, seed, nowMs } = selection
  const generation = await planGeneration({
    ...amountOf(selection.what),
    what: selection.what,
    batch: 1,
    seed,
    nowMs,
    locales: DEFAULT_LOCALES,
    program: selection.program ?? defaultProgram,
    set: [],
    validate: 'on',
  })
  const generated = [...generation.payloads()].flat()
  const events = contract.identity.length > 0 ? generated : distinct(contract, generated)
  const creations = new Map<string, number>()
  events.forEach((event, position) => {
    if (event.type === 'profile_creation') creations.set(event.member.id, position)
  })
  const createdAt = events.map(({ member }) => creations.get(member.id))
  const [idKey, visitKey] = [mix(seed ^ 0x1d), mix(seed ^ 0x715)]
  const timeMs = (number: number): number => nowMs + Math.floor(number / EVENTS_PER_MS)
  const createdBefore = (position: number): number | undefined => {
    const creation = createdAt[position]
    return creation === undefined || creation > position ? undefined : position - creation
  }
  const eventWith = (position: number, values: EventValues): LoyaltyEvent => {
    const enrolledAt = createdBefore(position) === undefined ? undefined : values.enrolledAt
    return withValues(events[position] as LoyaltyEvent, { ...values, enrolledAt })
  }

  return {
    events,
    types: generation.types,
    timeMs,
    createdBefore,
    eventWith,
    idKey,
    visitKey,
    eventAt: (number) => {
      const position = number % events.length
      const round = Math.floor(number / events.length)
      return eventWith(position, {
        id: uuidText(idKey, number),
        visitId: uuidText(visitKey, number),
        occurredAt: timeText('iso', timeMs(number)),
        enrolledAt: timeText('iso', timeMs(number - (createdBefore(position) ?? 0))),
        memberId: memberIdText((events[position] as LoyaltyEvent).member.id, round),
        round: roundText(round),
      })
    },
  }
}

/** How much to generate, so that the pool has its size. */
function amountOf(what: What): { readonly count: number; readonly members?: number } {
  if (what === 'random') return { count: POOL_EVENTS, members: POOL_MEMBERS }
  if (what === 'all' || 'journey' in what) return { count: POOL_EVENTS / 8 }
  const count = Math.ceil(POOL_EVENTS / Math.max(1, what.length))
  return what.includes('profile_creation') ? { count } : { count, members: POOL_MEMBERS }
}

const NO_VALUES: EventValues = {
  id: '',
  visitId: '',
  occurredAt: '2000-01-01T00:00:00.000Z',
  enrolledAt: undefined,
  memberId: '',
  round: '',
}

/** Without an identity on the wire, events that look the same would be the same body twice: one of each is kept. */
function distinct(contract: Contract, events: readonly LoyaltyEvent[]): LoyaltyEvent[] {
  const seen = new Set<string>()
  return events.filter((event) => {
    const anonymous = { ...withValues(event, NO_VALUES), member: event.member }
    const text = renderPayload(contract, [anonymous])
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function withValues(event: LoyaltyEvent, values: EventValues): LoyaltyEvent {
  const { member } = event
  const data: Record<string, unknown> = { ...event.data }
  if (typeof data['visitId'] === 'string') data['visitId'] = values.visitId
  if (typeof data['promoCode'] === 'string') data['promoCode'] = `${data['promoCode']}-${values.round}`
  return {
    ...event,
    id: values.id,
    occurredAt: values.occurredAt,
    member: {
      ...member,
      id: values.memberId,
      externalId: `${member.externalId}${values.round}`,
      email: member.email.replace('@', `.${values.round}@`),
      enrolledAt: values.enrolledAt ?? member.enrolledAt,
    },
    data,
  } as LoyaltyEvent
}
