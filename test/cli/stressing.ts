import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect } from 'vitest'
import type { StressReport } from '../../src/report/stress-report.ts'
import { runCli, type CliOptions, type CliResult } from '../support/run-cli.ts'
import type { Got } from './endpoints.ts'

/** What signs in these tests; it must never be shown. */
export const SECRET = 'the-secret-of-the-load'

/** A receiver that may go away and come back. */
export interface LoadedReceiver {
  readonly url: string
  readonly got: readonly Got[]
  came(count: number): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

const stops: (() => Promise<void>)[] = []

/** Ends every receiver that the tests of this file started. */
export function closeReceivers(): void {
  afterAll(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })
}

/** @param answer the status by the number of the request, from 0 */
export async function receiver(
  answer: (nth: number, got: Got) => number = () => 204,
  { delayMs = 0 }: { readonly delayMs?: number } = {},
): Promise<LoadedReceiver> {
  const got: Got[] = []
  let server: Server | undefined
  let port = 0
  const start = async (): Promise<void> => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const one = { headers: request.headers, body: Buffer.concat(chunks) }
        const status = answer(got.push(one) - 1, one)
        setTimeout(() => response.writeHead(status).end(), delayMs)
      })
    })
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const stop = async (): Promise<void> => {
    const running = server
    server = undefined
    if (running === undefined) return
    const closed = new Promise((resolve) => running.close(resolve))
    running.closeAllConnections()
    await closed
  }
  await start()
  stops.push(stop)
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    got,
    async came(count) {
      while (got.length < count) await delay(5)
    },
    stop,
    start,
  }
}

/** A port where nobody listens, as a URL. */
export async function nowhere(): Promise<string> {
  const gone = await receiver()
  await gone.stop()
  return gone.url
}

/** Whether a request was signed over its bytes. */
export function isSigned({ headers, body }: Got): boolean {
  const digest = createHmac('sha256', SECRET).update(body).digest('hex')
  return headers['x-qualifio-signature'] === `sha256=${digest}`
}

/** Runs `stress` to its end. */
export function stress(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return runCli(['stress', ...args], { timeoutMs: 30_000, ...options })
}

/** Runs `stress earning` against an endpoint, with a secret. */
export function stressOf({ url }: { readonly url: string }, args: readonly string[], options?: CliOptions) {
  return stress(['earning', '--to', url, '--secret', SECRET, ...args], options)
}

/** The document of a run with `--json`, once its books balance. */
export function jsonOf({ stdout }: CliResult): StressReport {
  const report = JSON.parse(stdout) as StressReport
  expectBalance(report)
  return report
}

/** Every delivery ended in one way, every request is an attempt or a copy, and what was not cut short came to something. */
export function expectBalance({ books, statuses, failures, timeline }: StressReport): void {
  const { delivered, deliveredAfter, blocked, dropped, interrupted, refused, wronglyAccepted } = books
  expect(delivered + blocked + dropped + interrupted + refused + wronglyAccepted).toBe(books.deliveries)
  expect(sum(deliveredAfter)).toBe(delivered)
  const ended = sum([...Object.values(statuses), ...Object.values(failures)])
  // What is under way when a run is cut short has no answer, and one that was lost on purpose does not count as one.
  expect(books.requests - ended - books.lostAcks).toBeGreaterThanOrEqual(0)
  expect(books.requests - ended - books.lostAcks).toBeLessThanOrEqual(interrupted)
  expect(books.requests).toBeGreaterThanOrEqual(books.retries + (books.duplicates ?? 0))
  expect(sum(timeline.map((second) => second.due))).toBe(books.deliveries)
  expect(sum(timeline.map((second) => second.delivered))).toBe(delivered)
  expect(sum(timeline.map((second) => second.blocked))).toBe(blocked)
  expect(sum(timeline.map((second) => second.dropped))).toBe(dropped)
  expect(sum(timeline.flatMap(({ answers }) => Object.values(answers)))).toBe(ended)
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce((total: number, one = 0) => total + one, 0)
}
