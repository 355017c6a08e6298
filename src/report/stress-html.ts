import { createHash } from 'node:crypto'
import { meantInterrupted } from '../stress/forged.ts'
import type { StressResult } from '../stress/result.ts'
import { amplificationOf, type JudgedThreshold } from '../stress/threshold.ts'
import { comparisonSection } from './stress-comparison.ts'
import { PAGE_SCRIPT, PAGE_STYLE } from './stress-page/assets.ts'
import { booksSection } from './stress-page/books.ts'
import { chartData } from './stress-page/chart-data.ts'
import { chartsSection } from './stress-page/charts.ts'
import { answersSection, keyFigures } from './stress-page/key-figures.ts'
import { jsonForScript, markup, type Markup } from './stress-page/markup.ts'
import { figureText } from './stress-page/numbers.ts'
import type { StressPage } from './stress-page/page.ts'

const ENDINGS: Readonly<Record<StressResult['endedBy'], string>> = {
  schedule: 'the end of the schedule',
  count: 'its count of deliveries',
  drain: 'the end of the time for retries (--drain)',
  'max-requests': 'the limit of requests (--max-requests)',
  'max-time': 'the limit of time (--max-time)',
  signal: 'an interruption',
  'never-connected': 'a receiver that was never there',
}

/**
 * The report of a stress run as one HTML page that needs nothing else: no network, and for its tables no JavaScript.
 * Its policy lets the browser run this script and use this style, and load nothing.
 */
export function stressHtml(page: StressPage): string {
  const { result } = page
  const perDelivery = amplificationOf(result.books)
  const amplification = perDelivery === undefined ? '–' : figureText(perDelivery)
  const policy = [
    "default-src 'none'",
    `script-src '${digest(PAGE_SCRIPT)}'`,
    `style-src '${digest(PAGE_STYLE)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ html: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="qualifio-sim ${page.toolVersion}">
<title>${page.headline}: stress of ${page.target}</title>
<style>${{ html: PAGE_STYLE }}</style>
</head>
<body>
<main>
${topOf(page)}
${thresholdsSection(page.thresholds)}
${booksSection(result.books, amplification)}
${keyFigures(page, amplification)}
${chartsSection(result)}
${answersSection(result)}
${comparisonSection(page)}
${repeatSection(page)}
</main>
<footer>qualifio-sim ${page.toolVersion}, ${whenOf(page)}</footer>
<script type="application/json" id="data">${jsonForScript(chartData(result))}</script>
<script>${{ html: PAGE_SCRIPT }}</script>
</body>
</html>
`.html
}

function topOf(page: StressPage): Markup {
  const { target, schedule, headline, sentence } = page
  return markup`<header class="${toneOf(page)}"><p class="eyebrow">Stress report</p>
<h1>${joined(headline)}</h1>
<p class="sentence">${joined(sentence)}</p>
<p class="facts"><code>${target}</code> <span>${schedule}</span></p></header>`
}

/** No line ends between a number and its unit. */
function joined(text: string): string {
  return text.replaceAll(/(?<=\d) (?=(%|ms|s|min|h)(?![a-z]))/g, '\u00a0')
}

/** Green is for a run that was what it was meant to be. */
function toneOf({ thresholds, result: { books } }: StressPage): 'good' | 'cut' | 'bad' {
  if (thresholds.some(({ crossed }) => crossed) || books.wronglyAccepted > 0) return 'bad'
  if (books.delivered === 0) return 'bad'
  return meantInterrupted(books) > 0 ? 'cut' : 'good'
}

function thresholdsSection(thresholds: readonly JudgedThreshold[]): Markup {
  if (thresholds.length === 0) return markup``
  // The crossed ones first: they decide the exit code.
  const sorted = thresholds.toSorted((a, b) => Number(b.crossed) - Number(a.crossed))
  return markup`<section aria-labelledby="thresholds"><h2 id="thresholds">Thresholds</h2>
<table class="narrow"><thead><tr><th scope="col">threshold</th><th scope="col" class="n">actual</th><th scope="col" class="verdict">verdict</th></tr></thead>
<tbody>${sorted.map(
    ({ text, actual, crossed }) =>
      markup`<tr><th scope="row"><code>${text}</code></th><td class="n wraps">${actual}</td><td class="verdict"><span class="${crossed ? 'crossed' : 'kept'}">${
        crossed ? '✗ crossed' : '✓ kept'
      }</span></td></tr>\n`,
  )}</tbody></table></section>`
}

function repeatSection(page: StressPage): Markup {
  return markup`<section aria-labelledby="repeat"><h2 id="repeat">Run it again</h2>
<pre tabindex="0" aria-label="Command"><code>${page.command}</code></pre>
<dl class="facts-list"><div><dt>target</dt><dd><code>${page.target}</code></dd></div>
<div><dt>schedule</dt><dd>${page.schedule}</dd></div>
<div><dt>contract</dt><dd>${page.contract}</dd></div>
<div><dt>seed</dt><dd>${page.seed}</dd></div>
<div><dt>started</dt><dd>${whenOf(page)}</dd></div>
<div><dt>ended by</dt><dd>${ENDINGS[page.result.endedBy]}</dd></div>
<div><dt>version</dt><dd>qualifio-sim ${page.toolVersion}</dd></div></dl></section>`
}

function whenOf({ startedAt }: StressPage): Markup {
  return markup`<time datetime="${startedAt}">${startedAt.replace('T', ' ').replace(/\.\d+/, '')}</time>`
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
