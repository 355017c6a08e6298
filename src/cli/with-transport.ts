import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import { createTransport, type Transport } from '../delivery/transport.ts'
import type { Context, InterruptSignal } from './context.ts'
import type { OpenedTarget } from './opened-target.ts'

const TIMEOUT_MS = 10_000

/** What a run is given: connections, and a signal that ends it. */
export interface Connected {
  readonly transport: Transport
  readonly signal: AbortSignal
}

/** How a run ended: what it returned unless it never began, and what stopped it. */
export interface Ended<T> {
  readonly result: Partial<T> & { readonly timedOut: boolean }
  readonly interruptedBy?: InterruptSignal
}

/**
 * Runs `work` with connections to a target: first `--wait-for`, ended by Ctrl-C and `--max-time`. Closes the
 * connections at the end.
 */
export async function withTransport<T extends object>(
  context: Context,
  target: OpenedTarget,
  work: (connected: Connected) => Promise<T>,
): Promise<Ended<T>> {
  const { options, endpoint, ca } = target
  const transport = createTransport({
    url: endpoint.url,
    connections: target.connections ?? options.concurrency ?? 1,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    clock: context.clock,
    certificates: options.insecure ? 'accept-any' : 'verify',
    ca,
  })
  try {
    return await context.interruptible(async (interrupt) => {
      const maxTime = new AbortController()
      const cancelMaxTime =
        options.maxTime === undefined ? () => undefined : context.clock.after(options.maxTime, () => maxTime.abort())
      const signal = AbortSignal.any([interrupt, maxTime.signal])
      try {
        if (!(await isAccepting(context, target, { transport, signal })))
          return { timedOut: maxTime.signal.aborted } as Ended<T>['result']
        const done = await work({ transport, signal })
        return { ...done, timedOut: maxTime.signal.aborted }
      } finally {
        cancelMaxTime()
      }
    })
  } finally {
    await transport.close()
  }
}

/** `--wait-for`: waits until the target accepts connections, and says why if it never did. */
export async function isAccepting(
  context: Context,
  { options, endpoint }: Pick<OpenedTarget, 'options' | 'endpoint'>,
  { transport, signal }: Connected,
): Promise<boolean> {
  if (options.waitFor === undefined) return true
  const acceptance = await transport.waitUntilAccepting(options.waitFor, signal)
  if (acceptance.accepting) return true
  if (acceptance.endedBy === 'signal') {
    const waited = formatDuration(acceptance.waitedMs)
    context.stderr.write(`stopped after waiting ${waited} for the target to accept connections; nothing was sent\n`)
    return false
  }
  const { sentence, nextStep } = explainFailure(acceptance.last, endpoint.url, { after: 'wait' })
  context.stderr.write(
    `the target did not accept connections within ${formatDuration(options.waitFor)}: ${sentence}. ${nextStep}\n`,
  )
  return false
}
