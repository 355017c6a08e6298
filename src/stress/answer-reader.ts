import type { FailureCode } from '../delivery/outcome.ts'
import { BODY_MAX_BYTES } from '../delivery/exchange.ts'
import { readAnswerHead } from './answer-head.ts'
import type { AnswerHead } from './answer-head.ts'

/** At most this much of a status line with its headers is read, as with every other delivery. */
const HEAD_MAX_BYTES = 16 * 1024
/** A chunk's size with its extensions, or a trailer, is not longer in any sound answer. */
const LINE_MAX_BYTES = 4 * 1024

/** Reads answers of any kind, cut anywhere; one after the other. */
export interface AnswerReader {
  /** Forgets the last answer. */
  readonly reset: () => void
  /** Takes bytes; false while the answer goes on. */
  readonly push: (bytes: Buffer) => boolean
  /** The other side says nothing more. */
  readonly end: () => void
  /** Whether anything of an answer came. */
  readonly hasBegun: boolean
  /** The status once the head is complete, which settles the outcome; 0 before. */
  readonly status: number
  /** Why there is no status; undefined when there is one, or it may still come. */
  readonly failure: FailureCode | undefined
  /** Whether the body is not all there, though less than is read at most. */
  readonly isBroken: boolean
  /** How long the connection may idle and be used again, ms; 0 when it must be dropped. */
  readonly idleMs: number
}

/** A reader for answers to POST. */
export function answerReader(): AnswerReader {
  let text = ''
  let head: AnswerHead | undefined
  let failure: FailureCode | undefined
  let hasBegun = false
  let isWhole = false
  let isOver = false
  let isComplete = false
  /** Bytes still to come: of the body, or of the chunk at hand. */
  let left = 0
  let expecting: 'size' | 'data' | 'data-end' | 'trailer' = 'data'
  let bodyBytes = 0

  function fail(code: FailureCode): void {
    failure = code
    isOver = true
  }

  function takeHead(bytes: Buffer, from: number): number {
    const before = text.length
    text += bytes.toString('latin1', from, Math.min(bytes.length, from + HEAD_MAX_BYTES + 4))
    // Empty lines before the status line are left out, also badly ended ones: RFC 9112, section 2.2.
    const skipped = /^[\r\n]*/.exec(text)?.[0].length ?? 0
    const end = text.indexOf('\r\n\r\n', skipped)
    const isBroken = BARE.test(text.slice(skipped, end === -1 ? text.length : end))
    if (isBroken || !mayBegin(text.slice(skipped, skipped + START.length))) {
      fail('protocol')
      return bytes.length
    }
    if (end === -1 || end - skipped > HEAD_MAX_BYTES) {
      if (text.length > HEAD_MAX_BYTES) fail('protocol')
      return bytes.length
    }
    const next = from + end + 4 - before
    const read = readAnswerHead(text.slice(skipped, end))
    text = ''
    if (typeof read === 'string') fail(read)
    // 100 answers `Expect`, and 101 `Upgrade`: neither was sent. Other interim answers are left out.
    else if (read.status === 100 || read.status === 101) fail('protocol')
    else if (read.status >= 200) beginBody(read)
    return next
  }

  function beginBody(read: AnswerHead): void {
    head = read
    expecting = read.framing === 'chunked' ? 'size' : 'data'
    left = typeof read.framing === 'number' ? read.framing : read.framing === 'chunked' ? 0 : Infinity
    if (left === 0 && expecting === 'data') finish()
  }

  function finish(): void {
    isWhole = true
    isComplete = true
    isOver = true
  }

  function takeData(bytes: Buffer, from: number): number {
    const taken = Math.min(bytes.length - from, left)
    left -= taken
    bodyBytes += taken
    if (bodyBytes > BODY_MAX_BYTES) isOver = true
    else if (left === 0) {
      if (expecting === 'data' && head?.framing === 'chunked') expecting = 'data-end'
      else finish()
    }
    return from + taken
  }

  function takeLine(bytes: Buffer, from: number): number {
    const lineEnd = bytes.indexOf(0x0a, from)
    const end = lineEnd === -1 ? bytes.length : lineEnd
    text += bytes.toString('latin1', from, end)
    if (text.length > LINE_MAX_BYTES) isOver = true
    else if (lineEnd !== -1) {
      const line = text.replace(/\r$/, '')
      text = ''
      readLine(line)
    }
    return end + 1
  }

  function readLine(line: string): void {
    if (expecting === 'data-end') {
      if (line === '') expecting = 'size'
      else isOver = true
    } else if (expecting === 'size') {
      const [, size] = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(line) ?? []
      left = Number.parseInt(size ?? '0', 16)
      if (size === undefined) isOver = true
      expecting = left === 0 ? 'trailer' : 'data'
    } else if (line === '') finish()
  }

  return {
    reset() {
      text = ''
      head = undefined
      failure = undefined
      hasBegun = false
      isWhole = false
      isOver = false
      isComplete = false
      bodyBytes = 0
    },
    push(bytes) {
      hasBegun = true
      let at = 0
      while (at < bytes.length && !isOver) {
        if (head === undefined) at = takeHead(bytes, at)
        else at = expecting === 'data' ? takeData(bytes, at) : takeLine(bytes, at)
      }
      // What follows a whole answer was never asked for.
      if (isOver && at < bytes.length) isWhole = false
      return isOver
    },
    end() {
      if (head === undefined) failure ??= 'closed'
      else if (head.framing === 'until-close') isComplete = true
      isOver = true
    },
    get hasBegun() {
      return hasBegun
    },
    get status() {
      return head?.status ?? 0
    },
    get failure() {
      return failure
    },
    get isBroken() {
      return head !== undefined && !isComplete && bodyBytes <= BODY_MAX_BYTES
    },
    get idleMs() {
      return isWhole ? (head?.idleMs ?? 0) : 0
    },
  }
}

const START = 'HTTP/1.'
/** Half of the end of a line, which ends none: nothing would come after it that does. */
const BARE = /[^\r]\n|\r[^\n]/

/** What is no HTTP/1.x is told from its first bytes, without waiting for a line. */
function mayBegin(text: string): boolean {
  return text.length < START.length ? START.startsWith(text) : text.startsWith(START)
}
