import type { FailureCode } from '../../src/delivery/outcome.ts'
import { createCollector } from '../../src/stress/collect.ts'
import { runEngine } from '../../src/stress/engine.ts'
import type { EngineOptions } from '../../src/stress/engine-options.ts'
import type { LaneMaker, SendMode } from '../../src/stress/lane.ts'
import type { StressResult, StressSecond } from '../../src/stress/result.ts'
import { fakeClock } from '../support/fake-clock.ts'

/** What a scripted receiver does with a request. */
export interface Reply {
  readonly afterMs: number
  /** A status, or why there is none; `never` until the deadline. */
  readonly with: number | FailureCode | 'never'
}

/** A request as the scripted lanes saw it. */
export interface SeenRequest {
  readonly body: number
  readonly mode: SendMode
  readonly lane: number
  readonly atMs: number
}

/** A load against a scripted receiver, without time. */
export interface Simulation {
  readonly result: StressResult
  readonly seen: readonly SeenRequest[]
  readonly seconds: readonly StressSecond[]
}

/** What a simulation may change; a load of 10/s for a second otherwise, which all succeeds. */
export interface SimulationOptions extends Partial<EngineOptions> {
  readonly reply?: (request: SeenRequest, nth: number) => Reply
  /** When the run is stopped, and when it is ended at once. */
  readonly stopMs?: number
  readonly endMs?: number
  /** So much too late every timer of ours rings. */
  readonly lagMs?: number
  /** The first request of all takes us so long to write. */
  readonly pauseMs?: number
}

/** Runs one engine on a clock of its own. */
export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  const { reply = () => ({ afterMs: 5, with: 204 }), stopMs, endMs, lagMs = 0, pauseMs = 0, ...engine } = options
  const clock = fakeClock('hold')
  const seen: SeenRequest[] = []
  const seconds: StressSecond[] = []
  let pausedMs = 0
  // No timer rings in the pause, and all of them are as late afterwards.
  const monotonicMs = (): number => clock.monotonicMs() + pausedMs
  const [stop, end] = [new AbortController(), new AbortController()]
  if (stopMs !== undefined) clock.after(stopMs, () => stop.abort())
  if (endMs !== undefined) clock.after(endMs, () => end.abort())

  const makeLane: LaneMaker = (lane, listener, traffic) => {
    let cancel: (() => void) | undefined
    function ended(what: Reply['with']): void {
      cancel?.()
      cancel = undefined
      if (typeof what === 'number') listener.ended(lane, what, undefined)
      else listener.ended(lane, 0, what as FailureCode)
    }
    return {
      send(body, mode) {
        if (cancel !== undefined) throw new Error('a second request on a lane that is not free')
        const request = { body, mode, lane, atMs: clock.monotonicMs() }
        seen.push(request)
        if (seen.length === 1) pausedMs = pauseMs
        traffic.bytesSent += 100
        const { afterMs, with: what } = reply(request, seen.length - 1)
        const answered = mode === 'lost-ack' && typeof what === 'number' ? 'aborted' : what
        cancel = answered === 'never' ? () => {} : clock.after(afterMs, () => ended(answered))
      },
      expire: () => ended('timeout'),
      drop() {
        cancel?.()
        cancel = undefined
      },
    }
  }

  const collector = createCollector(1, (second) => seconds.push(second))
  const state = { isOver: false }
  const run = runEngine({
    schedule: { kind: 'open', stages: [{ durationMs: 1000, fromPerSecond: 10, toPerSecond: 10 }] },
    shares: {},
    seed: 1,
    share: { part: 0, of: 1 },
    connections: 10,
    maxInFlight: 10,
    policy: { delaysMs: [1000, 2000, 4000] },
    speed: 1,
    drainMs: 60_000,
    maxRequests: 1_000_000,
    timeoutMs: 10_000,
    recordsKept: 1,
    ...engine,
    clock: { ...clock, monotonicMs, after: (delayMs, callback) => clock.after(delayMs + lagMs, callback) },
    makeLane,
    signal: stop.signal,
    endSignal: end.signal,
    onSecond: (record) => collector.add(0, record),
  })
  const over = collect()
  for (let turn = 0; !state.isOver; turn++) {
    if (turn > 5000) throw new Error('the run does not end')
    clock.advance(100)
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
  await over
  return { result: collector.result(), seen, seconds }

  async function collect(): Promise<void> {
    collector.ended(0, await run)
    state.isOver = true
  }
}
