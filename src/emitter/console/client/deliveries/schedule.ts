import type { AttemptResult } from '../../../../delivery/outcome.ts'
import type { AttemptView, DeliveryDetail } from '../../../view/views.ts'

/** One attempt on the drawing: made, under way, or to come. */
export interface Slot {
  readonly retry: number
  readonly dueMs: number
  /** Undefined while it is to come. */
  readonly startedMs: number | undefined
  readonly endedMs: number | undefined
  readonly result: AttemptResult | null
  readonly possibleDuplicate: boolean
  /** The wait before it: as it was, or as scheduled here. Undefined for a first delivery, and when it is not known. */
  readonly waitMs: number | undefined
}

/** One round: the attempts of one sending, and those that would follow. */
export interface Round {
  readonly number: number
  readonly slots: readonly Slot[]
  /** Waits of retries that were not needed, or that nobody will make, where it is known how long they would be. */
  readonly spare: readonly (number | undefined)[]
}

/** More rounds are not drawn: the latest are. */
const MOST_ROUNDS = 4

/** The rounds of a delivery, the latest first, each with the retries that are still to come. */
export function roundsOf(delivery: DeliveryDetail): readonly Round[] {
  const numbers = [...new Set(delivery.attemptLog.map(({ round }) => round))].toSorted((a, b) => b - a)
  const current = delivery.resends + 1
  if (!numbers.includes(current)) numbers.unshift(current)
  return numbers.slice(0, MOST_ROUNDS).map((number) => {
    const log = lastOfEach(delivery.attemptLog.filter(({ round }) => round === number))
    const made = log.map((attempt, index) => slotOf(attempt, log[index - 1]))
    const slots = number === current ? [...made, ...comingAfter(made, delivery)] : made
    const last = slots.at(-1)?.retry ?? 0
    const spare = delivery.kind === 'ping' ? [] : delivery.schedule.filter(({ retry }) => retry > last)
    const speed = speedThen(made, delivery)
    return { number, slots, spare: spare.map(({ delayMs }) => (speed === undefined ? undefined : delayMs / speed)) }
  })
}

/** The delays on Qualifio's clock, when a wait that is drawn is shorter than there; undefined when none is. */
export function shortenedFrom(
  rounds: readonly Round[],
  schedule: DeliveryDetail['schedule'],
): readonly number[] | undefined {
  const isShort = (waitMs: number | undefined, delayMs: number) => waitMs !== undefined && waitMs < delayMs * 0.95
  const hasShort = rounds.some(({ slots, spare }) =>
    schedule.some(({ retry, delayMs }) => {
      const slot = slots.find((drawn) => drawn.retry === retry)
      const first = schedule.length - spare.length
      return isShort(slot === undefined ? spare[retry - 1 - first] : slot.waitMs, delayMs)
    }),
  )
  return hasShort ? schedule.map(({ delayMs }) => delayMs) : undefined
}

/** How many times shorter the last wait was; the speed may be another by now, and says nothing about the past. */
function speedThen(made: readonly Slot[], { schedule }: DeliveryDetail): number | undefined {
  const last = made.findLast(({ waitMs }) => waitMs !== undefined && waitMs > 0)
  const delayMs = schedule.find(({ retry }) => retry === last?.retry)?.delayMs
  return last?.waitMs === undefined || delayMs === undefined ? undefined : delayMs / last.waitMs
}

/**
 * Where a moment stands, from 0 to 1: every attempt has the same room, so that a wait of a second reads as well as one
 * of an hour; within the room time is even.
 */
export function positionOf(ms: number, { slots, spare }: Round): number {
  const { length } = slots
  if (length === 0) return 0
  const rooms = length + spare.length
  let index = 0
  while (index + 1 < length && ms >= dueOf(slots, index + 1)) index++
  const from = dueOf(slots, index)
  const roomMs = index + 1 < length ? dueOf(slots, index + 1) - from : Math.max(1000, (slots[index]?.waitMs ?? 0) * 2)
  const within = Math.min(0.9, Math.max(0, (ms - from) / Math.max(1, roomMs)))
  return (index + within) / rooms
}

function dueOf(slots: readonly Slot[], index: number): number {
  return slots[index]?.dueMs ?? 0
}

/** An attempt that ended with the process is made again under the same retry: the later one counts. */
function lastOfEach(attempts: readonly AttemptView[]): readonly AttemptView[] {
  return [...new Map(attempts.map((attempt) => [attempt.retry, attempt])).values()].toSorted(
    (a, b) => a.retry - b.retry,
  )
}

/** An attempt as it was. How long it waited is what the log says: the schedule is the one of now. */
function slotOf(attempt: AttemptView, before: AttemptView | undefined): Slot {
  const startedMs = Date.parse(attempt.startedAt)
  const dueMs = Date.parse(attempt.dueAt)
  const beforeMs = before === undefined ? undefined : endOf(before)
  return {
    retry: attempt.retry,
    dueMs,
    startedMs,
    endedMs: endOf(attempt),
    result: attempt.result,
    possibleDuplicate: attempt.possibleDuplicate,
    waitMs: beforeMs === undefined ? undefined : Math.max(0, dueMs - beforeMs),
  }
}

function endOf({ startedAt, durationMs }: AttemptView): number | undefined {
  return durationMs === null ? undefined : Date.parse(startedAt) + durationMs
}

function comingAfter(made: readonly Slot[], { state, nextAttemptAt, schedule, kind }: DeliveryDetail): readonly Slot[] {
  if (nextAttemptAt === null || (state !== 'queued' && state !== 'retrying')) return []
  const slots: Slot[] = []
  let dueMs = Date.parse(nextAttemptAt)
  const last = made.at(-1)
  // An attempt that is under way is still what is next.
  let retry = last === undefined ? 0 : last.retry + 1
  if (last !== undefined && last.result === null) dueMs = last.dueMs
  else {
    // It is due already, by the speed that held when the one before it failed.
    const waitMs = last?.endedMs === undefined ? {} : { waitMs: Math.max(0, dueMs - last.endedMs) }
    slots.push({ ...coming(retry, dueMs, schedule), ...waitMs })
    retry++
  }
  if (kind === 'ping') return slots
  for (const { retry: number, realDelayMs } of schedule) {
    if (number < retry) continue
    dueMs += realDelayMs
    slots.push(coming(number, dueMs, schedule))
  }
  return slots
}

function coming(retry: number, dueMs: number, schedule: DeliveryDetail['schedule']): Slot {
  const waitMs = schedule.find((entry) => entry.retry === retry)?.realDelayMs
  const nothing = { startedMs: undefined, endedMs: undefined, result: null, possibleDuplicate: false }
  return { retry, dueMs, waitMs, ...nothing }
}
