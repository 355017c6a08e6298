import type { Contract } from '../contract/contract.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { readPayload } from '../contract/payload.ts'
import type { Exchange } from '../receiver/exchange.ts'
import type { Repetition } from '../receiver/memory.ts'

/** One request that a test receiver got. */
export interface ReceivedDelivery {
  readonly method: string
  readonly path: string
  /** Names in lower case; several values of one name joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text, and its exact bytes; empty when it was over 10 MB. */
  readonly body: string
  readonly bytes: Uint8Array
  /** The events in the event model, as far as they could be read: see `problems`. Empty for what was refused. */
  readonly events: readonly LoyaltyEvent[]
  readonly verdict: 'accepted' | 'refused'
  /** Why it was refused. */
  readonly reason?: string
  /** Where the payload is not what the contract writes. */
  readonly problems: readonly string[]
  /** The status it was answered with; undefined for a hang, a reset or a close. */
  readonly status: number | undefined
  /** Which try of its delivery it is, from 1: the same bytes again are a retry. */
  readonly request: number
  /** Whether the bytes, or one of the events, came before. */
  readonly repetition?: Repetition
}

/** A request as a test suite looks at it, its events read by the contract. */
export function deliveryOf(exchange: Exchange, contract: Contract): ReceivedDelivery {
  const { method, path, verdict, status, request, repetition } = exchange
  const bytes = exchange.body === 'too-large' ? new Uint8Array() : exchange.body
  const accepted = verdict.kind === 'accepted' ? verdict : undefined
  const read = accepted === undefined ? [] : readPayload(contract, accepted.payload)
  return {
    method,
    path,
    headers: Object.fromEntries(Object.entries(exchange.headers).map(([name, values]) => [name, values.join(', ')])),
    body: new TextDecoder().decode(bytes),
    bytes,
    events: read.flatMap((element) => (element.kind === 'event' ? [element.event as unknown as LoyaltyEvent] : [])),
    verdict: verdict.kind,
    ...(verdict.kind === 'refused' ? { reason: verdict.reason } : {}),
    problems: accepted?.problems ?? [],
    status,
    request,
    ...(repetition === undefined ? {} : { repetition }),
  }
}
