import { parseDurationMs } from '../../delivery/duration.ts'
import { UsageError } from '../../errors.ts'
import { parseFaultShare } from '../../stress/fault-plan.ts'
import { parseRate, parseStages } from '../../stress/schedule-text.ts'
import { parseScenario } from '../../stress/scenario.ts'
import { parseThreshold } from '../../stress/threshold.ts'
import { integer, text, type OptionTable } from '../option.ts'
import { positiveDuration } from './delivery.ts'
import { parseReportFor } from './report.ts'
import { selectionOptions } from './selection.ts'

/** The forms of a load's result. */
export const STRESS_FORMATS = ['text', 'json', 'ndjson', 'junit', 'github'] as const
/** What a report beside the output may be: the page as well. */
export const STRESS_REPORTS = [...STRESS_FORMATS, 'html'] as const
/** One of them. */
export type StressForm = (typeof STRESS_REPORTS)[number]

const MOST_EVENTS = 10_000

/** Events per payload: a number, for a load has no last event that `max` could mean. */
function parseBatch(value: string, where: string): number {
  if (value === 'max')
    throw new UsageError(`${where} max: a load has no last event; give a number of events per payload.`)
  return integer(1, MOST_EVENTS)(value, where)
}

/** @throws UsageError for what is no host name: a URL, a port */
function hostName(value: string, where: string): string {
  const name = value.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (/^[^\s:/?#@[\]]+$/.test(name)) return name
  if (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/.test(name)) return `[${name}]`
  throw new UsageError(`${where} ${value}: is no host name; write the name alone, such as staging.internal.`)
}

/** How much, how fast, and what it is held to. */
export const loadOptions = {
  rate: {
    kind: 'value',
    flags: '--rate <rate>',
    description: 'deliveries due: 200/s, 600/m, a ramp 50/s..500/s, or max: as fast as the connections allow',
    group: 'Load',
    parse: parseRate,
  },
  stages: {
    kind: 'value',
    flags: '--stages <list>',
    description: 'steps and ramps: 10s@100/s,30s@100/s..500/s,10s@0/s',
    group: 'Load',
    parse: parseStages,
  },
  scenario: {
    kind: 'value',
    flags: '--scenario <name>',
    description: 'a preset, its numbers are printed: campaign, outage, backlog',
    group: 'Load',
    parse: parseScenario,
  },
  duration: {
    kind: 'value',
    flags: '--duration <time>',
    description: 'how long deliveries come due',
    group: 'Load',
    parse: positiveDuration,
  },
  count: {
    kind: 'value',
    flags: '-c, --count <n>',
    description: 'deliveries at most',
    group: 'Load',
    parse: integer(1, 1_000_000_000),
  },
  connections: {
    kind: 'value',
    flags: '--connections <n>',
    description: 'connections at most, one request at a time on each (50)',
    group: 'Load',
    parse: integer(1, 10_000),
  },
  maxInFlight: {
    kind: 'value',
    flags: '--max-in-flight <n>',
    description: 'requests under way or waiting for a connection; a first delivery beyond is dropped (the connections)',
    group: 'Load',
    parse: integer(1, 1_000_000),
  },
  workers: {
    kind: 'value',
    flags: '--workers <n>',
    description: 'threads that send (1)',
    group: 'Load',
    parse: integer(1, 64),
  },
  drain: {
    kind: 'value',
    flags: '--drain <time>',
    description: 'how long retries may go on after the last first delivery (30s)',
    group: 'Load',
    parse: parseDurationMs,
  },
  maxRequests: {
    kind: 'value',
    flags: '--max-requests <n>',
    description: 'end the run after so many requests (1000000)',
    group: 'Load',
    parse: integer(1, 1_000_000_000),
  },
  fault: {
    kind: 'list',
    flags: '--fault <fault:share>',
    description:
      'goes wrong on the way: duplicate:5%, duplicate-concurrent:2%, reorder:10%, lost-ack:1%, wrong-signature:1% (repeatable)',
    group: 'Load',
    parse: parseFaultShare,
  },
  threshold: {
    kind: 'list',
    flags: '--threshold <limit>',
    description: "exit code 4 when crossed: 'p99<250ms', 'blocked<1%', 'amplification<1.2', 'rate>450/s' (repeatable)",
    group: 'Load',
    parse: parseThreshold,
  },
  allowHost: {
    kind: 'list',
    flags: '--allow-host <name>',
    description: 'a host that is not this machine may be put under load (repeatable)',
    group: 'Safety',
    parse: hostName,
  },
  compare: {
    kind: 'value',
    flags: '--compare <old.json>',
    file: 'read',
    description: 'say what changed since an earlier run',
    group: 'Output',
    parse: text('a JSON report of an earlier run'),
  },
  report: {
    kind: 'list',
    flags: '--report <form=file>',
    file: 'written',
    description: `beside the output: ${STRESS_REPORTS.join(', ')} into a file (repeatable)`,
    group: 'Output',
    parse: parseReportFor(STRESS_REPORTS),
  },
  batch: {
    ...selectionOptions.batch,
    flags: '--batch <n>',
    description: 'events per payload (1)',
    parse: parseBatch,
  },
} as const satisfies OptionTable
