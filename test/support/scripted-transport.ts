import type { AttemptResult, FailureCode } from '../../src/delivery/outcome.ts'
import type { SignedRequest } from '../../src/delivery/request.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import { hadConnection } from '../../src/delivery/failure.ts'

/** A status, or a failure code: one result of a script. */
export type Step = number | FailureCode

/** The result a step stands for. */
export function resultOf(step: Step): AttemptResult {
  return typeof step === 'number'
    ? { kind: 'responded', status: step, headers: {}, bodySnippet: '', bodyBytes: 0 }
    : { kind: 'failed', code: step, reason: `scripted ${step}` }
}

/** A transport that answers as its script says, and keeps what was sent. */
export interface ScriptedTransport extends Pick<Transport, 'send'> {
  readonly sent: SignedRequest[]
}

/**
 * Answers the nth request with the nth step, the last one repeated; a function decides by request.
 * @param onSend called before each answer: where a test lets time pass or aborts
 */
export function scriptedTransport(
  script: readonly Step[] | ((request: SignedRequest, nth: number) => Step),
  onSend: (nth: number) => void | Promise<void> = () => {},
): ScriptedTransport {
  const sent: SignedRequest[] = []
  return {
    sent,
    async send(request, signal, onConnected) {
      sent.push(request)
      const nth = sent.length - 1
      await onSend(nth)
      if (signal?.aborted === true) return resultOf('aborted')
      const step = typeof script === 'function' ? script(request, nth) : script[Math.min(nth, script.length - 1)]
      const result = resultOf(step as Step)
      if (hadConnection(result)) onConnected?.()
      return result
    },
  }
}
