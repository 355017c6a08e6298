import type { Clock } from '../../ports.ts'

/** Remembers wrong tokens, so that they cannot be tried one after the other. */
export interface Attempts {
  /** Seconds until this address may try again; 0 when it may now. */
  waitSeconds(address: string): number
  /** A wrong one. @param digest of the token: the same again, from a script that repeats itself, counts once */
  wrong(address: string, digest: string): void
}

const MOST_PER_WINDOW = 10
const WINDOW_MS = 60_000
/** Beyond it the address that was silent longest is forgotten. */
const MOST_ADDRESSES = 1000

/** Ten different wrong tokens a minute and address. */
export function createAttempts(clock: Clock): Attempts {
  const byAddress = new Map<string, Map<string, number>>()

  function recent(address: string): Map<string, number> {
    const found = byAddress.get(address) ?? new Map<string, number>()
    const sinceMs = clock.monotonicMs() - WINDOW_MS
    for (const [digest, atMs] of found) if (atMs <= sinceMs) found.delete(digest)
    return found
  }

  return {
    waitSeconds(address) {
      const tried = recent(address)
      if (tried.size < MOST_PER_WINDOW) return 0
      const [oldestMs = 0] = tried.values()
      return Math.max(1, Math.ceil((oldestMs + WINDOW_MS - clock.monotonicMs()) / 1000))
    },
    wrong(address, digest) {
      const tried = recent(address)
      if (!tried.has(digest)) tried.set(digest, clock.monotonicMs())
      byAddress.delete(address)
      byAddress.set(address, tried)
      const [silent] = byAddress.keys()
      if (byAddress.size > MOST_ADDRESSES && silent !== undefined) byAddress.delete(silent)
    },
  }
}
