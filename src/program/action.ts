import type { EventOf, Member } from '../contract/event.ts'
import type { BookReward, BookRule } from './book.ts'
import type { Gift, ProgramManager } from './program.ts'

/** What a member has in one currency, in whole points. */
export interface Account {
  readonly current: number
  readonly lifetime: number
}

/** What the ledger knows of a member. */
export interface MemberState {
  readonly member: Member
  /** One per currency of the program, in its order. */
  readonly accounts: readonly Account[]
  /** Position of the member's level. */
  readonly levelIndex: number
  /** Points of the qualifying currency earned since the level's last expiry. */
  readonly qualifyingPoints: number
  /** Until when the level holds as announced (ms since the epoch), or null when nothing was announced. */
  readonly levelEndsMs: number | null
}

/** What every event says beside its data. */
export interface Stamp {
  /** UUID. */
  readonly id: string
  readonly atMs: number
  /** The same time, written. */
  readonly occurredAt: string
}

/** Something that happens to a member, with every chance already drawn. */
export type Action =
  | { readonly kind: 'create'; readonly authentication: 'sso' | 'secure_token' | 'api' }
  | ({ readonly kind: 'visit' } & EventOf<'member_portal_visit'>['data'])
  | { readonly kind: 'earn'; readonly rule: BookRule; readonly points: number; readonly expiresAt: string | null }
  | {
      readonly kind: 'burn'
      readonly reward: BookReward
      /** What it costs; the reward's cost unless the user says otherwise. */
      readonly points: number
      readonly promoCode: string | null
    }
  | {
      readonly kind: 'correct'
      readonly direction: 'plus' | 'minus'
      readonly currencyIndex: number
      readonly points: number
      readonly reason: string
      readonly correctedBy: ProgramManager
    }
  | {
      readonly kind: 'gift'
      readonly reward: Gift
      readonly promoCode: string | null
      readonly message: string | null
      readonly givenBy: ProgramManager
    }
  | ({ readonly kind: 'level' } & LevelMove)

/** A change of level: where to, why, and until when the new level holds. */
export interface LevelMove {
  readonly reason: EventOf<'change_in_level'>['data']['reason']
  readonly to: number
  readonly validUntil: { readonly ms: number; readonly text: string } | null
}
