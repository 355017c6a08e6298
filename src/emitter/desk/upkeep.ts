import type { Clock } from '../../ports.ts'
import type { Store } from '../storage.ts'

/** Few enough that nothing else waits for it. */
const FORGOTTEN_TOGETHER = 200
/** How long after it is due something is forgotten: a tenth of what it is kept, within these. */
const EVERY_MS = { least: 1000, most: 60_000 }
const SOON_MS = 20
/** A state that was deleted takes what is accepted no longer than so. */
const CHECK_EVERY_MS = 1000

/** What is looked after. */
export interface UpkeepOptions {
  readonly store: Pick<Store, 'forget' | 'check'>
  readonly clock: Clock
  readonly keepMs: number
  /** Told of blocked deliveries that are gone: how many, once nothing is left to forget. */
  readonly onForgotten: (blocked: number) => void
}

/**
 * Forgets what is older than `keepMs`, a little at a time, and sees whether the state is still there, until the
 * returned function is called.
 */
export function startUpkeep({ store, clock, keepMs, onForgotten }: UpkeepOptions): () => void {
  const everyMs = Math.min(EVERY_MS.most, Math.max(EVERY_MS.least, keepMs / 10))
  let untold = 0
  let cancelForget = clock.after(SOON_MS, forget)
  let cancelCheck = clock.after(CHECK_EVERY_MS, check)

  function forget(): void {
    const { forgotten, blocked } = store.forget(clock.nowMs() - keepMs, FORGOTTEN_TOGETHER)
    untold += blocked
    const isDone = forgotten < FORGOTTEN_TOGETHER
    if (isDone) tell()
    cancelForget = clock.after(isDone ? everyMs : SOON_MS, forget)
  }

  function tell(): void {
    if (untold > 0) onForgotten(untold)
    untold = 0
  }

  function check(): void {
    store.check()
    cancelCheck = clock.after(CHECK_EVERY_MS, check)
  }

  return () => {
    cancelForget()
    cancelCheck()
    tell()
  }
}
