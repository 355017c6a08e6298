import type { LoyaltyEvent } from '../contract/event.ts'
import type { EventPool, EventValues } from './event-pool.ts'
import { mix, ROUND_DIGITS, TIME_FORMS, timeSplicer, timeText, writeDigits, writeUuid, writeWord } from './splice.ts'
import type { TimeForm } from './splice.ts'

/** What a hole is filled with. */
type Hole =
  | { readonly kind: 'uuid'; readonly at: number; readonly key: number }
  | { readonly kind: 'member'; readonly at: number; readonly word: number }
  | { readonly kind: 'round'; readonly at: number }
  | { readonly kind: 'time'; readonly at: number; readonly form: TimeForm; readonly eventsBefore: number }

/** The bytes of an event of the pool, and the places where they differ from round to round. */
export interface Skeleton {
  readonly bytes: Uint8Array
  readonly holes: readonly Hole[]
}

/** Values that are found again in the text of an event: valid in the event model, and like nothing else in it. */
const OCCURRED_MS = 2_013_579_864_213
const ENROLLED_MS = 2_087_654_321_987
const MARKS: EventValues = {
  id: 'f1d2e3c4-b5a6-4978-8a9b-acbdcedf0e1f',
  visitId: '0f1e2d3c-4b5a-4687-9768-5a4b3c2d1e0f',
  memberId: 'e7c6b5a4-9382-4716-9504-f3e2d1c0bfae',
  occurredAt: timeText('iso', OCCURRED_MS),
  enrolledAt: timeText('iso', ENROLLED_MS),
  round: '9173528',
}

/** The text of one event, as it stands in a body. */
export type ElementText = (event: LoyaltyEvent) => string

/**
 * Finds the holes of an event by writing it with values that are found again.
 * @returns undefined when the bytes would not be those of ordinary rendering, where a filter hides a value, say
 */
export function skeletonOf(pool: EventPool, position: number, textOf: ElementText): Skeleton | undefined {
  const bytes = Buffer.from(textOf(pool.eventWith(position, MARKS)))
  const holes: Hole[] = []
  const taken = new Uint8Array(bytes.length)
  const each = (mark: string, found: (at: number) => void): void => {
    for (let at = bytes.indexOf(mark, 0, 'latin1'); at !== -1; at = bytes.indexOf(mark, at + 1, 'latin1')) {
      if (taken.subarray(at, at + mark.length).includes(1)) continue
      taken.fill(1, at, at + mark.length)
      found(at)
    }
  }
  const event = pool.events[position] as LoyaltyEvent
  const eventsBefore = pool.createdBefore(position) ?? 0
  each(MARKS.id, (at) => holes.push({ kind: 'uuid', at, key: pool.idKey }))
  each(MARKS.visitId, (at) => holes.push({ kind: 'uuid', at, key: pool.visitKey }))
  each(MARKS.memberId, (at) => {
    bytes.write(event.member.id, at, 'latin1')
    holes.push({ kind: 'member', at: at + 28, word: Number.parseInt(event.member.id.slice(-8), 16) })
  })
  each(MARKS.round, (at) => holes.push({ kind: 'round', at }))
  // Longest first: seconds are the beginning of milliseconds, and the day of the whole.
  for (const form of TIME_FORMS) {
    each(timeText(form, OCCURRED_MS), (at) => holes.push({ kind: 'time', at, form, eventsBefore: 0 }))
    each(timeText(form, ENROLLED_MS), (at) => holes.push({ kind: 'time', at, form, eventsBefore }))
  }
  const skeleton = { bytes: Uint8Array.from(bytes), holes }
  return isFaithful(pool, position, { skeleton, textOf }) ? skeleton : undefined
}

/** Rounds that are tried when a skeleton is made: the first, and one that changes every digit. */
const TRIED_ROUNDS = [0, 7_654_321]

function isFaithful(
  pool: EventPool,
  position: number,
  { skeleton, textOf }: { skeleton: Skeleton; textOf: ElementText },
): boolean {
  const write = skeletonWriter(pool)
  return TRIED_ROUNDS.every((round) => {
    const number = round * pool.events.length + position
    const target = Buffer.alloc(skeleton.bytes.length)
    write(skeleton, number, { target, at: 0 })
    return target.equals(Buffer.from(textOf(pool.eventAt(number))))
  })
}

/** Writes the event with a number from its skeleton; returns where it ends. */
export type SkeletonWriter = (
  skeleton: Skeleton,
  number: number,
  place: { readonly target: Uint8Array; readonly at: number },
) => number

/** A writer for the events of a pool. */
export function skeletonWriter(pool: EventPool): SkeletonWriter {
  const size = pool.events.length
  const writeTime = timeSplicer()
  const digits = new Uint8Array(ROUND_DIGITS)
  let digitsRound = -1
  return ({ bytes, holes }, number, { target, at }) => {
    target.set(bytes, at)
    const round = Math.floor(number / size)
    if (round !== digitsRound) {
      digitsRound = round
      writeDigits(round % 10 ** ROUND_DIGITS, ROUND_DIGITS, digits, 0)
    }
    for (let index = 0; index < holes.length; index++) {
      const hole = holes[index] as Hole
      const start = at + hole.at
      switch (hole.kind) {
        case 'uuid':
          writeUuid(hole.key, number, target, start)
          break
        case 'member':
          writeWord(hole.word ^ mix(round), target, start)
          break
        case 'round':
          for (let digit = 0; digit < ROUND_DIGITS; digit++) target[start + digit] = digits[digit] as number
          break
        case 'time':
          writeTime(hole.form, pool.timeMs(number - hole.eventsBefore), { target, at: start })
      }
    }
    return at + bytes.length
  }
}
