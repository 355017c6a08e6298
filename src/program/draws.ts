import type { Random } from '../ports.ts'
import { topLevel, type Book, type BookReward, type BookRule } from './book.ts'
import { BROWSERS } from './browsers.ts'
import type { Action, MemberState } from './action.ts'
import { promoCode, uuidV4 } from './random.ts'
import type { Fixed } from './set-scope.ts'
import { monthsLaterWriter } from './timestamp.ts'

const PAGES = ['home', 'home', 'home', 'rewards', 'rewards', 'earn', 'earn', 'history', 'profile'] as const
const AUTHENTICATIONS = ['sso', 'sso', 'sso', 'sso', 'secure_token', 'api'] as const

/**
 * What an earning does to the member's level: `any` leaves it to chance, `stay` avoids a
 * threshold, `cross` passes the next one.
 */
export type EarningAim = 'any' | 'stay' | 'cross'

/** Whom an action is drawn for, when, and from which stream. */
export interface DrawMoment {
  readonly random: Random
  readonly state: MemberState
  readonly atMs: number
}

/** Draws the details of actions: all the chance of an event. */
export interface Draws {
  readonly creation: (random: Random) => Action
  readonly visit: (random: Random) => Action
  readonly gift: (random: Random) => Action
  readonly earning: (moment: DrawMoment, aim: EarningAim) => Action & { kind: 'earn' }
  readonly burning: (random: Random, reward: BookReward) => Action
  readonly correction: (
    random: Random,
    to: { direction: 'plus' | 'minus'; currencyIndex: number; points: number },
  ) => Action
  /** Until when a level reached at this time holds. */
  readonly levelEnd: (atMs: number) => { readonly ms: number; readonly text: string }
  /** What a burning of this reward costs. */
  readonly costOf: (reward: BookReward) => number
  /** The rewards that burnings choose from. */
  readonly rewards: readonly BookReward[]
  /** The most that one usual earning brings towards a level; 0 when no earning counts. */
  readonly mostTowardsLevel: number
  /** An earning may give more than is usual: neither its points are fixed, nor a rule that does not count. */
  readonly canStretch: boolean
  /** An earning with the aim `stay` never counts towards a level, because another rule can take it. */
  readonly staysBelow: boolean
}

/** Points still missing to the next level, or undefined at the top. */
export function gapToNextLevel(book: Book, state: MemberState): number | undefined {
  for (let index = state.levelIndex + 1; index <= topLevel(book); index++) {
    const gap = (book.thresholds[index] as number) - state.qualifyingPoints
    if (gap > 0) return gap
  }
  return undefined
}

/** The draws of one pass over a run. */
export function createDraws(book: Book, fixed: Fixed): Draws {
  const monthsLater = monthsLaterWriter()
  const { source } = book
  const rules = fixed.rule === undefined ? book.rules : [fixed.rule]
  const qualifying = rules.filter((rule) => rule.currencyIndex === book.qualifyingIndex)
  const others = rules.filter((rule) => rule.currencyIndex !== book.qualifyingIndex)
  const widest = qualifying.reduce<BookRule | undefined>(
    (best, rule) => (best === undefined || rule.points[1] > best.points[1] ? rule : best),
    undefined,
  )
  const mostTowardsLevel = widest === undefined ? 0 : (fixed.points ?? widest.points[1])
  const rewards = fixed.rewards ?? book.rewards
  const gifts = fixed.gifts ?? book.gifts
  const referrers = [
    null,
    null,
    null,
    `https://${source.portalHost}/`,
    `https://www.${source.portalHost}/newsletter`,
    'https://www.google.com/',
  ]
  const codeFor = (random: Random, kind: string) => (kind === 'promo_code' ? promoCode(random) : null)

  return {
    creation: (random) => ({ kind: 'create', authentication: random.pick(AUTHENTICATIONS) }),
    visit: (random) => ({
      kind: 'visit',
      visitId: uuidV4(random),
      page: random.pick(PAGES),
      browser: random.pick(BROWSERS) as { device: 'desktop'; userAgent: string },
      referrer: random.pick(referrers),
    }),
    gift: (random) => {
      const reward = random.pick(gifts)
      const message =
        source.giftMessages.length === 0 || random.int(1, 4) === 1 ? null : random.pick(source.giftMessages)
      const givenBy = random.pick(source.managers)
      return { kind: 'gift', reward, promoCode: codeFor(random, reward.kind), message, givenBy }
    },
    earning: (moment, aim) => {
      const { rule, points } = pickEarning(moment, aim)
      const months = rule.expiresAfterMonths
      const expiresAt = months === null ? null : monthsLater(moment.atMs, months).text
      return { kind: 'earn', rule, points, expiresAt }
    },
    burning: (random, reward) => ({
      kind: 'burn',
      reward,
      points: fixed.points ?? reward.cost,
      promoCode: codeFor(random, reward.reward.kind),
    }),
    correction: (random, { direction, currencyIndex, points }) => {
      const reason = random.pick(source.correctionReasons[direction])
      return { kind: 'correct', direction, currencyIndex, points, reason, correctedBy: random.pick(source.managers) }
    },
    levelEnd: (atMs) => monthsLater(atMs, book.levelValidityMonths),
    costOf: (reward) => fixed.points ?? reward.cost,
    rewards,
    mostTowardsLevel,
    canStretch: widest !== undefined && fixed.points === undefined,
    staysBelow: others.length > 0 && fixed.points !== undefined,
  }

  function pickEarning({ random, state }: DrawMoment, aim: EarningAim): { rule: BookRule; points: number } {
    const gap = aim === 'any' ? undefined : gapToNextLevel(book, state)
    if (gap === undefined) return usual(random, random.pick(rules))
    if (aim === 'stay') {
      // Half the gap at most, so that the next earnings can stay below the threshold too.
      const most = gap >> 1
      const isOther = others.length > 0 && (fixed.points !== undefined || most === 0)
      const drawn = usual(random, random.pick(isOther ? others : rules))
      const counts = drawn.rule.currencyIndex === book.qualifyingIndex
      if (!counts || drawn.points <= most || fixed.points !== undefined || most === 0) return drawn
      return { rule: drawn.rule, points: random.int(Math.ceil(most / 2), most) }
    }
    if (widest === undefined) return usual(random, random.pick(rules))
    const reaching = qualifying.filter((rule) => rule.points[1] >= gap)
    if (fixed.points !== undefined) return { rule: random.pick(qualifying), points: fixed.points }
    // Where no rule usually gives as much, it was a very good day under the most generous one.
    if (reaching.length === 0) return { rule: widest, points: gap + random.int(0, Math.floor(gap / 10)) }
    const rule = random.pick(reaching)
    return { rule, points: random.int(Math.max(rule.points[0], gap), rule.points[1]) }
  }

  function usual(random: Random, rule: BookRule): { rule: BookRule; points: number } {
    return { rule, points: fixed.points ?? random.int(rule.points[0], rule.points[1]) }
  }
}
