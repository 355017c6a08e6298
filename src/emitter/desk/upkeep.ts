import type { Clock } from '../../ports.ts'
import type { Store } from '../storage.ts'

/** Few enough that nothing else waits for it. */
const FORGOTTEN_TOGETHER = 200
/** How long after it is due something is forgotten: a tenth of what it is kept, within these. */
const EVERY_MS = { least: 1000, most: 60_000 }
const SOON_MS = 20

/** Forgets what is older than `keepMs`, a little at a time, until the returned function is called. */
export function startUpkeep(store: Pick<Store, 'forget'>, clock: Clock, keepMs: number): () => void {
  const everyMs = Math.min(EVERY_MS.most, Math.max(EVERY_MS.least, keepMs / 10))
  let cancel = clock.after(SOON_MS, forget)

  function forget(): void {
    const forgotten = store.forget(clock.nowMs() - keepMs, FORGOTTEN_TOGETHER)
    cancel = clock.after(forgotten < FORGOTTEN_TOGETHER ? everyMs : SOON_MS, forget)
  }

  return () => cancel()
}
