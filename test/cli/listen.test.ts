import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { RequestReport } from '../../src/report/listen-report.ts'
import { peer } from '../support/peer.ts'
import { rawPost, rawRequest, type RawAnswer } from '../support/raw-client.ts'
import { runCli, startCli, type CliOptions, type StartedCli } from '../support/run-cli.ts'
import { makeCertificates } from '../support/tls.ts'
import { folderOf, sha256 } from './endpoints.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
const ROOT = join(FIXTURES, '..')

interface Listening extends StartedCli {
  readonly url: URL
  /** Asks it to stop and waits until it has. */
  stop(): StartedCli['result']
}

async function listen(args: readonly string[] = [], options: CliOptions = {}): Promise<Listening> {
  const cli = startCli(['listen', '--port', '0', ...args], options)
  const [, url] = await cli.waitFor(/listening on (\S+?)[ ;]/)
  const stop = (): StartedCli['result'] => {
    cli.kill('SIGINT')
    return cli.result
  }
  return { ...cli, url: new URL(url as string), stop }
}

const post = ({ url }: Listening, body: string, head: readonly string[] = []): Promise<RawAnswer> =>
  rawRequest(url, rawPost(body, head))
const statusOf = ({ text, end }: RawAnswer): string => /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? end
const signed = (secret: string, body: string): string =>
  `X-Qualifio-Signature: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const event = (id: string, rest = ''): string =>
  `[{"id":"${id}","type":"earning","occurredAt":"2026-01-01T10:00:00.000Z"${rest}}]`

describe('--respond', () => {
  const steps: readonly [script: string, answer: RegExp, end: RawAnswer['end']][] = [
    ['204', /^HTTP\/1\.1 204 No Content\r\n/, 'open'],
    ['503', /^HTTP\/1\.1 503 Service Unavailable\r\n/, 'open'],
    ['429@retry-after=5', /^HTTP\/1\.1 429 [^]*\r\nretry-after: 5\r\n/, 'open'],
    ['200@location="http://a,b:1@c"', /\r\nlocation: http:\/\/a,b:1@c\r\n/, 'open'],
    ['redirect', /^HTTP\/1\.1 307 [^]*\r\nLocation: \/qualifio-sim\/redirected\r\n/, 'open'],
    ['hang', /^$/, 'open'],
    ['reset', /^$/, 'reset'],
    ['close', /^$/, 'closed'],
  ]
  test.concurrent.each(steps)('%s', async (script, answer, end) => {
    const listening = await listen(['--respond', script])
    const got = await rawRequest(listening.url, rawPost('[]'), { waitMs: 600 })
    expect(got.text).toMatch(answer)
    expect(got.end).toBe(end)
    expect((await listening.stop()).exitCode).toBe(0)
  })

  test.concurrent('drip@1s: the headers at once, the body bit by bit', async () => {
    // Long enough that a busy machine does not read it in two or three pieces.
    const listening = await listen(['--respond', 'drip@1s'])
    const { text, piecesAtMs } = await rawRequest(listening.url, rawPost('[]'), { waitMs: 4000 })
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\.{10}$/)
    expect(piecesAtMs.length).toBeGreaterThanOrEqual(4)
    expect((piecesAtMs.at(-1) ?? 0) - (piecesAtMs[0] ?? 0)).toBeGreaterThan(300)
    await listening.stop()
  })

  test.concurrent('a sequence belongs to each delivery, its last step repeats, a refusal takes none', async () => {
    const listening = await listen(['--respond', '503,500,204', '--secret', 'a'])
    const answers: string[] = []
    const [one, two] = [event('one'), event('two')]
    const requests = [[one], [one, 'x'], [two], [one], [one], [two], [one]] as const
    for (const [body, secret = 'a'] of requests) {
      answers.push(statusOf(await post(listening, body, [signed(secret, body)])))
    }
    expect(answers).toEqual(['503', '401', '503', '500', '204', '500', '204'])
    await listening.stop()
  })

  test.concurrent('a mix is drawn by the seed, in its shares', async () => {
    const drawn = async (seed: string): Promise<string[]> => {
      const listening = await listen(['--respond', '204:75%,503:25%', '--seed', seed])
      const bodies = Array.from({ length: 80 }, (_, n) => event(`${n}`))
      const answers = await Promise.all(bodies.map(async (body) => statusOf(await post(listening, body))))
      await listening.stop()
      return answers
    }
    const [one, again, other] = await Promise.all([drawn('1'), drawn('1'), drawn('2')])
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
    expect(one.filter((status) => status === '503').length).toBeGreaterThan(8)
    expect(one.filter((status) => status === '204').length).toBeGreaterThan(45)
  })

  test.concurrent('--respond-always answers even what should be refused, and still says what was wrong', async () => {
    const listening = await listen(['--respond-always', '--respond', '503,200', '--secret', 'a'])
    expect([statusOf(await post(listening, 'no json')), statusOf(await post(listening, 'no json'))]).toEqual([
      '503',
      '200',
    ])
    const { stdout } = await listening.stop()
    expect(stdout).toMatch(/refused: the signature is missing .*→ 503 Service Unavailable/)
    expect(stdout).toContain('2 requests: 0 accepted, 2 refused')
  })

  test.concurrent('--latency waits before every answer', async () => {
    const [fixed, range] = await Promise.all([listen(['--latency', '150ms']), listen(['--latency', '60ms..120ms'])])
    const took = async (listening: Listening, body: string): Promise<number> => {
      const startedMs = performance.now()
      await post(listening, body)
      return performance.now() - startedMs
    }
    expect(await took(fixed, '[]')).toBeGreaterThanOrEqual(149)
    for (const body of ['[1]', '[2]', '[3]']) expect(await took(range, body)).toBeGreaterThanOrEqual(59)
    expect((await fixed.stop()).stdout).toContain('after 150 ms')
    const waits = Array.from((await range.stop()).stdout.matchAll(/after (\d+) ms/g), ([, ms]) => Number(ms))
    expect(waits).toHaveLength(3)
    for (const ms of waits) expect(ms >= 60 && ms <= 120).toBe(true)
  })
})

describe('what is refused', () => {
  const rows: readonly [
    what: string,
    args: readonly string[],
    body: string,
    head: readonly string[],
    status: string,
  ][] = [
    ['nothing without credentials', [], '[]', [], '204'],
    ['a missing signature', ['--secret', 'a'], '[]', [], '401'],
    ['a wrong signature', ['--secret', 'a'], '[]', [signed('b', '[]')], '401'],
    ['not the first of two secrets', ['--secret', 'a', '--secret', 'b'], '[]', [signed('a', '[]')], '204'],
    ['not the second', ['--secret', 'a', '--secret', 'b'], '[]', [signed('b', '[]')], '204'],
    ['a third', ['--secret', 'a', '--secret', 'b'], '[]', [signed('c', '[]')], '401'],
    ['a missing header', ['-H', 'x-key: 42'], '[]', [], '401'],
    ['another value', ['-H', 'x-key: 42'], '[]', ['X-Key: 43'], '401'],
    ['not the right one', ['-H', 'x-key: 42'], '[]', ['X-Key: 42'], '204'],
    ['not the right user', ['--basic', 'u:p'], '[]', ['Authorization: Basic dTpw'], '204'],
    ['another password', ['--basic', 'u:p'], '[]', ['Authorization: Basic dTpx'], '401'],
    ['another token', ['--bearer', 'token'], '[]', ['Authorization: Bearer tokem'], '401'],
    ['what is no JSON', [], '[', [], '400'],
    ['what is no array', [], '{"type":"earning"}', [], '400'],
    ['what is too large', ['--max-body', '1KB'], `["${'x'.repeat(1100)}"]`, [], '413'],
    ['not what is just small enough', ['--max-body', '1KB'], `["${'x'.repeat(1020)}"]`, [], '204'],
    ['another path', ['--path', '/hooks'], '[]', [], '404'],
    ['not what breaks the contract', [], '[{"type":"earning","points":"many"}]', [], '204'],
  ]
  test.concurrent.each(rows)('%s: %j', async (what, args, body, head, status) => {
    const listening = await listen(args)
    const url = what === 'another path' ? new URL('/webhooks', listening.url) : listening.url
    const answer = await rawRequest(url, rawPost(body, head, what === 'another path' ? '/other' : url.pathname))
    expect(statusOf(answer)).toBe(status)
    const { stdout } = await listening.stop()
    expect(stdout).toMatch(new RegExp(`#1 POST .*${status === '204' ? 'accepted' : 'refused'}: .*→ ${status} `))
    expect(stdout).toContain(status === '204' ? '1 accepted, 0 refused' : '0 accepted, 1 refused')
    if (what.includes('contract')) expect(stdout).toContain('not as the contract writes it')
  })
})

