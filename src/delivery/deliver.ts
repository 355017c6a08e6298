import { unreachable } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Attempt, AttemptResult, DeliveryOutcome } from './outcome.ts'
import type { Redact } from './redact.ts'
import type { SignedRequest } from './request.ts'
import { decide } from './retry-policy.ts'
import type { Decider, RetryPolicy } from './retry-policy.ts'
import type { Transport } from './transport.ts'

/** A wait that begins: what a countdown needs. */
export interface Wait {
  /** The retry that comes after it: 1 to n. */
  readonly retry: number
  /** On Qualifio's clock. */
  readonly delayMs: number
  /** As waited here, after `speed`. */
  readonly realDelayMs: number
  /** Wall time of its end, in milliseconds since the epoch. */
  readonly dueAtMs: number
}

/** How a delivery is carried out. */
export interface DeliverOptions {
  readonly policy: RetryPolicy
  readonly clock: Clock
  readonly transport: Pick<Transport, 'send'>
  /** Waits are this many times shorter, `max` for none; timeouts never are. 1 by default. */
  readonly speed?: number | 'max' | undefined
  /** Ends waits at once and stops the attempt in flight. */
  readonly signal?: AbortSignal | undefined
  /** Decides in the place of Qualifio's policy. */
  readonly decide?: Decider | undefined
  /** Applied to every result before anything else sees it: `redactorFor(endpoint)`. */
  readonly redact?: Redact | undefined
  readonly onConnected?: (() => void) | undefined
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined
  readonly onWait?: ((wait: Wait) => void) | undefined
}

/**
 * One delivery, all tries: send, decide, wait. Never rejects for what the receiver or the network
 * did: that is data.
 */
export async function deliver(request: SignedRequest, options: DeliverOptions): Promise<DeliveryOutcome> {
  const { policy, clock, transport, signal } = options
  const attempts: Attempt[] = []
  if (isRaised(signal)) return { outcome: 'interrupted', attempts }
  let dueAtSimulatedMs = clock.nowMs()
  for (let retry = 0; ; retry += 1) {
    const startedAtMs = clock.nowMs()
    const startedMs = clock.monotonicMs()
    const received = await transport.send(request, signal, options.onConnected)
    const durationMs = Math.round((clock.monotonicMs() - startedMs) * 100) / 100
    const result = options.redact?.(received) ?? received
    const decision = (options.decide ?? decide)(policy, retry, result)
    const interrupted = isRaised(signal) && isAborted(result)
    const next = !interrupted && decision.kind === 'retry' ? waits(decision.delayMs, options.speed) : undefined
    const startedAt = new Date(startedAtMs).toISOString()
    const attempt: Attempt = {
      retry,
      startedAt,
      durationMs,
      dueAtSimulated: dueAtSimulatedMs === startedAtMs ? startedAt : new Date(dueAtSimulatedMs).toISOString(),
      result,
      ...next,
    }
    attempts.push(attempt)
    options.onAttempt?.(attempt)
    if (interrupted) return { outcome: 'interrupted', attempts }
    switch (decision.kind) {
      case 'delivered':
        return { outcome: 'delivered', attempts }
      case 'blocked':
        return { outcome: 'blocked', attempts }
      case 'ended':
        return { outcome: 'ended', attempts }
      case 'retry': {
        const realDelayMs = next?.nextDelayRealMs ?? 0
        dueAtSimulatedMs += durationMs + decision.delayMs
        if (isRaised(signal)) return { outcome: 'interrupted', attempts }
        const dueAtMs = clock.nowMs() + realDelayMs
        options.onWait?.({ retry: retry + 1, delayMs: decision.delayMs, realDelayMs, dueAtMs })
        if (realDelayMs > 0) await clock.sleep(realDelayMs, signal)
        if (isRaised(signal)) return { outcome: 'interrupted', attempts }
        break
      }
      default:
        return unreachable(decision)
    }
  }
}

function isAborted(result: AttemptResult): boolean {
  return result.kind === 'failed' && result.code === 'aborted'
}

/** A call, because the compiler takes a property that was read once for unchanged. */
function isRaised(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function waits(delayMs: number, speed: number | 'max' = 1): { nextDelayMs: number; nextDelayRealMs: number } {
  return { nextDelayMs: delayMs, nextDelayRealMs: speed === 'max' ? 0 : delayMs / speed }
}
