import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckReport } from '../../src/report/check-report.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { secureReceiver } from '../receivers/secure.ts'
import { peer } from '../support/peer.ts'
import { startCli } from '../support/run-cli.ts'
import { makeCertificates } from '../support/tls.ts'
import { check, checkOf, closeReceivers, CREDENTIALS, faulty, found, jsonOf, sound } from './checking.ts'
import { folderOf, startEndpoints, type Answer, type Endpoints } from './endpoints.ts'

closeReceivers()
let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('what cannot be judged ends with 3', () => {
  test.concurrent('nobody listens: that is said, with what to try, and nothing passes', async () => {
    const url = `http://127.0.0.1:${await freePort()}/webhooks`
    const [text, json] = await Promise.all([
      check(['--to', url, '--secret', 's']),
      check(['--to', url, '--secret', 's', '--format', 'json']),
    ])
    expect(text.stdout).toMatch(
      /nothing accepts connections there \(ECONNREFUSED\)\. Is the receiver listening on port \d+\?/,
    )
    expect(text.stdout).toContain('NOT JUDGED')
    expect([text.exitCode, json.exitCode]).toEqual([3, 3])
    expect(jsonOf(json).summary.verdicts).toMatchObject({ PASS: 0, FAIL: 0, SKIP: 60 })
    expect(jsonOf(json).requests).toBe(1)
  })

  test.concurrent(
    'neither secret nor authorization: an endpoint that takes everything is unauthenticated',
    async () => {
      const endpoint = endpoints.open()
      const { exitCode, stdout } = await check(['--to', endpoint.url, '--only', 'CON-02,CON-05'])
      expect(stdout).toContain('NOT JUDGED: unauthenticated endpoint (neither --secret nor an authorization was given)')
      expect(exitCode).toBe(3)
    },
  )

  test.concurrent('a wrong secret: the control is refused, and no check is held against the receiver', async () => {
    const receiver = await sound()
    const result = await check(['--to', receiver.url, '--secret', 'wrong', '--format', 'json'])
    expect(jsonOf(result)).toMatchObject({
      exitCode: 3,
      preflight: { control: 'none' },
      eventIds: [expect.any(String)],
    })
    expect(jsonOf(result).summary.verdicts.FAIL).toBe(0)
  })

  test.concurrent('only refusals without a control among them prove nothing', async () => {
    const { exitCode, stdout } = await checkOf(await faulty('always-401'), [])
    expect(stdout).toContain('NOT JUDGED: the control was not accepted')
    expect(exitCode).toBe(3)
  })

  test.concurrent.each<[what: string, answer: Answer, says: RegExp]>([
    ['a redirect', { status: 301, headers: { location: '/webhooks/' } }, /301/],
    ['a route that is not there', 404, /compare the path in --to/],
    ['a door in front', { status: 403, body: '<html><title>Just a moment...</title></html>' }, /answered/],
  ])('%s', async (_, answer, says) => {
    const endpoint = endpoints.open(() => answer)
    const { exitCode, stdout } = await checkOf(endpoint, ['--only', 'AUT-05'])
    expect(stdout).toMatch(says)
    expect(stdout).not.toMatch(/^CONFORMANT/m)
    expect(exitCode).toBe(3)
  })
})

describe('what is no receiver', () => {
  test.concurrent('always-200 is NOT CONFORMANT', async () => {
    const { exitCode, stdout } = await checkOf(await faulty('always-200'), ['--only', 'authenticity'])
    expect(stdout).toMatch(/^NOT CONFORMANT \(\d+ MUST failed: AUT-01/m)
    expect(exitCode).toBe(1)
  })

  test.concurrent('a login page with status 200 is told apart from an answer', async () => {
    const result = await checkOf(await faulty('login-page'), ['--only', 'CON-10,AUT-01', '--format', 'json'])
    expect(found(result, 'CON-10').verdict).toBe('FAIL')
    expect(result.exitCode).toBe(1)
  })

  test.concurrent('a redirect fails the check that is about it, and names the mend', async () => {
    const result = await checkOf(await faulty('redirects'), ['--only', 'CON-09', '--format', 'json'])
    expect(found(result, 'CON-09')).toMatchObject({
      verdict: 'FAIL',
      cause: 'redirects',
      mend: expect.stringMatching(/slash/),
    })
  })
})

describe('a receiver that dies', () => {
  test.concurrent(
    'ends the run with the guilty check named, and every report written',
    async () => {
      const receiver = await faulty('dies-of-depth')
      const cwd = folderOf({})
      const args = ['--only', 'ROB-11,PRF-03,TRN-06', '--report', 'json=r.json']
      const { exitCode, stdout } = await checkOf(receiver, args, { cwd, timeoutMs: 30_000 })
      expect(exitCode).toBe(1)
      expect(stdout).toContain('ended early after ROB-11')
      const report = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')) as CheckReport
      expect(report).toMatchObject({ ended: { kind: 'dead', after: 'ROB-11' }, summary: { mustFailed: ['ROB-11'] } })
      expect(report.checks.find(({ number }) => number === 'PRF-03')).toMatchObject({ reason: 'the run ended before' })
    },
    40_000,
  )
})

describe('what stops a run', () => {
  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: exit code %i, with what was found until then in every report', async (signal, code) => {
    const endpoint = endpoints.open((nth) => (nth < 30 ? 204 : 'hang'))
    const cwd = folderOf({})
    const reports = ['json', 'junit', 'markdown'].flatMap((form) => ['--report', `${form}=r.${form}`])
    const cli = startCli(['check', '--to', endpoint.url, ...CREDENTIALS, ...reports], { cwd })
    await endpoint.came(31)
    cli.kill(signal)
    const { exitCode, stdout } = await cli.result
    expect(exitCode).toBe(code)
    expect(stdout).toMatch(/CON-03/)
    const report = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')) as CheckReport
    expect(report).toMatchObject({ exitCode: code, stoppedBy: signal, ended: { kind: 'interrupted' } })
    expect(report.summary).toMatchObject({ exitCode: code, stopped: expect.any(Number), verdicts: { INCONCLUSIVE: 0 } })
    const stopped = report.checks.filter(({ reason }) => reason === 'stopped')
    expect(stopped).toHaveLength(report.summary.stopped)
    expect(new Set(stopped.map(({ verdict }) => verdict))).toEqual(new Set(['SKIP']))
    expect(stdout).toMatch(/\d+ passed.*, \d+ stopped, \d+ not run; \d+ requests/)
    expect(report.checks).toHaveLength(60)
    expect(readFileSync(join(cwd, 'r.junit'), 'utf8')).toMatch(/<\/testsuites>\s*$/)
    expect(readFileSync(join(cwd, 'r.markdown'), 'utf8')).toContain('| CON-03 |')
  })

  test.concurrent('--max-time: what was found until then counts', async () => {
    const endpoint = endpoints.open((nth) => (nth < 20 ? 401 : 'hang'))
    const slow = endpoints.open((nth) => (nth < 7 ? 204 : 'hang'))
    const [refusing, accepting] = await Promise.all([
      checkOf(endpoint, ['--max-time', '1s', '--format', 'json']),
      checkOf(slow, ['--max-time', '1s', '--format', 'json', '--only', 'CON-03,CON-08']),
    ])
    expect(refusing.exitCode).toBe(3)
    expect(jsonOf(accepting)).toMatchObject({ stoppedBy: 'max-time', exitCode: expect.any(Number) })
    expect(accepting.exitCode).not.toBe(0)
  })

  test.concurrent('--timeout: an answer that does not come is a failure', async () => {
    const endpoint = endpoints.open((nth) => (nth === 0 ? 'hang' : 204))
    const { exitCode, stdout } = await checkOf(endpoint, ['--timeout', '300ms', '--only', 'CON-02'])
    expect(stdout).toMatch(/NOT JUDGED/)
    expect(exitCode).toBe(3)
  })
})