describe('what is told', () => {
  test.concurrent('a retry and a duplicate by name', async () => {
    const listening = await listen([])
    for (const body of [event('e1'), event('e1'), event('e1', ',"x":1'), event('e2')]) await post(listening, body)
    const { stdout } = await listening.stop()
    const [first, retry, duplicate, other] = stdout.split('\n').filter((line) => line.startsWith('#'))
    expect(first).not.toMatch(/retry|duplicate/)
    expect(retry).toContain('retry: request 2 with these bytes')
    expect(duplicate).toContain('duplicate: event e1 came before in other bytes')
    expect(other).not.toMatch(/retry|duplicate/)
    expect(stdout).toContain(
      '4 requests: 4 accepted, 0 refused, 1 retry, 1 with events that came before in other bytes',
    )
  })

  test.concurrent('a contract without an identity cannot recognise duplicates, and that is said', async () => {
    const listening = await listen(['--contract', 'no-identity'])
    expect((await listening.stop()).stderr).toMatch(/duplicates cannot be recognised/)
  })

  test.concurrent('a wrong signature is explained, with the mend for the framework of the folder', async () => {
    const cwd = folderOf({ 'package.json': { dependencies: { express: '^5.0.0' } } })
    const listening = await listen(['--secret', 'a'], { cwd })
    const body = '[ {"id":"x", "n":1.0} ]'
    expect(statusOf(await post(listening, body, [signed('a', JSON.stringify(JSON.parse(body)))]))).toBe('401')
    const { stdout } = await listening.stop()
    expect(stdout).toMatch(/JSON\.stringify/)
    expect(stdout).toMatch(/express\.raw|express\.json/)
  })

  test.concurrent('--verbose shows headers and a pretty body, without what authorizes', async () => {
    const listening = await listen(['--verbose', '--secret', 'hunter2', '-H', 'x-key: top-secret'])
    const body = event('e1')
    await rawRequest(
      listening.url,
      rawPost(
        body,
        ['x-key: top-secret', 'Cookie: s=cookie-secret', signed('hunter2', body)],
        '/webhooks?token=query-secret',
      ),
    )
    const { stdout, stderr } = await listening.stop()
    expect(stdout).toContain('> POST /webhooks?token=…')
    expect(stdout).toContain('> x-key: …')
    expect(stdout).toMatch(/> x-qualifio-signature: sha256=[0-9a-f]{64}/)
    expect(stdout).toContain('>     "id": "e1",')
    expect(stdout + stderr).not.toMatch(/hunter2|top-secret|cookie-secret|query-secret/)
  })

  test.concurrent('--format ndjson: a line as each request comes, and the sum', async () => {
    const listening = await listen(['--format', 'ndjson', '--secret', 'a'])
    const body = event('e1')
    await post(listening, body, [signed('a', body)])
    await listening.waitFor(/"type":"request"/)
    await post(listening, body)
    const { stdout } = await listening.stop()
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string } & RequestReport)
    expect(lines.map(({ type }) => type)).toEqual(['request', 'request', 'summary'])
    expect(lines[0]).toMatchObject({
      nth: 1,
      method: 'POST',
      verdict: 'accepted',
      bodyBytes: body.length,
      bodySha256: sha256(body),
      events: [{ id: 'e1', type: 'earning' }],
      status: 204,
    })
    expect(lines[1]).toMatchObject({ nth: 2, verdict: 'refused', status: 401, request: 2 })
    expect(lines[1]?.reason).toContain('signature is missing')
    expect(lines[2]).toMatchObject({ command: 'listen', summary: { requests: 2, accepted: 1, refused: 1, retries: 1 } })
  })

  test.concurrent('--format json is one document, into --output if it is given', async () => {
    const cwd = folderOf({})
    const listening = await listen(['--format', 'json', '--until', '1', '-o', 'report.json'], { cwd })
    await post(listening, event('e1'))
    expect((await listening.result).stdout).toBe('')
    expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
      url: listening.url.href,
      requests: [{ nth: 1, verdict: 'accepted' }],
      summary: { requests: 1, recorded: 0 },
    })
  })
})

