import { adviceFor, FRAMEWORKS } from '../check/advice.ts'
import { CAUSES, type CauseId } from '../check/cause.ts'
import { GROUPS, type Check } from '../check/check.ts'
import { EFFECTS, SEVERITIES } from './check-catalog.ts'

/** The catalogue as a document: `docs/checks.md`. */
export function catalogMarkdown(checks: readonly Check[]): string {
  return [
    '# The checks of `qualifio-sim check`',
    '',
    'Made from the records of the suite by `npm run docs`; do not edit. `qualifio-sim check --explain AUT-05` tells the same about one check.',
    '',
    ...Object.entries(SEVERITIES).map(([name, meaning]) => `- **${name}**: ${meaning}`),
    ...Object.entries(EFFECTS).map(([name, meaning]) => `- **${name}**: ${meaning}`),
    '',
    "`[Q]` Qualifio's public pages, `[S]` another specification or vendor, `[I]` an issue thread, `[M]` measured with real frameworks, `[J]` judgement.",
    '',
    ...contents(checks),
    '## All in a table',
    '',
    ...table(checks),
    '',
    ...GROUPS.flatMap((group) => [
      `## ${group}`,
      '',
      ...checks.filter(({ id }) => id.startsWith(`${group}/`)).flatMap(checkMarkdown),
    ]),
    '## How to mend it',
    '',
    ...(Object.keys(CAUSES) as CauseId[]).flatMap(causeMarkdown),
  ].join('\n')
}

function contents(checks: readonly Check[]): readonly string[] {
  const groups = GROUPS.flatMap((group) => {
    const count = checks.filter(({ id }) => id.startsWith(`${group}/`)).length
    return count === 0 ? [] : [`[${group}](#${group}) (${count})`]
  })
  return [
    `**Contents**: [All in a table](#all-in-a-table) · ${groups.join(' · ')} · [How to mend it](#how-to-mend-it)`,
    '',
  ]
}

/** Every check in a row, the columns aligned as every other document has them. */
function table(checks: readonly Check[]): readonly string[] {
  const rows = [
    ['number', 'severity', 'class', 'id', 'title'],
    ...checks.map((check) => [
      `[${check.number}](#${anchorOf(headingOf(check))})`,
      check.severity,
      check.sideEffect,
      `\`${check.id}\``,
      escaped(check.title).replaceAll('|', String.raw`\|`),
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const [head = '', ...others] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))))
  return [head, line(widths.map((width) => '-'.repeat(width))), ...others]
}

function headingOf({ number, title }: Check): string {
  return `${number} ${escaped(title)}`
}

/** The anchor that GitHub gives a heading: in lower case, spaces as dashes, no other punctuation. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}

function checkMarkdown(check: Check): readonly string[] {
  const zero = check.zeroEventForm === true ? ', as `[]` everywhere' : ''
  return [
    `### ${headingOf(check)}`,
    '',
    `\`${check.id}\`, ${check.severity}, ${check.sideEffect}${zero}. ${escaped(check.requirement)}`,
    '',
    `- sent: ${escaped(check.differs)}`,
    `- right: ${escaped(check.accepted)}`,
    ...(check.needs.length === 0 ? [] : [`- needs: ${check.needs.join(', ')}`]),
    `- usual cause: [${escaped(CAUSES[check.cause].title)}](#${check.cause})`,
    ...check.sources.map((source) => `- ${escaped(source)}`),
    '',
  ]
}

function causeMarkdown(cause: CauseId): readonly string[] {
  const { title, why, mend } = CAUSES[cause]
  const advice = FRAMEWORKS.flatMap(({ id, name }) => {
    const text = adviceFor(cause, id)
    return text === mend ? [] : [`- ${name}: ${escaped(text)}`]
  })
  return [
    `<a id="${cause}"></a>`,
    '',
    `### ${escaped(title)}`,
    '',
    `${escaped(why)} ${escaped(mend)}`,
    '',
    ...(advice.length === 0 ? [] : [...advice, '']),
  ]
}

/** Text that Markdown leaves alone, outside of tables; code in backticks stays code. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[\\*_<[\]]/g, String.raw`\$&`)))
    .join('')
}
