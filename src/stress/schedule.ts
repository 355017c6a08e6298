import type { LoadSchedule, LoadStage } from './load-plan.ts'

/** Part of a delivery that rounding may invent: 100/m over an hour must not be 6,001 of them. */
const ROUNDING = 1e-6

/**
 * When the first delivery with this index (0 for the first) is due, in ms from the start: the moment from which more
 * than `index` deliveries are due by the rate's integral. Never a sum of waits, so nothing drifts.
 * Everything of a closed schedule is due at 0: its connections decide.
 * @returns Infinity past the end
 */
export function dueMs(schedule: LoadSchedule, index: number): number {
  if (schedule.count !== undefined && index >= schedule.count) return Number.POSITIVE_INFINITY
  if (schedule.kind === 'closed') return 0
  const { stages } = schedule
  let before = 0
  let startMs = 0
  for (let position = 0; position < stages.length; position += 1) {
    const stage = stages[position] as LoadStage
    const inStage = sizeOf(stage)
    // Strictly: what falls on a border where the load pauses is due when it goes on.
    if (index < before + inStage - ROUNDING) return startMs + within(stage, Math.max(0, index - before))
    before += inStage
    startMs += stage.durationMs
  }
  return Number.POSITIVE_INFINITY
}

/**
 * How many first deliveries are due before this moment (ms from the start): the smallest n whose `dueMs` is not
 * before it. Never falls as `ms` grows.
 */
export function countBefore(schedule: LoadSchedule, ms: number): number {
  if (!(ms > 0)) return 0
  if (schedule.kind === 'closed') return schedule.count ?? Number.POSITIVE_INFINITY
  let count = Math.max(0, Math.ceil(integral(schedule.stages, ms)))
  if (schedule.count !== undefined) count = Math.min(count, schedule.count)
  // The integral and its inverse round apart by less than one: the inverse is what deliveries follow.
  while (count > 0 && dueMs(schedule, count - 1) >= ms) count -= 1
  while (dueMs(schedule, count) < ms) count += 1
  return count
}

/**
 * How many first deliveries there are in all, and how long they are due; absent where nothing bounds it. An open
 * schedule has both.
 */
export function totalOf(schedule: LoadSchedule): { readonly count?: number; readonly durationMs?: number } {
  if (schedule.kind === 'closed') {
    const { count, durationMs } = schedule
    return { ...(count === undefined ? {} : { count }), ...(durationMs === undefined ? {} : { durationMs }) }
  }
  let size = 0
  let durationMs = 0
  for (const stage of schedule.stages) {
    size += sizeOf(stage)
    durationMs += stage.durationMs
  }
  const ofStages = Math.max(0, Math.ceil(size - ROUNDING))
  if (schedule.count === undefined || schedule.count > ofStages) return { count: ofStages, durationMs }
  // One more than it may send: its due time is where this one ends.
  const { count: _, ...unbounded } = schedule
  return { count: schedule.count, durationMs: Math.min(durationMs, dueMs(unbounded, schedule.count)) }
}

/** First deliveries per second at this moment (ms from the start); at a border the next stage's. Infinity when closed. */
export function rateAt(schedule: LoadSchedule, ms: number): number {
  if (schedule.kind === 'closed') return Number.POSITIVE_INFINITY
  let startMs = 0
  for (const { durationMs, fromPerSecond, toPerSecond } of schedule.stages) {
    if (ms >= startMs && ms < startMs + durationMs)
      return fromPerSecond + ((toPerSecond - fromPerSecond) * (ms - startMs)) / durationMs
    startMs += durationMs
  }
  return 0
}

/** Deliveries of a stage, with a fraction. */
function sizeOf({ durationMs, fromPerSecond, toPerSecond }: LoadStage): number {
  return ((fromPerSecond + toPerSecond) / 2) * (durationMs / 1000)
}

/** Deliveries due before `ms`, with a fraction. */
function integral(stages: readonly LoadStage[], ms: number): number {
  let sum = 0
  let startMs = 0
  for (const stage of stages) {
    const { durationMs, fromPerSecond, toPerSecond } = stage
    if (ms < startMs + durationMs) {
      const seconds = (ms - startMs) / 1000
      return sum + fromPerSecond * seconds + ((toPerSecond - fromPerSecond) * seconds * seconds * 500) / durationMs
    }
    sum += sizeOf(stage)
    startMs += durationMs
  }
  return sum
}

/** The ms into a stage at which `size` deliveries have become due: the root of the rate's integral, without cancellation. */
function within({ durationMs, fromPerSecond, toPerSecond }: LoadStage, size: number): number {
  if (size === 0) return fromPerSecond === 0 && toPerSecond === 0 ? durationMs : 0
  const slope = (toPerSecond - fromPerSecond) / (durationMs / 1000)
  const rate = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * size))
  return Math.min(durationMs, (2000 * size) / (fromPerSecond + rate))
}
