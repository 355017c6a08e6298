import type { EventType } from '../../contract/event-types.ts'
import type { LoyaltyEvent } from '../../contract/event.ts'
import type { Book } from '../../program/book.ts'
import { causeOf } from './cause.ts'
import { everyday } from './everyday.ts'
import { createWorld, type WorldOptions } from './world.ts'
import type { MemberRecord, StoryRecord } from '../records.ts'
import { castStory } from './story-cast.ts'
import { takeStep } from './story-step.ts'
import { stepLabel, storyOf } from './story-walk.ts'

/** Something that happened to a member, and how it left them. Not written down yet. */
export interface Happening {
  readonly event: LoyaltyEvent
  readonly member: MemberRecord
}

/** What is asked to happen. */
export interface Asked {
  readonly type: EventType
  /** This member; otherwise one who can have it, drawn by chance. */
  readonly memberId?: string | undefined
  /** A member of this program. */
  readonly programId?: string | undefined
  /**
   * Paths of the event model to values, as `--set` takes them; a correction's currency is `data.balance.currency.id`
   * (otherwise the one that most rewards cost), a level is `data.newLevel.id`.
   */
  readonly set?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The members of the programs, living by the ledger's rules. Everything that happens is final at once: whoever asked
 * writes it down. The chance of an event comes from the seed, the member's number and how many events they had, so that
 * a restart goes on as if nothing had been.
 */
export interface Life {
  readonly books: readonly Book[]
  bookOf(programId: string): Book | undefined
  /** How many members there are, by program id. */
  memberCounts(): ReadonlyMap<string, number>
  member(id: string): MemberRecord | undefined
  memberNumbered(number: number): MemberRecord | undefined
  /** Lets one thing happen by chance: one event, and the change of level that follows from it, if one does. */
  happen(atMs: number): readonly Happening[]
  /**
   * Lets this happen: one event, and what follows from it.
   * @param write writes it down before anything else can happen, which what is done after a wait cannot
   * @throws Refusal when there is no such member, or they cannot have it now
   */
  cause(asked: Asked, atMs: number, write?: (happened: readonly Happening[]) => void): Promise<readonly Happening[]>
  /** The member who will walk a journey: a new one for a journey that creates its member, otherwise one who can. */
  castStory(request: {
    readonly journey: string
    readonly programId?: string | undefined
  }): Pick<StoryRecord, 'journey' | 'programId' | 'memberNumber'>
  /** The steps of a journey, each one of `Next step`: a change of level that follows belongs to its earning. */
  storySteps(story: Pick<StoryRecord, 'journey' | 'programId'>): readonly { readonly label: string }[]
  /**
   * Takes the next step.
   * @throws Refusal when there is none left, or the member cannot take it any more
   */
  takeStep(story: StoryRecord, atMs: number): readonly Happening[]
}

/** What life starts, or goes on, with. */
export interface LifeOptions extends WorldOptions {
  /** Nobody joins by chance beyond so many. */
  readonly mostMembers: number
}

/** Life from where the records leave it: with the same seed and history, the same bytes follow. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const world = await createWorld(options)
  const { roster, stages, stageOf } = world
  const books = stages.map((stage) => stage.book)
  let castCount = options.storyNumbers.length
  return {
    books,
    bookOf: (programId) => stageOf(programId)?.book,
    memberCounts: roster.counts,
    member: roster.withId,
    memberNumbered: roster.numbered,
    happen: (atMs) => everyday(world, atMs, options.mostMembers),
    cause: async (asked, atMs, write) => {
      const happen = await causeOf(world, asked, atMs)
      const happened = happen()
      write?.(happened)
      return happened
    },
    castStory: (request) => {
      const cast = castStory(world, request, castCount)
      castCount++
      return cast
    },
    storySteps: ({ journey, programId }) => {
      const stage = stageOf(programId) ?? stages[0]
      return stage === undefined ? [] : storyOf(journey, stage).steps.map((steps) => ({ label: stepLabel(steps) }))
    },
    takeStep: (story, atMs) => takeStep(world, story, atMs),
  }
}
