import type { Clock } from '../ports.ts'
import { formatDuration } from './duration.ts'
import { FAILURES, failureReason } from './failure.ts'
import { mapHeaders } from './header-lists.ts'
import { onAbort } from './on-abort.ts'
import type { AttemptResult, Responded } from './outcome.ts'
import type { SignedRequest } from './request.ts'
import { failureOf } from './transport-error.ts'
import type { ConnectionPhase } from './transport-error.ts'

/** At most this much of an answer is read; the rest is not worth the time and the memory. */
export const BODY_MAX_BYTES = 64 * 1024
/** At most this much of an answer is kept, to be shown. */
export const SNIPPET_MAX_BYTES = 2 * 1024

/** Stops an exchange from our side. */
export interface DispatchController {
  abort(reason: Error): void
}

/** The calls of undici 7's dispatcher, as far as they are used. */
export interface DispatchHandler {
  onRequestStart(controller: DispatchController): void
  onResponseStart(
    controller: DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[]>>,
  ): void
  onResponseData(controller: DispatchController, chunk: Buffer): void
  onResponseEnd(controller: DispatchController): void
  onResponseError(controller: DispatchController | undefined, error: Error): void
}

/** One connection, and how far it has come. Only the transport makes these. */
export interface Connection {
  phase: ConnectionPhase
  /** Set when it must not be used again: it could not be made, or was left while connecting. */
  discarded: boolean
  dispatch(
    request: { method: string; path: string; headers: readonly string[]; body: Uint8Array },
    handler: DispatchHandler,
  ): void
  destroy(): Promise<void>
}

/** What an exchange needs besides its connection. */
export interface ExchangeOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly onConnected: (() => void) | undefined
  /** `unheard`: cut as soon as the answer begins. */
  readonly answer?: 'heard' | 'unheard'
}

/**
 * One request and its answer on one connection. The status line settles the outcome: what goes wrong
 * with the body afterwards is noted and is no failure.
 * @throws an error that no receiver can cause
 */
export function exchange(
  connection: Connection,
  request: SignedRequest,
  { clock, timeoutMs, signal, onConnected, answer: fate = 'heard' }: ExchangeOptions,
): Promise<AttemptResult> {
  const aborted: AttemptResult = { kind: 'failed', code: 'aborted', reason: failureReason('aborted') }
  if (signal?.aborted === true) return Promise.resolve(aborted)
  return new Promise((resolve, reject) => {
    let controller: DispatchController | undefined
    let answer: { status: number; headers: Record<string, readonly string[]> } | undefined
    let settled = false
    let bodyBytes = 0
    let keptBytes = 0
    const kept: Buffer[] = []

    function settle(result: AttemptResult): void {
      finish()
      resolve(result)
    }

    function finish(): void {
      settled = true
      cancelDeadline()
      stopListening()
    }

    function settleAnswer(bodyIncomplete?: Responded['bodyIncomplete']): void {
      if (settled || answer === undefined) return
      settle({
        kind: 'responded',
        ...answer,
        bodySnippet: snippet(kept, bodyBytes > keptBytes),
        bodyBytes,
        ...(bodyIncomplete === undefined ? {} : { bodyIncomplete }),
      })
    }

    /** Ends the exchange from our side: nothing more is sent or read on this connection. */
    function stop(bodyIncomplete: 'cut' | 'limit' | 'deadline', otherwise: AttemptResult): void {
      if (settled) return
      if (answer === undefined) settle(otherwise)
      else settleAnswer(bodyIncomplete)
      if (controller === undefined) connection.discarded = true
      else controller.abort(new Error('stopped'))
    }

    const cancelDeadline = clock.after(timeoutMs, () => {
      const code = controller === undefined ? 'connect-timeout' : 'timeout'
      stop('deadline', {
        kind: 'failed',
        code,
        reason: failureReason(code, undefined, `${FAILURES[code].meaning} of ${formatDuration(timeoutMs)}`),
      })
    })
    const stopListening = onAbort(signal, () => stop('cut', aborted))

    const handler: DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (settled) started.abort(new Error('stopped'))
        else onConnected?.()
      },
      onResponseStart(_, status, headers) {
        // 1xx are interim; the answer is still to come.
        if (settled || status < 200) return
        if (fate === 'unheard')
          return stop('cut', { kind: 'failed', code: 'lost-ack', reason: failureReason('lost-ack') })
        answer = { status, headers: mapHeaders(headers, listed) }
      },
      onResponseData(_, chunk) {
        if (settled) return
        const room = SNIPPET_MAX_BYTES - keptBytes
        if (room > 0) {
          const part = chunk.subarray(0, room)
          kept.push(part)
          keptBytes += part.length
        }
        bodyBytes += chunk.length
        if (bodyBytes <= BODY_MAX_BYTES) return
        bodyBytes = BODY_MAX_BYTES
        stop('limit', aborted)
      },
      onResponseEnd() {
        settleAnswer()
      },
      onResponseError(_, error) {
        if (settled) return
        if (answer !== undefined) return settleAnswer('cut')
        const failed = failureOf(error, connection.phase)
        if (failed !== undefined) return settle(failed)
        finish()
        reject(error)
      },
    }
    connection.dispatch(
      { method: request.method, path: request.path, headers: request.headers.flat(), body: request.body },
      handler,
    )
  })
}

const listed = (value: string | string[]): readonly string[] => (typeof value === 'string' ? [value] : value)

function snippet(kept: readonly Buffer[], isCut: boolean): string {
  if (kept.length === 0) return ''
  const bytes = kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept)
  // A character that the limit cut in two is left out rather than shown as damaged.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: isCut })
}
