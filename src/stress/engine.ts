import { FAILURES } from '../delivery/failure.ts'
import { createAlarm } from './alarm.ts'
import { DUPLICATE_AFTER_MS, LATE_MS, NEVER_CONNECTED_MS, readingOf } from './engine-options.ts'
import type { EngineEnd, EngineOptions } from './engine-options.ts'
import { jobNote, kindOf, kindUnder, retryOf } from './job.ts'
import { laneBoard } from './lane-board.ts'
import type { EndedRequest } from './lane-board.ts'
import type { Traffic } from './lane.ts'
import { isFirstAnswer, measure } from './measure.ts'
import { settler } from './settle.ts'
import { slotsOf } from './slots.ts'
import { createTally } from './tally.ts'
import { waitingRoom } from './waiting-room.ts'

/** Runs one worker's part of a load to its end. Whatever the receiver does, it resolves. */
export function runEngine(options: EngineOptions): Promise<EngineEnd> {
  const { clock, schedule, drainMs, maxRequests, timeoutMs, signal, endSignal } = options
  const { isClosed, laneCount, roomBesides, loadEndsMs, sweepEveryMs } = readingOf(options)
  const slots = slotsOf(options)
  const firstDueMs = Number.isFinite(slots.nextDueMs) ? slots.nextDueMs : 0
  const waiting = waitingRoom()
  const settle = settler(options.policy, options.speed)
  const traffic: Traffic = { nowMs: 0, bytesSent: 0, bytesReceived: 0, brokenBodies: 0, failed: undefined }
  const tally = createTally(traffic, options.recordsKept)
  const board = laneBoard({ lanes: laneCount, makeLane: options.makeLane, traffic, onEnded })
  const alarm = createAlarm(clock, pump)
  const startMs = clock.monotonicMs()
  let phase: 'load' | 'drain' | 'finish' | 'over' = 'load'
  let endedBy: EngineEnd['endedBy'] = schedule.count === undefined ? 'schedule' : 'count'
  let [requests, interrupted] = [0, 0]
  let [hasConnected, loadMs, drainEndsMs, lastAnswerMs] = [false, 0, Number.POSITIVE_INFINITY, 0]
  let [nextSecondMs, nextSweepMs, patientUntilMs] = [1000, sweepEveryMs, 0]
  let resolve: (end: EngineEnd) => void = () => {}

  signal?.addEventListener('abort', onSignal)
  endSignal?.addEventListener('abort', onEndSignal)
  if (signal?.aborted === true) onSignal()
  return new Promise((settled) => {
    resolve = settled
    if (endSignal?.aborted === true) onEndSignal()
    else pump()
  })

  function now(): number {
    return (traffic.nowMs = clock.monotonicMs() - startMs)
  }

  /** Starts whatever is due and fits. */
  function pump(): void {
    let nowMs = now()
    excuse(nowMs, nowMs - alarm.lateBy(nowMs))
    look(nowMs)
    while (phase === 'load' || phase === 'drain') {
      const firstMs = phase === 'load' ? slots.nextDueMs : Number.POSITIVE_INFINITY
      const isFree = board.freeCount > 0
      if (requests >= maxRequests && Math.min(firstMs, waiting.nextDueMs) <= nowMs) finish('max-requests')
      else if (isFree && waiting.nextDueMs <= nowMs && (isClosed || waiting.nextDueMs <= firstMs)) startWaiting()
      else if (firstMs > nowMs || (isClosed && !isFree)) break
      else if (isFree) startFirst(takeFirst(nowMs), isClosed ? nowMs : firstMs)
      else if (waiting.admitted < roomBesides) waiting.admit(firstMs, takeFirst(nowMs))
      else if (nowMs < patientUntilMs) break
      else {
        takeFirst(nowMs)
        tally.counts.dropped += 1
      }
      if (!isClosed) nowMs = excuse(now(), nowMs)
    }
    conclude(nowMs)
  }

  /** What was due while we were late ourselves has the same time again to fit. */
  function excuse(nowMs: number, expectedMs: number): number {
    if (nowMs - expectedMs > LATE_MS) patientUntilMs = Math.max(patientUntilMs, 2 * nowMs - expectedMs)
    return nowMs
  }

  function takeFirst(nowMs: number): number {
    tally.counts.due += 1
    if (!isClosed) tally.lateness(nowMs - slots.nextDueMs)
    return slots.take()
  }

  function startFirst(index: number, dueMs: number): void {
    const fault = slots.faultOf(index)
    tally.counts.started += 1
    if (phase === 'drain') tally.counts.startedInDrain += 1
    if (fault === 'wrong-signature') tally.counts.forged += 1
    start(index, jobNote(kindUnder(fault), 0), dueMs)
    if (fault === 'duplicate-concurrent') waiting.addCopy(traffic.nowMs, index)
    if (fault === 'duplicate') waiting.addCopy(traffic.nowMs + DUPLICATE_AFTER_MS, index)
  }

  function startWaiting(): void {
    const { dueMs, index, note } = waiting.take()
    const isCopy = kindOf(note) === 'copy'
    if (!isCopy && retryOf(note) === 0) return startFirst(index, dueMs)
    tally.counts[isCopy ? 'duplicates' : 'retries'] += 1
    start(index, note, dueMs)
  }

  function start(index: number, note: number, dueMs: number): void {
    requests += 1
    tally.counts.requests += 1
    board.start({ index, note, dueMs, body: slots.bodyOf(index) })
  }

  function onEnded(request: Readonly<EndedRequest>): void {
    if (phase === 'over') return
    const { index, note, failure } = request
    lastAnswerMs = now()
    if (failure === undefined || FAILURES[failure].connected !== 'no') hasConnected = true
    measure(tally, request, lastAnswerMs)
    if (phase === 'load' && isFirstAnswer(request)) tally.answeredFirst(lastAnswerMs)
    const waitMs = settle(tally.counts, request)
    if (waitMs !== undefined && phase === 'finish') interrupted += 1
    else if (waitMs !== undefined) waiting.addRetry(traffic.nowMs + waitMs, index, retryOf(note) + 1)
    pump()
  }

  /** Looks what the time is for: the second's record, overdue attempts, the next phase. */
  function look(nowMs: number): void {
    for (; nowMs >= nextSecondMs; nextSecondMs += 1000) {
      options.onSecond(tally.roll())
      if (phase === 'over') return
    }
    if (nowMs >= nextSweepMs) {
      nextSweepMs = nowMs + sweepEveryMs
      board.expire(nowMs - timeoutMs)
      if (!hasConnected && nowMs >= NEVER_CONNECTED_MS && lastAnswerMs > 0) finish('never-connected')
    }
    if (isClosed && phase === 'load' && nowMs >= loadEndsMs) drain(nowMs)
    if (phase === 'drain' && nowMs >= drainEndsMs) finish(endedBy)
  }

  function drain(nowMs: number): void {
    phase = 'drain'
    loadMs = Math.min(nowMs, loadEndsMs)
    drainEndsMs = nowMs + drainMs
  }

  function finish(by: EngineEnd['endedBy']): void {
    if (phase === 'load') loadMs = Math.min(traffic.nowMs, loadEndsMs)
    if (phase !== 'over') phase = 'finish'
    endedBy = by
  }

  /** Goes on to the next phase when this one has nothing left to do, and sleeps until there is something. */
  function conclude(nowMs: number): void {
    tally.level(waiting.retries, laneCount - board.freeCount + waiting.admitted)
    const isExhausted = slots.nextDueMs === Number.POSITIVE_INFINITY
    if (phase === 'load' && isExhausted && (isClosed || nowMs >= loadEndsMs)) drain(nowMs)
    if (phase === 'over') return
    if (board.freeCount === laneCount && (phase === 'finish' || (phase === 'drain' && waiting.nextDueMs > drainEndsMs)))
      return end()
    const canStart = phase !== 'finish' && board.freeCount > 0
    const dueMs = Math.min(canStart ? waiting.nextDueMs : Number.POSITIVE_INFINITY, firstWakeMs(nowMs))
    const phaseMs = phase === 'load' ? loadEndsMs : phase === 'drain' ? drainEndsMs : Number.POSITIVE_INFINITY
    const wantedMs = Math.min(nextSecondMs, nextSweepMs, dueMs, phaseMs > nowMs ? phaseMs : Number.POSITIVE_INFINITY)
    alarm.setFor(wantedMs, nowMs)
  }

  function firstWakeMs(nowMs: number): number {
    if (phase !== 'load' || isClosed) return Number.POSITIVE_INFINITY
    return Math.max(slots.nextDueMs, nowMs < patientUntilMs && board.freeCount === 0 ? patientUntilMs : 0)
  }

  function onSignal(): void {
    if (phase !== 'load') return
    endedBy = 'signal'
    drain(now())
  }

  function onEndSignal(): void {
    if (phase === 'over') return
    finish('signal')
    end()
  }

  function end(): void {
    interrupted += board.deliveryCount + waiting.admitted + waiting.retries
    // Without a signal or a limit, nothing but the end of the drain leaves something behind.
    if (interrupted > 0 && (endedBy === 'schedule' || endedBy === 'count')) endedBy = 'drain'
    phase = 'over'
    options.onSecond(tally.roll())
    alarm.cancel()
    board.drop()
    signal?.removeEventListener('abort', onSignal)
    endSignal?.removeEventListener('abort', onEndSignal)
    const isUnheard = !hasConnected && requests > 0 && endedBy !== 'signal'
    resolve({
      endedBy: isUnheard ? 'never-connected' : endedBy,
      durationMs: Math.max(0, lastAnswerMs - firstDueMs),
      loadMs,
      firstAnswerMs: tally.firstAnswerMs - firstDueMs,
      interrupted,
      forgedUnsent: waiting.takeFirsts((index) => slots.faultOf(index) === 'wrong-signature'),
      failed: traffic.failed,
    })
  }
}
