import { formatDuration } from '../delivery/duration.ts'
import { FAILURES, failureReason } from '../delivery/failure.ts'
import type { AttemptResult, Failed, FailureCode } from '../delivery/outcome.ts'
import { failureOf } from '../delivery/transport-error.ts'
import type { ConnectionPhase } from '../delivery/transport-error.ts'
import type { Clock } from '../ports.ts'
import { responseReader } from './http-response.ts'
import type { Exchange, WireRequest } from './probe.ts'
import type { WireSocket } from './wire-socket.ts'

/** With the ending `leave`: how long the receiver has to begin its answer, in ms. */
export const LEAVE_AFTER_MS = 1000
/** With the ending `end`: how long an answer is waited for after the FIN, in ms. */
export const ANSWER_AFTER_END_MS = 2000

/** What an exchange needs besides its connection. */
export interface ExchangeContext {
  readonly clock: Clock
  /** The deadline as people know it. */
  readonly timeoutMs: number
  /** What is left of it; the same by default. */
  readonly leftMs?: number
  readonly signal?: AbortSignal | undefined
  /** Called when all but the last byte is written; the last one waits for it. */
  readonly beforeLastByte?: (() => Promise<void>) | undefined
}

/** No answer within the deadline. */
export function overdue(code: 'timeout' | 'connect-timeout', timeoutMs: number): Failed {
  return failure(code, `${FAILURES[code].meaning} of ${formatDuration(timeoutMs)}`)
}

/** A failure that no error told of. */
export function failure(code: FailureCode, sentence?: string): Failed {
  return { kind: 'failed', code, reason: failureReason(code, undefined, sentence) }
}

/** What OpenSSL says when the two sides have no version in common, depending on which of them noticed. */
const TOO_OLD = /^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW)$/

/**
 * An error of a connection, as a closed code. One that nobody knows yet still comes from the network when the system
 * named it: a receiver must not be able to end a run.
 * @returns undefined for a bug of ours
 */
export function wireFailure(error: Error, phase: ConnectionPhase): Failed | undefined {
  const known = failureOf(error, phase)
  const { code } = error as NodeJS.ErrnoException
  if (known !== undefined && code !== undefined && TOO_OLD.test(code))
    return { ...known, reason: failureReason(known.code, code, 'the receiver offers no TLS from version 1.2 on') }
  if (known !== undefined || code === undefined) return known
  const unknown = phase === 'open' ? 'reset' : 'unreachable'
  return { kind: 'failed', code: unknown, reason: failureReason(unknown, code) }
}

/**
 * One request and its answer on a connection that stands. Unless the answer was read to its end and the connection
 * may carry another, it is dropped.
 * @throws an error that no receiver can cause
 */
export function exchangeOn(socket: WireSocket, request: WireRequest, context: ExchangeContext): Promise<Exchange> {
  const { clock, timeoutMs, leftMs = timeoutMs, signal } = context
  const { writes, ending = 'answer' } = request
  const beginMs = clock.monotonicMs()
  let startedMs: number | undefined
  let sentMs: number | undefined
  let headMs: number | undefined

  function ended(result: AttemptResult): Exchange {
    const endedMs = clock.monotonicMs()
    return {
      result,
      startedMs: startedMs ?? beginMs,
      ...(sentMs === undefined ? {} : { sentMs }),
      ...(headMs === undefined ? {} : { headMs }),
      endedMs,
    }
  }

  if (signal?.aborted === true) {
    socket.destroy()
    return Promise.resolve(ended(failure('aborted')))
  }
  if (!socket.isOpen) return Promise.resolve(ended(failure('closed')))

  return new Promise((resolve, reject) => {
    const reader = responseReader(request.method)
    const pauses = new AbortController()
    const cancels: (() => void)[] = []
    let isSettled = false

    function finish(): void {
      isSettled = true
      socket.listener = undefined
      for (const cancel of cancels) cancel()
      signal?.removeEventListener('abort', onAbort)
      pauses.abort()
    }

    function settle(result: AttemptResult): void {
      if (isSettled) return
      finish()
      if (ending !== 'answer' || sentMs === undefined || !reader.isReusable) socket.destroy()
      resolve(ended(result))
    }

    function fail(error: unknown): void {
      finish()
      socket.destroy()
      reject(error)
    }

    const onAbort = (): void => settle(reader.soFar('cut') ?? failure('aborted'))
    const leave = (): void => settle(failure('aborted', 'left on purpose before reading the answer'))
    const isLeaving = (): boolean => ending === 'leave' && sentMs !== undefined

    socket.listener = {
      onData(bytes) {
        if (isLeaving()) return leave()
        reader.push(bytes)
        if (reader.hasHead) headMs ??= clock.monotonicMs()
        if (reader.result === undefined) return
        // Over TLS the word that all is written can come after the answer to it.
        if (sentMs === undefined && reader.isReusable) cancels.push(clock.after(1, () => settleRead()))
        else settleRead()
      },
      onEnd(error) {
        if (reader.result !== undefined) return settleRead()
        const cut = error === undefined ? undefined : reader.soFar('cut')
        if (cut !== undefined) return settle(cut)
        if (error === undefined || reader.hasHead) {
          reader.end()
          return settleRead()
        }
        const failed = wireFailure(error, 'open')
        if (failed === undefined) fail(error)
        else settle(failed)
      },
    }
    const settleRead = (): void => settle(reader.result ?? failure('closed'))
    cancels.push(clock.after(leftMs, () => settle(reader.soFar('deadline') ?? overdue('timeout', timeoutMs))))
    signal?.addEventListener('abort', onAbort)
    write().catch(fail)

    async function write(): Promise<void> {
      for (const [index, { bytes, afterMs = 0 }] of writes.entries()) {
        if (afterMs > 0) await clock.sleep(afterMs, pauses.signal)
        if (isSettled) return
        startedMs ??= clock.monotonicMs()
        if (context.beforeLastByte !== undefined && index === writes.length - 1) {
          await socket.write(bytes.subarray(0, -1))
          await context.beforeLastByte()
          if (!isSettled) await socket.write(bytes.subarray(-1))
        } else await socket.write(bytes)
        if (isSettled || !socket.isOpen) return
      }
      sentMs = clock.monotonicMs()
      afterWriting()
    }

    function afterWriting(): void {
      if (ending === 'reset') {
        socket.reset()
        settle(failure('aborted', 'reset on purpose after the request was written'))
      } else if (ending === 'end') {
        socket.endWriting()
        const late = failure(
          'timeout',
          `no answer within ${formatDuration(ANSWER_AFTER_END_MS)} after the end of the request`,
        )
        cancels.push(clock.after(ANSWER_AFTER_END_MS, () => settle(reader.soFar('deadline') ?? late)))
      } else if (ending === 'leave') {
        if (reader.hasHead) leave()
        else cancels.push(clock.after(LEAVE_AFTER_MS, leave))
      }
    }
  })
}
