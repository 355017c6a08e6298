import { openBook } from '../../program/book.ts'
import { createDraws } from '../../program/draws.ts'
import { newState } from '../../program/ledger.ts'
import type { LocaleWeights, Locale } from '../../program/locale.ts'
import { createMember, loadNames, type MemberSource } from '../../program/member.ts'
import type { Program } from '../../program/program.ts'
import type { Stage } from '../../program/run.ts'
import { timestampWriter } from '../../program/timestamp.ts'
import { createRoster, type Roster } from './members.ts'
import type { MemberRecord } from '../records.ts'

/** Everything that life goes on in. */
export interface World {
  readonly seed: number
  readonly roster: Roster
  /** One per program, in their order. */
  readonly stages: readonly Stage[]
  /** Of the program with this id. */
  readonly stageOf: (programId: string) => Stage | undefined
  /** A member whose profile is created at this time; their first event is still to come. */
  readonly newMember: (arrival: {
    readonly number: number
    readonly programId: string
    readonly atMs: number
  }) => MemberRecord
}

/** What a world is made from. */
export interface WorldOptions {
  readonly seed: number
  readonly programs: readonly Program[]
  readonly locales: LocaleWeights
  readonly members: readonly MemberRecord[]
  readonly storyNumbers: readonly number[]
}

/** The world of these programs and members. Loads the names that new members get. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { seed, programs, locales, members, storyNumbers } = options
  const names = await loadNames(Object.keys(locales) as Locale[])
  // The user's own people are there from the beginning: whoever joins later is made up.
  const source: MemberSource = { seed, locales, names }
  const write = timestampWriter()
  const stages = programs.map((program): Stage => {
    const book = openBook(program)
    return { book, draws: createDraws(book, {}), write }
  })
  const byId = new Map(stages.map((stage) => [stage.book.program.id, stage]))
  const homeless = members.find(({ programId }) => !byId.has(programId))
  if (homeless !== undefined)
    throw new Error(`member ${homeless.number} lives in ${homeless.programId}, which is not there`)
  return {
    seed,
    roster: createRoster(members, storyNumbers),
    stages,
    stageOf: (programId) => byId.get(programId),
    newMember: ({ number, programId, atMs }) => {
      const member = createMember(source, { index: number, enrolment: { kind: 'at', ms: atMs } })
      const { book } = byId.get(programId) as Stage
      return { number, programId, state: newState(book, member), eventCount: 0, lastEventAtMs: null }
    },
  }
}
