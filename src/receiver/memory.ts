import { boundedMap } from './bounded-map.ts'

/** How many bodies, and how many event ids, a receiver remembers. */
export const REMEMBERED = 100_000

/** What came before, as far as it is remembered: a retry has the same bytes, a duplicate has an event again in others. */
export type Repetition =
  /** `request` is 2 for the first retry. */
  | { readonly kind: 'retry'; readonly request: number }
  /** The events that came before, in another body or twice in this one. */
  | { readonly kind: 'duplicate'; readonly eventIds: readonly string[] }

/** A request as the memory knows it. */
export interface Arrival {
  /** Which try of its delivery it is, from 1. */
  readonly request: number
  /** Steps of the script that its delivery took before. */
  readonly taken: number
  readonly repetition: Repetition | undefined
}

/** What a request means to the memory. */
export interface Arriving {
  /** Those of an accepted payload; a refused one has none. */
  readonly eventIds: readonly string[]
  /** `try` counts as a try of the delivery with these bytes; `stray` (another path or method) does not. */
  readonly as: 'try' | 'stray'
  /** `step` takes a step of the delivery's script. */
  readonly takes: 'step' | 'nothing'
}

/** How much is remembered, and how much was forgotten because there was no more room. */
export interface MemoryCounts {
  readonly bodies: number
  readonly eventIds: number
  readonly evictedBodies: number
  readonly evictedEventIds: number
}

/** The bodies and event ids that a receiver got, the latest ones. */
export interface Memory {
  /** Remembers a request. */
  arrive(bodySha256: string, arriving: Arriving): Arrival
  counts(): MemoryCounts
}

interface Body {
  requests: number
  steps: number
}

const STRAY: Arrival = { request: 1, taken: 0, repetition: undefined }

/** An empty memory for `most` bodies and as many event ids. */
export function createMemory(most = REMEMBERED): Memory {
  const bodies = boundedMap<Body>(most)
  const events = boundedMap<true>(most)

  function bodyOf(bodySha256: string): Body {
    const known = bodies.touch(bodySha256)
    if (known !== undefined) return known
    const body = { requests: 0, steps: 0 }
    bodies.add(bodySha256, body)
    return body
  }

  function repetitionOf(body: Body, eventIds: readonly string[]): Repetition | undefined {
    const isNew = body.requests === 1
    let again: string[] | undefined
    for (const id of eventIds) {
      if (events.touch(id) === undefined) events.add(id, true)
      else if (isNew) (again ??= []).push(id)
    }
    if (!isNew) return { kind: 'retry', request: body.requests }
    return again && { kind: 'duplicate', eventIds: again }
  }

  return {
    arrive(bodySha256, { eventIds, as, takes }) {
      if (as === 'stray' && takes === 'nothing') return STRAY
      const body = bodyOf(bodySha256)
      const taken = body.steps
      if (takes === 'step') body.steps += 1
      if (as === 'stray') return { ...STRAY, taken }
      body.requests += 1
      return { request: body.requests, taken, repetition: repetitionOf(body, eventIds) }
    },
    counts: () => ({
      bodies: bodies.size(),
      eventIds: events.size(),
      evictedBodies: bodies.evicted(),
      evictedEventIds: events.evicted(),
    }),
  }
}
