import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SendReport } from '../../src/report/send-report.ts'
import { BIN, runCli } from '../support/run-cli.ts'

/** Answers to the requests, by their number from 0. */
let answer: (index: number, body: string) => { status: number; body?: string; afterMs?: number }
let server: Server
let url: string
let requests = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { status, body, afterMs = 0 } = answer(requests++, Buffer.concat(chunks).toString())
      setTimeout(() => response.writeHead(status).end(body), afterMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  requests = 0
  answer = () => ({ status: 204 })
})

/** The command line in a shell, for its redirections; `qualifio-sim` stands for the built one. */
async function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  const command = line.replace('qualifio-sim', `"${process.execPath}" "${BIN}"`)
  return await promisify(execFile)('sh', ['-c', command], { env: { PATH: process.env['PATH'] }, timeout: 15_000 })
}

describe('standard output and standard error', () => {
  test('are in order in one log: why a signature was refused comes after the delivery that was', async () => {
    answer = (_, body) => ({ status: 401, body: createHmac('sha256', 'other').update(body).digest('hex') })
    const { stdout } = await shell(`qualifio-sim send earning --to ${url} --secret s --retries 0 2>&1; echo "code $?"`)
    expect(stdout).toMatch(/first delivery +401 [^]*the receiver says it computed [^]*code 1\n$/)
  })

  test('are in order in a machine’s form too: the attempt that failed, then what to try', async () => {
    const { stdout } = await shell(
      'qualifio-sim send earning --to http://127.0.0.1:1/ --retries 0 --format ndjson 2>&1; :',
    )
    expect(stdout).toMatch(/\{"type":"attempt".*\}\nhttp:\/\/127\.0\.0\.1:1\/: /)
  })

  test.skipIf(!existsSync('/dev/full'))('standard error that cannot be written changes no exit code', async () => {
    const line = (args: string) => shell(`qualifio-sim ${args} 2> /dev/full; echo "code $?"`)
    expect((await line(`send earning --to ${url}`)).stdout).toMatch(/delivered\ncode 0\n$/)
    expect((await line('send nonsense')).stdout).toBe('code 2\n')
    answer = () => ({ status: 500 })
    expect((await line(`send earning --to ${url} --retries 0`)).stdout).toMatch(/code 1\n$/)
  })
})

describe('the deliveries of --format json', () => {
  const send = async (...args: readonly string[]): Promise<SendReport> => {
    const { stdout } = await runCli(['send', 'all', '--seed', '7', '--format', 'json', ...args])
    return JSON.parse(stdout) as SendReport
  }
  const idsOf = ({ deliveries }: SendReport): readonly string[] => deliveries.map(({ id }) => id)

  test.each([[[]], [['--fault', 'reorder']], [['--fault', 'duplicate-concurrent']]])(
    'are in the order in which they were started, whichever is finished first: %j',
    async (fault) => {
      answer = (index) => ({ status: 204, afterMs: index === 1 || index === 2 ? 250 : 0 })
      const together = await send('--to', url, '--concurrency', '4', ...fault)
      expect(idsOf(together)).toEqual(idsOf(await send('--to', url, '--dry-run', ...fault)))
    },
  )
})
