import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from './problem.ts'

/** The console: its page, and its files by path (`/assets/console-0a1b2c3d4e5f.js`), which are cached for ever. */
export interface ConsolePage {
  readonly html: string
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: string }>
}

/**
 * Serves `/` and the files. They hold nothing of the program, so that everybody may have them.
 * @throws Problem when there is no such file, or it is to be changed
 */
export function servePage(
  page: ConsolePage,
  path: string,
  http: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
  },
): void {
  const { request, response } = http
  const file = path === '/' ? { type: 'text/html; charset=utf-8', body: page.html } : page.files.get(path)
  if (file === undefined)
    throw new Problem('not-found', `There is no ${path} here; the console is at /, the API at /api/openapi.json.`)
  if (request.method === 'OPTIONS') return void response.writeHead(204, { Allow: ALLOWED }).end()
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new Problem('method-not-allowed', `${path} can only be read.`, { headers: { Allow: ALLOWED } })
  const tag = `"${createHash('sha256').update(file.body).digest('base64url').slice(0, 22)}"`
  response.setHeader('ETag', tag)
  response.setHeader('Cache-Control', path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable')
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end()
  response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': Buffer.byteLength(file.body) })
  response.end(file.body)
}

const ALLOWED = 'GET, HEAD, OPTIONS'
