import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { createHash, createHmac } from 'node:crypto'
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DeliveryReport, SendLine, SendReport } from '../../src/report/send-report.ts'
import type { Attempt } from '../../src/delivery/outcome.ts'
import { sendLineSchema } from '../../src/report/schema.ts'
import { peer } from '../support/peer.ts'
import { runCli, startCli } from '../support/run-cli.ts'

/** What a receiver got, and how it answers: by request number, from 0. */
interface Got {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

let got: Got[] = []
let answer: (index: number) => { status: number; headers?: Record<string, string>; body?: string } | 'hang'
let server: Server
let url: string
let folder: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks) })
      const how = answer(got.length - 1)
      if (how !== 'hang') response.writeHead(how.status, how.headers).end(how.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-send-'))
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  got = []
  answer = () => ({ status: 204 })
})
afterEach(() => server.closeAllConnections())

const send = (...args: readonly string[]): readonly string[] => ['send', ...args, '--to', url]
const report = (stdout: string): SendReport => JSON.parse(stdout) as SendReport

describe('send without a target', () => {
  test('shows both sides with a receiver of its own: 503 once, then delivered', async () => {
    const { stdout, stderr, exitCode } = await runCli(['send', 'earning', '--seed', '1'])
    expect(stderr).toContain('your application is not called')
    expect(stderr).toMatch(/--seed 1 --now \d{4}-\d\d-\d\dT/)
    expect(stdout).toMatch(/first delivery +503 Service Unavailable .*retry 1\/7 in 1 s/)
    expect(stdout).toMatch(
      /receiver: x-test-authorization-header right, signature right, 1 event understood; answered 503/,
    )
    expect(stdout).toMatch(/retry 1\/7 +204 No Content/)
    expect(stdout).toContain('delivered after 2 requests')
    expect(exitCode).toBe(0)
  })

  test('has no 503 to show when there are no retries', async () => {
    const { stdout, exitCode } = await runCli(['send', 'earning', '--retries', '0', '--to', 'embedded'])
    expect(stdout).not.toContain('503 Service Unavailable')
    expect(stdout).toContain('first delivery  204')
    expect(exitCode).toBe(0)
  })
})

describe('what goes on the wire', () => {
  test('is one signed POST of an array, with the authorization as given', async () => {
    const { exitCode } = await runCli(send('earning', '--secret', 's3cr3t-Ω', '-H', 'X-Test: 1 2', '--seed', '3'))
    expect(exitCode).toBe(0)
    expect(got).toHaveLength(1)
    const [{ method, headers, body }] = got as [Got]
    expect(method).toBe('POST')
    expect(headers['content-type']).toBe('application/json')
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['user-agent']).toMatch(/^qualifio-sim\/\d/)
    expect(headers['x-test']).toBe('1 2')
    const digest = createHmac('sha256', 's3cr3t-Ω').update(body).digest('hex')
    expect(headers['x-qualifio-signature']).toBe(`sha256=${digest}`)
    expect(JSON.parse(body.toString())).toMatchObject([{ type: 'earning' }])
  })

  test('repeats bytes, headers and signature in every retry, 8 requests in all, then blocked', async () => {
    answer = () => ({ status: 500 })
    const { stdout, exitCode } = await runCli(send('earning', '--secret', 'a', '--speed', 'max'))
    expect(got).toHaveLength(8)
    for (const { headers, body } of got) {
      expect(body).toEqual(got[0]?.body)
      expect(headers).toEqual(got[0]?.headers)
    }
    expect(stdout).toContain('blocked after 8 requests')
    expect(stdout).toMatch(/retry 7\/7 +500/)
    expect(exitCode).toBe(1)
  })

  test.each(['json', 'ndjson', 'text', 'curl'])('is not changed by --format %s', async (format) => {
    await runCli(send('random', '--count', '5', '--seed', '9', '--now', '2026-01-31', '--format', format))
    const bodies = createHash('sha256')
      .update(Buffer.concat(got.map(({ body }) => body)))
      .digest('hex')
    const direct = await runCli([
      'generate',
      'random',
      '--count',
      '5',
      '--seed',
      '9',
      '--now',
      '2026-01-31',
      '--format',
      'ndjson',
    ])
    expect(bodies).toBe(createHash('sha256').update(direct.stdout.replaceAll('\n', '')).digest('hex'))
  })

  test('is not changed by --concurrency', async () => {
    const bodiesOf = async (concurrency: string): Promise<string[]> => {
      got = []
      await runCli(send('random', '--count', '30', '--seed', '9', '--now', '2026-01-31', '--concurrency', concurrency))
      return got.map(({ body }) => body.toString()).toSorted()
    }
    expect(await bodiesOf('8')).toEqual(await bodiesOf('1'))
  })
})

