import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, PROBLEMS, problemDocument } from './problem.ts'
import type { ProblemCode } from './problem.ts'

/**
 * On every answer: nothing but our own files runs, nobody frames us, nothing is kept, and no other site reads it.
 * https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
 */
export const SAFE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, { status, type: 'application/json', value })
}

/** Answers with a problem document; drops the connection when an answer has begun already. */
export function sendProblem(response: ServerResponse, problem: Problem, path: string): void {
  if (response.headersSent) return void response.destroy()
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  const document = problemDocument(problem, path)
  send(response, { status: document.status, type: 'application/problem+json', value: document })
}

function send(
  response: ServerResponse,
  { status, type, value }: { readonly status: number; readonly type: string; readonly value: unknown },
): void {
  const text = JSON.stringify(value)
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}

/** What node tells by its code, as problems. */
const UNREADABLE: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers are larger than 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['timeout', 'The request did not come whole in time.'],
}

/** The answer that is being written on a socket: node has no other name for it. */
const ANSWER_OF = '_httpMessage'

/** Answers what is no HTTP request, where node would answer without words. */
export function answerUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { [ANSWER_OF]: begun } = socket as Socket & {
      readonly [ANSWER_OF]?: { readonly headersSent: boolean } | null
    }
    // In the middle of an answer there is nothing more to say.
    if (error.code === 'ECONNRESET' || !socket.writable || begun?.headersSent === true) {
      socket.destroy()
      return
    }
    const [code, detail] = UNREADABLE[error.code ?? ''] ?? ['malformed', 'This is no HTTP request.']
    const text = JSON.stringify(problemDocument(new Problem(code, detail), ''))
    const head = {
      ...SAFE_HEADERS,
      'Content-Type': 'application/problem+json',
      'Content-Length': Buffer.byteLength(text),
      Connection: 'close',
    }
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${PROBLEMS[code].status} ${PROBLEMS[code].title}\r\n${lines.join('')}\r\n${text}`)
  })
}
