/** How often an event must have been applied at the end of a check. */
export interface EffectExpectation {
  readonly eventId: string
  /** Which event it is, for people: `A`. */
  readonly name: string
  readonly times: number
}

/** What the oracle said of an event. */
export interface Effect extends EffectExpectation {
  /** How often it was applied, or why that is not known. */
  readonly counted:
    { readonly kind: 'count'; readonly count: number } | { readonly kind: 'unknown'; readonly reason: string }
}
