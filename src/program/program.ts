/*
 * Currencies, gifts and managers are type aliases, not interfaces: events carry them, and the event
 * model lets unknown fields pass, which an interface does not promise.
 */

/** What points are counted in. */
export type Currency = {
  readonly id: string
  readonly name: string
}

/** A level and the qualifying points that reach it. */
export interface ProgramLevel {
  readonly id: string
  readonly name: string
  /** 1 is the first. */
  readonly rank: number
  /** Points of the qualifying currency; 0 for the first level. */
  readonly threshold: number
}

/** How members earn. */
export interface EarningRule {
  readonly id: string
  readonly name: string
  /** Id of the currency it pays in. */
  readonly currency: string
  /** Usual points, least and most. An earning that has to reach a level may give more. */
  readonly points: readonly [number, number]
  readonly source: { readonly platform: string; readonly action: string }
  /** After how many months the points expire, or null. */
  readonly expiresAfterMonths: number | null
}

/** What a member gets. */
export type RewardKind = 'promo_code' | 'physical' | 'donation'

/** A present that costs the member nothing. */
export type Gift = {
  readonly id: string
  readonly name: string
  readonly kind: RewardKind
}

/** What members exchange points for. */
export interface Reward extends Gift {
  /** Whole points, above zero. */
  readonly cost: number
  /** Id of the currency it costs. */
  readonly currency: string
}

/** Who corrects balances and gives gifts. */
export type ProgramManager = {
  readonly id: string
  readonly name: string
}

/** A loyalty program as data: built in, or the user's own file. */
export interface Program {
  readonly id: string
  readonly name: string
  readonly currencies: readonly Currency[]
  /** Id of the currency whose earnings decide the level. */
  readonly qualifyingCurrency: string
  /** In ascending order; the first is every member's start. */
  readonly levels: readonly ProgramLevel[]
  readonly levelValidityMonths: number
  readonly earningRules: readonly EarningRule[]
  readonly rewards: readonly Reward[]
  readonly gifts: readonly Gift[]
  readonly correctionReasons: { readonly plus: readonly string[]; readonly minus: readonly string[] }
  readonly giftMessages: readonly string[]
  readonly managers: readonly ProgramManager[]
  /** Host of the member portal. */
  readonly portalHost: string
}
