import type { EventType } from '../contract/event-types.ts'
import { unreachable } from '../errors.ts'
import type { Random } from '../ports.ts'
import type { Action } from './action.ts'
import { expiry, type Stage } from './run.ts'
import type { Seat } from './seat.ts'
import { affordableReward, has, USUAL_CORRECTION } from './spending.ts'

/** How often each type is drawn; changes of level also follow from earnings. */
const WEIGHTS: Readonly<Record<EventType, number>> = {
  member_portal_visit: 40,
  earning: 34,
  burning: 7,
  profile_creation: 6,
  point_correction_plus: 4,
  point_correction_minus: 3,
  free_gift: 4,
  change_in_level: 2,
}

/** A hundred entries to draw from. */
const DRAW = (Object.keys(WEIGHTS) as EventType[]).flatMap((type) => Array.from({ length: WEIGHTS[type] }, () => type))

/** Draws what happens next in a program on an ordinary day. */
export const everydayType = (random: Random): EventType => random.pick(DRAW)

/** What an everyday action is drawn for. */
export interface EverydayMoment {
  readonly type: EventType
  readonly atMs: number
  /** Points of every earning, burning and correction, where the user sets them. */
  readonly fixedPoints?: number | undefined
}

/** An action of the drawn type; a visit where the member cannot have that, or exists already. */
export function everydayAction(stage: Stage, seat: Seat, { type, atMs, fixedPoints }: EverydayMoment): Action {
  const { draws } = stage
  const { random, state } = seat
  switch (type) {
    case 'member_portal_visit':
    case 'profile_creation':
      return draws.visit(random)
    case 'earning':
      return draws.earning({ random, state, atMs }, 'any')
    case 'burning': {
      const reward = affordableReward(stage, seat)
      return reward === undefined ? draws.visit(random) : draws.burning(random, reward)
    }
    case 'point_correction_plus': {
      const points = fixedPoints ?? random.int(1, 40) * 5
      return draws.correction(random, { direction: 'plus', currencyIndex: anyCurrency(), points })
    }
    case 'point_correction_minus': {
      const currencyIndex = anyCurrency()
      const points = fixedPoints ?? random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to)
      if (has(seat, currencyIndex) < points) return draws.visit(random)
      return draws.correction(random, { direction: 'minus', currencyIndex, points })
    }
    case 'free_gift':
      return draws.gift(random)
    case 'change_in_level': {
      const canExpire = state.levelIndex > 0 && state.levelEndsMs === null
      return canExpire ? expiry : draws.visit(random)
    }
    default:
      return unreachable(type)
  }

  function anyCurrency(): number {
    return random.int(0, stage.book.currencies.length - 1)
  }
}
