import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import { deliverAll } from '../../src/delivery/run.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import { UsageError } from '../../src/errors.ts'
import type { Exchange } from '../../src/receiver/exchange.ts'
import { parseScript } from '../../src/receiver/script.ts'
import { startReceiver } from '../../src/receiver/server.ts'
import type { ReceiverOptions } from '../../src/receiver/server.ts'
import { FAIL_ONCE } from '../../src/receiver/step.ts'
import { peer } from '../support/peer.ts'
import { rawPost, rawRequest } from '../support/raw-client.ts'
import { systemClock } from '../support/system-clock.ts'
import { makeCertificates } from '../support/tls.ts'

const openssl = peer('openssl', 'apt-get install openssl')
/** Containers often have none. */
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
const toClose: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function start(options: Partial<ReceiverOptions> & { respond?: string } = {}) {
  const exchanges: Exchange[] = []
  const { respond, ...rest } = options
  const receiver = await startReceiver({
    requirements: { secrets: [], headers: [] },
    clock: systemClock,
    onRequest: (exchange) => exchanges.push(exchange),
    ...(respond === undefined ? {} : { script: parseScript(respond) }),
    ...rest,
  })
  toClose.push(receiver)
  const post = async (body: string, path = '/webhooks') => await rawRequest(receiver.url, rawPost(body, [], path))
  return { receiver, exchanges, post }
}

/** A receiver that wants a signature and a header, and a sender that has both. */
async function startWithSender(options: Partial<ReceiverOptions> = {}) {
  const started = await start({ requirements: { secrets: ['s'], headers: [['X-Auth', '1']] }, ...options })
  const { url } = started.receiver
  const transport = createTransport({ url, connections: 2, timeoutMs: 5000, clock: systemClock })
  toClose.push(transport)
  const request = (body: string, secret = 's') =>
    buildRequest({ url, userAgent: 'x', secret, headers: [['X-Auth', '1']] }, body)
  return { ...started, transport, request }
}

const statusLine = ({ text }: { readonly text: string }) => text.split('\r\n', 1)[0]

test('sender and receiver agree: one failure in the run, a retry, then success', async () => {
  const { transport, request, exchanges } = await startWithSender({ script: FAIL_ONCE })
  const jobs = ['[{"id":"a","type":"earning"}]', '[{"id":"🎁"}]'].map((body, index) => ({
    id: `d${index}`,
    request: request(body),
    events: [{}],
  }))
  const policy = retryPolicy({ schedule: 'instant' })
  const summary = await deliverAll(jobs, { transport, policy, clock: systemClock, concurrency: 2, total: 2 })
  expect(summary).toMatchObject({ delivered: 2, requests: 3, everConnected: true })
  expect(exchanges.map(({ nth, status }) => [nth, status])).toEqual([
    [1, 503],
    [2, 204],
    [3, 204],
  ])
  expect(exchanges.flatMap(({ repetition }) => repetition ?? [])).toEqual([{ kind: 'retry', request: 2 }])
})

test('an exchange tells the request as it came', async () => {
  const { receiver, exchanges } = await start()
  const body = '[ {"id":"é"} ]\n'
  await rawRequest(receiver.url, rawPost(body, ['X-A: 1', 'x-a: 2', '__proto__: p'], '/hook?a=b'))
  const [exchange] = exchanges
  expect(exchange).toMatchObject({ nth: 1, method: 'POST', path: '/hook?a=b', request: 1, status: 204 })
  expect(Buffer.from(exchange?.body as Uint8Array).toString()).toBe(body)
  expect(exchange?.bodySha256).toBe('6fc93b37641e2170409902c086bcb278006bf3b9aa8fed1907b2451ea85d213b')
  expect(exchange?.headers['x-a']).toEqual(['1', '2'])
  expect(Object.keys(exchange?.headers ?? {})).toContain('__proto__')
  expect(exchange?.durations.readMs).toBeGreaterThanOrEqual(0)
})

test('a forgery is refused, with the reason in the answer', async () => {
  const { transport, request, exchanges } = await startWithSender()
  const result = await transport.send(request('[]', 'another secret'))
  expect(result).toMatchObject({ status: 401, bodySnippet: 'the signature does not match the body and the secret\n' })
  expect(exchanges).toMatchObject([{ path: '/webhooks', method: 'POST', status: 401, verdict: { kind: 'refused' } }])
})

