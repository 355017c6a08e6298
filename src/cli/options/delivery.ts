import { parseDurationMs } from '../../delivery/duration.ts'
import { parseRetrySchedule } from '../../delivery/retry-policy.ts'
import { SPEED_LIMIT } from '../../emitter/limits.ts'
import { UsageError } from '../../errors.ts'
import { integer, type OptionTable } from '../option.ts'

/** Retries, pace and patience. */
export const deliveryOptions = {
  retries: {
    kind: 'value',
    flags: '--retries <n>',
    description: 'retries after the first delivery, 0 to 100 (7)',
    group: 'Delivery',
    parse: integer(0, 100),
  },
  retrySchedule: {
    kind: 'value',
    flags: '--retry-schedule <name|times>',
    description: 'default (1 s, doubling, at most 1 h), instant, svix, or times such as 1s,5s,1m',
    group: 'Delivery',
    parse: parseRetrySchedule,
  },
  speed: {
    kind: 'value',
    flags: '--speed <n|max>',
    description: 'waits n times shorter, max: none; timeouts stay as they are (1)',
    group: 'Delivery',
    parse: parseSpeed,
  },
  concurrency: {
    kind: 'value',
    flags: '--concurrency <n>',
    description: 'deliveries under way at once, 1 to 50 (1)',
    group: 'Delivery',
    parse: integer(1, 50),
  },
  waitFor: {
    kind: 'value',
    flags: '--wait-for <time>',
    description: 'first wait until the target accepts connections',
    group: 'Delivery',
    parse: positiveDuration,
  },
  maxTime: {
    kind: 'value',
    flags: '--max-time <time>',
    description: 'end the whole run after this long, with what there is',
    group: 'Delivery',
    parse: positiveDuration,
  },
} as const satisfies OptionTable

/** A parser for durations above zero, in milliseconds. */
export function positiveDuration(value: string, where: string): number {
  const durationMs = parseDurationMs(value, where)
  if (durationMs <= 0)
    throw new UsageError(`${where} ${value}: must be longer than nothing; write a duration such as 500ms, 10s, 2m.`)
  return durationMs
}

function parseSpeed(value: string, where: string): number | 'max' {
  if (value === 'max') return 'max'
  const speed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (speed > 0 && speed <= SPEED_LIMIT.most) return speed
  throw new UsageError(`${where} ${value}: must be max, or ${SPEED_LIMIT.words}.`)
}
