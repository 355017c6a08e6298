/*
 * What is known of the values that a model path can have, as far as a filter needs it to say
 * whether it can be applied and undone.
 */

/** The values of a model path, or what a filter makes of them. Null is apart: it passes every filter. */
export type ValueKind =
  | { readonly json: 'object' | 'array' | 'number' | 'boolean' }
  | {
      readonly json: 'string'
      readonly format?: 'timestamp' | 'date'
      /** Every letter of every value has this case. */
      readonly letters?: 'lower' | 'upper'
      /** The closed set of values. */
      readonly values?: readonly string[]
      /** Texts such as 42: every value is one, or some can be. */
      readonly numerals?: 'all' | 'some'
    }

/** `kind` in words, for an error. */
export function kindInWords(kind: ValueKind): string {
  if (kind.json !== 'string')
    return kind.json === 'array' ? 'a list' : kind.json === 'object' ? 'an object' : `a ${kind.json}`
  if (kind.format !== undefined) return `a ${kind.format}`
  return kind.values === undefined ? 'a free text' : `one of ${kind.values.join(', ')}`
}

/** The case that all letters of all values share, or undefined. */
export function lettersOf(values: readonly string[]): 'lower' | 'upper' | undefined {
  if (values.every((value) => value === value.toLowerCase() && value === value.toUpperCase().toLowerCase()))
    return 'lower'
  if (values.every((value) => value === value.toUpperCase() && value === value.toLowerCase().toUpperCase()))
    return 'upper'
  return undefined
}
