import { PACE_LIMIT } from '../../limits.ts'

/** Groups of exactly three, all parted in the same way: `1 000`, `1.000.000`, `1,000`, `1'000`. */
const GROUPED = /^[1-9]\d{0,2}([ \u00a0\u202f.,'’])\d{3}(?:\1\d{3})*$/
const DIGITS = /^\d+$/
/** `20`, `0.5`, `0,5`. */
const DECIMAL = /^\d+(?:[.,]\d+)?$/
/** `1.000` and `1,000`: a thousand to some, one to others. */
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/

/**
 * The points that somebody wrote: digits, and what parts thousands. Nothing is guessed: `2.5` is neither 2 nor 25.
 * @throws Error for people, when they are anything else
 */
export function wholePoints(text: string): number {
  const written = text.trim()
  const value = DIGITS.test(written) || GROUPED.test(written) ? Number(written.replaceAll(/\D/g, '')) : 0
  if (value < 1) throw new Error('Points are a whole number above 0.')
  if (!Number.isSafeInteger(value)) throw new Error('So many points cannot be counted exactly: give fewer.')
  return value
}

/**
 * The pace that somebody wrote, in events per second: it may have decimals, after a dot or a comma.
 * @throws Error for people, when it is anything else
 */
export function paceOf(text: string): number {
  const written = text.trim()
  if (AMBIGUOUS.test(written)) throw new Error('Write thousands without a separator, such as 1000.')
  const value = DECIMAL.test(written) ? Number(written.replace(',', '.')) : Number.NaN
  if (!Number.isFinite(value)) throw new Error('The pace is a number from 0, such as 0.5 or 20.')
  if (value > PACE_LIMIT.most)
    throw new Error(
      `At most ${PACE_LIMIT.most.toLocaleString('en-GB')} a second; for load there is qualifio-sim stress.`,
    )
  return value
}
