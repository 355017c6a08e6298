import type { Random } from '../ports.ts'
import type { BookReward } from './book.ts'
import type { Cohort } from './cohort.ts'
import type { Action } from './action.ts'
import type { Run, Stage } from './run.ts'
import type { Seat } from './seat.ts'
import type { Seating } from './seating.ts'

/** What a member spends points on: a reward, or a manager's correction. */
export type SpendingKind = 'burning' | 'point_correction_minus'

/**
 * Who spends, so that nobody spends what they do not have. Spending goes round the members who
 * existed before the run; as each knows how much will come at most, their opening balance covers it.
 */
export interface Spending {
  /** The least that the member at a position must open with, by currency. */
  readonly needsOf: (position: number) => ReadonlyMap<number, number>
  /** Who spends next, or undefined when nobody can now. */
  readonly next: (kind: SpendingKind) => { readonly seat: Seat; readonly position: number } | undefined
  /** Draws what they spend. */
  readonly draw: (kind: SpendingKind, taker: { readonly seat: Seat; readonly position: number }) => Action
}

/** Points that a correction - usually takes off, least and most, and what is kept ready for each one to come. */
export const USUAL_CORRECTION = { from: 5, to: 120, ready: 20 } as const

/** The spending of a cohort. */
export function createSpending(
  run: Run,
  cohort: Cohort,
  { seating, random, fixedPoints }: { seating: () => Seating; random: Random; fixedPoints: number | undefined },
): Spending {
  const { draws } = run
  const currencyIndex = mainCurrency(draws.rewards)
  const cheapest = draws.rewards
    .filter((reward) => reward.currencyIndex === currencyIndex)
    .reduce((best, reward) => (draws.costOf(reward) < draws.costOf(best) ? reward : best))
  const leastCost = draws.costOf(cheapest)
  const readyForMinus = fixedPoints ?? USUAL_CORRECTION.ready
  const size = cohort.existing.length
  const currencyId = run.book.currencies[currencyIndex]?.id ?? ''
  // Whose balance the user gave has just that; the others have what is asked of them.
  const isPayer = cohort.existing.map((index) => run.seats.members.people?.[index]?.balances.has(currencyId) !== true)
  const payers = isPayer.filter(Boolean).length
  const quota = (count: number) => isPayer.map((pays) => (pays ? Math.ceil(count / payers) : 0))
  const left = {
    burning: quota(cohort.counts.burning),
    point_correction_minus: quota(cohort.counts.point_correction_minus),
  }
  const stride = strideFor(size, random)
  const toCome = { burning: cohort.counts.burning, point_correction_minus: cohort.counts.point_correction_minus }
  const turns = { burning: 0, point_correction_minus: 0 }

  /** What the member needs for all that may still come to them. */
  const reserved = (position: number) =>
    (left.burning[position] as number) * leastCost + (left.point_correction_minus[position] as number) * readyForMinus

  return { needsOf, next, draw }

  function needsOf(position: number): ReadonlyMap<number, number> {
    const least = reserved(position)
    return least === 0 ? new Map() : new Map([[currencyIndex, least]])
  }

  function next(kind: SpendingKind) {
    for (let looked = 0; looked < size; looked++) {
      const position = (turns[kind]++ * stride) % size
      const seat = seating().at(position)
      if (isPayer[position] === true ? (left[kind][position] as number) > 0 : affords(kind, seat))
        return { seat, position }
    }
    return undefined
  }

  function affords(kind: SpendingKind, seat: Seat): boolean {
    if (kind === 'point_correction_minus') return has(seat, currencyIndex) >= (fixedPoints ?? 1)
    return draws.rewards.some((reward) => has(seat, reward.currencyIndex) >= draws.costOf(reward))
  }

  function draw(kind: SpendingKind, { seat, position }: { seat: Seat; position: number }): Action {
    const pays = isPayer[position] === true
    toCome[kind]--
    if (pays) left[kind][position] = (left[kind][position] as number) - 1
    // Someone whose balance was given must be able to pay all the rest alone before they choose freely.
    const keep = pays ? reserved(position) : toCome.burning * leastCost
    if (kind === 'burning') return draws.burning(seat.random, chooseReward(seat, keep))
    const points =
      fixedPoints ??
      Math.max(
        1,
        Math.min(seat.random.int(USUAL_CORRECTION.from, USUAL_CORRECTION.to), has(seat, currencyIndex) - keep),
      )
    return draws.correction(seat.random, { direction: 'minus', currencyIndex, points })
  }

  function chooseReward(seat: Seat, keep: number): BookReward {
    const fits = draws.rewards.filter((reward) => {
      const rest = has(seat, reward.currencyIndex) - draws.costOf(reward)
      return rest >= (reward.currencyIndex === currencyIndex ? keep : 0)
    })
    if (fits.length > 0) return seat.random.pick(fits)
    const payable = draws.rewards.filter((reward) => has(seat, reward.currencyIndex) >= draws.costOf(reward))
    return payable.reduce((best, reward) => (draws.costOf(reward) < draws.costOf(best) ? reward : best))
  }
}

/** The member's balance. */
export const has = (seat: Seat, currencyIndex: number) => seat.state.accounts[currencyIndex]?.current ?? 0

/** The position of the currency that most rewards cost. */
export function mainCurrency(rewards: readonly BookReward[]): number {
  const count = (index: number) => rewards.filter((reward) => reward.currencyIndex === index).length
  return rewards.reduce(
    (best, { currencyIndex }) => (count(currencyIndex) > count(best) ? currencyIndex : best),
    rewards[0]?.currencyIndex ?? 0,
  )
}

/** A step that visits every one of `size` positions before it repeats: any number without a common divisor. */
function strideFor(size: number, random: Random): number {
  if (size < 3) return 1
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  let stride = random.int(1, size - 1)
  while (divisor(stride, size) !== 1) stride = (stride % (size - 1)) + 1
  return stride
}

/** A reward that the member can pay, or undefined. For runs in which nobody is promised the points. */
export function affordableReward({ draws }: Stage, seat: Seat): BookReward | undefined {
  const fits = draws.rewards.filter((reward) => has(seat, reward.currencyIndex) >= draws.costOf(reward))
  return fits.length === 0 ? undefined : seat.random.pick(fits)
}
