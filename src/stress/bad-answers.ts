import type { StressBooks, StressResult, StressSecond } from './result.ts'

/** Share of the answers in a second from which it counts as failing. */
export const FAILING = 0.05
/** Share of something that is worth a word. */
export const WORTH_TELLING = 0.001
/** A share of fewer requests than these is chance. */
export const FEWEST_REQUESTS = 10

/** What came instead of a success, and how often. */
export interface BadAnswer {
  /** A status, or why there was no answer. */
  readonly name: string
  readonly kind: 'status' | 'failure'
  readonly count: number
}

/** What was no success, the most frequent first; what came of forged signatures is told apart. */
export function badAnswers({ books, statuses, failures }: StressResult): readonly BadAnswer[] {
  const meant =
    (kind: BadAnswer['kind']) =>
    ([name, count]: [name: string, count: number]) => ({
      name,
      kind,
      count: count - (books.forgedAnswers[name] ?? 0),
    })
  return [
    ...Object.entries(statuses)
      .filter(([name]) => !/^2\d\d$/.test(name))
      .map(meant('status')),
    ...Object.entries(failures).map(meant('failure')),
  ]
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
}

/** Requests that were meant to succeed: neither lost on purpose nor forged. */
export function meantRequests({ requests, lostAcks, forged }: StressBooks): number {
  return requests - lostAcks - forged
}

/** How many requests ended in a second, without forged ones that were not accepted. */
export function endedIn({ answers, forged = 0 }: StressSecond): number {
  return Object.values(answers).reduce((sum, count) => sum + count, -forged)
}

/** How many of them got a status. */
export function answeredIn(second: StressSecond): number {
  return endedIn(second) - second.answers.failed
}

/** How many of them were no success. */
export function badIn(second: StressSecond): number {
  return endedIn(second) - second.answers['2xx']
}

/** The share of a second's requests that were no success, without forged ones; undefined for fewer than ten requests. */
export function badShareOf(second: StressSecond): number | undefined {
  const ended = endedIn(second)
  return ended < FEWEST_REQUESTS ? undefined : Math.max(0, badIn(second)) / ended
}
