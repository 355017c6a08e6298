import type { StressBooks } from './result.ts'

/** What an answer says about a forged signature. */
export type ForgedVerdict = 'wronglyAccepted' | 'refused' | 'unproven'

/** Who answers nothing (0), or that something went wrong, may have looked at the signature or not. */
export function verdictOnForged(status: number): ForgedVerdict {
  if (status >= 200 && status <= 299) return 'wronglyAccepted'
  return status >= 300 && status <= 499 ? 'refused' : 'unproven'
}

/** Deliveries that were not dropped and were meant to arrive: forged ones are not. */
export function meantOf({ deliveries, dropped, refused, wronglyAccepted, unproven }: StressBooks): number {
  return deliveries - dropped - refused - wronglyAccepted - unproven
}

/** Of those, the ones that were under way or waiting when the run ended. */
export function meantInterrupted({ interrupted, unproven }: StressBooks): number {
  return interrupted - unproven
}

/** Forged ones that were sent, and of which nobody knows whether the receiver looks at signatures. */
export function provingNothing({ forged, refused, wronglyAccepted }: StressBooks): number {
  return forged - refused - wronglyAccepted
}
