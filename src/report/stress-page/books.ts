import type { StressBooks } from '../../stress/result.ts'
import { markup, type Markup } from './markup.ts'
import { countText, shareText } from './numbers.ts'

interface Entry {
  readonly name: string
  /** What the name means. */
  readonly meaning?: string
  readonly count: number
  readonly tone: 'good' | 'late' | 'bad' | 'plain'
}

/** Where every delivery went, as a table that adds up for everyone to see, and what the requests were. */
export function booksSection(books: StressBooks, amplification: string): Markup {
  const entries = entriesOf(books)
  const accounted = entries.reduce((total, { count }) => total + count, 0)
  const { deliveries, requests, retries, duplicates = 0, lostAcks } = books
  return markup`<section aria-labelledby="books"><h2 id="books">The books</h2>
<div class="two"><table class="books"><caption>Every delivery that was due, and what became of it</caption>
<thead><tr><th scope="col">outcome</th><th scope="col" class="n">deliveries</th><th scope="col" class="n">share</th><td class="bar"></td></tr></thead>
<tbody>${entries.map((entry) => row(entry, deliveries))}</tbody>
<tfoot><tr><th scope="row">sum</th><td class="n">${countText(accounted)}</td><td class="n"></td><td class="bar"></td></tr>
<tr><th scope="row">due</th><td class="n">${countText(deliveries)}</td><td class="n" colspan="2">${balance(accounted, deliveries)}</td></tr></tfoot></table>
<table class="books"><caption>Every request that was sent</caption>
<thead><tr><th scope="col">request</th><th scope="col" class="n">requests</th></tr></thead>
<tbody><tr><th scope="row">first deliveries</th><td class="n">${countText(requests - retries - duplicates)}</td></tr>
<tr><th scope="row">retries</th><td class="n">${countText(retries)}</td></tr>${
    duplicates === 0
      ? ''
      : markup`<tr><th scope="row">duplicates <small>as asked for</small></th><td class="n">${countText(duplicates)}</td></tr>`
  }</tbody>
<tfoot><tr><th scope="row">sum</th><td class="n">${countText(requests)}</td></tr>
<tr><th scope="row">per delivery started${duplicates + lostAcks === 0 ? '' : markup` <small>without what was asked for</small>`}</th><td class="n">${amplification}</td></tr>${
    lostAcks === 0
      ? ''
      : markup`<tr><th scope="row">answer lost <small>as asked for; counted above, not among the answers</small></th><td class="n">${countText(lostAcks)}</td></tr>`
  }</tfoot></table></div></section>`
}

function entriesOf({ deliveredAfter, delivered, ...books }: StressBooks): readonly Entry[] {
  // As far as anything came; the first always.
  const rows = deliveredAfter.slice(0, Math.max(1, deliveredAfter.findLastIndex((count) => count > 0) + 1))
  const after = rows.map((count, retries): Entry => {
    if (retries === 0) return { name: 'delivered at first', count, tone: 'good' }
    return { name: `after ${retries} ${retries === 1 ? 'retry' : 'retries'}`, count, tone: 'late' }
  })
  return [
    ...(after.length === 0 ? [{ name: 'delivered', count: delivered, tone: 'good' } as const] : after),
    { name: 'blocked', meaning: 'every retry failed', count: books.blocked, tone: 'bad' },
    { name: 'dropped', meaning: 'did not fit in when due', count: books.dropped, tone: 'bad' },
    { name: 'interrupted', meaning: 'no verdict at the end', count: books.interrupted - books.unproven, tone: 'plain' },
    { name: 'refused as expected', meaning: 'forged signature', count: books.refused, tone: 'plain' },
    { name: 'wrongly accepted', meaning: 'forged signature', count: books.wronglyAccepted, tone: 'bad' },
    ...(books.unproven === 0
      ? []
      : [{ name: 'proves nothing', meaning: 'forged signature', count: books.unproven, tone: 'plain' } as const]),
  ]
}

function row({ name, meaning, count, tone }: Entry, all: number): Markup {
  const width = all === 0 ? 0 : Math.max(count === 0 ? 0 : 0.5, (count / all) * 100)
  // A bar is an SVG because the policy of the page allows no style attribute.
  return markup`<tr class="${count === 0 ? 'zero' : tone}"><th scope="row">${name}${meaning === undefined ? '' : markup` <small>${meaning}</small>`}</th><td class="n">${countText(count)}</td><td class="n">${
    count === 0 ? '' : shareText(count, all)
  }</td><td class="bar"><svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="${tone}" width="${width.toFixed(
    2,
  )}" height="10"/></svg></td></tr>\n`
}

function balance(accounted: number, deliveries: number): Markup {
  return accounted === deliveries
    ? markup`<span class="kept">✓ adds up</span>`
    : markup`<span class="crossed">✗ does not add up: ${countText(Math.abs(deliveries - accounted))} ${accounted < deliveries ? 'missing' : 'too many'}</span>`
}
