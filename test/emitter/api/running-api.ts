import { startApi } from '../../../src/emitter/api/api.ts'
import type { Api, ApiOptions, RequestLog } from '../../../src/emitter/api/api.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import type { FakeClock } from '../../support/fake-clock.ts'
import { sampleEmitter } from './sample-emitter.ts'
import type { SampleEmitter } from './sample-emitter.ts'

/** The console, as far as the API knows it. */
export const PAGE = {
  html: '<!doctype html><title>console</title>',
  files: new Map([
    ['/assets/console-0a1b2c3d4e5f.js', { type: 'text/javascript; charset=utf-8', body: "import 'Zoë'" }],
  ]),
}

/** An API on the loopback, and what it did. */
export interface RunningApi extends SampleEmitter {
  readonly api: Api
  readonly clock: FakeClock
  readonly requests: RequestLog[]
  readonly bugs: unknown[]
  /** With a path instead of a URL. */
  fetch(path: string, init?: RequestInit): Promise<Response>
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
  return { ...sample, api, clock, requests, bugs, fetch: (path, init) => fetch(new URL(path, api.url), init) }
}
