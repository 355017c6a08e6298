import { parseTarget } from '../../delivery/target.ts'
import { parseSecret } from '../../signing/signature.ts'
import { UsageError } from '../../errors.ts'
import { anyText, text, type OptionTable } from '../option.ts'
import { positiveDuration } from './delivery.ts'
import { parseReportFor } from './report.ts'

/** The forms of a check's result. */
export const CHECK_FORMATS = ['text', 'json', 'ndjson', 'junit', 'github', 'markdown'] as const
/** One of them. */
export type CheckFormat = (typeof CHECK_FORMATS)[number]

/** Which checks, what they may do, and who knows what came of them. */
export const checkingOptions = {
  only: {
    kind: 'list',
    flags: '--only <check>',
    description: 'only these: an id, a number (AUT-05), a group, a glob or a severity (MUST) (repeatable)',
    group: 'Checks',
    parse: anyText,
  },
  skip: {
    kind: 'list',
    flags: '--skip <check>',
    description: 'all but these (repeatable)',
    group: 'Checks',
    parse: anyText,
  },
  list: { kind: 'switch', flags: '--list', description: 'list the checks; nothing is sent', group: 'Checks' },
  explain: {
    kind: 'value',
    flags: '--explain <check>',
    description: 'all about one check: why, who says so, how to mend it; nothing is sent',
    group: 'Checks',
    parse: text('the id or number of a check'),
  },
  strict: {
    kind: 'switch',
    flags: '--strict',
    description: 'a failed SHOULD counts like a failed MUST',
    group: 'Checks',
  },
  accept: {
    kind: 'list',
    flags: '--accept <check=status>',
    description: 'statuses that count as right for a check, such as CON-06=400; recorded in the report (repeatable)',
    group: 'Checks',
    parse: parseAccept,
  },
  safe: {
    kind: 'switch',
    flags: '--safe',
    description: 'only checks without events, as off this machine; nothing is applied',
    group: 'Safety',
  },
  allowSideEffects: {
    kind: 'switch',
    flags: '--allow-side-effects',
    description: 'off this machine: send valid events, which a correct receiver applies',
    group: 'Safety',
  },
  allowStress: {
    kind: 'switch',
    flags: '--allow-stress',
    description: 'off this machine: heavy and broken requests too, which may raise alarms',
    group: 'Safety',
  },
  localHost: {
    kind: 'list',
    flags: '--local-host <name>',
    description: 'this host counts as this machine: a test system of your own (repeatable)',
    group: 'Safety',
    parse: parseHostName,
  },
  previousSecret: {
    kind: 'value',
    flags: '--previous-secret <text>',
    description: 'a secret that was replaced less than 30 minutes ago: it must be accepted',
    group: 'Endpoint',
    secret: true,
    parse: parseSecret,
  },
  retiredSecret: {
    kind: 'value',
    flags: '--retired-secret <text>',
    description: 'a secret that was replaced long ago: it must be refused',
    group: 'Endpoint',
    secret: true,
    parse: parseSecret,
  },
  httpTwin: {
    kind: 'value',
    flags: '--http-twin <url>',
    description: 'where the endpoint would answer over plain http (same host and port; 80 for 443)',
    group: 'Endpoint',
    parse: parseTwin,
  },
  oracleUrl: {
    kind: 'value',
    flags: '--oracle-url <url>',
    description: 'answers how often an event was applied: http://localhost:3000/events/{eventId}/count',
    group: 'Oracle',
    parse: text('a URL with {eventId}'),
  },
  oracleCmd: {
    kind: 'value',
    flags: '--oracle-cmd <command>',
    description: 'prints how often an event was applied; run without a shell, the event id is its last argument',
    group: 'Oracle',
    parse: text('a command'),
  },
  oraclePointer: {
    kind: 'value',
    flags: '--oracle-pointer <pointer>',
    description: 'where the number stands in the JSON that the oracle answers: /data/count',
    group: 'Oracle',
    parse: parsePointer,
  },
  oracleTimeout: {
    kind: 'value',
    flags: '--oracle-timeout <time>',
    description: 'how long effects may take to show (5s)',
    group: 'Oracle',
    parse: positiveDuration,
  },
  report: {
    kind: 'list',
    flags: '--report <form=file>',
    file: 'written',
    description: `beside the output: ${CHECK_FORMATS.join(', ')} into a file (repeatable)`,
    group: 'Output',
    parse: parseReportFor(CHECK_FORMATS),
  },
} as const satisfies OptionTable

/** Statuses that count as right for what a selector names. */
export interface Accept {
  readonly selector: string
  readonly statuses: readonly number[]
}

function parseAccept(value: string, where: string): Accept {
  const [, selector, statuses] = /^([^=]+)=([1-5]\d\d(?:,[1-5]\d\d)*)$/.exec(value) ?? []
  if (selector === undefined || statuses === undefined)
    throw new UsageError(`${where} ${value}: expected a check and statuses, such as CON-06=400 or AUT-01=400,422.`)
  return { selector, statuses: statuses.split(',').map(Number) }
}

/** As it stands in a URL; an IPv6 address may come without its brackets. */
function parseHostName(value: string, where: string): string {
  if (/^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value)) return `[${value}]`
  if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$|^\[[0-9a-f:.]+\]$/i.test(value)) return value
  throw new UsageError(
    `${where} ${value}: expected a host name without scheme, port and path, such as staging.internal.`,
  )
}

function parseTwin(value: string, where: string): URL {
  const { url } = parseTarget(value, where)
  if (url.protocol !== 'http:') throw new UsageError(`${where} ${value}: the twin is the http:// one.`)
  return url
}

function parsePointer(value: string, where: string): string {
  if (!/^(\/[^/]*)+$/.test(value))
    throw new UsageError(`${where} ${value}: a JSON pointer begins with a slash, as in /data/count.`)
  return value
}
