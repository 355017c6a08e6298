import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stressHtml } from '../../src/report/stress-html.ts'
import { markup } from '../../src/report/stress-page/markup.ts'
import { durationText, latencyText, momentText, shareText } from '../../src/report/stress-page/numbers.ts'
import { spansOf } from '../../src/report/stress-page/spans.ts'
import type { StressBooks } from '../../src/stress/result.ts'
import { outagePage, outageRun, pageOf, smoothRun, tinyRun } from '../support/stress-results.ts'

/** What stands between the tags, with white space put together. */
function textOf(html: string): string {
  return html
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/\s+/g, ' ')
}

function withBooks(change: Partial<StressBooks>): string {
  const result = tinyRun()
  return textOf(stressHtml(pageOf({ ...result, books: { ...result.books, ...change } })))
}

describe('the page of a run', () => {
  test('says first what matters most', () => {
    const text = textOf(stressHtml(outagePage()))
    const order = ['2 of 3 thresholds crossed', 'slowed down', '✗ crossed', 'The books', 'Key figures', 'Run it again']
    const places = order.map((part) => text.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('says of each threshold in words whether it was crossed, those that were first', () => {
    const text = textOf(stressHtml(outagePage()))
    const verdicts = /verdict (.*?) The books/.exec(text)?.[1]
    expect(verdicts).toMatch(
      /^p99<250ms [\d.]+ s ✗ crossed blocked<1% [\d.]+ % ✗ crossed delivered>90% [\d.]+ % ✓ kept$/,
    )
  })

  test('says what changed since an earlier run, and nothing where there was none', () => {
    const compared = {
      differences: ['other target: a then, <b> now'],
      changes: [{ name: 'p99 latency (ms)', before: 200, after: 150, change: -0.25 }],
    }
    expect(textOf(stressHtml(pageOf(tinyRun(), compared)))).toContain(
      'Since the earlier run other target: a then, <b> now figure then now change p99 latency (ms) 200 150 -25 %',
    )
    expect(textOf(stressHtml(pageOf(tinyRun(), { differences: [], changes: [] })))).toContain('the same figures')
    expect(textOf(stressHtml(pageOf(tinyRun())))).not.toContain('earlier run')
  })

  test('without thresholds has no section for them', () => {
    expect(textOf(stressHtml(pageOf(smoothRun(5))))).not.toContain('Thresholds')
  })

  test('shows books that add up', () => {
    const { books } = outageRun()
    const text = textOf(stressHtml(outagePage()))
    const [, table = ''] = /what became of it (.*?) Every request/.exec(text) ?? []
    const counts = [...table.matchAll(/(?<= )([\d,]+)(?! retr)(?= )/g)].map(([count]) =>
      Number(count.replaceAll(',', '')),
    )
    const due = books.deliveries
    expect(counts.slice(-2)).toEqual([due, due])
    expect(table).toContain('✓ adds up')
  })

  test.each([
    [{ blocked: 2 }, '✗ does not add up: 2 too many'],
    [{ interrupted: 0 }, '✗ does not add up: 1 missing'],
  ])('with %j says that the books do not add up', (change, said) => {
    expect(withBooks(change)).toContain(said)
  })

  test('tells requests apart: first deliveries, retries, and duplicates that were asked for', () => {
    const said = withBooks({ requests: 70, retries: 2, duplicates: 8 })
    expect(said).toContain('first deliveries 60 retries 2 duplicates as asked for 8 sum 70')
  })

  test.each([
    [10, false],
    [10.1, true],
  ])('with a schedule whose p99 lateness is %d ms warns: %s', (p99, warns) => {
    const text = textOf(stressHtml(pageOf({ ...tinyRun(), latenessMs: { p99, max: 80 } })))
    expect(text.includes('Warning: our own schedule was late.')).toBe(warns)
  })

  test('at the pace of the receiver has no schedule to be late of', () => {
    const text = textOf(stressHtml(pageOf({ ...tinyRun(), latenessMs: { p99: 99, max: 99 } }, { pace: 'closed' })))
    expect(text).not.toMatch(/our lateness|our own schedule/i)
  })

  test.each<[string, Partial<StressBooks>, string]>([
    ['all that was due', { interrupted: 0 }, 'good'],
    ['nothing', { delivered: 0 }, 'bad'],
    ['a part, for a limit interrupted the rest', { interrupted: 52 }, 'cut'],
    ['a forged signature', { wronglyAccepted: 1 }, 'bad'],
    ['all but a forged one that proves nothing', { interrupted: 3, unproven: 3 }, 'good'],
  ])('where %s was delivered has an edge in the right colour', (_, books, tone) => {
    const result = tinyRun()
    const html = stressHtml(pageOf({ ...result, books: { ...result.books, ...books } }))
    expect(/<header class="(\w+)"/.exec(html)?.[1]).toBe(tone)
  })

  test('has a word instead of an empty chart where nothing was answered', () => {
    const run = tinyRun()
    const timeline = run.timeline.map(({ latencyMs: _, ...second }) => second)
    const html = stressHtml(pageOf({ ...run, answeredFirst: 0, distribution: [], timeline }))
    expect(textOf(html)).toContain('Latency over time No request was answered, so no latency is known.')
    expect(textOf(html)).toContain('Latency of first deliveries No first delivery was answered.')
    for (const id of ['latency-time', 'distribution'])
      expect(new RegExp(`<figure id="${id}">.*?</figure>`, 's').exec(html)?.[0]).not.toMatch(/class="chart"|<table/)
  })

  test('has no latency where nothing was answered', () => {
    const html = stressHtml(pageOf({ ...tinyRun(), answeredFirst: 0, distribution: [] }))
    const text = textOf(html)
    expect(text).toContain('p99 latency none')
    expect(text).toMatch(/p50 none /)
    expect(html).toMatch(/of all first deliveries: none/)
    expect(html).toContain('"marks":[]')
  })

  test('names answers that were lost on purpose, with the requests and with the answers', () => {
    const said = withBooks({ lostAcks: 9 })
    expect(said).toMatch(/per delivery started [a-z ]*[\d.]+ answer lost as asked for; .* 9 Key figures/)
    expect(said).toMatch(/answer lost on purpose 9 /)
    expect(withBooks({})).not.toContain('answer lost')
  })

  test('keeps numbers and their units on one line', () => {
    const html = stressHtml(
      pageOf(tinyRun(), { headline: '5 of 5 delivered (100 %), p99 10 ms', sentence: 'for 3 s more' }),
    )
    expect(html).toContain('<h1>5 of 5 delivered (100\u00a0%), p99 10\u00a0ms</h1>')
    expect(html).toContain('>for 3\u00a0s more</p>')
  })

  test('speaks of forged signatures as the JSON does', () => {
    expect(withBooks({ refused: 4, wronglyAccepted: 2 })).toMatch(
      /refused as expected forged signature 4 .*wrongly accepted forged signature 2 /,
    )
    expect(withBooks({ interrupted: 5, unproven: 3 })).toMatch(
      /interrupted no verdict at the end 2 .*proves nothing forged signature 3 /,
    )
    expect(withBooks({})).not.toContain('proves nothing')
  })

  test('has a table for every chart', () => {
    const html = stressHtml(outagePage())
    const figures = html.match(/<figure.*?<\/figure>/gs) ?? []
    expect(figures.length).toBe(6)
    for (const figure of figures) expect(figure).toMatch(/<details.*<th scope="col".*<td class="n">/s)
  })

  test('leaves out charts of what never happened', () => {
    const html = stressHtml(pageOf(smoothRun(5)))
    expect(html).not.toContain('<figure id="waiting"')
    expect(html).not.toContain('<figure id="given-up"')
  })

  test('stays under 250 KB for ten minutes, and under 400 KB for a day', () => {
    expect(Buffer.byteLength(stressHtml(pageOf(smoothRun(600))))).toBeLessThan(250_000)
    const [second] = smoothRun(1).timeline
    if (second === undefined) throw new Error('no second')
    const timeline = Array.from({ length: 86_400 }, (_, index) => ({ ...second, second: index }))
    expect(Buffer.byteLength(stressHtml(pageOf({ ...smoothRun(1), timeline })))).toBeLessThan(400_000)
  })

  test.each(['no seconds', 'nothing answered'])('can be written of a run with %s', (what) => {
    const zero = { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 }
    const run = tinyRun()
    const books = {
      ...run.books,
      deliveries: 0,
      delivered: 0,
      deliveredAfter: [],
      interrupted: 0,
      requests: 0,
      retries: 0,
    }
    const timeline = what === 'no seconds' ? [] : run.timeline.map(({ latencyMs: _, ...second }) => second)
    const html = stressHtml(
      pageOf({
        ...run,
        books,
        timeline,
        distribution: [],
        latencyMs: zero,
        endedBy: 'never-connected',
        answeredFirst: 0,
      }),
    )
    expect(textOf(html)).toContain('ended by a receiver that was never there')
    expect(html).not.toMatch(/NaN|Infinity|undefined(?!")(?![^<]*<\/script>)/)
  })
})

describe('nothing that is shown', () => {
  const hostile = `</script><script>alert(1)</script><!-- "><img src=x onerror=alert(1)> ' \0 \u{1b}[31m &amp;`

  test('can become markup', () => {
    const html = stressHtml({
      ...pageOf({ ...tinyRun(), statuses: { [hostile]: 1 } }),
      target: hostile,
      contract: hostile,
      command: hostile,
      toolVersion: hostile,
      startedAt: hostile,
      schedule: hostile,
      headline: hostile,
      sentence: hostile,
      thresholds: [{ text: hostile, actual: hostile, crossed: true }],
    })
    expect(html.match(/<script\b/g)).toHaveLength(2)
    expect(html.match(/<\/script>/g)).toHaveLength(2)
    expect(html).not.toMatch(/<img|<!--|[\0\u{1b}]/u)
    expect(html).toContain('&amp;amp;')
  })

  test('can become a tag or end an attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { html } = markup`<p title="${text}">${[text]}</p>`
        expect(html.match(/[<>]/g)).toHaveLength(4)
        expect(html.match(/["']/g)).toHaveLength(2)
        expect(html).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/)
      }),
    )
  })
})

describe('the policy of the page', () => {
  const html = stressHtml(pageOf(tinyRun()))
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
  const hashOf = (text: string | undefined) =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`

  test('allows its one script and its one style, and nothing else', () => {
    const script = /<script>(.*?)<\/script>/s.exec(html)?.[1]
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1]
    expect(script?.length).toBeGreaterThan(30_000)
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  test('has nothing to forbid: no style attributes, handlers, links or sources', () => {
    const body = html.replace(/<(style|script)\b.*?<\/\1>/gs, '')
    expect(body).not.toMatch(/<[^>]*\s(style|on\w+|src|href)=/i)
  })
})

describe('a timeline put into spans', () => {
  const { timeline } = outageRun()
  test.each([1, 7, 60, 90, 1000])('of at most %d keeps every count and the worst latency', (most) => {
    const spans = spansOf(timeline, most)
    expect(spans.length).toBeLessThanOrEqual(most)
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
    for (const key of ['due', 'delivered', 'blocked', 'dropped'] as const)
      expect(sum(spans.map((span) => span[key]))).toBe(sum(timeline.map((second) => second[key])))
    expect(sum(spans.map(({ answers }) => answers['2xx']))).toBe(sum(timeline.map(({ answers }) => answers['2xx'])))
    expect(Math.max(...spans.map(({ latencyMs }) => latencyMs?.p99 ?? 0))).toBe(
      Math.max(...timeline.map(({ latencyMs }) => latencyMs?.p99 ?? 0)),
    )
  })

  test('has of what waits and is in flight the most, not the last', () => {
    const [first] = timeline
    if (first === undefined) throw new Error('no second')
    const state = (second: number, count: number) => ({ ...first, second, retriesWaiting: count, inFlight: count + 1 })
    expect(spansOf([state(0, 3), state(1, 8), state(2, 0), state(3, 1)], 2)).toMatchObject([
      { retriesWaiting: 8, inFlight: 9 },
      { retriesWaiting: 1, inFlight: 2 },
    ])
    expect(textOf(stressHtml(outagePage()))).toContain('retries, most within the second')
  })

  test('has no hole: what waits goes on waiting', () => {
    const spans = spansOf(
      timeline.filter(({ second }) => second !== 40),
      1000,
    )
    expect(spans[40]).toMatchObject({ fromSecond: 40, due: 0, retriesWaiting: spans[39]?.retriesWaiting })
    expect(spans[40]).not.toHaveProperty('latencyMs')
  })
})

describe('numbers for people', () => {
  test.each<[string, string]>([
    [latencyText(0), '0 ms'],
    [latencyText(0.4219), '0.422 ms'],
    [latencyText(999.4), '999 ms'],
    [latencyText(1250), '1.25 s'],
    [latencyText(300_000), '5 min'],
    [momentText(0.5), '0.5 s'],
    [momentText(59), '59 s'],
    [momentText(75), '1:15'],
    [momentText(3661), '1:01:01'],
    [durationText(42_340), '42.3 s'],
    [durationText(90_000), '1 min 30 s'],
    [shareText(0, 10), '0 %'],
    [shareText(10, 10), '100 %'],
    [shareText(1, 1_000_000), '< 0.01 %'],
    [shareText(999_999, 1_000_000), '> 99.99 %'],
    [shareText(9_995, 10_000), '99.95 %'],
    [shareText(1, 1000), '0.10 %'],
    [shareText(764, 1000), '76.4 %'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})