test('a body of exactly the limit is read, one byte more is too large, and the connection goes on', async () => {
  const { transport, request, exchanges } = await startWithSender({ maxBodyBytes: 100_000 })
  const body = JSON.stringify(['x'.repeat(100_000 - 4)])
  expect(await transport.send(request(body))).toMatchObject({ status: 204 })
  expect(await transport.send(request(`${body} `))).toMatchObject({ status: 413 })
  expect(await transport.send(request(`${body}  `))).toMatchObject({ status: 413 })
  expect(await transport.send(request(body))).toMatchObject({ status: 204 })
  expect(exchanges.map(({ body: got }) => (got === 'too-large' ? got : got.length))).toEqual([
    100_000,
    'too-large',
    'too-large',
    100_000,
  ])
  // Nothing is known of what was not kept, so the second one is no retry.
  expect(exchanges.map(({ repetition }) => repetition?.kind)).toEqual([undefined, undefined, undefined, 'retry'])
})

describe('a step', () => {
  test('with headers is a status with them', async () => {
    const { post } = await start({ respond: '429@Retry-After=5@X-Why="a, b"' })
    const { text } = await post('[]')
    expect(text).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/)
    expect(text).toContain('\r\nRetry-After: 5\r\n')
    expect(text).toContain('\r\nX-Why: a, b\r\n')
  })

  test('hang never answers, until the receiver is closed', async () => {
    const { receiver, exchanges } = await start({ respond: 'hang' })
    const answer = rawRequest(receiver.url, rawPost('[]'), { waitMs: 5000 })
    while (exchanges.length === 0) await systemClock.sleep(5)
    await systemClock.sleep(50)
    await receiver.close()
    expect(await answer).toMatchObject({ text: '', end: expect.stringMatching(/closed|reset/) as string })
    expect(exchanges).toMatchObject([{ status: undefined, step: { kind: 'hang' } }])
  })

  test('reset is an RST and close is a FIN, both without a byte of an answer', async () => {
    const { post, exchanges } = await start({ respond: 'reset,close' })
    expect(await post('[]')).toMatchObject({ text: '', end: 'reset' })
    expect(await post('[]')).toMatchObject({ text: '', end: 'closed' })
    expect(exchanges.map(({ status }) => status)).toEqual([undefined, undefined])
  })

  test('redirect points to another path of the receiver, and who follows is marked', async () => {
    const { post, exchanges } = await start({ respond: 'redirect', path: '/webhooks' })
    const { text } = await post('[]')
    expect(text).toMatch(/^HTTP\/1\.1 307 /)
    const location = /^location: (.*)$/im.exec(text)?.[1] ?? ''
    expect(statusLine(await post('[]', location))).toBe('HTTP/1.1 204 No Content')
    expect(
      exchanges.map(({ followedRedirect, status, step, repetition }) => [
        followedRedirect,
        status,
        step?.kind,
        repetition,
      ]),
    ).toEqual([
      [false, 307, 'redirect', undefined],
      [true, 204, undefined, undefined],
    ])
  })

  test('drip sends the headers at once and the body over the time', async () => {
    const { post } = await start({ respond: 'drip@400ms' })
    const { text, piecesAtMs } = await post('[]')
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\.{4}$/)
    expect(piecesAtMs[0]).toBeLessThan(150)
    expect(piecesAtMs.length).toBeGreaterThan(2)
    expect(piecesAtMs.at(-1)).toBeGreaterThan(390)
  })

  test('drip ends with the sender', async () => {
    const { receiver, post } = await start({ respond: 'drip@30s,204' })
    await rawRequest(receiver.url, rawPost('[]'), { waitMs: 150 })
    expect(statusLine(await post('[]'))).toBe('HTTP/1.1 204 No Content')
  })

  test.skipIf(openssl === undefined)('is the same over TLS', async () => {
    const { ca, good, selfSigned } = makeCertificates(openssl as string)
    const { receiver } = await start({ respond: '503,reset,close,204', tls: good })
    const post = async () => await rawRequest(receiver.url, rawPost('[]'), { ca })
    expect(receiver.url.protocol).toBe('https:')
    expect(statusLine(await post())).toMatch(/ 503 /)
    expect(await post()).toMatchObject({ text: '', end: 'reset' })
    expect(await post()).toMatchObject({ text: '', end: 'closed' })
    expect(statusLine(await post())).toMatch(/ 204 /)
    const mismatched = start({ tls: { cert: good.cert, key: selfSigned.key } })
    await expect(mismatched).rejects.toThrow(UsageError)
    await expect(start({ tls: { cert: 'no', key: 'no' } })).rejects.toThrow(/certificate and key cannot be used/)
  })
})

