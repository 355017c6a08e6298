import { durationMsOf } from '../../delivery/duration.ts'
import { PACE_LIMIT } from '../../emitter/limits.ts'
import { UsageError } from '../../errors.ts'
import { integer, text, type OptionTable } from '../option.ts'
import { positiveDuration } from './delivery.ts'
import { selectionOptions } from './selection.ts'

/** Who lives in the program, and how much happens. */
export const lifeOptions = {
  members: {
    ...selectionOptions.members,
    description: 'how many members there are at the first start (200)',
    group: 'Members',
    parse: integer(1, 100_000),
  },
  membersFrom: { ...selectionOptions.membersFrom, group: 'Members' },
  locale: { ...selectionOptions.locale, group: 'Members' },
  program: {
    ...selectionOptions.program,
    kind: 'list',
    description: 'a loyalty program: a built-in one or a JSON file of yours (repeatable; all the built-in ones)',
    group: 'Members',
  },
  pace: {
    kind: 'value',
    flags: '--pace <rate>',
    description: 'how much happens by itself: 2/s, 600/m, or 0 for only on demand (1/s)',
    group: 'Members',
    parse: parsePace,
  },
  seed: {
    ...selectionOptions.seed,
    description: 'chance at the first start, 0 to 4294967295 (random, kept)',
    group: 'Members',
  },
} as const satisfies OptionTable

/** How deliveries are put together and ordered. */
export const queueOptions = {
  ordered: {
    kind: 'switch',
    flags: '--ordered',
    description: 'later events of a member wait until the earlier ones are delivered or blocked',
    group: 'Delivery',
  },
  batchWindow: {
    kind: 'value',
    flags: '--batch-window <time>',
    description: 'send the events of so long together, in one array per webhook (each alone)',
    group: 'Delivery',
    parse: parseWindow,
  },
  batchMax: {
    kind: 'value',
    flags: '--batch-max <n>',
    description: 'with --batch-window: events in one array at most (100)',
    group: 'Delivery',
    parse: integer(1, 10_000),
  },
  blockEndpointAfter: {
    kind: 'value',
    flags: '--block-endpoint-after <n>',
    description: 'block a webhook after n blocked deliveries in a row (never; assumed)',
    group: 'Delivery',
    parse: integer(1, 1_000_000),
  },
} as const satisfies OptionTable

/** What is remembered, and where. */
export const stateOptions = {
  state: {
    kind: 'value',
    flags: '--state <folder>',
    description: 'where everything is kept (.qualifio-sim)',
    group: 'State',
    parse: text('a folder'),
  },
  memory: {
    kind: 'switch',
    flags: '--memory',
    description: 'keep nothing: everything is gone when it stops',
    group: 'State',
  },
  keep: {
    kind: 'value',
    flags: '--keep <time>',
    description: 'how long finished deliveries are kept, delivered and blocked ones (7d)',
    group: 'State',
    parse: parseKeep,
  },
} as const satisfies OptionTable

/** Where the console and the API are. */
export const consoleOptions = {
  port: {
    kind: 'value',
    flags: '--port <n>',
    description: 'where the console and the API are; 0 takes a free one (4600)',
    group: 'Console',
    parse: integer(0, 65_535),
  },
  host: {
    kind: 'value',
    flags: '--host <address>',
    description:
      'the address to listen on; another than this machine demands --token, and --public-host for how others name it (127.0.0.1)',
    group: 'Console',
    parse: text('an address of this machine'),
  },
  token: {
    kind: 'value',
    flags: '--token <text>',
    description: 'what has to be shown to use the console and the API',
    group: 'Console',
    secret: true,
    parse: parseToken,
  },
  publicHost: {
    kind: 'list',
    flags: '--public-host <name>',
    description: 'a name it is reached by, such as a compose service: emit:4600 (repeatable)',
    group: 'Console',
    parse: text('a host name'),
  },
} as const satisfies OptionTable

/** `2/s`, `600/m`, `30/h`, `0`: per second. */
function parsePace(value: string, where: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(value) ?? []
  const perSecond = Number(number) / { '': 1, s: 1, m: 60, h: 3600 }[unit as 's']
  if (number === '' || (unit === '' && perSecond !== 0))
    throw new UsageError(`${where} ${value}: write a rate such as 2/s or 600/m, or 0.`)
  if (perSecond <= PACE_LIMIT.most) return perSecond
  throw new UsageError(`${where} ${value}: ${PACE_LIMIT.words}.`)
}

const WINDOW_MOST_MS = 3_600_000

function parseWindow(value: string, where: string): number {
  const windowMs = positiveDuration(value, where)
  if (windowMs <= WINDOW_MOST_MS) return windowMs
  throw new UsageError(`${where} ${value}: at most 1h; nothing would be sent for so long.`)
}

const KEEP_MOST_MS = 3650 * 86_400_000

/** `7d`, `12h`: in days longer than a timer holds, too. */
function parseKeep(value: string, where: string): number {
  const ms = durationMsOf(value) ?? 0
  if (ms >= 1000 && ms <= KEEP_MOST_MS) return ms
  throw new UsageError(`${where} ${value}: write a time such as 12h or 7d, from 1s to 3650d.`)
}

/** Long enough not to be guessed, and fit for a header. */
function parseToken(value: string, where: string): string {
  if (value === '') throw new UsageError(`${where} is empty; is a variable unset?`)
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new UsageError(`${where}: the token has white space or a character outside ASCII; use letters and digits.`)
  if (value.length >= 8 && value.length <= 512) return value
  throw new UsageError(`${where}: the token must have 8 to 512 characters.`)
}
