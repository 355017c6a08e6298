import { BODY_MAX_BYTES, SNIPPET_MAX_BYTES } from '../delivery/exchange.ts'
import type { Framing } from './response-head.ts'

/** A chunk's size with its extensions, or a trailer, is not longer in any sound answer. */
const LINE_MAX_BYTES = 4 * 1024

/** Whether a body goes on, ended where it should, broke the rules of its framing, or is longer than is read. */
export type BodyState = 'more' | 'whole' | 'broken' | 'limit'

/** Takes the bytes of a body as they come. */
export interface BodyReader {
  /** Takes bytes from `at` on; returns where it stopped: after the body's end, or the end of `bytes`. */
  take(bytes: Uint8Array, at: number): number
  /** What the connection's end means for the body. */
  end(): void
  readonly state: BodyState
  /** Body bytes read, without the marks of the chunks, at most 64 KB. */
  readonly bodyBytes: number
  /** The first 2 KB, decoded as UTF-8. */
  snippet(): string
}

/** A reader for a body that is framed like this. */
export function bodyReader(framing: Framing): BodyReader {
  let state: BodyState =
    framing.kind === 'none' || (framing.kind === 'length' && framing.bytes === 0) ? 'whole' : 'more'
  let bodyBytes = 0
  let keptBytes = 0
  const kept: Uint8Array[] = []
  /** Bytes still to come: of the body, or of the chunk at hand. */
  let left = framing.kind === 'length' ? framing.bytes : framing.kind === 'chunked' ? 0 : Infinity
  let line = ''
  let expecting: 'size' | 'data' | 'data-end' | 'trailer' = framing.kind === 'chunked' ? 'size' : 'data'

  function keep(part: Uint8Array): void {
    if (keptBytes < SNIPPET_MAX_BYTES) {
      // Copied: the buffer of the network is far bigger.
      const copy = part.slice(0, SNIPPET_MAX_BYTES - keptBytes)
      kept.push(copy)
      keptBytes += copy.length
    }
    bodyBytes += part.length
    if (bodyBytes <= BODY_MAX_BYTES) return
    bodyBytes = BODY_MAX_BYTES
    state = 'limit'
  }

  function takeData(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + left)
    keep(bytes.subarray(at, end))
    left -= end - at
    if (left === 0 && state === 'more') {
      if (framing.kind === 'chunked') expecting = 'data-end'
      else state = 'whole'
    }
    return end
  }

  function takeLine(bytes: Uint8Array, at: number): number {
    const lineEnd = bytes.indexOf(0x0a, at)
    const end = lineEnd === -1 ? bytes.length : lineEnd
    line += Buffer.from(bytes.subarray(at, end)).toString('latin1')
    if (line.length > LINE_MAX_BYTES) state = 'broken'
    else if (lineEnd !== -1) {
      const text = line.replace(/\r$/, '')
      line = ''
      readLine(text)
    }
    return Math.min(bytes.length, end + 1)
  }

  function readLine(text: string): void {
    if (expecting === 'data-end') {
      if (text === '') expecting = 'size'
      else state = 'broken'
    } else if (expecting === 'size') {
      const [, size] = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(text) ?? []
      if (size === undefined) state = 'broken'
      else left = Number.parseInt(size, 16)
      expecting = left === 0 ? 'trailer' : 'data'
    } else if (text === '') state = 'whole'
  }

  return {
    take(bytes, from) {
      let at = from
      while (at < bytes.length && state === 'more')
        at = expecting === 'data' ? takeData(bytes, at) : takeLine(bytes, at)
      return at
    },
    end() {
      if (state === 'more') state = framing.kind === 'until-close' ? 'whole' : 'broken'
    },
    get state() {
      return state
    },
    get bodyBytes() {
      return bodyBytes
    },
    snippet() {
      // A character that the limit cut in two is left out rather than shown as damaged.
      const options = { stream: bodyBytes > keptBytes }
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept), options)
    },
  }
}