describe('a sequence', () => {
  test('belongs to each delivery: other deliveries in between change nothing', async () => {
    const { post, exchanges } = await start({ respond: '503,500,204' })
    for (const body of ['["a"]', '["b"]', '["a"]', '["a"]', '["b"]', '["a"]', '["c"]']) await post(body)
    expect(exchanges.map(({ status }) => status)).toEqual([503, 503, 500, 204, 500, 204, 503])
  })

  test('loses no step to what is refused', async () => {
    const { transport, request, exchanges } = await startWithSender({ script: parseScript('503,204') })
    for (const secret of ['wrong', 's', 'wrong', 's']) await transport.send(request('[]', secret))
    expect(exchanges.map(({ status, request }) => [status, request])).toEqual([
      [401, 1],
      [503, 2],
      [401, 3],
      [204, 4],
    ])
  })

  test('answers everything with respondAlways, and the verdicts are still told', async () => {
    const { receiver, exchanges } = await start({
      requirements: { secrets: ['s'], headers: [] },
      respond: '503,202',
      respondAlways: true,
      path: '/webhooks',
      maxBodyBytes: 10,
    })
    const send = async (request: string) => statusLine(await rawRequest(receiver.url, request))
    expect(await send(rawPost('[]'))).toMatch(/ 503 /)
    expect(await send(rawPost('[]'))).toMatch(/ 202 /)
    expect(await send(rawPost('{'))).toMatch(/ 503 /)
    expect(await send(rawPost('x'.repeat(11)))).toMatch(/ 503 /)
    expect(await send('GET /other HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/ 503 /)
    expect(exchanges.map(({ verdict }) => verdict.kind === 'refused' && verdict.status)).toEqual([
      401, 401, 401, 413, 404,
    ])
  })
})

describe('another path or method', () => {
  test('is refused, reported, and no try of a delivery', async () => {
    const { receiver, post, exchanges } = await start({ path: '/hook' })
    expect(receiver.url.pathname).toBe('/hook')
    expect(statusLine(await post('["a"]', '/webhooks'))).toMatch(/ 404 /)
    expect(statusLine(await post('["a"]', '/hook/'))).toMatch(/ 404 /)
    const get = await rawRequest(receiver.url, 'GET /hook HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(get.text).toMatch(/^HTTP\/1\.1 405 [^]*\r\nAllow: POST\r\n/)
    const head = await rawRequest(receiver.url, 'HEAD /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(head.text).toMatch(/^HTTP\/1\.1 405 [^]*\r\n\r\n$/)
    expect(statusLine(await post('["a"]', '/hook?source=x'))).toMatch(/ 204 /)
    expect(exchanges.map(({ status, repetition }) => [status, repetition])).toEqual([
      [404, undefined],
      [404, undefined],
      [405, undefined],
      [405, undefined],
      [204, undefined],
    ])
    expect(receiver.memory().bodies).toBe(1)
  })

  test('a path that is none is an error', async () => {
    await expect(start({ path: 'hook' })).rejects.toThrow(/"hook" is not a path; write it as \/webhooks/)
  })
})

test('a latency is waited before the answer, and drawn from the seed', async () => {
  const bodies = ['["a"]', '["b"]', '["c"]']
  const waits = async (seed: number) => {
    const { post, exchanges } = await start({ latency: { minMs: 20, maxMs: 200 }, seed })
    const answers = await Promise.all(bodies.map((body) => post(body)))
    const drawn = new Map(exchanges.map(({ bodySha256, durations }) => [bodySha256, durations.waitMs]))
    expect(Math.min(...answers.map(({ piecesAtMs }) => piecesAtMs[0] ?? 0))).toBeGreaterThan(
      Math.min(...drawn.values()) - 2,
    )
    return [...drawn].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)).map(([, waitMs]) => waitMs)
  }
  const first = await waits(1)
  expect(Math.min(...first)).toBeGreaterThanOrEqual(20)
  expect(Math.max(...first)).toBeLessThanOrEqual(200)
  expect(await waits(1)).toEqual(first)
  expect(await waits(2)).not.toEqual(first)
})

describe('what is no request is told, and gets no number', () => {
  const head = 'POST / HTTP/1.1\r\nHost: x\r\n'
  test.each<[string, string, string, string]>([
    ['a body cut off', `${head}Content-Length: 100\r\n\r\n[1]`, 'a request was cut off after 3 of 100 bytes', ''],
    [
      'a chunked body cut off',
      `${head}Transfer-Encoding: chunked\r\n\r\n3\r\n[1]`,
      'a request was cut off after 3 bytes',
      '',
    ],
    ['a chunk that is none', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'a body that is no HTTP', ' 400 '],
    ['headers cut off', head, 'a request was cut off in its headers', ''],
    ['other bytes', '\x16\x03\x01\x02\x00\x01', 'bytes that are no HTTP, answered with 400', ' 400 '],
    ['headers over the limit', `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`, 'headers over the limit', ' 431 '],
  ])('%s', async (_, bytes, what, status) => {
    const told: string[] = []
    const { receiver, post, exchanges } = await start({ onUnreadable: (note) => told.push(note.what) })
    await post('[1]')
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect({ port: receiver.port, host: '127.0.0.1' }, () => {
        if (status === '') socket.end(bytes)
        else socket.write(bytes)
      })
      socket.on('data', (data) => (text += data.toString('latin1')))
      socket.on('error', () => {})
      socket.on('close', () => resolve(text))
    })
    if (status !== '') expect(answer.split('\r\n', 1)[0]).toContain(status)
    expect(statusLine(await post('[2]'))).toMatch(/ 204 /)
    expect(exchanges.map(({ nth }) => nth)).toEqual([1, 2])
    expect(told).toEqual([expect.stringContaining(what)])
  })

  test('connections that are dropped, between requests or by closing the receiver, are not', async () => {
    const told: string[] = []
    const { receiver, post } = await start({ onUnreadable: (note) => told.push(note.what) })
    await post('[]')
    const socket = connect({ port: receiver.port, host: '127.0.0.1' }, () => socket.write(rawPost('[1]').slice(0, -1)))
    socket.on('error', () => {})
    await post('[]')
    await receiver.close()
    expect(told).toEqual([])
  })

  test.skipIf(openssl === undefined)('a TLS handshake that fails', async () => {
    const told: string[] = []
    const { good } = makeCertificates(openssl as string)
    const { receiver } = await start({ tls: good, onUnreadable: (note) => told.push(note.what) })
    await rawRequest(new URL(`http://127.0.0.1:${receiver.port}`), rawPost('[]'), { waitMs: 300 })
    await rawRequest(new URL(`http://127.0.0.1:${receiver.port}`), 'neither TLS nor HTTP', { waitMs: 300 })
    expect(told).toEqual([
      'a request in plain HTTP where TLS is spoken',
      expect.stringMatching(/^a TLS handshake failed \(\w+\)$/),
    ])
  })
})