describe('the end', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s: exit code 0, with the summary', async (signal) => {
    const listening = await listen(['--secret', 'a'])
    await post(listening, '[]')
    listening.kill(signal)
    const { stdout, exitCode } = await listening.result
    expect(stdout).toContain('1 request: 0 accepted, 1 refused')
    expect(exitCode).toBe(0)
  })

  test.concurrent('while a request hangs', async () => {
    const listening = await listen(['--respond', 'hang'])
    const hanging = post(listening, '[]')
    await listening.waitFor('#1 POST')
    expect((await listening.stop()).exitCode).toBe(0)
    await hanging
  })

  test.concurrent('--until counts no request whose sender went away in the middle of its body', async () => {
    const listening = await listen(['--until', '1'])
    await rawRequest(listening.url, rawPost('[{}]').slice(0, -2), { waitMs: 200 })
    expect(statusOf(await post(listening, '[]'))).toBe('204')
    const { stdout, exitCode } = await listening.result
    expect(stdout).toContain('1 request: 1 accepted')
    expect(exitCode).toBe(0)
  })

  test.concurrent.each([
    ['0 when all were accepted', ['[]', '[]'], 0],
    ['1 when one was refused', ['[]', 'no json'], 1],
  ] as const)('--until 2: %s', async (_, bodies, code) => {
    const listening = await listen(['--until', '2'])
    const answers: string[] = []
    for (const body of bodies) answers.push(statusOf(await post(listening, body)))
    expect(answers).toEqual(['204', code === 0 ? '204' : '400'])
    const { stdout, exitCode } = await listening.result
    expect(stdout).toContain('2 requests: ')
    expect(exitCode).toBe(code)
  })
})