describe('the outcome', () => {
  test('a redirect is a failure, is not followed, and says which --to to use', async () => {
    answer = () => ({ status: 301, headers: { location: 'https://example.com/webhooks' } })
    const { stdout, exitCode } = await runCli(send('earning', '--retries', '0'))
    expect(stdout).toMatch(
      /301 is a failure to Qualifio, which follows no redirect; use --to https:\/\/example\.com\/webhooks/,
    )
    expect(got).toHaveLength(1)
    expect(exitCode).toBe(1)
  })

  test('a receiver that hangs is a timeout, which is the receiver’s fault', async () => {
    answer = () => 'hang'
    const { stdout, exitCode } = await runCli(send('earning', '--retries', '1', '--speed', 'max', '--timeout', '200ms'))
    expect(stdout).toMatch(/first delivery +timeout: .*200 ms/)
    expect(got).toHaveLength(2)
    expect(exitCode).toBe(1)
  })

  test('a target that is not there ends the run after the first delivery, with what to try', async () => {
    const args = ['send', 'earning', '--count', '5', '--speed', 'max', '--to', 'http://127.0.0.1:1/webhooks']
    const { stdout, exitCode } = await runCli(args)
    expect(stdout).toMatch(/refused: /)
    expect(stdout).toContain('--wait-for')
    expect(stdout).toContain('inside a container, localhost is the container'.replace('inside', 'Inside'))
    expect(stdout).toContain('4 not started of 5 deliveries; 8 requests')
    expect(exitCode).toBe(3)
  })

  test('--wait-for ends with 3 when nothing ever listens, and nothing is sent', async () => {
    const { stderr, exitCode } = await runCli(['send', 'earning', '--wait-for', '300ms', '--to', 'http://127.0.0.1:1/'])
    expect(stderr).toMatch(/did not accept connections within/)
    expect(exitCode).toBe(3)
  })

  test('--max-time ends the run with what there is', async () => {
    answer = () => ({ status: 500 })
    const { stdout, exitCode } = await runCli(send('earning', '--max-time', '300ms', '--format', 'json'))
    expect(report(stdout)).toMatchObject({
      stoppedBy: 'max-time',
      summary: { interrupted: 1, requests: 1 },
      exitCode: 1,
    })
    expect(exitCode).toBe(1)
  })

  test('--max-time is exit code 1, said, where what was finished was delivered and not all was finished', async () => {
    answer = (index) => (index < 2 ? { status: 204 } : 'hang')
    const args = send('earning', '-c', '4', '--max-time', '400ms', '--format', 'json')
    const { stdout, stderr, exitCode } = await runCli(args)
    expect(report(stdout).summary).toMatchObject({ delivered: 2, blocked: 0, interrupted: 1, notStarted: 1 })
    expect(stderr).toMatch(/\n--max-time was reached: 2 of 4 deliveries were not finished, hence exit code 1\n$/)
    expect(exitCode).toBe(1)
    expect((await runCli([...args, '--quiet'])).stderr).toBe('')
    expect((await runCli(['send', '--help'])).stdout).toMatch(/--max-time <time> [^-]*exit code 1/)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the wait at once and still prints the partial result', async (signal, code) => {
    answer = (index) => ({ status: index < 1 ? 204 : 500 })
    const cli = startCli(send('earning', '--count', '3', '--format', 'json', '--retry-schedule', '1h'))
    while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 100))
    cli.kill(signal)
    const { stdout, exitCode } = await cli.result
    expect(report(stdout).summary).toMatchObject({ deliveries: 3, delivered: 1, interrupted: 1, notStarted: 1 })
    expect(report(stdout).stoppedBy).toBe(signal)
    expect(exitCode).toBe(code)
  })

  test('a refusal that shows the digest it computed is explained, in the receiver’s framework', async () => {
    answer = (index) => {
      const parsed = JSON.stringify(JSON.parse(got[index]?.body.toString() ?? ''))
      const computed = createHmac('sha256', 'a').update(parsed).digest('hex')
      return {
        status: 401,
        headers: { 'x-powered-by': 'Express' },
        body: `{"error":"bad signature","computed":"${computed}"}`,
      }
    }
    const folderOfContract = join(folder, 'spaced')
    await runCli(['contract', 'new', folderOfContract])
    const manifest = join(folderOfContract, 'contract.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"json": "js"', '"json": "python"'))
    const { stderr } = await runCli(send('earning', '--secret', 'a', '--retries', '0', '--contract', folderOfContract))
    expect(stderr).toMatch(/written again by JSON\.stringify in JavaScript/)
    expect(stderr).toMatch(/Express: The raw body: /)
  })

  test('what the framework says of a 500 is shown, without terminal escapes', async () => {
    answer = () => ({
      status: 500,
      headers: { 'content-type': 'text/html' },
      body: '<!DOCTYPE html><title>Error</title><pre>TypeError: x is \u001b]0;x\u0007undefined<br> &nbsp; at handle (app.js:3:7)</pre>',
    })
    const { stdout } = await runCli(send('earning', '--retries', '0'))
    expect(stdout).toContain('TypeError: x is')
    expect(stdout).not.toContain('\u001b')
  })
})

