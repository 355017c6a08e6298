import { UsageError } from '../../errors.ts'
import { openBook, topLevel, type Book } from '../../program/book.ts'
import type { Locale, LocaleWeights } from '../../program/locale.ts'
import { createMember, loadNames, type MemberSource } from '../../program/member.ts'
import { openingState } from '../../program/opening.ts'
import type { Person } from '../../program/people.ts'
import type { Program } from '../../program/program.ts'
import { randomStream } from '../../program/random.ts'
import type { MemberRecord } from '../records.ts'

/** Who is there before anything happens. */
export interface FirstMembersOptions {
  readonly seed: number
  readonly programs: readonly Program[]
  readonly locales: LocaleWeights
  /** The user's own people, all of the first program: then nobody is made up and `count` does not matter. */
  readonly people?: readonly Person[] | undefined
  readonly count: number
  /** When life begins: all of them joined before. */
  readonly atMs: number
}

/**
 * The members who existed before the first start, with levels and balances of which nobody saw the events. Member n
 * lives in program n mod the number of programs.
 * @throws UsageError when one of the user's people joins later than now
 */
export async function firstMembers(options: FirstMembersOptions): Promise<readonly MemberRecord[]> {
  const { seed, programs, locales, people, atMs } = options
  const late = people?.find(({ enrolledAt }) => enrolledAt !== undefined && Date.parse(enrolledAt) > atMs)
  if (late !== undefined) {
    throw new UsageError(`${late.place}: enrolledAt ${late.enrolledAt} is in the future; give a time that has passed.`)
  }
  const books = (people === undefined ? programs : programs.slice(0, 1)).map(openBook)
  const source: MemberSource = { seed, locales, names: await loadNames(Object.keys(locales) as Locale[]), people }
  return Array.from({ length: people?.length ?? options.count }, (_, number) => {
    const book = books[number % books.length] as Book
    const member = createMember(source, { index: number, enrolment: { kind: 'before', ms: atMs } })
    const random = randomStream(seed, `opening:${number}`)
    const needs = { balances: new Map<number, number>(), highestLevel: topLevel(book) }
    const state = openingState(book, member, { random, needs, person: people?.[number] })
    return { number, programId: book.program.id, state, eventCount: 0, lastEventAtMs: null }
  })
}

/**
 * How many of these members existed before the first start. Whoever did joined a while before it that follows from
 * their number alone, so adding it to when they joined gives the same moment for all of them.
 */
export async function firstMemberCount(
  members: readonly MemberRecord[],
  { seed, locales }: { readonly seed: number; readonly locales: LocaleWeights },
): Promise<number> {
  const source: MemberSource = { seed, locales, names: await loadNames(Object.keys(locales) as Locale[]) }
  const startOf = ({ number, state }: MemberRecord): number => {
    const sooner = Date.parse(createMember(source, { index: number, enrolment: { kind: 'before', ms: 0 } }).enrolledAt)
    return Date.parse(state.member.enrolledAt) - sooner
  }
  const zero = members.find(({ number }) => number === 0)
  if (zero === undefined) return 0
  const startMs = startOf(zero)
  return members.filter((member) => startOf(member) === startMs).length
}
