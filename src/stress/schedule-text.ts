import { formatDuration, parseDurationMs } from '../delivery/duration.ts'
import { UsageError } from '../errors.ts'
import type { LoadSchedule, LoadStage } from './load-plan.ts'
import { totalOf } from './schedule.ts'

/** `--rate`: `max`, or where the rate begins and ends, in first deliveries per second. */
export type LoadRate = 'max' | { readonly fromPerSecond: number; readonly toPerSecond: number }

/** What the user said of the load; what is not given is absent. */
export interface LoadChoice {
  readonly rate?: LoadRate | undefined
  readonly stages?: readonly LoadStage[] | undefined
  readonly durationMs?: number | undefined
  /** Deliveries at most. */
  readonly count?: number | undefined
}

const MOST_PER_SECOND = 1_000_000
const MOST_STAGES = 100
const RATE_FORMS = 'write a rate such as 200/s or 600/m, a ramp such as 50/s..500/s, or max'
const STAGE_FORMS = 'write stages such as 10s@100/s,30s@100/s..500/s,10s@0/s'

/**
 * `200/s`, `600/m`, `50/s..500/s`, `max`.
 * @throws UsageError when it is none of them, zero throughout, or above 1,000,000/s
 */
export function parseRate(text: string, where = '--rate'): LoadRate {
  if (text === 'max') return text
  const rate = parseSlope(text, { where: `${where} ${text}`, forms: RATE_FORMS })
  if (rate.fromPerSecond + rate.toPerSecond > 0) return rate
  throw new UsageError(`${where} ${text}: nothing would ever be due; ${RATE_FORMS}.`)
}

/**
 * `10s@100/s,30s@100/s..500/s,10s@0/s`: how long at which rate, steps and ramps.
 * @throws UsageError when a stage is malformed, has no length, there are more than 100, or nothing is ever due
 */
export function parseStages(text: string, where = '--stages'): readonly LoadStage[] {
  const items = text.split(',').map((item) => item.trim())
  if (items.length > MOST_STAGES)
    throw new UsageError(`${where} has ${items.length} stages; at most ${MOST_STAGES} are possible.`)
  const stages = items.map((item, index): LoadStage => {
    const place = `${where} stage ${index + 1} "${item}"`
    const [length = '', rate, ...more] = item.split('@')
    if (rate === undefined || more.length > 0) throw new UsageError(`${place} is no stage; ${STAGE_FORMS}.`)
    const durationMs = parseDurationMs(length, `${place}:`)
    if (durationMs <= 0) throw new UsageError(`${place} has no length; ${STAGE_FORMS}.`)
    return { durationMs, ...parseSlope(rate, { where: place, forms: STAGE_FORMS }) }
  })
  if (totalOf({ kind: 'open', stages }).count === 0)
    throw new UsageError(`${where} ${text}: nothing would ever be due; ${STAGE_FORMS}.`)
  return stages
}

/**
 * The schedule of a run. A rate needs an end: `--duration`, `--count`, or both (the first that is reached); a ramp
 * needs `--duration`; stages have their own length and may be cut short by `--count`.
 * @throws UsageError when there is no load, no end, or two of them clash
 */
export function loadSchedule({ rate, stages, durationMs, count }: LoadChoice): LoadSchedule {
  const limit = count === undefined ? {} : { count }
  if (stages !== undefined) {
    if (rate !== undefined)
      throw new UsageError('--rate and --stages both say how much is sent; give one of them (a stage is 10s@100/s).')
    if (durationMs !== undefined)
      throw new UsageError('--duration and --stages clash: each stage says how long it takes; leave out --duration.')
    return { kind: 'open', stages, ...limit }
  }
  if (rate === undefined)
    throw new UsageError('how much is to be sent? Give --rate 200/s with --duration 30s, --stages, or --scenario.')
  if (durationMs === undefined && count === undefined)
    throw new UsageError('--rate needs an end: give --duration 30s or --count 1000.')
  if (rate === 'max') return { kind: 'closed', ...(durationMs === undefined ? {} : { durationMs }), ...limit }
  if (durationMs !== undefined) return { kind: 'open', stages: [{ durationMs, ...rate }], ...limit }
  if (rate.fromPerSecond !== rate.toPerSecond)
    throw new UsageError('--rate with a ramp needs --duration: how long does it take from one rate to the other?')
  return { kind: 'open', stages: [{ durationMs: ((count ?? 0) / rate.toPerSecond) * 1000, ...rate }], ...limit }
}

