import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { startApi } from '../../../src/emitter/api/api.ts'
import type { Api, ApiOptions, RequestLog } from '../../../src/emitter/api/api.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import type { FakeClock } from '../../support/fake-clock.ts'
import { expectDocumented } from './documented.ts'
import { sampleEmitter } from './sample-emitter.ts'
import type { SampleEmitter } from './sample-emitter.ts'

/** The console, as far as the API knows it. */
export const PAGE = {
  html: '<!doctype html><title>console</title>',
  files: new Map([
    ['/assets/console-0a1b2c3d4e5f.js', { type: 'text/javascript; charset=utf-8', body: "import 'Zoë'" }],
  ]),
}

/** A request, with JSON where `json` is given. */
export interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string | Buffer
}

/** An answer, read whole. */
export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** What the text is as JSON. */
  json(): Record<string, unknown>
}

/** An API on the loopback, and what it did. */
export interface RunningApi extends SampleEmitter {
  readonly api: Api
  readonly clock: FakeClock
  readonly requests: RequestLog[]
  readonly bugs: unknown[]
  /** Asks, and compares the exchange with the document. */
  ask(target: string, how?: Asking): Promise<Answered>
}

/** Starts it with one of each, on a free port; every option can be another one. */
export async function runningApi(
  options: Partial<ApiOptions> & { readonly sample?: SampleEmitter; readonly clock?: FakeClock } = {},
): Promise<RunningApi> {
  const sample = options.sample ?? sampleEmitter()
  const clock = options.clock ?? fakeClock()
  const requests: RequestLog[] = []
  const bugs: unknown[] = []
  let sessions = 0
  const api = await startApi({
    emitter: sample.emitter,
    host: '127.0.0.1',
    port: 0,
    publicHosts: [],
    page: PAGE,
    random: () => `session-${++sessions}`,
    onRequest: (log) => void requests.push(log),
    onBug: (error) => void bugs.push(error),
    ...options,
    clock,
  })
  return { ...sample, api, clock, requests, bugs, ask: (target, how = {}) => askDocumented(api, target, how) }
}

async function askDocumented(api: Api, target: string, how: Asking): Promise<Answered> {
  const body = how.body ?? (how.json === undefined ? undefined : JSON.stringify(how.json))
  const { method = 'GET' } = how
  const answered = await new Promise<Answered>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: api.port,
        path: target,
        method,
        agent: false,
        headers: {
          ...(how.json !== undefined && { 'Content-Type': 'application/json' }),
          ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
          ...how.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => void chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          const { statusCode: status = 0, headers } = response
          resolve({ status, headers, text, json: () => JSON.parse(text) as Record<string, unknown> })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
  expectDocumented({ method, target, body, answer: answered })
  return answered
}
