import type { StressBooks, StressResult, StressSecond } from './result.ts'

/** Share of the answers in a second from which it counts as failing. */
export const FAILING = 0.05
/** A share of fewer requests than these is chance. */
export const FEWEST_REQUESTS = 10

/** What came instead of a success, and how often. */
export interface BadAnswer {
  /** A status, or why there was no answer. */
  readonly name: string
  readonly kind: 'status' | 'failure'
  readonly count: number
}

/** How forged signatures are refused, the usual ways first. */
const REFUSALS: readonly string[] = ['401', '403', '400']

/** What was no success, the most frequent first; forged signatures that were refused are as they must be. */
export function badAnswers({ books, statuses, failures }: StressResult): readonly BadAnswer[] {
  let refusals = books.refused
  const rank = (name: string): number => (REFUSALS.includes(name) ? REFUSALS.indexOf(name) : REFUSALS.length)
  const answered = Object.entries(statuses)
    .filter(([name]) => !/^2\d\d$/.test(name))
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([name, count]) => {
      const asWanted = /^[34]/.test(name) ? Math.min(refusals, count) : 0
      refusals -= asWanted
      return { name, kind: 'status' as const, count: count - asWanted }
    })
  const unanswered = Object.entries(failures).map(([name, count]) => ({ name, kind: 'failure' as const, count }))
  return [...answered, ...unanswered].filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)
}

/** Requests that were meant to succeed: neither lost on purpose nor forged. */
export function meantRequests({ requests, lostAcks, refused, wronglyAccepted }: StressBooks): number {
  return requests - lostAcks - refused - wronglyAccepted
}

/** How many requests ended in a second. */
export function endedIn({ answers }: StressSecond): number {
  return Object.values(answers).reduce((sum, count) => sum + count, 0)
}

/**
 * The share of a second's requests that were no success, as far as it is more than refused forgeries explain; undefined
 * for fewer than ten requests. How many were forged is not known by second, so chance is allowed for.
 */
export function badShareOf({ books }: StressResult): (second: StressSecond) => number | undefined {
  const started = books.deliveries - books.dropped
  const forged = started > 0 ? books.refused / started : 0
  return (second) => {
    const ended = endedIn(second)
    if (ended < FEWEST_REQUESTS) return undefined
    const expected = (second.due - second.dropped) * forged
    const bad = ended - second.answers['2xx'] - expected - 3 * Math.sqrt(expected)
    return Math.max(0, bad) / ended
  }
}
