import type { Clock } from '../ports.ts'
import type { Check } from './check.ts'
import type { Kit } from './kit.ts'
import type { EarlyEnd } from './result.ts'
import type { Sender } from './sender.ts'
import { isAccepted, shownResult } from './verdict.ts'

/** A receiver that is restarted by its supervisor, or that recovers, gets so long. */
const RECOVERY_MS = [200, 1000] as const

/**
 * A control after a check that may have ended the receiver: accepted, or the run ends here.
 * @returns why, with the guilty check; undefined when the receiver is well
 */
export async function endOfReceiver(
  check: Check,
  {
    kit,
    sender,
    clock,
    signal,
  }: { readonly kit: Kit; readonly sender: Sender; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<EarlyEnd | undefined> {
  for (const waitMs of [...RECOVERY_MS, undefined]) {
    const { exchange } = await sender.one(kit.control(`control after ${check.number}`))
    if (isAccepted(exchange.result) || signal.aborted) return undefined
    if (waitMs !== undefined) {
      await clock.sleep(waitMs, signal)
      continue
    }
    const isDead = exchange.result.kind === 'failed' || exchange.result.status >= 500
    const reason = `the control after it: ${shownResult(exchange)}`
    return { kind: isDead ? 'dead' : 'control-refused', after: check, reason }
  }
  return undefined
}
