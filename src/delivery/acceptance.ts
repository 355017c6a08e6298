import type { Clock } from '../ports.ts'
import { isRefusedAddress } from './address.ts'
import { failureReason } from './failure.ts'
import { refused } from './guarded-lookup.ts'
import type { Failed } from './outcome.ts'
import { failureOf } from './transport-error.ts'

/** Whether the target accepts connections; if not in time, what the last try came to. */
export type Acceptance =
  | { readonly accepting: true; readonly waitedMs: number }
  | { readonly accepting: false; readonly waitedMs: number; readonly endedBy: 'deadline'; readonly last: Failed }
  /** Nothing was sent, and nothing is known of the target. */
  | { readonly accepting: false; readonly waitedMs: number; readonly endedBy: 'signal' }

const POLL_MS = 100
/** The try at the deadline gets this long, or it could not succeed. */
const LAST_TRY_MS = 50

/** What is waited for, and how. */
interface Wait {
  readonly url: URL
  /** Opens a connection, as the transport does. */
  readonly connect: (
    target: { hostname: string; host: string; protocol: string; port: string },
    callback: (error: Error | null) => void,
  ) => { destroy(): void }
  readonly clock: Clock
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
}

/** Tries to connect until it succeeds, the deadline has passed or the signal is raised. */
export async function untilAccepting(wait: Wait): Promise<Acceptance> {
  const { clock, deadlineMs, signal } = wait
  const startedMs = clock.monotonicMs()
  const elapsedMs = () => clock.monotonicMs() - startedMs
  let last: Failed | undefined
  for (;;) {
    const leftMs = deadlineMs - elapsedMs()
    const failed = await tryToConnect(wait, Math.max(leftMs, LAST_TRY_MS))
    const waitedMs = Math.round(elapsedMs())
    if (failed === undefined) return { accepting: true, waitedMs }
    if (signal?.aborted === true) return { accepting: false, waitedMs, endedBy: 'signal' }
    // A try without time says less than the one before it.
    if (last === undefined || leftMs > LAST_TRY_MS || failed.code !== 'connect-timeout') last = failed
    if (elapsedMs() >= deadlineMs) return { accepting: false, waitedMs, endedBy: 'deadline', last }
    await clock.sleep(Math.min(POLL_MS, Math.max(deadlineMs - elapsedMs(), 1)), signal)
  }
}

/** One TCP connection, dropped at once; undefined when it could be made. */
function tryToConnect({ url, connect, clock, signal }: Wait, timeoutMs: number): Promise<Failed | undefined> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  if (isRefusedAddress(hostname)) return Promise.resolve(failureOf(refused(hostname, [hostname]), 'tcp'))
  return new Promise((resolve, reject) => {
    const settle = (result: Failed | undefined) => {
      cancelDeadline()
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(result)
    }
    const onAbort = () => settle({ kind: 'failed', code: 'aborted', reason: failureReason('aborted') })
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    const socket = connect({ hostname, host: url.host, protocol: 'http:', port }, (error) => {
      const failed = error === null ? undefined : failureOf(error, 'tcp')
      if (error !== null && failed === undefined) reject(error)
      settle(failed)
    })
    const cancelDeadline = clock.after(timeoutMs, () =>
      settle({ kind: 'failed', code: 'connect-timeout', reason: failureReason('connect-timeout') }),
    )
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort)
  })
}