test('what it remembers is bounded, and what it forgot is counted', async () => {
  const { receiver, post, exchanges } = await start({ remembered: 2 })
  for (const id of ['a', 'b', 'c', 'a']) await post(`[{"id":"${id}"}]`)
  expect(exchanges.map(({ repetition }) => repetition)).toEqual([undefined, undefined, undefined, undefined])
  expect(receiver.memory()).toEqual({ bodies: 2, eventIds: 2, evictedBodies: 2, evictedEventIds: 2 })
})

test.skipIf(!hasIpv6)('an IPv6 host is reached by its URL', async () => {
  const { receiver, post } = await start({ host: '::1' })
  expect(receiver.url.host).toBe(`[::1]:${receiver.port}`)
  expect(statusLine(await post('[]'))).toMatch(/ 204 /)
})

test('who listens everywhere is reached on the loopback', async () => {
  const { receiver, post } = await start({ host: '0.0.0.0' })
  expect(receiver.url.hostname).toBe('127.0.0.1')
  expect(statusLine(await post('[]'))).toMatch(/ 204 /)
})

test('a port that is taken is an error that says so, and so is a host of another machine', async () => {
  const { receiver } = await start()
  const second = start({ port: receiver.port })
  await expect(second).rejects.toThrow(UsageError)
  await expect(second).rejects.toThrow(`port ${receiver.port} is already in use`)
  await expect(start({ host: '192.0.2.1' })).rejects.toThrow(/192\.0\.2\.1 is not an address of this machine/)
})
