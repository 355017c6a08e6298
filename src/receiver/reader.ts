import type { Contract } from '../contract/contract-file.ts'
import type { EventModel } from '../contract/event-model.ts'
import type { EventType } from '../contract/event-types.ts'
import { readPayload, typeOfElement } from '../contract/payload.ts'
import { fitOf } from './fit.ts'
import type { Fit } from './fit.ts'
import { identityOf } from './identity.ts'

/** What the receiver knows of an event: enough to recognise it. */
export interface ReceivedEvent {
  /** What duplicates are recognised by; absent when the contract has no identity or the event does not give it. */
  readonly id?: string | undefined
  readonly type?: string | undefined
}

/** A payload as a receiver reads it: its events, and where they are not what the contract writes. */
export interface ReadEvents {
  readonly events: readonly ReceivedEvent[]
  /** Sentences with the place, `events[3].data.points is …`; they quote the payload. */
  readonly problems: readonly string[]
}

/** Reads the elements of a payload. It never throws. */
export type PayloadReader = (payload: readonly unknown[]) => ReadEvents

/**
 * A reader that knows a contract.
 * @param model from `loadEventModel()`: with it the values are checked too, and not the shape alone
 */
export function payloadReader(contract: Contract, model?: EventModel): PayloadReader {
  const idOf = identityOf(contract.identity)
  const fits = new Map<EventType, Fit>()
  const isFit = (type: EventType, element: unknown): boolean => {
    let fit = fits.get(type)
    if (fit === undefined) fits.set(type, (fit = fitOf(contract.templates[type], model?.[type])))
    return fit(element)
  }
  return (payload) => {
    let isFitting = true
    const events = payload.map((element): ReceivedEvent => {
      const type = typeOfElement(contract, element)
      if (type === undefined || !isFit(type, element)) isFitting = false
      return { id: idOf(element), type }
    })
    // To say what is wrong takes ten times as long as to see that nothing is, so it waits until it is needed.
    return { events, problems: isFitting ? [] : problemsOf(payload) }
  }

  function problemsOf(payload: readonly unknown[]): readonly string[] {
    return readPayload(contract, payload, model).flatMap((element) =>
      element.kind === 'unreadable' ? [element.problem] : element.problems,
    )
  }
}

/** Without a contract: `id` and `type` of each element as they stand. */
export const plainReader: PayloadReader = (payload) => ({ events: payload.map(asEvent), problems: [] })

function asEvent(element: unknown): ReceivedEvent {
  if (typeof element !== 'object' || element === null) return {}
  const { id, type } = element as Readonly<Record<string, unknown>>
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof type === 'string' ? { type } : {}) }
}
