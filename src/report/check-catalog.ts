import { adviceFor, FRAMEWORKS } from '../check/advice.ts'
import { CAUSES } from '../check/cause.ts'
import type { Check } from '../check/check.ts'

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
  const advice = FRAMEWORKS.flatMap(({ id, name }) => {
    const text = adviceFor(check.cause, id)
    return text === cause.mend ? [] : [`  ${name}: ${text}\n`]
  })
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
    '\nWho says so\n',
    ...check.sources.map((source) => `  ${source}\n`),
    ...(advice.length === 0 ? [] : ['\nIn your framework\n', ...advice]),
  ].join('')
}

/** What the severities mean. */
export const SEVERITIES = {
  MUST: 'otherwise forged data gets in, or data is lost or counted twice',
  SHOULD: 'documented practice of webhook senders and receivers',
  INFO: 'not specified; reported, never scored',
} as const satisfies Record<Check['severity'], string>

/** What the classes may do to a target. */
export const EFFECTS = {
  P: 'none: judged from answers to other requests',
  S0: 'none in a correct receiver: no event, or one that must be refused',
  S1: 'valid events, which a correct receiver applies',
  S2: 'valid events repeated or in parallel, which a faulty receiver applies twice',
  S3: 'heavy or broken requests, which may raise alarms',
} as const satisfies Record<Check['sideEffect'], string>
