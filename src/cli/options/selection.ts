import { nowMs } from '../../fixture/rfc3339.ts'
import { parseSetRule } from '../../program/set-rule.ts'
import { UsageError } from '../../errors.ts'
import { integer, text, type OptionSpec, type OptionTable } from '../option.ts'

/** Which wire contract. */
export const contractOption = {
  kind: 'value',
  flags: '--contract <name|dir>',
  file: 'read',
  description: 'how events are written: assumed-1 (default), flat-snake, no-identity, or a folder of your own',
  group: 'What is sent',
  parse: text('the name of a contract or a folder'),
} as const satisfies OptionSpec

/** Which events: shared by `send` and `generate`. */
export const selectionOptions = {
  count: {
    kind: 'value',
    flags: '-c, --count <n>',
    description: 'events per named type; events in all for random; sets of eight for all; members for a journey (1)',
    group: 'What is sent',
    parse: integer(1, 1_000_000_000),
  },
  batch: {
    kind: 'value',
    flags: '--batch <n|max>',
    description: 'events per payload; max puts all (at most 10,000) into one (1)',
    group: 'What is sent',
    parse: parseBatch,
  },
  journey: {
    kind: 'value',
    flags: '--journey <name>',
    description: 'a named sequence instead of events: onboarding, earn-to-level-up, burn-and-correct, level-down, gift',
    group: 'What is sent',
    parse: text('the name of a journey'),
  },
  set: {
    kind: 'list',
    flags: '--set <path=value>',
    description: 'set a field: member.email=a@example.com, or with JSON data.points:=250 (repeatable)',
    group: 'What is sent',
    parse: parseSetRule,
  },
  noValidate: {
    kind: 'switch',
    flags: '--no-validate',
    description: 'let --set write anything, fields that do not exist too',
    group: 'What is sent',
  },
  members: {
    kind: 'value',
    flags: '--members <n>',
    description: 'how many members take part (the smaller of count and 1,000)',
    group: 'What is sent',
    parse: integer(1, 1_000_000),
  },
  membersFrom: {
    kind: 'value',
    flags: '--members-from <file.csv>',
    file: 'read',
    description: 'your own test people: externalId,email,firstName,…[,currency,balance,level]',
    group: 'What is sent',
    parse: text('a CSV file'),
  },
  locale: {
    kind: 'value',
    flags: '--locale <list>',
    description: 'where members come from, with weights: fr_BE:3,nl_BE:2 (of fr_BE, nl_BE, fr, nl, en, de)',
    group: 'What is sent',
    parse: text('locales such as fr_BE,nl_BE'),
  },
  program: {
    kind: 'value',
    flags: '--program <id|file>',
    file: 'read',
    description: 'the loyalty program: a built-in one or a JSON file of yours',
    group: 'What is sent',
    parse: text('a program id or a file'),
  },
  contract: contractOption,
  seed: {
    kind: 'value',
    flags: '--seed <n>',
    description: 'chance, 0 to 4294967295: same seed and now, same bytes (random, printed)',
    group: 'What is sent',
    parse: integer(0, 2 ** 32 - 1),
  },
  now: {
    kind: 'value',
    flags: '--now <time>',
    description: 'when the last event occurs: RFC 3339 with an offset, or a date (the clock)',
    group: 'What is sent',
    parse: parseNowMs,
  },
} as const satisfies OptionTable

/** `--now`: RFC 3339 with an offset, or a date (midnight UTC). Milliseconds since the epoch. */
function parseNowMs(value: string, where: string): number {
  const parsedMs = nowMs(value)
  if (parsedMs !== undefined) return parsedMs
  throw new UsageError(
    `${where} ${value}: must be a time with an offset such as 2026-01-31T12:00:00Z, or a date such as 2026-01-31.`,
  )
}

function parseBatch(value: string, where: string): number | 'max' {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (value === 'max' || (size >= 1 && size <= 10_000)) return value === 'max' ? value : size
  throw new UsageError(`${where} ${value}: must be max, or an integer 1-10000.`)
}
