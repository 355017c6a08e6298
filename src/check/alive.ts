import type { Clock } from '../ports.ts'
import type { Check } from './check.ts'
import type { Kit } from './kit.ts'
import type { EarlyEnd } from './result.ts'
import type { Sender } from './sender.ts'
import { isAccepted } from '../delivery/outcome.ts'
import { shownResult } from './verdict.ts'

/** A receiver that is restarted by its supervisor, or that recovers, gets so long. */
const RECOVERY_MS = [200, 1000] as const

/** What became of the receiver after a check: the run ends, or it was gone for a while; neither when it is well. */
export interface Aftermath {
  readonly end?: EarlyEnd
  /** The first control after the check had no answer, and a later one was accepted. */
  readonly gap?: string
}

/** A control after a check that may have ended the receiver: accepted at last, or the run ends here. */
export async function aftermathOf(
  check: Check,
  {
    kit,
    sender,
    clock,
    signal,
  }: { readonly kit: Kit; readonly sender: Sender; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Aftermath> {
  let gap: string | undefined
  for (const waitMs of [...RECOVERY_MS, undefined]) {
    const { exchange } = await sender.one(kit.control(`control after ${check.number}`))
    if (signal.aborted) return {}
    if (isAccepted(exchange.result)) return gap === undefined ? {} : { gap }
    const reason = `the control after it: ${shownResult(exchange)}`
    const isGone = exchange.result.kind === 'failed'
    if (isGone) gap ??= reason
    if (waitMs === undefined) {
      const isDead = isGone || (exchange.result.kind === 'responded' && exchange.result.status >= 500)
      return { end: { kind: isDead ? 'dead' : 'control-refused', after: check, reason } }
    }
    await clock.sleep(waitMs, signal)
  }
  return {}
}
