import { everydayAction, everydayType } from '../program/everyday.ts'
import { randomStream } from '../program/random.ts'
import type { Stage } from '../program/run.ts'
import type { Happening } from './life.ts'
import { expire, isDue, kept, liveThrough, nextEventAtMs } from './life-events.ts'
import type { World } from './life-world.ts'

/**
 * What an ordinary moment brings: one event, drawn as for a run by chance, and the change of level that follows from
 * it. A member whose level has ended loses it instead.
 * @param mostMembers nobody joins beyond so many
 */
export function everyday(world: World, atMs: number, mostMembers: number): readonly Happening[] {
  const { roster } = world
  const random = randomStream(world.seed, `life:${roster.eventCount()}`)
  const type = everydayType(random)
  if (roster.size() < mostMembers && (type === 'profile_creation' || roster.size() === 0)) return join(world, atMs)
  if (roster.size() === 0) return []
  const member = roster.at(random.int(0, roster.size() - 1))
  if (isDue(member.state, nextEventAtMs(member, atMs))) return kept(world, [expire(world, member, atMs)])
  const stage = world.stageOf(member.programId) as Stage
  return liveThrough(world, member, { atMs, draw: (seat, at) => everydayAction(stage, seat, { type, atMs: at }) })
}

/** Somebody joins: the program goes by their number. */
function join(world: World, atMs: number): readonly Happening[] {
  const number = world.roster.nextNumber()
  const stage = world.stages[number % world.stages.length] as Stage
  const member = world.newMember({ number, programId: stage.book.program.id, atMs })
  return liveThrough(world, member, { atMs, draw: (seat) => stage.draws.creation(seat.random) })
}
