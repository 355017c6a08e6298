import { randomStream } from '../../program/random.ts'
import type { Stage } from '../../program/run.ts'
import { balanceOf } from './ability.ts'
import type { World } from './world.ts'
import type { MemberRecord, StoryRecord } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { createsMember, storyJourney, storyOf, type Story } from './story-walk.ts'

/** Who walks which journey, where. */
export type Cast = Pick<StoryRecord, 'journey' | 'programId' | 'memberNumber'>

/**
 * Casts a story: a journey that creates its member gets the number of a new one, another is walked by somebody who
 * can; by whom is drawn by chance.
 * @param castBefore stories cast so far: the next one may have somebody else
 * @throws Refusal when there is no such journey or program, or nobody can walk it
 */
export function castStory(
  world: World,
  { journey: name, programId }: { readonly journey: string; readonly programId?: string | undefined },
  castBefore: number,
): Cast {
  const journey = storyJourney(name)
  const stages = programId === undefined ? world.stages : world.stages.filter((stage) => idOf(stage) === programId)
  const [first] = stages
  if (first === undefined) {
    const ids = world.stages.map(idOf).join(', ')
    throw new Refusal('not-found', `no program has the id "${programId}"; there is ${ids}.`, 'program')
  }
  if (createsMember(journey)) {
    return { journey: journey.name, programId: idOf(first), memberNumber: world.roster.reserve() }
  }
  const stories = new Map(stages.map((stage) => [idOf(stage), storyOf(name, stage)]))
  const member = drawWalker(world, stories, castBefore)
  if (member === undefined) throw nobodyCan(stories, first)
  return { journey: journey.name, programId: member.programId, memberNumber: member.number }
}

const idOf = ({ book }: Stage) => book.program.id

function drawWalker(
  { seed, roster }: World,
  stories: ReadonlyMap<string, Story>,
  castBefore: number,
): MemberRecord | undefined {
  const size = roster.size()
  if (size === 0) return undefined
  const start = randomStream(seed, `cast:${castBefore}:${roster.eventCount()}`).int(0, size - 1)
  for (let looked = 0; looked < size; looked++) {
    const member = roster.at((start + looked) % size)
    const story = stories.get(member.programId)
    if (story !== undefined && canWalk(story, member)) return member
  }
  return undefined
}

function canWalk({ actions: { needs }, losesLevel }: Story, { state }: MemberRecord): boolean {
  for (const [currencyIndex, least] of needs.balances) if (balanceOf(state, currencyIndex) < least) return false
  return !losesLevel || (state.levelIndex > 0 && state.levelEndsMs === null)
}

function nobodyCan(stories: ReadonlyMap<string, Story>, { book }: Stage): Refusal {
  const [story] = [...stories.values()] as [Story]
  const { name } = story.journey
  const [need] = story.actions.needs.balances
  if (story.losesLevel) {
    const above = book.levels[0]?.name ?? 'the first level'
    return new Refusal(
      'conflict',
      `Nobody can walk ${name}: it needs a member above ${above} whose level may end now. Ask for a change in level with data.validUntil null first.`,
    )
  }
  const what = need === undefined ? 'a member' : `a member with ${need[1]} ${book.currencies[need[0]]?.name ?? ''}`
  const how = need === undefined ? 'Create a profile first.' : 'Give somebody points first.'
  return new Refusal('conflict', `Nobody can walk ${name}: it needs ${what}. ${how}`)
}
