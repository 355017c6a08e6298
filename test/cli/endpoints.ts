import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers'

/** A request as it came. */
export interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer, or silence. */
export type Answer =
  number | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'hang'

/** A path of a server that answers as its test says. */
export interface TestEndpoint {
  readonly url: string
  readonly got: readonly Got[]
  /** Resolves when so many requests have come. */
  came(count: number): Promise<void>
}

/** A server with an endpoint for every test, so that tests run at once. */
export interface Endpoints {
  /** @param answer by the number of the request, from 0; 204 by default */
  open(answer?: (nth: number, got: Got) => Answer): TestEndpoint
  close(): void
}

/** Starts the server. */
export async function startEndpoints(): Promise<Endpoints> {
  const open = new Map<string, { answer: (nth: number, got: Got) => Answer; got: Got[] }>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const endpoint = open.get((request.url ?? '').split('?')[0] ?? '')
      if (endpoint === undefined) return response.writeHead(404).end()
      const got = { headers: request.headers, body: Buffer.concat(chunks) }
      endpoint.got.push(got)
      const answer = endpoint.answer(endpoint.got.length - 1, got)
      if (answer === 'hang') return undefined
      const { status, headers, body } = typeof answer === 'number' ? { status: answer } : answer
      return response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    open(answer = () => 204) {
      const path = `/endpoint-${open.size + 1}`
      const got: Got[] = []
      open.set(path, { answer, got })
      return {
        url: `http://127.0.0.1:${port}${path}`,
        got,
        async came(count) {
          while (got.length < count) await new Promise((resolve) => setImmediate(resolve))
        },
      }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A folder with these files in it, gone at the end of the test process. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array | object>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-files-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    const isText = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(folder, name), isText ? content : JSON.stringify(content))
  }
  return folder
}

/** Lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