describe('--record', () => {
  const CREDENTIALS = ['--secret', 's3cr3t-value', '-H', 'x-test-authorization-header: 123456ots']

  test.concurrent('then replay yields the same bodies, byte for byte, with the same verdicts', async () => {
    const cwd = folderOf({})
    const recorder = await listen(['--record', 'recorded', ...CREDENTIALS], { cwd })
    const sent = await runCli(['replay', FIXTURES, '--to', recorder.url.href, ...CREDENTIALS, '--json'])
    const original = (JSON.parse(sent.stdout) as { fixtures: { bodySha256: string }[] }).fixtures
    expect((await recorder.stop()).stdout).toContain(`${original.length} recorded`)
    const names = readdirSync(join(cwd, 'recorded')).toSorted()
    expect(names).toHaveLength(original.length)
    for (const name of names) {
      expect(name).toMatch(/^\d{6}-[a-z0-9-]+\.json$/)
      expect(statSync(join(cwd, 'recorded', name)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(cwd, 'recorded', name), 'utf8')).not.toMatch(/s3cr3t-value|123456ots|sha256=/)
    }
    const receiver = await listen(CREDENTIALS)
    const again = await runCli(['replay', 'recorded', '--to', receiver.url.href, ...CREDENTIALS, '--json'], { cwd })
    const { fixtures, exitCode } = JSON.parse(again.stdout) as {
      fixtures: { bodySha256: string; result: string }[]
      exitCode: number
    }
    expect(fixtures.map(({ bodySha256 }) => bodySha256)).toEqual(original.map(({ bodySha256 }) => bodySha256))
    expect(fixtures.filter(({ result }) => result !== 'passed')).toEqual([])
    expect(exitCode).toBe(0)
    await receiver.stop()
  })

  test.concurrent('one fixture per body, numbers that go on in a folder that has some', async () => {
    const cwd = folderOf({})
    const record = async (...bodies: readonly string[]): Promise<void> => {
      const listening = await listen(['--record', 'r'], { cwd })
      for (const body of bodies) await post(listening, body)
      await listening.stop()
    }
    await record(event('a'), event('a'), 'no json')
    await record(event('b'))
    expect(readdirSync(join(cwd, 'r')).toSorted()).toEqual([
      '000001-earning.json',
      '000002-refused-400.json',
      '000003-earning.json',
    ])
  })

  test.concurrent('--scrub leaves nothing of a person, and the same person is the same pseudonym', async () => {
    const cwd = folderOf({})
    const listening = await listen(['--record', 'r', '--scrub', '--seed', '1'], { cwd })
    await runCli(['replay', 'fixtures/payloads', 'fixtures/journeys', '--to', listening.url.href], { cwd: ROOT })
    const { stdout } = await listening.stop()
    expect(stdout).toContain('23 requests: 23 accepted, 0 refused, 23 recorded')
    interface Member {
      readonly email: string
      readonly lastName: string
      readonly externalId: string
    }
    const membersOf = (body: string): Member[] => (JSON.parse(body) as { member: Member }[]).map(({ member }) => member)
    const files = readdirSync(join(cwd, 'r')).toSorted()
    const recorded = files.map(
      (name) => (JSON.parse(readFileSync(join(cwd, 'r', name), 'utf8')) as { body: string }).body,
    )
    const originals = readdirSync(join(FIXTURES, 'payloads'))
      .toSorted()
      .map((name) => readFileSync(join(FIXTURES, 'payloads', name), 'utf8'))
    for (const [index, original] of originals.entries()) {
      const body = recorded[index] ?? ''
      const [before, after] = [membersOf(original), membersOf(body)]
      expect(after).toHaveLength(before.length)
      for (const { email, externalId } of before) {
        expect(body).not.toContain(email)
        expect(body).not.toContain(externalId)
      }
      for (const [nth, { lastName }] of before.entries()) expect(after[nth]?.lastName).not.toBe(lastName)
      expect(new Set(after.map(({ email }) => email)).size).toBe(new Set(before.map(({ email }) => email)).size)
    }
  })
})

