import type { EventType } from '../contract/event-types.ts'
import type { Book, BookReward, BookRule } from './book.ts'
import type { Gift } from './program.ts'

/** What the user fixed before the ledger computes, so that balances still add up. */
export interface Fixed {
  readonly points?: number
  readonly rule?: BookRule
  /** The rewards that burnings choose from; never empty. */
  readonly rewards?: readonly BookReward[]
  /** The gifts that are given; never empty. */
  readonly gifts?: readonly Gift[]
}

/** What the rules are applied to. */
export interface SetScope {
  readonly types: readonly EventType[]
  readonly book: Book
  readonly eventCount: number
  /** Events of one type, at most. */
  readonly countOf: (type: EventType) => number
  readonly validate: 'on' | 'off'
}
