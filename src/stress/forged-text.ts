import type { BadAnswer } from './bad-answers.ts'
import { countText, namesText } from './figure-text.ts'
import { provingNothing, verdictOnForged } from './forged.ts'
import type { StressBooks } from './result.ts'

/**
 * A clause on forged ones where there is something to tell: refused ones are as they must be; who refuses none has not
 * shown that it looks at signatures.
 */
export function forgedText(books: StressBooks): readonly string[] {
  const { wronglyAccepted, refused, forged } = books
  if (wronglyAccepted > 0) return [`accepted ${countText(wronglyAccepted)} of ${countText(forged)} forged signatures`]
  if (forged === 0 || refused > 0) return []
  return [
    `${countText(forged)} forged ${forged === 1 ? 'signature proves' : 'signatures prove'} nothing: ${unprovenText(books)}`,
  ]
}

/** Of a run in which nothing was meant to arrive. */
export function onlyForgedText(books: StressBooks): readonly string[] {
  const { forged, refused, wronglyAccepted } = books
  // The rest is told already.
  if (wronglyAccepted > 0 || refused === 0) return []
  if (refused === forged) return [`refused all ${countText(forged)} forged signatures`]
  const rest = `${countText(provingNothing(books))} prove nothing (${unprovenText(books)})`
  return [`refused ${countText(refused)} of ${countText(forged)} forged signatures, ${rest}`]
}

/** `, 14 prove nothing: answered 500`, where some do; `show` writes their number. */
export function unprovenRest(books: StressBooks, show: (count: number) => string): string {
  const unproven = provingNothing(books)
  return unproven === 0
    ? ''
    : `, ${show(unproven)} ${unproven === 1 ? 'proves' : 'prove'} nothing: ${unprovenText(books)}`
}

/** What came of them: `answered 500`, `no answer (timeout)`, `12 × 500, reset 2`; empty where all were proof. */
function unprovenText(books: StressBooks): string {
  const came = Object.entries(books.forgedAnswers)
    .filter(([name]) => verdictOnForged(Number(name) || 0) === 'unproven')
    .map(([name, count]): BadAnswer => ({ name, kind: /^\d+$/.test(name) ? 'status' : 'failure', count }))
    .toSorted((a, b) => b.count - a.count)
  const underWay = provingNothing(books) - came.reduce((sum, { count }) => sum + count, 0)
  const [only] = came
  const names = namesText(came)
  const what = came.length !== 1 ? names : only?.kind === 'status' ? `answered ${names}` : `no answer (${names})`
  const left = underWay > 0 ? `${countText(underWay)} without an answer before the end` : ''
  return [what, left].filter((text) => text !== '').join(', ')
}
