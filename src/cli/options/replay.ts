import { integer, oneOf, text, type OptionTable } from '../option.ts'
import { parseReportFor } from './report.ts'

/** The forms of a replay's result. */
export const REPLAY_FORMATS = ['text', 'json', 'ndjson', 'junit', 'github'] as const
/** One of them. */
export type ReplayFormat = (typeof REPLAY_FORMATS)[number]

/** Which fixtures, and what is expected of them. */
export const fixtureOptions = {
  input: {
    kind: 'value',
    flags: '--input <json|ndjson>',
    description: 'what standard input or a pipe holds; found out without it',
    group: 'What is sent',
    parse: oneOf(['json', 'ndjson']),
  },
  expect: {
    kind: 'value',
    flags: '--expect <status|json>',
    description: 'what is expected where a fixture says nothing: 204, 2xx, 401,403, or {"outcome":"blocked"} (2xx)',
    group: 'What is sent',
    parse: text('a status such as 204 or 2xx, or the JSON of an expectation'),
  },
  only: {
    kind: 'list',
    flags: '--only <name|glob>',
    description: 'only fixtures of this name or pattern (repeatable)',
    group: 'What is sent',
    parse: text('a name or a pattern'),
  },
  skip: {
    kind: 'list',
    flags: '--skip <name|glob>',
    description: 'no fixtures of this name or pattern (repeatable)',
    group: 'What is sent',
    parse: text('a name or a pattern'),
  },
  fresh: {
    kind: 'switch',
    flags: '--fresh',
    description: 'new event ids and times in the bytes, distances kept, as if it happened now',
    group: 'What is sent',
  },
  repeat: {
    kind: 'value',
    flags: '--repeat <n>',
    description: 'everything n times (1)',
    group: 'Delivery',
    parse: integer(1, 1_000_000),
  },
  shuffle: {
    kind: 'switch',
    flags: '--shuffle',
    description: 'the files in another order, by the seed',
    group: 'Delivery',
  },
  failFast: {
    kind: 'switch',
    flags: '--fail-fast',
    description: 'stop at the first failure',
    group: 'Delivery',
  },
  report: {
    kind: 'list',
    flags: '--report <form=file>',
    file: 'written',
    description: `beside the output: ${REPLAY_FORMATS.join(', ')} into a file (repeatable)`,
    group: 'Output',
    parse: parseReportFor(REPLAY_FORMATS),
  },
} as const satisfies OptionTable