describe('TLS', () => {
  const openssl = peer('openssl', 'apt-get install openssl')
  test.skipIf(openssl === undefined)(
    '--tls-cert and --tls-key: sender and receiver speak HTTPS',
    { concurrent: true },
    async () => {
      const { ca, good } = makeCertificates(openssl as string)
      const cwd = folderOf({ 'ca.pem': ca, 'cert.pem': good.cert, 'key.pem': good.key })
      const listening = await listen(['--tls-cert', 'cert.pem', '--tls-key', 'key.pem', '--secret', 'a'], { cwd })
      expect(listening.url.protocol).toBe('https:')
      const { exitCode, stdout } = await runCli(
        ['send', 'earning', '--to', listening.url.href, '--cacert', 'ca.pem', '--secret', 'a'],
        { cwd },
      )
      expect(stdout).toContain('204 No Content')
      expect(exitCode).toBe(0)
      expect((await listening.stop()).stdout).toContain('1 accepted')
    },
  )
})

describe('what cannot be listened with', () => {
  const rows: readonly [args: readonly string[], expected: RegExp][] = [
    [['--respond', 'nonsense'], /--respond: step 1 "nonsense" is no step; .*expected a status from 200 to 599/],
    [['--respond', 'hnag'], /did you mean hang\?/],
    [['--respond', '204,'], /--respond: step 2 is empty/],
    [['--respond', '100'], /expected 200 to 599/],
    [['--respond', '204:50%,503:40%'], /the shares sum to 90%; they must sum to 100%/],
    [['--respond', '204:50%,503'], /step 2 "503" has no share/],
    [['--respond', 'drip'], /expected drip@5s/],
    [['--respond', '204@content-length=3'], /belongs to the connection/],
    [['--latency', '5..x'], /--latency/],
    [['--latency', '200ms..20ms'], /expected a time such as 50ms, or a range such as 20ms\.\.200ms/],
    [['--scrub'], /--scrub needs --record/],
    [['--tls-cert', 'a.pem'], /--tls-cert and --tls-key belong together/],
    [['--tls-key', 'a.pem'], /--tls-cert and --tls-key belong together/],
    [['--tls-cert', 'none.pem', '--tls-key', 'none.pem'], /--tls-cert none\.pem: no such file/],
    [['--tls-cert', 'a.txt', '--tls-key', 'a.txt'], /certificate/],
    [['--port', '65536'], /--port 65536: must be an integer 0-65535/],
    [['--host', 'no.such.host.invalid'], /no\.such\.host\.invalid/],
    [['--path', 'hooks'], /"hooks" is not a path; write it as \/webhooks/],
    [['--max-body', '10 apples'], /expected a size such as 64KB or 10MB/],
    [['--until', '0'], /--until 0: must be an integer 1-/],
    [['--secret', ''], /the secret is empty/],
    [['-H', 'x'], /expected "Name: value"/],
    [['--basic', 'a:b', '--bearer', 'c'], /use only one of --basic, --bearer/],
    [['--record', 'a.txt'], /--record a\.txt: /],
    [['--format', 'junit'], /must be one of text, json, ndjson/],
    [['--contract', 'assumed-2'], /did you mean assumed-1\?/],
    [['--output', 'none/r.json'], /the folder none does not exist/],
  ]
  test.concurrent.each(rows.map(([args, expected]) => ({ args, expected })))('$args', async ({ args, expected }) => {
    const cwd = folderOf({ 'a.txt': 'no certificate' })
    const { stdout, stderr, exitCode } = await runCli(
      ['listen', ...(args.includes('--port') ? [] : ['--port', '0']), ...args],
      { cwd },
    )
    expect(stderr).toMatch(expected)
    expect(stderr).not.toMatch(/\n\s+at |Error:|this is a bug/)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  test.concurrent('a port in use is named, and nothing is left of the report', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const cwd = folderOf({})
    const { stderr, exitCode } = await runCli(['listen', '--port', `${port}`, '-o', 'report.json'], { cwd })
    server.close()
    expect(stderr).toBe(
      `qualifio-sim: port ${port} is already in use on 127.0.0.1; stop what listens there or choose another port.\n`,
    )
    expect(readdirSync(cwd)).toEqual([])
    expect(exitCode).toBe(2)
  })
})

describe('verify --explain', () => {
  const body = '[ {"name":"Zo\u00eb", "url":"a/b"} ]\n'
  const digest = (algorithm: string, secret: string, text: string): string =>
    createHmac(algorithm, secret).update(text).digest('hex')
  const rows: readonly [mistake: string, signature: string, expected: RegExp][] = [
    ['JSON written again', `sha256=${digest('sha256', 's3cret', JSON.stringify(JSON.parse(body)))}`, /JSON\.stringify/],
    ['a secret with its newline', `sha256=${digest('sha256', 's3cret\n', body)}`, /newline|line break/],
    ['another algorithm', `sha256=${digest('sha1', 's3cret', body)}`, /SHA-?1/i],
    [
      'a body without its last newline',
      `sha256=${digest('sha256', 's3cret', body.trim())}`,
      /newline|trimmed|white space/,
    ],
    ['nothing that is known', `sha256=${digest('sha256', 'x', 'y')}`, /no explanation fits/],
  ]
  test.concurrent.each(rows)('%s', async (_, signature, expected) => {
    const args = ['verify', 'body.json', '--secret', 's3cret', '--explain', '--signature', signature]
    const { stdout, exitCode } = await runCli(args, { cwd: folderOf({ 'body.json': body }) })
    expect(stdout).toMatch(/^not valid: /)
    const [, ...explained] = stdout.split('\n')
    expect(explained.join('\n')).toMatch(expected)
    expect(stdout).not.toContain('s3cret')
    expect(exitCode).toBe(1)
  })
})
