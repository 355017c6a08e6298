import { adviceFor, FRAMEWORKS } from '../check/advice.ts'
import { CAUSES, type CauseId } from '../check/cause.ts'
import { GROUPS, type Check } from '../check/check.ts'

/** `check --list`: a line per check. */
export function catalogText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ id }) => id.length))
  return checks
    .map(
      ({ number, severity, sideEffect, id, title }) =>
        `${number}  ${severity.padEnd(6)} ${sideEffect.padEnd(2)}  ${id.padEnd(width)}  ${title}\n`,
    )
    .join('')
}

/** A check as data, for `--list --format json`. */
export function catalogEntry(check: Check): object {
  const { id, number, title, severity, sideEffect, requirement, sources, needs, differs, accepted, cause } = check
  return {
    id,
    number,
    title,
    severity,
    sideEffect,
    zeroEventForm: check.zeroEventForm === true,
    requirement,
    sources,
    needs,
    differs,
    accepted,
    cause,
  }
}

/** `check --explain`: all about one check. */
export function checkExplained(check: Check): string {
  const cause = CAUSES[check.cause]
  const line = (name: string, text: string): string => `${name.padEnd(12)}${text}\n`
  return [
    `${check.number}  ${check.id}\n${check.title}\n\n`,
    line('severity', `${check.severity}: ${SEVERITIES[check.severity]}`),
    line(
      'effects',
      `${check.sideEffect}: ${EFFECTS[check.sideEffect]}${check.zeroEventForm === true ? '; as [] everywhere' : ''}`,
    ),
    line('requires', check.requirement),
    line('sent', check.differs),
    line('right', check.accepted),
    ...(check.needs.length === 0 ? [] : [line('needs', check.needs.join(', '))]),
    '\n',
    `Why it fails, usually: ${cause.title}\n  ${cause.why}\n\nHow to mend it\n  ${cause.mend}\n`,
    ...FRAMEWORKS.flatMap(({ id, name }) => {
      const advice = adviceFor(check.cause, id)
      return advice === cause.mend ? [] : [`  ${name}: ${advice}\n`]
    }),
    '\nWho says so\n',
    ...check.sources.map((source) => `  ${source}\n`),
  ].join('')
}

const SEVERITIES = {
  MUST: 'otherwise forged data gets in, or data is lost or counted twice',
  SHOULD: 'documented practice of webhook senders and receivers',
  INFO: 'not specified; reported, never scored',
} as const satisfies Record<Check['severity'], string>

const EFFECTS = {
  P: 'none: judged from answers to other requests',
  S0: 'none in a correct receiver: no event, or one that must be refused',
  S1: 'valid events, which a correct receiver applies',
  S2: 'valid events repeated or in parallel, which a faulty receiver applies twice',
  S3: 'heavy or broken requests, which may raise alarms',
} as const satisfies Record<Check['sideEffect'], string>

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

function checkMarkdown(check: Check): readonly string[] {
  const zero = check.zeroEventForm === true ? ', as `[]` everywhere' : ''
  return [
    `### ${check.number} ${escaped(check.title)}`,
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