describe('reports', () => {
  const schema = JSON.parse(readFileSync(new URL('../../dist/report.schema.json', import.meta.url), 'utf8')) as object
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)

  test('--format json is one document that its JSON Schema accepts', async () => {
    answer = (index) => ({ status: index === 0 ? 500 : 200, body: 'thanks' })
    const { stdout, exitCode } = await runCli(send('random', '--count', '3', '--speed', 'max', '--json'))
    const document = report(stdout)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document.summary).toEqual({
      deliveries: 3,
      delivered: 3,
      blocked: 0,
      interrupted: 0,
      notStarted: 0,
      requests: 4,
      events: 3,
    })
    expect(document.deliveries[0]?.attempts.map(({ retry, result }) => [retry, result.kind])).toEqual([
      [0, 'responded'],
      [1, 'responded'],
    ])
    expect(document.deliveries[0]?.attempts[0]).toMatchObject({ nextDelayMs: 1000, nextDelayRealMs: 0 })
    expect(document.deliveries[0]?.bodySha256).toBe(
      createHash('sha256')
        .update(got[0]?.body ?? '')
        .digest('hex'),
    )
    expect(exitCode).toBe(0)
  })

  test('a run that never connected is accepted by the JSON Schema too', async () => {
    const { stdout } = await runCli([
      'send',
      'earning',
      '--to',
      'http://127.0.0.1:1/',
      '--retries',
      '1',
      '--speed',
      'max',
      '--json',
    ])
    expect(validate(report(stdout)), JSON.stringify(validate.errors)).toBe(true)
  })

  test('--format ndjson is a line per attempt, per delivery, and one summary last', async () => {
    answer = (index) => ({ status: index === 0 ? 500 : 200 })
    const { stdout } = await runCli(send('earning', '--count', '2', '--speed', 'max', '--format', 'ndjson'))
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SendLine)
    expect(lines.map(({ type }) => type)).toEqual(['attempt', 'attempt', 'delivery', 'attempt', 'delivery', 'summary'])
    for (const line of lines) sendLineSchema.parse(line)
    const [first, second, delivery] = lines
    const { attempts, id } = delivery as DeliveryReport
    const asLine = (attempt: Attempt): object => ({ type: 'attempt', delivery: id, ...attempt })
    expect(attempts.map(asLine)).toEqual([first, second])
  })

  test('--output appears when it is complete, and standard output stays empty', async () => {
    const { stdout } = await runCli(send('earning', '--format', 'json', '--output', 'report.json'), { cwd: folder })
    expect(stdout).toBe('')
    expect(validate(report(readFileSync(join(folder, 'report.json'), 'utf8')))).toBe(true)
  })

  test('--output to something that is no file writes to it and leaves it what it is', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = readFile(pipe, 'utf8')
    await runCli(send('earning', '--format', 'json', '--output', pipe))
    expect(validate(report(await reader))).toBe(true)
    expect(statSync(pipe).isFIFO()).toBe(true)
  })

  test('--output follows a symbolic link instead of replacing it', async () => {
    writeFileSync(join(folder, 'real.json'), 'old')
    symlinkSync('real.json', join(folder, 'link.json'))
    await runCli(send('earning', '--format', 'json', '--output', 'link.json'), { cwd: folder })
    expect(validate(report(readFileSync(join(folder, 'real.json'), 'utf8')))).toBe(true)
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true)
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is named, with exit code 2 and no stack', async () => {
    const bin = new URL('../../bin/qualifio-sim.js', import.meta.url).pathname
    const command = `"${process.execPath}" "${bin}" generate random --count 50 --format ndjson > /dev/full; echo "code $?"`
    const output = execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    expect(output).toBe('code 2\n')
    // One document of many kilobytes: its first part still fits.
    const document = `ulimit -f 20; "${process.execPath}" "${bin}" send random --count 300 --to ${url} --format json > all.json; echo "code $?"`
    const { stdout } = await promisify(execFile)('bash', ['-c', document], { cwd: folder })
    expect(stdout).toBe('code 2\n')
    const limited = `ulimit -f 20; "${process.execPath}" "${bin}" generate random --count 400 --batch max -o big.json 2>&1; echo "code $?"; ls -a`
    const files = execFileSync('bash', ['-c', limited], { encoding: 'utf8', cwd: folder })
    expect(files).toMatch(/--output big\.json: .*\ncode 2\n/)
    expect(files.split('code 2')[1]).not.toContain('big.json')
  })

  test('--format curl sends the same request, from a shell, however long', async () => {
    const curl = peer('curl', 'apt-get install curl')
    if (curl === undefined) return
    const args = ['random', '--count', '400', '--batch', 'max', '--secret', 'a', '-H', 'x-key: 1 2', '--dry-run']
    const { stdout } = await runCli(send(...args, '--format', 'curl'))
    writeFileSync(join(folder, 'curl.sh'), stdout)
    await promisify(execFile)('bash', ['curl.sh'], { cwd: folder, env: { ...process.env, QUALIFIO_SIM_AUTH: '1 2' } })
    const [{ headers, body }] = got as [Got]
    expect(headers['x-key']).toBe('1 2')
    expect(headers['x-qualifio-signature']).toBe(`sha256=${createHmac('sha256', 'a').update(body).digest('hex')}`)
    expect(JSON.parse(body.toString())).toHaveLength(400)
  })

  test('--dry-run shows the request and sends nothing', async () => {
    const { stdout, exitCode } = await runCli(
      send('earning', '--secret', 'a', '-H', 'x-key: 42', '--dry-run', '--format', 'json', '--output', 'dry.json'),
      { cwd: folder },
    )
    expect(stdout).toBe('')
    const [delivery] = report(readFileSync(join(folder, 'dry.json'), 'utf8')).deliveries
    expect(delivery?.request?.headers).toMatchObject({ 'x-key': '…', 'Content-Type': 'application/json' })
    expect(delivery?.outcome).toBe('not-started')
    expect(got).toHaveLength(0)
    expect(exitCode).toBe(0)
    expect(existsSync(join(folder, 'dry.json'))).toBe(true)
  })

  test('--quiet leaves the exit code', async () => {
    answer = () => ({ status: 500 })
    expect(await runCli(send('earning', '--quiet', '--retries', '0'))).toMatchObject({
      stdout: '',
      stderr: '',
      exitCode: 1,
    })
  })

  test('no secret is in any output, whatever the format', async () => {
    answer = () => ({ status: 500 })
    const secrets = [
      'super-secret-key',
      'hunter2',
      Buffer.from('ann:hunter2').toString('base64'),
      Buffer.from('super-secret-key').toString('base64'),
    ]
    for (const format of ['text', 'json', 'ndjson', 'curl']) {
      const args = send(
        'earning',
        '--secret',
        'super-secret-key',
        '--basic',
        'ann:hunter2',
        '--retries',
        '0',
        '--verbose',
        '--format',
        format,
      )
      const withQuery = args.map((argument) => (argument === url ? `${url}?token=hunter2` : argument))
      const { stdout, stderr } = await runCli(withQuery)
      expect(got.at(-1)?.headers.authorization).toBe(`Basic ${secrets[2]}`)
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
    }
  })
})
