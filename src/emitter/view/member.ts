import type { Level } from '../../contract/event.ts'
import type { Book } from '../../program/book.ts'
import { gapToNextLevel } from '../../program/draws.ts'
import type { Desk } from '../desk/desk.ts'
import type { MemberRecord } from '../records.ts'
import { eventView, namedMember, timeTextOrNull } from './event.ts'
import type { MemberDetail, MemberView } from './views.ts'

const SHOWN_EVENTS = 100

/** A member in a list. */
export function memberView({ life }: Pick<Desk, 'life'>, record: MemberRecord): MemberView {
  const { state, programId, eventCount, lastEventAtMs } = record
  const { member, levelIndex, qualifyingPoints, accounts } = state
  const book = life.bookOf(programId) as Book
  return {
    ...namedMember(member),
    externalId: member.externalId,
    email: member.email,
    language: member.language,
    country: member.country,
    enrolledAt: member.enrolledAt,
    program: book.program,
    level: levelOf(book, levelIndex),
    qualifyingPoints,
    nextLevel: nextLevel(book, record),
    balances: book.currencies.map((currency, index) => ({
      currency,
      current: accounts[index]?.current ?? 0,
      lifetime: accounts[index]?.lifetime ?? 0,
    })),
    eventCount,
    lastEventAt: timeTextOrNull(lastEventAtMs),
  }
}

/** A member in full. */
export function memberDetail(desk: Pick<Desk, 'life' | 'store' | 'webhooks'>, record: MemberRecord): MemberDetail {
  const { accounts, member } = record.state
  const book = desk.life.bookOf(record.programId) as Book
  const payable = book.rewards.filter(({ cost, currencyIndex }) => cost <= (accounts[currencyIndex]?.current ?? 0))
  const events = desk.store.events({ memberId: member.id, limit: SHOWN_EVENTS })
  return {
    ...memberView(desk, record),
    history: events.map((event) => eventView(desk, event)),
    rewards: payable
      .toSorted((a, b) => a.cost - b.cost)
      .map(({ reward: { id, name }, cost, currencyIndex }) => {
        const currency = book.currencies[currencyIndex] as Book['currencies'][number]
        return { id, name, cost, currency }
      }),
  }
}

function levelOf(book: Book, index: number): MemberView['level'] {
  const { id, name, rank } = book.levels[index] as Level
  return { id, name, rank }
}

function nextLevel(book: Book, { state }: MemberRecord): MemberView['nextLevel'] {
  const missingPoints = gapToNextLevel(book, state)
  if (missingPoints === undefined) return null
  const reached = state.qualifyingPoints + missingPoints
  const index = book.thresholds.indexOf(reached)
  return { name: levelOf(book, index).name, missingPoints }
}
