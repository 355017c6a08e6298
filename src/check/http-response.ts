import { failureReason } from '../delivery/failure.ts'
import type { AttemptResult, Responded } from '../delivery/outcome.ts'
import { bodyReader } from './response-body.ts'
import type { BodyReader } from './response-body.ts'
import { mayBeStatusLine, protocolFailure, readHead } from './response-head.ts'
import type { ResponseHead } from './response-head.ts'

/** At most this much of a status line with its headers is read, as with every other delivery. */
export const HEAD_MAX_BYTES = 16 * 1024

/** Reads the answer to one request from bytes, however they are cut. */
export interface ResponseReader {
  /** Takes the next bytes. */
  push(bytes: Uint8Array): void
  /** The other side says nothing more. */
  end(): void
  /** The result, as soon as it is certain. */
  readonly result: AttemptResult | undefined
  /** Whether the head is complete: the status line settles the outcome. */
  readonly hasHead: boolean
  /** Whether the whole answer was read and the connection may carry another request. */
  readonly isReusable: boolean
  /** The answer with the body as far as it came; undefined before the head is complete. */
  soFar(bodyIncomplete: NonNullable<Responded['bodyIncomplete']>): Responded | undefined
}

/**
 * A reader for the answer to a request with this method. Interim answers (1xx) are left out; what is no HTTP/1.x is a
 * `protocol` failure. What goes wrong after the head is noted as `bodyIncomplete`.
 */
export function responseReader(method: string): ResponseReader {
  let result: AttemptResult | undefined
  let head: ResponseHead | undefined
  let body: BodyReader | undefined
  let lines: string[] = []
  let line = ''
  let headBytes = 0
  let extraBytes = 0

  function takeLine(bytes: Uint8Array, at: number): number {
    const lineEnd = bytes.indexOf(0x0a, at)
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1
    headBytes += end - at
    line += Buffer.from(bytes.subarray(at, end)).toString('latin1')
    // Empty lines before the status line are left out: RFC 9112, section 2.2.
    if (lines.length === 0 && !mayBeStatusLine(line.replace(/^\r?\n?/, ''))) result = protocolFailure()
    else if (headBytes > HEAD_MAX_BYTES) result = protocolFailure('the headers of the answer are over 16 KB')
    else if (lineEnd !== -1) {
      const text = line.replace(/\r?\n$/, '')
      line = ''
      if (text !== '') lines.push(text)
      else if (lines.length > 0) finishHead()
    }
    return end
  }

  function finishHead(): void {
    const read = readHead(lines, method)
    lines = []
    headBytes = 0
    if ('kind' in read) result = read
    else if (read.status === 101)
      result = protocolFailure('the answer switched to another protocol (101), which was not asked for')
    else if (read.status >= 200) {
      head = read
      body = bodyReader(read.framing)
    }
  }

  function soFar(bodyIncomplete?: Responded['bodyIncomplete']): Responded | undefined {
    if (head === undefined || body === undefined) return undefined
    return {
      kind: 'responded',
      status: head.status,
      headers: head.headers,
      bodySnippet: body.snippet(),
      bodyBytes: body.bodyBytes,
      ...(bodyIncomplete === undefined ? {} : { bodyIncomplete }),
    }
  }

  function look(): void {
    if (result !== undefined || body === undefined || body.state === 'more') return
    result = soFar(body.state === 'whole' ? undefined : body.state === 'limit' ? 'limit' : 'cut')
  }

  return {
    push(bytes) {
      let at = 0
      while (at < bytes.length && result === undefined) {
        at = body === undefined ? takeLine(bytes, at) : body.take(bytes, at)
        look()
      }
      extraBytes += bytes.length - at
    },
    end() {
      body?.end()
      look()
      result ??= { kind: 'failed', code: 'closed', reason: failureReason('closed') }
    },
    get result() {
      return result
    },
    get hasHead() {
      return head !== undefined
    },
    get isReusable() {
      return head?.isKeptAlive === true && body?.state === 'whole' && extraBytes === 0
    },
    soFar,
  }
}
