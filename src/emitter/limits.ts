/* How far the settings of a program go: said once, for the options of the command line and for the API. */

/** Events per second at most, and what is said of more. */
export const PACE_LIMIT = { most: 5000, words: 'at most 5000/s; for load there is qualifio-sim stress' } as const

/** How many times shorter waits may get, and what a number for it must be. */
export const SPEED_LIMIT = { most: 1_000_000, words: 'a number above 0 and at most 1000000' } as const
