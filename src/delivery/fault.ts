import { nearest, UsageError } from '../errors.ts'

/** What may go wrong on the way, in the words of `--fault`. */
export const FAULTS = ['duplicate', 'duplicate-concurrent', 'reorder', 'lost-ack', 'wrong-signature'] as const
/** One of them. */
export type Fault = (typeof FAULTS)[number]

/**
 * `duplicate:5%` as its two halves; the amount is '' where there is none.
 * @param known the faults that this command has
 * @param form how one is written, for the error: `duplicate:5%`
 * @throws UsageError when the name is none of them
 */
export function splitFault<Known extends Fault>(
  text: string,
  where: string,
  { known, form }: { readonly known: readonly Known[]; readonly form: string },
): { readonly fault: Known; readonly amount: string } {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const fault = known.find((candidate) => candidate === name)
  if (fault !== undefined) return { fault, amount: colon < 0 ? '' : text.slice(colon + 1) }
  const near = nearest(name, known)
  throw new UsageError(
    `${where} ${text}: there is no fault "${name}"; ${near === undefined ? '' : `did you mean ${near}? `}It is one of ${known.join(', ')}, written ${form}.`,
  )
}
