import type { IncomingHttpHeaders } from 'node:http'
import { isEvent, KNOWN_TYPES, type ReceivedEvent } from './event.ts'
import { AUTHORIZATION, isSame, PREVIOUS_SECRET, SECRET, signatureOf } from './receiver.ts'
import type { EventStore } from './store.ts'

/** What a receiver answers. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Why a request goes no further. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

/** A request as its framework hands it on. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** What a receiver does with a request, one seam for each thing that integrators get wrong. */
export interface Steps {
  /** Refuses what it cannot take, by the headers alone. */
  admit(headers: IncomingHttpHeaders): Answer | undefined
  isAuthorized(given: string | undefined): boolean
  isSigned(signature: string | undefined, body: Uint8Array): boolean
  /** @throws anything for a body that is no JSON in UTF-8 */
  parse(body: Uint8Array): unknown
  /** Says no to a batch as a whole. */
  consider(elements: readonly unknown[]): Answer | undefined
  /** Sorts out what can be handled. */
  choose(elements: readonly unknown[]): readonly ReceivedEvent[]
  /** The effect of one event, once however often it comes. */
  apply(event: ReceivedEvent, store: EventStore): void | Promise<void>
}

/** The steps of a receiver without a fault. */
export const SOUND_STEPS: Steps = {
  admit({ 'content-type': type = '', 'content-encoding': coding = 'identity' }) {
    const isJson = /^\s*application\/json\s*(;|$)/i.test(type)
    return isJson && coding.toLowerCase() === 'identity' ? undefined : { status: 415 }
  },
  isAuthorized: (given) => isSame(given, AUTHORIZATION[1]),
  isSigned: (signature, body) =>
    [SECRET, PREVIOUS_SECRET].some((secret) => isSame(signature, signatureOf(body, secret))),
  parse: (body) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)),
  consider: () => undefined,
  choose: (elements) => elements.filter((element) => isEvent(element)).filter(({ type }) => KNOWN_TYPES.includes(type)),
  apply(event, store) {
    if (!store.insertIfAbsent(event.id)) return
    if (event.type === 'change_in_level' && !store.setLevelIfNewer(event.member.id, event.occurredAt)) return
    store.apply(event.id)
  },
}

/** What a receiver with these steps answers: 204, or why not; the events are applied by then. */
export async function answerTo({ headers, body }: Received, store: EventStore, steps = SOUND_STEPS): Promise<Answer> {
  const inadmissible = steps.admit(headers)
  if (inadmissible !== undefined) return inadmissible
  if (!steps.isAuthorized(headers[AUTHORIZATION[0]]?.toString())) return { status: 401 }
  if (!steps.isSigned(headers['x-qualifio-signature']?.toString(), body)) return { status: 401 }
  let elements: unknown
  try {
    elements = steps.parse(body)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    return { status: 400 }
  }
  if (!Array.isArray(elements)) return { status: 400 }
  const refusal = steps.consider(elements)
  if (refusal !== undefined) return refusal
  for (const event of steps.choose(elements)) await steps.apply(event, store)
  return { status: 204 }
}

/** What the oracle says of an event. */
export function countOf(eventId: string, store: EventStore): string {
  return String(store.applied().get(eventId) ?? 0)
}
