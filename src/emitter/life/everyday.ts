import { everydayAction, everydayType } from '../../program/everyday.ts'
import { randomStream } from '../../program/random.ts'
import type { Stage } from '../../program/run.ts'
import type { Happening } from './life.ts'
import { liveThrough, type Occurrence } from './events.ts'
import type { World } from './world.ts'

/**
 * What an ordinary moment brings: one event, drawn as for a run by chance, and the changes of level that come along
 * with it.
 * @param mostMembers nobody joins beyond so many
 */
export function everyday(world: World, atMs: number, mostMembers: number): readonly Happening[] {
  const { roster } = world
  const random = randomStream(world.seed, `life:${roster.eventCount()}`)
  const type = everydayType(random)
  if (roster.size() < mostMembers && (type === 'profile_creation' || roster.size() === 0)) return join(world, atMs)
  if (roster.size() === 0) return []
  const member = roster.at(random.int(0, roster.size() - 1))
  const stage = world.stageOf(member.programId) as Stage
  const draw: Occurrence['draw'] = (seat, at) => everydayAction(stage, seat, { type, atMs: at })
  return liveThrough(world, member, { atMs, draw, levelEnds: 'perhaps-announced' })
}

/** Somebody joins: the program goes by their number. */
function join(world: World, atMs: number): readonly Happening[] {
  const number = world.roster.nextNumber()
  const stage = world.stages[number % world.stages.length] as Stage
  const member = world.newMember({ number, programId: stage.book.program.id, atMs })
  return liveThrough(world, member, { atMs, draw: (seat) => stage.draws.creation(seat.random) })
}
