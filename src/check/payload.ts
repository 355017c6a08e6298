import type { Contract } from '../contract/contract.ts'
import { renderPayload } from '../contract/contract.ts'
import type { EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { defaultProgram } from '../program/catalog.ts'
import { planGeneration } from '../program/generate.ts'
import { DEFAULT_LOCALES } from '../program/locale.ts'
import { codeLetters, randomStream, uuidV4 } from '../program/random.ts'
import { identityOf } from '../receiver/identity.ts'

/** Members a check can draw from: more than any needs. */
const MOST_MEMBERS = 4000
/** Events happened a moment ago, so that a receiver which refuses old ones fails the check for that and no other. */
const AGE_MS = 60_000

/** Events of one check, one member each, made as they are asked for. */
export interface EventSource {
  /** The next event of a type, of a member that no other event of this check has. */
  next(type: EventType): LoyaltyEvent
}

/** The name of a run: in every `member.externalId`, so that what a check left behind can be found. */
export function runName(seed: number): string {
  return codeLetters(randomStream(seed, 'check:run'), 4).toLowerCase()
}

/**
 * Events for one check, from a stream of chance of its own, so that selection and order never change bytes. Members are
 * recognisable: `qsim-<run>-…` outside, an address under example.com (reserved by RFC 2606).
 */
export async function eventSource(
  checkId: string,
  { seed, nowMs }: { readonly seed: number; readonly nowMs: number },
): Promise<EventSource> {
  const stream = randomStream(seed, `check:${checkId}`)
  const generation = await planGeneration({
    what: 'all',
    count: MOST_MEMBERS,
    batch: 1,
    seed: stream.next32(),
    nowMs,
    locales: DEFAULT_LOCALES,
    program: defaultProgram,
    set: [],
    validate: 'on',
  })
  const prefix = `qsim-${runName(seed)}-${codeLetters(stream, 6).toLowerCase()}`
  const payloads = generation.payloads()[Symbol.iterator]()
  const waiting = new Map<EventType, LoyaltyEvent[]>()
  let number = 0

  return {
    next(type) {
      for (;;) {
        const found = waiting.get(type)?.shift()
        if (found !== undefined) return recognisable(found)
        const { done, value } = payloads.next()
        if (done === true) throw new Error(`a check asked for more than ${MOST_MEMBERS} events of a type`)
        const [event] = value as readonly [LoyaltyEvent]
        waiting.set(event.type, [...(waiting.get(event.type) ?? []), event])
      }
    },
  }

  function recognisable(event: LoyaltyEvent): LoyaltyEvent {
    number += 1
    const externalId = `${prefix}-${number}`
    const occurredAt = new Date(nowMs - AGE_MS + number).toISOString()
    const enrolledAt = event.type === 'profile_creation' ? occurredAt : event.member.enrolledAt
    // A generated member has a whole history: each of its events becomes another member's.
    const member = { ...event.member, id: uuidV4(stream), externalId, email: `${externalId}@example.com`, enrolledAt }
    return inAscii({ ...event, occurredAt, member })
  }
}

/** Without accents: a receiver that garbles letters fails the checks about letters, and takes its control. */
function inAscii(event: LoyaltyEvent): LoyaltyEvent {
  const text = JSON.stringify(event).normalize('NFD')
  return JSON.parse(text.replace(/[^\0-\x7f]/g, '')) as LoyaltyEvent
}

/** A body as text, and the events inside as the receiver can tell them apart. */
export interface CheckPayload {
  readonly text: string
  /** As the contract writes them; empty under a contract without event identity. */
  readonly eventIds: readonly string[]
  /** How many events are inside, as the contract tells them apart: without event identity every element is one. */
  readonly events: number
  /** What it is, in a few words. */
  readonly label: string
}

/** The payload of no events. */
export const NO_EVENTS: CheckPayload = { text: '[]', eventIds: [], events: 0, label: '[]' }

/** Writes events as the contract in force does. */
export function payloadOf(contract: Contract, events: readonly LoyaltyEvent[]): CheckPayload {
  return fromElements(contract, elementsOf(contract, events), labelOf(events))
}

/** The events as separate JSON texts, for bodies that no serialiser would write. */
export function elementsOf(contract: Contract, events: readonly LoyaltyEvent[]): readonly string[] {
  // Without line breaks an element is the payload without its brackets.
  return events.map((event) =>
    renderPayload(contract, [event], contract.json === 'pretty' ? 'js' : contract.json).slice(1, -1),
  )
}

/** A payload of elements that are JSON texts, known or not. */
export function fromElements(contract: Contract, elements: readonly string[], label: string): CheckPayload {
  const identify = identityOf(contract.identity)
  const eventIds = [...new Set(elements.flatMap((text) => identify(JSON.parse(text)) ?? []))]
  const events = contract.identity.length === 0 ? elements.length : eventIds.length
  return { text: `[${elements.join(',')}]`, eventIds, events, label }
}

/** Members added to the JSON text of an object. @param text such as `"a":1` */
export function withMembers(element: string, text: string): string {
  return `${element.slice(0, element.lastIndexOf('}'))},${text}}`
}

/** An element whose type no contract knows. */
export function ofUnknownType(contract: Contract, element: string): string {
  return changed(element, contract.discriminator.keys, 'qsim_unknown_event')
}

/** An element that says which event it is and which one, and nothing else. */
export function brokenElement(contract: Contract, element: string): string {
  const whole = JSON.parse(element) as Record<string, unknown>
  const kept = [contract.discriminator.keys[0], ...contract.identity.map((path) => /^[\w$-]+/.exec(path)?.[0])]
  return JSON.stringify(
    Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, kept.includes(key) ? value : null])),
  )
}

function changed(element: string, keys: readonly string[], value: unknown): string {
  const whole = JSON.parse(element) as Record<string, unknown>
  let object = whole
  for (const key of keys.slice(0, -1)) object = object[key] as Record<string, unknown>
  object[keys.at(-1) as string] = value
  return JSON.stringify(whole)
}

function labelOf(events: readonly LoyaltyEvent[]): string {
  const types = [...new Set(events.map(({ type }) => type))]
  if (events.length === 1) return types[0] as string
  return types.length === 1 ? `${events.length} × ${types[0]}` : `${events.length} events`
}
