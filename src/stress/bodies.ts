import type { Contract } from '../contract/contract-file.ts'
import { DIALECTS, lineBreak } from '../contract/dialect.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventType } from '../contract/event-types.ts'
import { renderPayload } from '../contract/payload.ts'
import { createEventPool } from './event-pool.ts'
import type { LoadSelection } from './event-pool.ts'
import { skeletonOf, skeletonWriter } from './skeleton.ts'
import type { Skeleton } from './skeleton.ts'

/** The bodies of a load: a different one for every index, and for the same selection the same again. */
export interface Bodies {
  /** No body is longer. */
  readonly maxBytes: number
  readonly types: readonly EventType[]
  /** Share of the pool, 0 to 1, that is spliced; the rest is rendered anew each time, which is ten times slower. */
  readonly splicedShare: number
  /** Writes the body with this index (0 for the first) and returns where it ends. */
  readonly write: (index: number, target: Uint8Array, at: number) => number
  /** The same, in bytes of its own. */
  readonly bytes: (index: number) => Buffer
  /** The events of a body, in the event model. */
  readonly events: (index: number) => LoyaltyEvent[]
}

/**
 * Compiles the bodies of a load: events are rendered once through the contract, and afterwards only what tells them
 * apart is written anew.
 * @throws UsageError for a selection that cannot be generated
 */
export async function createBodies(selection: LoadSelection): Promise<Bodies> {
  const { contract, batch } = selection
  const pool = await createEventPool(selection)
  const frame = frameOf(contract, batch)
  const skeletons = pool.events.map((_, position) => skeletonOf(pool, position, frame.textOf))
  const writeSkeleton = skeletonWriter(pool)
  const place: { target: Uint8Array; at: number } = { target: new Uint8Array(0), at: 0 }

  function write(index: number, target: Uint8Array, at: number): number {
    place.target = target
    let end = at + copy(frame.open, target, at)
    for (let number = index * batch; number < (index + 1) * batch; number++) {
      const skeleton = skeletons[number % skeletons.length]
      place.at = end
      end = skeleton === undefined ? writeRendered(number, target, end) : writeSkeleton(skeleton, number, place)
      end += copy(number === (index + 1) * batch - 1 ? frame.close : frame.between, target, end)
    }
    return end
  }

  function writeRendered(number: number, target: Uint8Array, at: number): number {
    const bytes = Buffer.from(frame.textOf(pool.eventAt(number)))
    target.set(bytes, at)
    return at + bytes.length
  }

  const maxBytes = longestBody(
    skeletons.map(
      (skeleton, position) =>
        lengthOf(skeleton) ?? Buffer.byteLength(frame.textOf(pool.eventAt(position))) + VARIES_BYTES,
    ),
    { batch, frameBytes: frame.open.length + frame.between.length * (batch - 1) + frame.close.length },
  )
  return {
    maxBytes,
    types: pool.types,
    splicedShare: skeletons.filter((skeleton) => skeleton !== undefined).length / skeletons.length,
    write,
    bytes: (index) => {
      const target = Buffer.alloc(maxBytes)
      return target.subarray(0, write(index, target, 0))
    },
    events: (index) => Array.from({ length: batch }, (_, offset) => pool.eventAt(index * batch + offset)),
  }
}

/** So much longer may a rendered event be in another round. */
const VARIES_BYTES = 64

const lengthOf = (skeleton: Skeleton | undefined): number | undefined => skeleton?.bytes.length

function longestBody(lengths: readonly number[], { batch, frameBytes }: { batch: number; frameBytes: number }): number {
  return Math.max(...lengths) * batch + frameBytes
}

function copy(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index++) target[at + index] = bytes[index] as number
  return bytes.length
}

/** What stands around the events of a body. For one event it is part of the event's own bytes. */
interface Frame {
  readonly open: Uint8Array
  readonly between: Uint8Array
  readonly close: Uint8Array
  readonly textOf: (event: LoyaltyEvent) => string
}

function frameOf(contract: Contract, batch: number): Frame {
  const whole = (event: LoyaltyEvent): string => renderPayload(contract, [event])
  const none = new Uint8Array(0)
  if (batch === 1) return { open: none, between: none, close: none, textOf: whole }
  const dialect = DIALECTS[contract.json]
  const inner = lineBreak(dialect, 1)
  const [open, close] = [`[${inner}`, `${lineBreak(dialect, 0)}]`]
  return {
    open: Buffer.from(open),
    between: Buffer.from(dialect.comma + inner),
    close: Buffer.from(close),
    textOf: (event) => whole(event).slice(open.length, -close.length),
  }
}