/** The schedule for people: `10 s at 100/s, 30 s from 100/s to 500/s; 10,000 deliveries`. */
export function scheduleText(schedule: LoadSchedule): string {
  const { count, durationMs } = totalOf(schedule)
  if (schedule.kind === 'closed') {
    const ends = [
      ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
      ...(count === undefined ? [] : [deliveriesText(count)]),
    ]
    return `as fast as the connections allow, for ${ends.join(' or ')}`
  }
  return `${amountText(schedule)}${cutText(schedule)}`
}

type OpenSchedule = LoadSchedule & { readonly kind: 'open' }

/** The same, without when a count ends it: `10 s at 100/s; 50 deliveries`. */
export function amountText(schedule: OpenSchedule): string {
  return `${schedule.stages.map(stageText).join(', ')}; ${deliveriesText(totalOf(schedule).count ?? 0)}`
}

/** `, which end it after 2 s`, where a count cuts the stages short. */
function cutText(schedule: OpenSchedule): string {
  const wholeMs = schedule.stages.reduce((sum, stage) => sum + stage.durationMs, 0)
  const { durationMs = wholeMs } = totalOf(schedule)
  return durationMs < wholeMs
    ? `, which ${schedule.count === 1 ? 'ends' : 'end'} it after ${formatDuration(durationMs)}`
    : ''
}

/** A rate for people: `200/s`, `0.5/s`. */
export function rateText(perSecond: number): string {
  return `${Number(perSecond.toPrecision(perSecond >= 1000 ? 6 : 3)).toLocaleString('en-US')}/s`
}

function stageText({ durationMs, fromPerSecond, toPerSecond }: LoadStage): string {
  const length = formatDuration(durationMs)
  if (fromPerSecond !== toPerSecond) return `${length} from ${rateText(fromPerSecond)} to ${rateText(toPerSecond)}`
  return fromPerSecond === 0 ? `${length} of nothing` : `${length} at ${rateText(fromPerSecond)}`
}

function deliveriesText(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'delivery' : 'deliveries'}`
}

function parseSlope(
  text: string,
  told: { readonly where: string; readonly forms: string },
): { readonly fromPerSecond: number; readonly toPerSecond: number } {
  const [from = '', to = from, ...more] = text.split('..')
  if (more.length > 0) throw new UsageError(`${told.where} is no rate; ${told.forms}.`)
  if (text.includes('..') && (from.trim() === '' || to.trim() === ''))
    throw new UsageError(`${told.where}: a ramp needs both its rates; ${told.forms}.`)
  return { fromPerSecond: perSecond(from, told), toPerSecond: perSecond(to, told) }
}

function perSecond(text: string, { where, forms }: { readonly where: string; readonly forms: string }): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text.trim()) ?? []
  const value = number === '' ? Number.NaN : Number(number) / (unit === 'm' ? 60 : 1)
  if (Number.isNaN(value)) {
    const near = /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? `did you mean ${text}/s? ` : ''
    throw new UsageError(`${where}: "${text}" is no rate; ${near}${near === '' ? forms : upper(forms)}.`)
  }
  if (value > MOST_PER_SECOND)
    throw new UsageError(`${where}: ${text} is too much; a rate is at most 1000000/s (max is as fast as it goes).`)
  return value
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
