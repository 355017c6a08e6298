import type { FailureCode } from '../delivery/outcome.ts'

/** How the end of a body is found (RFC 9112, section 6.3): after so many bytes, by its chunks, or with the connection. */
export type AnswerFraming = number | 'chunked' | 'until-close'

/** What of an answer's head matters to a load. */
export interface AnswerHead {
  readonly status: number
  readonly framing: AnswerFraming
  /** How long the connection may stay idle and still carry another request, ms; 0 when it may not at all. */
  readonly idleMs: number
}

/** A receiver that keeps idle connections for 2 s must not meet a request after 2 s: as in every other delivery. */
const IDLE_MS = 1000
/** A receiver that says how long it keeps connections is met so much before the end. */
const IDLE_MARGIN_MS = 500

const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/

/**
 * Reads the head of an answer to a POST.
 * @param text the lines of the head without the empty one at its end, as latin1
 * @returns a failure's code when it is no head of HTTP/1.x
 */
export function readAnswerHead(text: string): AnswerHead | FailureCode {
  const lines = text.split('\r\n')
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n\0]*)?$/.exec(lines[0] ?? '') ?? []
  if (minor === undefined) return 'protocol'
  const status = Number(code)
  let length: string | undefined
  let codings = ''
  let connection = ''
  let keepAlive = ''
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] as string
    // A value folded over several lines is obsolete, and says nothing that matters here.
    if (index > 1 && /^[ \t]/.test(line)) continue
    const [, name, value = ''] = FIELD.exec(line) ?? []
    if (name === undefined || /[\0\r\n]/.test(value)) return 'protocol'
    switch (name.toLowerCase()) {
      case 'content-length':
        if (!/^\d{1,15}$/.test(value) || length !== undefined) return 'protocol'
        length = value
        break
      case 'transfer-encoding':
        codings += `,${value.toLowerCase()}`
        break
      case 'connection':
        connection += `,${value.toLowerCase()},`
        break
      case 'keep-alive':
        keepAlive = value
    }
  }
  if (codings !== '' && length !== undefined) return 'protocol'
  const framing = framingOf(status, codings, length)
  const tokens = connection.replaceAll(/[ \t]/g, '')
  const staysOpen = minor === '0' ? tokens.includes(',keep-alive,') : !tokens.includes(',close,')
  return { status, framing, idleMs: staysOpen && framing !== 'until-close' ? idleOf(keepAlive) : 0 }
}

function framingOf(status: number, codings: string, length: string | undefined): AnswerFraming {
  if (status < 200 || status === 204 || status === 304) return 0
  if (codings !== '') return /(^|,)[ \t]*chunked[ \t]*$/.test(codings) ? 'chunked' : 'until-close'
  return length === undefined ? 'until-close' : Number(length)
}

/** `timeout=5`, in seconds. */
function idleOf(keepAlive: string): number {
  const [, seconds] = /timeout=\s*(\d+)/.exec(keepAlive) ?? []
  return seconds === undefined ? IDLE_MS : Math.max(0, Math.min(Number(seconds) * 1000 - IDLE_MARGIN_MS, IDLE_MS))
}
