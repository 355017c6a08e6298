import { distance } from 'fastest-levenshtein'

/**
 * Something the user can mend: a flag, a file, the configuration. The command line
 * prints the text after `qualifio-sim: ` and exits 2; nothing was sent. The text says
 * what is wrong, where, and what to do, in one or two sentences, and holds no secret.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Guards the `default` of a switch over a closed union: a forgotten case does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}

/**
 * The entry of `known` nearest to `input`, for "did you mean": by letters, or the shortest that begins with it.
 * Undefined when nothing is near (more than about a third of the letters differ, or all of them).
 */
export function nearest(input: string, known: Iterable<string>): string | undefined {
  const wanted = input.toLowerCase()
  let best: string | undefined
  let longer: string | undefined
  let fewestEdits = Math.min(Math.max(2, Math.floor(wanted.length / 3)) + 1, Math.max(1, wanted.length))
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase())
    if (edits < fewestEdits) {
      best = candidate
      fewestEdits = edits
    }
    const isLonger = wanted.length > 1 && candidate.toLowerCase().startsWith(wanted)
    if (isLonger && candidate.length < (longer?.length ?? Infinity)) longer = candidate
  }
  return fewestEdits > 1 ? (longer ?? best) : best
}