describe('--wait-for', () => {
  test.concurrent('waits until the target accepts connections', async () => {
    const port = await freePort()
    const running = check([
      '--to',
      `http://127.0.0.1:${port}/webhooks`,
      ...CREDENTIALS,
      '--wait-for',
      '10s',
      '--only',
      'AUT-05',
    ])
    await delay(400)
    const receiver = await nodeReceiverAt(port)
    const { exitCode, stdout } = await running
    await receiver.close()
    expect(stdout).toMatch(/^CONFORMANT/m)
    expect(exitCode).toBe(0)
  })

  test.concurrent('in vain ends with 3, which every report says', async () => {
    const cwd = folderOf({})
    const forms = ['json', 'ndjson', 'junit', 'github', 'markdown']
    const reports = forms.flatMap((form) => ['--report', `${form}=r.${form}`])
    const args = ['--wait-for', '300ms', ...reports, '--only', 'AUT-05']
    const { exitCode, stderr, stdout } = await check(
      ['--to', `http://127.0.0.1:${await freePort()}/`, ...CREDENTIALS, ...args],
      { cwd },
    )
    expect(stderr).toContain('the target did not accept connections within 300 ms')
    const headline = 'NOT JUDGED: the target did not accept connections within 300 ms'
    expect(exitCode).toBe(3)
    expect(stdout).toContain(`\n${headline}\n1 not run; 0 requests\n`)
    for (const form of forms) expect(readFileSync(join(cwd, `r.${form}`), 'utf8'), form).toContain(headline)
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({
      exitCode: 3,
      summary: { exitCode: 3, verdicts: { SKIP: 1 } },
      checks: [{ number: 'AUT-05', verdict: 'SKIP' }],
    })
    expect(readFileSync(join(cwd, 'r.github'), 'utf8')).toMatch(/^::error title=/)
  })
})

const openssl = peer('openssl', 'apt-get install openssl')

describe.skipIf(openssl === undefined)('an https target', () => {
  test.concurrent.each([
    ['redirects', 'PASS'],
    ['serves', 'FAIL'],
  ] as const)('has a twin over plain http, which %s', async (twin, verdict) => {
    const { ca, good } = makeCertificates(openssl as string)
    const receiver = await secureReceiver(good, { twin })
    const cwd = folderOf({ 'ca.pem': ca })
    const args = ['--http-twin', receiver.twinUrl, '--only', 'TRN-01,TRN-02,AUT-01', '--format', 'json']
    const [trusted, unknown] = await Promise.all([
      checkOf(receiver, ['--cacert', 'ca.pem', ...args], { cwd }),
      checkOf(receiver, args, { cwd }),
    ])
    await receiver.close()
    expect(found(trusted, 'TRN-02').verdict).toBe(verdict)
    // Its certificate is good for two days.
    expect(
      found(trusted, 'TRN-01')
        .findings.map(({ why }) => why ?? '')
        .join(),
    ).toMatch(/expires soon/)
    expect(unknown.exitCode).toBe(3)
    expect(jsonOf(unknown).preflight.notes.join(' ')).toMatch(/certificate/)
  })
})

async function nodeReceiverAt(port: number) {
  const receiver = await nodeReceiver()
  const proxy = createServer((socket) => {
    const { port: to } = new URL(receiver.url)
    const other = connect(Number(to), '127.0.0.1')
    socket.pipe(other).pipe(socket)
    socket.on('error', () => other.destroy())
    other.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve))
  return {
    async close() {
      proxy.close()
      await receiver.close()
    },
  }
}
