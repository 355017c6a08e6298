import type { LoyaltyEvent } from '../../contract/event.ts'
import type { Action, MemberState } from '../../program/action.ts'
import { randomStream } from '../../program/random.ts'
import { emitAt, expiry, upgradeTo, type Stage } from '../../program/run.ts'
import type { Seat } from '../../program/seat.ts'
import type { Happening } from './life.ts'
import type { World } from './world.ts'
import type { MemberRecord } from '../records.ts'

/** What happens to a member. */
export interface Occurrence {
  readonly atMs: number
  /** Draws the action from the seat's stream; what it throws leaves everything as it was. */
  readonly draw: (seat: Seat, atMs: number) => Action
  /** Writes into the finished event what the user asked for. */
  readonly apply?: ((event: LoyaltyEvent) => LoyaltyEvent) | undefined
  /**
   * Whether a level that follows says until when it holds. An announced end lies months ahead: in a fast life where all
   * are announced, everybody is at the top within the hour and nobody changes level any more. A level without one can
   * end on any day.
   */
  readonly levelEnds?: 'announced' | 'perhaps-announced' | undefined
  /** Other chances than the program's usual ones. */
  readonly stage?: Stage | undefined
}

/** A happening, and the level whose threshold it crossed. */
export interface Outcome extends Happening {
  readonly levelCrossed: number | undefined
}

/** When a member's next event happens: time never goes back for them, whatever the clock does. */
export const nextEventAtMs = (member: MemberRecord, atMs: number) => Math.max(atMs, member.lastEventAtMs ?? atMs)

/** Whether the announced end of the member's level has passed, so that they must lose it before anything else. */
export function isDue({ levelIndex, levelEndsMs }: MemberState, atMs: number): boolean {
  return levelIndex > 0 && levelEndsMs !== null && atMs >= levelEndsMs
}

/** Whether the member's level may end now: its announced end has passed, or none was announced. */
export function mayExpire({ levelIndex, levelEndsMs }: MemberState, atMs: number): boolean {
  return levelIndex > 0 && (levelEndsMs === null || atMs >= levelEndsMs)
}

/**
 * A member's next event, and nothing else. All its chance comes from a stream that the member's number and count of
 * events name. Nothing is kept yet.
 */
export function nextEvent(world: World, member: MemberRecord, { atMs, draw, apply, stage }: Occurrence): Outcome {
  const usual = world.stageOf(member.programId) as Stage
  const at = nextEventAtMs(member, atMs)
  const seat: Seat = {
    index: member.number,
    person: undefined,
    random: randomStream(world.seed, `events:${member.number}:${member.eventCount}`),
    state: member.state,
    isShown: true,
    isDue: false,
  }
  const action = draw(seat, at)
  const { event, levelCrossed } = emitAt(stage ?? usual, seat, { action, atMs: at })
  const written = apply === undefined ? event : apply(event)
  // What a profile is created with stays the member's; what another event says of them is said once.
  const isCreated = written !== event && written.type === 'profile_creation'
  return {
    event: written,
    member: {
      number: member.number,
      programId: member.programId,
      state: isCreated ? { ...seat.state, member: written.member } : seat.state,
      eventCount: member.eventCount + 1,
      lastEventAtMs: at,
    },
    levelCrossed,
  }
}

/** The end of the member's level. */
export function expire(world: World, member: MemberRecord, atMs: number, apply?: Occurrence['apply']): Outcome {
  return nextEvent(world, member, { atMs, draw: () => expiry, apply })
}

/** The change of level that follows from a crossed threshold. */
export function rise(
  world: World,
  { member, levelCrossed }: Outcome,
  { atMs, levelEnds }: Pick<Occurrence, 'atMs' | 'levelEnds'>,
): Outcome {
  const stage = world.stageOf(member.programId) as Stage
  return nextEvent(world, member, {
    atMs,
    draw: ({ random }, at) => {
      const upgrade = upgradeTo(stage, levelCrossed as number, at)
      return levelEnds === 'perhaps-announced' && random.int(0, 1) === 0 ? { ...upgrade, validUntil: null } : upgrade
    },
  })
}

/** An event with what comes along: the end of a level that is due before it, the change of level that follows. Kept. */
export function liveThrough(world: World, member: MemberRecord, occurrence: Occurrence): readonly Happening[] {
  const { atMs } = occurrence
  const happenings: Outcome[] = []
  if (isDue(member.state, nextEventAtMs(member, atMs))) happenings.push(expire(world, member, atMs))
  const outcome = nextEvent(world, happenings[0]?.member ?? member, occurrence)
  happenings.push(outcome)
  if (outcome.levelCrossed !== undefined) happenings.push(rise(world, outcome, occurrence))
  return kept(world, happenings)
}

/** Keeps where happenings of one member left them, and hands the happenings on. */
export function kept(world: World, happenings: readonly Happening[]): readonly Happening[] {
  const last = happenings.at(-1)
  if (last !== undefined) world.roster.keep(last.member)
  return happenings.map(({ event, member }) => ({ event, member }))
}
