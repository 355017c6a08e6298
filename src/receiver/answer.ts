import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { unreachable } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Header } from '../signing/authorization.ts'
import type { Step } from './step.ts'

/** Where the `redirect` step sends to: another path of the receiver itself. */
export const REDIRECT_PATH = '/qualifio-sim/redirected'

/** What an answer is made of besides its step. */
export interface AnswerContext {
  readonly clock: Clock
  /** The TCP connection; under TLS it is not the response's own socket. */
  readonly tcpSocket: Socket | null | undefined
}

/** One byte of a drip at least this often apart, so that it is seen to drip. */
const DRIP_EVERY_MS = 100

/** Acts a step out: really silent, really reset, really slow. */
export function answerWith(step: Step, response: ServerResponse, context: AnswerContext): void {
  switch (step.kind) {
    case 'status':
      response.writeHead(step.status, flat(step.headers, hasNoBody(step.status))).end()
      break
    case 'redirect':
      response.writeHead(307, { Location: REDIRECT_PATH }).end()
      break
    case 'hang':
      // The response stays open until the sender or the receiver closes the connection.
      break
    case 'reset':
      context.tcpSocket?.resetAndDestroy()
      break
    case 'close':
      // A FIN after what was read, and no byte of an answer.
      context.tcpSocket?.destroySoon()
      break
    case 'drip':
      drip(response, step.durationMs, context.clock)
      break
    default:
      unreachable(step)
  }
}

/** Answers a refusal with its reason. */
export function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(status === 405 ? { Allow: 'POST' } : {}),
    // The rest of the body may still be on its way and must not be taken for the next request.
    ...(status === 413 ? { Connection: 'close' } : {}),
  })
  response.end(`${reason}\n`)
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304
}

/** Headers as node:http writes them fastest, in the script's order and case. */
function flat(headers: readonly Header[], isBare: boolean): string[] {
  if (headers.length === 0) return isBare ? [] : PLAIN
  const written = headers.flat()
  return isBare || headers.some(([name]) => name.toLowerCase() === 'content-type') ? written : [...PLAIN, ...written]
}

const PLAIN = ['Content-Type', 'text/plain; charset=utf-8']

function drip(response: ServerResponse, durationMs: number, clock: Clock): void {
  const bytes = Math.max(1, Math.min(1000, Math.round(durationMs / DRIP_EVERY_MS)))
  const startedMs = clock.monotonicMs()
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': bytes })
  response.flushHeaders()
  let dripped = 0
  let cancel = next()
  response.once('close', () => cancel())

  function next(): () => void {
    const dueMs = startedMs + (durationMs * (dripped + 1)) / bytes
    return clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => {
      dripped += 1
      if (dripped === bytes) response.end('.')
      else {
        response.write('.')
        cancel = next()
      }
    })
  }
}
