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

/** Members there may be at least, before nobody joins by chance any more. */
const FEWEST_FIRST_MEMBERS = 10

/** By chance people join until there are twice as many as in the beginning; where they are the user's own, nobody does. */
export function mostMembersAfter({ people, count }: Pick<FirstMembersOptions, 'people' | 'count'>): number {
  return people === undefined ? 2 * Math.max(FEWEST_FIRST_MEMBERS, count) : 0
}
