import type { Clock } from '../../ports.ts'
import type { Lane } from './lane.ts'
import type { Store } from '../storage.ts'

/**
 * How far the end has come. `stopping`: nothing more is started. `aborting`: what is under way is stopped, and stays
 * without a result. `sealed`: nothing more is written.
 */
export type EndingPhase = 'running' | 'stopping' | 'aborting' | 'sealed'

/** The end of a dispatch, asked for or not. */
export interface DispatchEnding {
  readonly phase: EndingPhase
  /** Something that was under way is not any more. */
  readonly settled: () => void
  /** Nothing can go on after this error. */
  readonly fail: (error: unknown) => void
  readonly stop: (graceMs: number) => Promise<void>
}

/** An end that has not come. */
export function dispatchEnding(options: {
  readonly clock: Pick<Clock, 'after'>
  readonly store: Pick<Store, 'durable'>
  readonly lanes: ReadonlyMap<string, Lane>
  readonly onStop: () => void
  readonly onFailure: ((error: unknown) => void) | undefined
}): DispatchEnding {
  const { clock, store, lanes } = options
  let phase: EndingPhase = 'running'
  let stopped: Promise<void> | undefined
  let hasFailed = false
  let onIdle: (() => void) | undefined

  const isIdle = () => [...lanes.values()].every(({ underWay }) => underWay.size === 0)

  async function idle(graceMs: number): Promise<void> {
    if (isIdle() || graceMs <= 0) return
    await new Promise<void>((resolve) => {
      const cancel = clock.after(graceMs, resolve)
      onIdle = () => {
        cancel()
        resolve()
      }
    })
  }

  async function stop(graceMs: number): Promise<void> {
    if (phase === 'running') phase = 'stopping'
    options.onStop()
    if (!hasFailed) await idle(graceMs)
    if (phase !== 'sealed') phase = 'aborting'
    await Promise.all([...lanes.values()].map(({ route }) => route.abort()))
    phase = 'sealed'
    if (!hasFailed) await store.durable()
  }

  return {
    get phase() {
      return phase
    },
    settled() {
      if (onIdle !== undefined && isIdle()) onIdle()
    },
    fail(error) {
      if (hasFailed) return
      hasFailed = true
      phase = 'sealed'
      options.onStop()
      onIdle?.()
      if (options.onFailure === undefined) throw error
      options.onFailure(error)
    },
    stop(graceMs) {
      stopped ??= stop(graceMs)
      return stopped
    },
  }
}
