import type { FigureChange } from '../stress/compare.ts'
import { cell } from './github-text.ts'
import { figureText } from './stress-figures.ts'
import { markup, type Markup } from './stress-page/markup.ts'
import type { StressEnding } from './stress-report.ts'
import { wrapped } from './wrapped.ts'

type Compared = Pick<StressEnding, 'changes' | 'differences'>

const TITLE = 'since the earlier run'
const SAME = 'the same figures'

/** `--compare` as lines of text: what was not asked for alike, and what changed. Nothing without an earlier run. */
export function comparisonLines({ changes, differences = [] }: Compared, width: number): readonly string[] {
  if (changes === undefined) return []
  return [
    TITLE,
    ...differences.map((note) => `  ${wrapped(note, { width, indent: 2 }).join('\n')}`),
    ...(changes.length === 0 ? [`  ${SAME}`] : changes.map((change) => changeLine(change, width))),
  ]
}

/** With the figures under the name where they do not fit beside it. */
function changeLine(change: FigureChange, width: number): string {
  const line = `  ${change.name.padEnd(21)} ${figures(change)}`
  return line.length <= width ? line : `  ${change.name}\n    ${figures(change)}`
}

/** The same in Markdown. */
export function comparisonMarkdown({ changes, differences = [] }: Compared): readonly string[] {
  if (changes === undefined) return []
  const rows = changes.map((change) => `| ${[change.name, ...columns(change)].map(cell).join(' | ')} |`)
  return [
    `#### ${TITLE}`,
    '',
    ...(differences.length === 0 ? [] : [...differences.map((note) => `- ${cell(note)}`), '']),
    ...(rows.length === 0 ? [SAME] : ['| figure | then | now | change |', '|---|---:|---:|---:|', ...rows]),
    '',
  ]
}

/** The same as a section of the page. */
export function comparisonSection({ changes, differences = [] }: Compared): Markup {
  if (changes === undefined) return markup``
  const notes = markup`<ul>${differences.map((note) => markup`<li>${note}</li>`)}</ul>`
  const table = markup`<table class="narrow"><thead><tr><th scope="col">figure</th><th scope="col" class="n">then</th><th scope="col" class="n">now</th><th scope="col" class="n">change</th></tr></thead>
<tbody>${changes.map(
    (change) =>
      markup`<tr><th scope="row">${change.name}</th>${columns(change).map((text) => markup`<td class="n">${text}</td>`)}</tr>\n`,
  )}</tbody></table>`
  return markup`<section aria-labelledby="compared"><h2 id="compared">Since the earlier run</h2>
${differences.length === 0 ? '' : notes}${changes.length === 0 ? markup`<p>${SAME}</p>` : table}</section>`
}

function figures(change: FigureChange): string {
  const [before, after, percent] = columns(change)
  return `${before} → ${after}${percent === '' ? '' : `  ${percent}`}`
}

function columns(change: FigureChange): readonly [before: string, after: string, change: string] {
  const text = (value: number | null): string => (value === null ? 'none' : figureText(value))
  return [text(change.before), text(change.after), percentText(change)]
}

function percentText({ change }: FigureChange): string {
  if (change === undefined) return ''
  return change === 0 ? 'the same' : `${change > 0 ? '+' : ''}${Math.round(change * 1000) / 10} %`
}
