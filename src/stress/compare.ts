import { formatDuration } from '../delivery/duration.ts'
import { UsageError } from '../errors.ts'

/** A figure of two runs. */
export interface FigureChange {
  /** In words, with its unit: `p99 latency (ms)`. */
  readonly name: string
  /** Null where nothing was measured. */
  readonly before: number | null
  readonly after: number | null
  /** Relative, 0.1 for a tenth more; absent when it was 0 before and is not now, or was not measured. */
  readonly change?: number
}

/** What is measured and not counted is the same when it differs by less than this. */
const SAME = 0.005

/** The figures that are no counts by themselves, or whose name does not say enough. */
const WORDS: Readonly<Record<string, string>> = {
  deliveredFirst: 'delivered at once',
  refusedAsExpected: 'forged and refused',
  wronglyAccepted: 'forged and accepted',
  unproven: 'forged, no proof',
  failedFirst: 'failed at first',
  answeredFirst: 'answered at first',
  timedOutFirst: 'timed out at first',
  lostAcks: 'lost on purpose',
  amplification: 'requests per delivery',
  offeredPerSecond: 'offered (/s)',
  startedPerSecond: 'started (/s)',
  answeredPerSecond: 'answered (/s)',
  requestsPerSecond: 'requests (/s)',
}
const KINDS: Readonly<Record<string, string>> = {
  latencyMs: 'latency (ms)',
  retryLatencyMs: 'of retries (ms)',
  latenessMs: 'our lateness (ms)',
}
/** What two runs must share for their figures to be comparable. */
const CONDITIONS: Readonly<Record<string, string>> = {
  target: 'target',
  contract: 'contract',
  events: 'events',
  schedule: 'schedule',
  connections: 'connections',
  maxInFlight: 'most in flight',
  workers: 'workers',
  retryDelaysMs: 'waits before the retries',
  speed: 'speed of the retries',
  drainMs: 'time for the retries',
  timeoutMs: 'timeout',
  signed: 'signature',
  faults: 'faults',
}

/**
 * What changed from an earlier run: every figure that both summaries hold and that differs, in the order of the new one.
 * @param before an earlier run's JSON document, or its `summary` alone
 * @param after the new run's `summary`
 * @throws UsageError when the earlier one is no result of `stress`
 */
export function compareSummaries(before: unknown, after: object, where = '--compare'): readonly FigureChange[] {
  const document = new Map(figures(before))
  const held = [...document.keys()].some((name) => name.startsWith('summary.'))
  const old = new Map(toldFigures(held && isRecord(before) ? before['summary'] : before))
  if (!['deliveries', 'requests'].every((name) => old.has(name)) || ![...old.keys()].some(isMeasured))
    throw new UsageError(`${where} is no result of stress; write one with --format json --output old.json.`)
  return toldFigures(after).flatMap(([place, value]) => {
    const was = old.get(place)
    if (was === undefined || isSame(place, was, value)) return []
    const change = was === 0 || was === null || value === null ? {} : { change: (value - was) / was }
    return [{ name: wordsFor(place), before: was, after: value, ...change }]
  })
}

/**
 * Notes on what was not the same when the two runs were made, which may explain every change: their schedule,
 * target, events, connections, retries, faults.
 * @param before the earlier run's JSON document
 * @param after the new run's header
 */
export function differencesOfRuns(before: unknown, after: object): string[] {
  if (!isRecord(before) || !isRecord(after)) return []
  return Object.entries(CONDITIONS).flatMap(([key, words]) => {
    const [then, now] = [before[key], after[key]]
    // By default as many may be in flight as there are connections: one note is enough.
    const isFollowing = key === 'maxInFlight' && then === before['connections'] && now === after['connections']
    if (then === undefined || now === undefined || isFollowing) return []
    const [was, is] = [conditionText(key, then), conditionText(key, now)]
    return was === is ? [] : [`other ${words}: ${was} then, ${is} now`]
  })
}

function conditionText(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'there' : 'none'
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((item) => conditionText(key, item)).join(', ')
  if (typeof value === 'number') return key.endsWith('Ms') ? formatDuration(value) : value.toLocaleString('en-US')
  if (!isRecord(value)) return typeof value === 'string' && value.includes(' ') ? `"${value}"` : String(value)
  const shares = Object.entries(value)
    .filter(([, share]) => typeof share === 'number' && share > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, share]) => `${name}:${Number((Number(share) * 100).toPrecision(3))}%`)
  return shares.length === 0 ? 'none' : shares.join(', ')
}

function wordsFor(place: string): string {
  const [group = '', key] = place.split('.')
  if (key === undefined) return WORDS[group] ?? group
  return `${key === 'p999' ? 'p99.9' : key} ${KINDS[group] ?? group}`
}

function isMeasured(place: string): boolean {
  return place.includes('.') || place.endsWith('PerSecond')
}

function isSame(place: string, before: number | null, after: number | null): boolean {
  if (before === null || after === null) return before === after
  return before === after || (isMeasured(place) && Math.abs(after - before) < SAME * Math.abs(before))
}

/** The figures of a summary, where forged ones that prove nothing are told apart from what was interrupted. */
function toldFigures(summary: unknown): [name: string, value: number | null][] {
  const unproven = isRecord(summary) && typeof summary['unproven'] === 'number' ? summary['unproven'] : 0
  return figures(summary).map(([name, value]) => [name, name === 'interrupted' ? (value ?? 0) - unproven : value])
}

/** The numbers of an object by their place, and what is null because it was not measured. */
function figures(value: unknown, prefix = ''): [name: string, value: number | null][] {
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, item]): [string, number | null][] => {
    if (typeof item === 'number' || item === null) return [[prefix + key, item]]
    return figures(item, `${prefix}${key}.`)
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
