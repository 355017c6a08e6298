import type { Random } from '../ports.ts'
import type { Book } from './book.ts'
import type { MemberState } from './action.ts'
import { newState } from './ledger.ts'
import { createMember, type MemberSource } from './member.ts'
import { openingState, type OpeningNeeds } from './opening.ts'
import type { Person } from './people.ts'
import { randomStream } from './random.ts'

/** A member's place in a run. The only thing here that changes while events are generated. */
export interface Seat {
  readonly index: number
  readonly person: Person | undefined
  /** The member's own stream: what happens to others never changes their bytes. */
  readonly random: Random
  state: MemberState
  /** A balance in the qualifying currency was told in this run. */
  isShown: boolean
  /** The announced end of the level has passed: the member's next event is the expiry. */
  isDue: boolean
}

/** Where the seats of a run come from. */
export interface SeatSource {
  readonly book: Book
  readonly members: MemberSource
  /** A time at or before the first event of the run. */
  readonly startMs: number
}

/** A member who existed before the run. */
export function existingSeat(source: SeatSource, index: number, needs: OpeningNeeds): Seat {
  const { members, book, startMs } = source
  const person = members.people?.[index]
  const member = createMember(members, { index, enrolment: { kind: 'before', ms: startMs } })
  const random = randomStream(members.seed, `opening:${index}`)
  const state = openingState(book, member, { random, needs, person })
  return seatOf(source, { index, person, state, isShown: false })
}

/** A member whose profile is created at this time. */
export function newSeat(source: SeatSource, index: number, atMs: number): Seat {
  const { members, book } = source
  const member = createMember(members, { index, enrolment: { kind: 'at', ms: atMs } })
  return seatOf(source, { index, person: members.people?.[index], state: newState(book, member), isShown: true })
}

function seatOf(
  { members }: SeatSource,
  { index, ...rest }: { index: number; person: Person | undefined; state: MemberState; isShown: boolean },
): Seat {
  return { index, ...rest, random: randomStream(members.seed, `events:${index}`), isDue: false }
}
