import { getEventListeners, once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Ending, Exchange, WireRequest } from '../../src/check/probe.ts'
import { writesOf } from '../../src/check/request-bytes.ts'
import type { RequestParts } from '../../src/check/request-bytes.ts'
import { exchangeOnce, exchangeTogether, handshake, openWire } from '../../src/check/wire.ts'
import type { WireConnection, WireOptions } from '../../src/check/wire.ts'
import type { Clock } from '../../src/ports.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { answerOf, closedPort, hostileServer } from '../support/hostile-server.ts'
import { peer } from '../support/peer.ts'
import { systemClock } from '../support/system-clock.ts'
import { makeCertificates } from '../support/tls.ts'
import type { Certificate, TestCertificates } from '../support/tls.ts'

const openssl = peer('openssl', 'apt-get install openssl')
let certificates: TestCertificates
beforeAll(() => {
  if (openssl !== undefined) certificates = makeCertificates(openssl)
})

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()))
})

async function listening(server: Server, scheme = 'http'): Promise<URL> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return new URL(`${scheme}://${scheme === 'https' ? 'localhost' : '127.0.0.1'}:${port}/`)
}

/** A server that does with each connection what the test says. */
const script = (onConnection: (socket: Socket) => void): Promise<URL> => listening(createServer(onConnection))

async function hostile(...args: Parameters<typeof hostileServer>) {
  const server = await hostileServer(...args)
  cleanups.push(() => server.close())
  return server
}

const options = (url: URL, more: Partial<WireOptions> = {}): WireOptions => ({
  url,
  clock: systemClock,
  timeoutMs: 3000,
  ...more,
})

function request(parts: Partial<RequestParts> = {}, more: Partial<WireRequest> = {}): WireRequest {
  const all: RequestParts = { method: 'POST', path: '/', headers: [['Host', 'x']], body: Buffer.from('[]'), ...parts }
  return { method: all.method, writes: writesOf(all), ...more }
}

/** A reset that comes with the last bytes is an end to a receiver on Node, so it comes a little later. */
const thenPause = [...request().writes, { bytes: new Uint8Array(), afterMs: 20 }]

async function wireTo(url: URL, more: Partial<WireOptions> = {}): Promise<WireConnection> {
  const wire = await openWire(options(url, more))
  if ('result' in wire) throw new Error(wire.result.reason)
  cleanups.push(() => wire.close())
  return wire
}

const status = (code: number) => expect.objectContaining({ kind: 'responded', status: code })
const failedAs = (code: string, reason = '') =>
  expect.objectContaining({ kind: 'failed', code, reason: expect.stringContaining(reason) as unknown })

describe('one request', () => {
  test('arrives byte for byte, and its times are in order', async () => {
    const server = await hostile((socket) => socket.write(answerOf(202, 'taken')))
    const exchange = await exchangeOnce(request({ headers: [['x-ODD', 'é']] }), options(server.url))
    expect(server.requests).toEqual(['POST / HTTP/1.1\r\nx-ODD: \xe9\r\nContent-Length: 2\r\n\r\n[]'])
    expect(exchange.result).toMatchObject({ status: 202, bodySnippet: 'taken' })
    const { startedMs, sentMs = NaN, headMs = NaN, endedMs } = exchange
    expect([startedMs, sentMs, headMs, endedMs].toSorted((a, b) => a - b)).toEqual([startedMs, sentMs, headMs, endedMs])
  })

  test('waits before a write as long as it says, and is cut there', async () => {
    const pieces: string[] = []
    const url = await script((socket) =>
      socket.on('data', (chunk) => {
        pieces.push(chunk.toString())
        if (pieces.length === 2) socket.end(answerOf(200))
      }),
    )
    const transfer = { kind: 'split', at: [1], pauseMs: 30 } as const
    const { result, startedMs, sentMs = NaN } = await exchangeOnce(request({ transfer }), options(url))
    expect(result).toEqual(status(200))
    expect(pieces.map((piece) => piece.slice(-1))).toEqual(['[', ']'])
    expect(sentMs - startedMs).toBeGreaterThanOrEqual(29)
  })

  test('of 11 MB goes through a real server, chunked as well', async () => {
    const url = await listening(
      createHttpServer((incoming, response) => {
        let bytes = 0
        incoming.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => response.end(String(bytes)))
      }),
    )
    const body = Buffer.alloc(11 * 1024 * 1024, 'x')
    for (const transfer of [{ kind: 'length' }, { kind: 'chunked', sizes: [65_536] }] as const) {
      const { result } = await exchangeOnce(request({ body, transfer }), options(url))
      expect(result).toMatchObject({ status: 200, bodySnippet: String(body.length) })
    }
  })

  test('HEAD is over with the head', async () => {
    const url = await listening(
      createHttpServer((_, response) => response.writeHead(200, { 'content-length': 5 }).end()),
    )
    const { result } = await exchangeOnce(request({ method: 'HEAD', body: Buffer.alloc(0) }), options(url))
    expect(result).toMatchObject({ status: 200, bodyBytes: 0 })
  })
})

describe('a receiver that answers before it has read everything', () => {
  const big = Buffer.alloc(11 * 1024 * 1024)

  test.each<[how: string, onData: (socket: Socket) => void]>([
    ['closes', (socket) => socket.end(answerOf(413, 'too big'))],
    ['closes and reads no more', (socket) => void socket.pause().end(answerOf(413, 'too big'), () => socket.destroy())],
    ['resets', (socket) => void socket.pause().write(answerOf(413, 'too big'), () => socket.resetAndDestroy())],
  ])('and %s is heard', async (_, onData) => {
    const url = await script((socket) => socket.once('data', () => onData(socket)))
    for (let round = 0; round < 5; round += 1) {
      const { result, sentMs } = await exchangeOnce(request({ body: big }), options(url))
      expect(result).toMatchObject({ status: 413, bodySnippet: 'too big' })
      expect(sentMs).toBeUndefined()
    }
  })

  test('is heard when the connection was gone before the next of many small writes', async () => {
    // On a loop of its own: in this one, nothing could happen between two writes.
    const answer = JSON.stringify(answerOf(413))
    const worker = new Worker(
      `const { createServer } = require('node:net')
       const server = createServer((socket) => socket.on('error', () => {}).once('data', () => {
         socket.pause().write(${answer}, () => socket.resetAndDestroy())
       }))
       server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port))`,
      { eval: true },
    )
    cleanups.push(() => worker.terminate())
    const [port] = (await once(worker, 'message')) as [number]
    const head = Buffer.from('POST / HTTP/1.1\r\n\r\n')
    for (let round = 0; round < 40; round += 1) {
      const writes = [head, ...Array<Buffer>(60).fill(Buffer.alloc(20_000))].map((bytes) => ({ bytes }))
      const { result } = await exchangeOnce({ method: 'POST', writes }, options(new URL(`http://127.0.0.1:${port}/`)))
      expect(result).toEqual(status(413))
    }
  })

  test('and resets without an answer is a reset', async () => {
    const url = await script((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const { result } = await exchangeOnce(request({ body: big }), options(url))
    expect(result).toEqual(failedAs('reset', '('))
  })
})

describe('what receivers and networks do', () => {
  test.each<[what: string, onData: (socket: Socket) => void, result: unknown]>([
    ['closes at once', (socket) => void socket.end(), failedAs('closed', 'before an answer')],
    ['closes inside the head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nA'), failedAs('closed')],
    ['resets', (socket) => void socket.resetAndDestroy(), failedAs('reset', '(ECONNRESET)')],
    ['speaks something else', (socket) => void socket.write('220 mail.example ESMTP\r\n'), failedAs('protocol')],
    [
      'cuts the body',
      (socket) => void socket.end(answerOf(200, 'hello').slice(0, -2)),
      expect.objectContaining({ status: 200, bodySnippet: 'hel', bodyIncomplete: 'cut' }),
    ],
    [
      'resets inside the body',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nhel', () => setTimeout(() => socket.resetAndDestroy(), 20)),
      expect.objectContaining({ status: 200, bodySnippet: 'hel', bodyIncomplete: 'cut' }),
    ],
    [
      'closes after a body without length',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nhello'),
      expect.not.objectContaining({ bodyIncomplete: 'cut' }),
    ],
    [
      'sends more than is read',
      (socket) => void socket.write(answerOf(200, 'x'.repeat(100_000))),
      expect.objectContaining({ status: 200, bodyBytes: 65_536, bodyIncomplete: 'limit' }),
    ],
  ])('%s', async (_, onData, result) => {
    const url = await script((socket) => socket.once('data', () => onData(socket)))
    expect((await exchangeOnce(request(), options(url))).result).toEqual(result)
  })

  test('nothing listens: refused, with times and without an end of sending', async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}/`)
    const exchange = await exchangeOnce(request(), options(url))
    expect(exchange).toEqual({
      result: failedAs('refused', '(ECONNREFUSED)'),
      startedMs: expect.any(Number) as unknown,
      endedMs: expect.any(Number) as unknown,
    })
    expect(await openWire(options(url))).toMatchObject({ result: { code: 'refused' } })
  })

  test('a name that is none', async () => {
    expect((await exchangeOnce(request(), options(new URL('http://nothing.invalid/')))).result).toEqual(failedAs('dns'))
  })

  test.each(['http://169.254.169.254/', 'http://[fe80::1]/', 'https://100.100.100.200/'])(
    '%s is never connected to',
    async (url) => {
      const { result } = await exchangeOnce(request(), options(new URL(url)))
      expect(result).toEqual(failedAs('unreachable', 'refused: link-local/metadata address'))
    },
  )

  test('no answer within the deadline', async () => {
    const server = await hostile((socket) => clock.advance(socket.bytesRead > 0 ? 5000 : 0))
    const clock = fakeClock('hold')
    const { result } = await exchangeOnce(request(), options(server.url, { clock, timeoutMs: 5000 }))
    expect(result).toEqual({ kind: 'failed', code: 'timeout', reason: 'no answer within the timeout of 5 s' })
  })

  test.each(['answer', 'leave', 'reset', 'end'] as const)('%s: no timer and no listener is left', async (ending) => {
    let timers = 0
    const clock: Clock = {
      ...systemClock,
      after(delayMs, callback) {
        timers += 1
        const cancel = systemClock.after(delayMs, callback)
        let isCancelled = false
        return () => {
          if (!isCancelled) timers -= 1
          isCancelled = true
          cancel()
        }
      },
    }
    const { signal } = new AbortController()
    const server = await hostile((socket) => socket.write(answerOf(200)))
    const transfer = { kind: 'split', at: [1], pauseMs: 2 } as const
    await exchangeOnce(request({ transfer }, { ending }), options(server.url, { clock, signal }))
    await exchangeTogether([request(), request()], options(server.url, { clock, signal }))
    await exchangeOnce(request(), options(new URL(`http://127.0.0.1:${await closedPort()}/`), { clock, signal }))
    expect([timers, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  test('the deadline passes inside the body', async () => {
    const clock = fakeClock('hold')
    const server = await hostile((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel', () =>
        // By way of `setImmediate`: what has come is read before.
        setTimeout(() => setImmediate(() => clock.advance(5000)), 30),
      ),
    )
    const { result } = await exchangeOnce(request(), options(server.url, { clock, timeoutMs: 5000 }))
    expect(result).toMatchObject({ status: 200, bodySnippet: 'hel', bodyIncomplete: 'deadline' })
  })

  test('the run is stopped: before, during a pause, and while waiting for the answer', async () => {
    const server = await hostile((socket) => void (socket.bytesRead > 0 && stop.abort()))
    const stop = new AbortController()
    const paused = new AbortController()
    const split = request({ transfer: { kind: 'split', at: [1], pauseMs: 60_000 } })
    const during = exchangeOnce(split, options(server.url, { signal: paused.signal }))
    setTimeout(() => paused.abort(), 30)
    expect((await during).result).toEqual(failedAs('aborted'))
    expect((await exchangeOnce(request(), options(server.url, { signal: stop.signal }))).result).toEqual(
      failedAs('aborted'),
    )
    expect((await exchangeOnce(request(), options(server.url, { signal: stop.signal }))).result).toEqual(
      failedAs('aborted'),
    )
    expect(server.requests).toHaveLength(1)
  })
})

describe('the endings', () => {
  /** What the receiver saw of a connection. */
  async function seen(
    ending: Ending,
    onData: (socket: Socket) => void,
    more: Partial<WireOptions> = {},
  ): Promise<{ exchange: Exchange; events: string[] }> {
    const events: string[] = []
    let closed: Promise<unknown> = Promise.resolve()
    const url = await script((socket) => {
      closed = new Promise((resolve) => socket.on('close', resolve))
      socket
        .on('error', ({ code }: NodeJS.ErrnoException) => events.push(code ?? ''))
        .on('end', () => events.push('FIN'))
      socket.once('data', () => onData(socket))
    })
    const exchange = await exchangeOnce(
      request({}, { ending, ...(ending === 'reset' ? { writes: thenPause } : {}) }),
      options(url, more),
    )
    await closed
    return { exchange, events }
  }

  test('leave: drops the connection as soon as the answer begins', async () => {
    const { exchange } = await seen('leave', (socket) => void socket.write('H'))
    expect(exchange.result).toEqual({
      kind: 'failed',
      code: 'aborted',
      reason: 'left on purpose before reading the answer',
    })
    expect(exchange.sentMs).toBeDefined()
    expect(exchange.headMs).toBeUndefined()
  })

  test('leave: does not wait for a slow answer', async () => {
    const clock = fakeClock('hold')
    const { exchange } = await seen('leave', () => setTimeout(() => clock.advance(1000), 20), { clock })
    expect(exchange.result).toEqual(failedAs('aborted', 'left on purpose'))
  })

  test('reset: the receiver sees a reset', async () => {
    const { exchange, events } = await seen('reset', () => {})
    expect(exchange.result).toEqual(failedAs('aborted', 'reset on purpose'))
    expect(events).toContain('ECONNRESET')
  })

  test('end: the receiver sees the end, and its answer is still read', async () => {
    const url = await listening(
      createServer({ allowHalfOpen: true }, (socket) => socket.on('end', () => socket.end(answerOf(400))).resume()),
    )
    expect((await exchangeOnce(request({}, { ending: 'end' }), options(url))).result).toEqual(status(400))
  })

  test('end: an answer is not waited for for ever', async () => {
    const clock = fakeClock('hold')
    const url = await listening(
      createServer({ allowHalfOpen: true }, (socket) => socket.on('end', () => clock.advance(2000)).resume()),
    )
    const { result } = await exchangeOnce(request({}, { ending: 'end' }), options(url, { clock }))
    expect(result).toEqual(failedAs('timeout', 'no answer within 2 s after the end of the request'))
  })
})

describe('one connection', () => {
  test('carries several requests', async () => {
    const server = await hostile((socket, nth) => socket.write(answerOf(200, String(nth))))
    const wire = await wireTo(server.url)
    for (const nth of ['1', '2', '3'])
      expect((await wire.request(request())).result).toMatchObject({ bodySnippet: nth })
    expect([server.connections(), wire.isOpen]).toEqual([1, true])
  })

  test.each<[what: string, answer: (socket: Socket) => void]>([
    ['that the receiver closes afterwards', (socket) => void socket.end(answerOf(200))],
    [
      'that the receiver resets when idle',
      (socket) => void socket.write(answerOf(200), () => setTimeout(() => socket.resetAndDestroy(), 10)),
    ],
    [
      'of which the answer says that it closes',
      (socket) => void socket.write(answerOf(200, '', ['Connection: close'])),
    ],
    [
      'on which something comes that nobody asked for',
      (socket) => void socket.write(answerOf(200), () => setTimeout(() => socket.write(answerOf(408)), 10)),
    ],
  ])('%s is closed, and a request on it says so', async (_, answer) => {
    const server = await hostile((socket) => answer(socket))
    const wire = await wireTo(server.url)
    expect((await wire.request(request())).result).toEqual(status(200))
    await vi.waitFor(() => expect(wire.isOpen).toBe(false), { interval: 2 })
    const exchange = await wire.request(request())
    expect(exchange.result).toEqual(failedAs('closed'))
    expect(exchange.sentMs).toBeUndefined()
    expect(server.requests).toHaveLength(1)
  })
})

describe('requests at the same moment', () => {
  test('are complete only when all others are nearly there', async () => {
    let nearlyThere = 0
    const seenAtEnd: number[] = []
    const url = await script((socket) => {
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes === length - 1) nearlyThere += 1
        if (bytes < length) return
        seenAtEnd.push(nearlyThere)
        socket.end(answerOf(200))
      })
    })
    const bytes = request().writes[0]?.bytes as Uint8Array
    const { length } = bytes
    const requests = [0, 0, 0, 0, 30].map((afterMs) => request({}, { writes: [{ bytes, afterMs }] }))
    const exchanges = await exchangeTogether(requests, options(url))
    expect(exchanges.map(({ result }) => result)).toEqual(Array(5).fill(status(200)))
    // The slowest one is seen whole, since its last byte follows at once.
    expect(seenAtEnd).toEqual([4, 4, 4, 4, 4])
    const sent = exchanges.map(({ sentMs = NaN }) => sentMs)
    const heads = exchanges.map(({ headMs = NaN }) => headMs)
    expect(Math.max(...sent)).toBeLessThan(Math.min(...heads))
  })

  test('do not wait for one that failed', async () => {
    let connections = 0
    const url = await script((socket) => {
      connections += 1
      if (connections === 1) socket.resetAndDestroy()
      else socket.on('data', (chunk) => void (chunk.toString().endsWith(']') && socket.end(answerOf(200))))
    })
    const results = (await exchangeTogether([request(), request()], options(url))).map(({ result }) => result)
    expect(results).toContainEqual(failedAs('reset'))
    expect(results).toContainEqual(status(200))
  })

  test('do not wait for ever for a receiver that takes one TLS connection at a time', async () => {
    const clock = fakeClock('hold')
    let first = true
    const url = await script((socket) => {
      if (first) {
        first = false
        setTimeout(() => clock.advance(3000), 20)
      }
      socket.on('data', (chunk) => {
        if (!chunk.toString().endsWith(']')) return
        socket.end(answerOf(200))
        // Its answer has come; what is left waits until the deadline.
        socket.on('close', () => clock.advance(10_000))
      })
    })
    const stuck = request({}, { writes: [{ bytes: Buffer.from('P'), afterMs: 60_000 }, { bytes: Buffer.from('O') }] })
    const exchanging = exchangeTogether([request(), stuck], options(url, { clock, timeoutMs: 10_000 }))
    expect((await exchanging).map(({ result }) => result)).toEqual([status(200), failedAs('timeout')])
  })

  test('nothing at all is nothing', async () => {
    expect(await exchangeTogether([], options(new URL('http://127.0.0.1:1/')))).toEqual([])
  })
})

describe.skipIf(openssl === undefined)('TLS', () => {
  const secure = (certificate: Certificate, more: object = {}): Promise<URL> =>
    listening(
      createHttpsServer(
        { ...certificate, ...more },
        (incoming, response) => void incoming.on('end', () => response.end('ok')).resume(),
      ),
      'https',
    )
  const day = 24 * 3600 * 1000

  test('requests go to a receiver whose certificate is good, on one connection too', async () => {
    const url = await secure(certificates.good)
    const body = Buffer.alloc(2_000_000)
    expect((await exchangeOnce(request({ body }), options(url, { ca: certificates.ca }))).result).toMatchObject({
      bodySnippet: 'ok',
    })
    const wire = await wireTo(url, { ca: certificates.ca })
    for (let nth = 0; nth < 3; nth += 1) expect((await wire.request(request())).result).toEqual(status(200))
    url.hostname = '127.0.0.1'
    expect((await exchangeOnce(request(), options(url, { ca: certificates.ca }))).result).toEqual(status(200))
  })

  test.each<[name: keyof TestCertificates, code: string | undefined]>([
    ['good', undefined],
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('the certificate %s: %s', async (name, code) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    cleanups.push(() => vi.unstubAllEnvs())
    const url = await secure(certificates[name] as Certificate)
    const facts = await handshake(options(url, { ca: certificates.ca }))
    expect(facts).toEqual({
      protocol: 'TLSv1.3',
      ...(code === undefined ? {} : { distrust: code }),
      validToMs: expect.any(Number) as unknown,
    })
    const { validToMs } = facts as { validToMs: number }
    expect(Math.abs(validToMs - Date.now() - (name === 'expired' ? -day : 2 * day))).toBeLessThan(day / 2)
    const { result } = await exchangeOnce(request(), options(url, { ca: certificates.ca }))
    expect(result).toEqual(code === undefined ? status(200) : failedAs('tls', `(${code})`))
    expect((await exchangeOnce(request(), options(url, { certificates: 'accept-any' }))).result).toEqual(status(200))
  })

  test('only TLS 1.1 is said so', async () => {
    const old = {
      ...certificates.good,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    const url = await listening(
      createTlsServer(old).on('tlsClientError', () => {}),
      'https',
    )
    expect(await handshake(options(url))).toEqual(
      failedAs('tls', 'the receiver offers no TLS from version 1.2 on (ERR_SSL_'),
    )
  })

  test('TLS 1.2 is told', async () => {
    const url = await secure(certificates.good, { maxVersion: 'TLSv1.2' })
    expect(await handshake(options(url, { ca: certificates.ca }))).toMatchObject({ protocol: 'TLSv1.2' })
  })

  test.each<[what: string, onConnection: (socket: Socket) => void, result: unknown]>([
    ['plain HTTP', (socket) => socket.once('data', () => socket.end(answerOf(400))), failedAs('tls')],
    ['closed in the handshake', (socket) => void socket.end(), failedAs('tls', '(ECONNRESET)')],
    [
      'reset in the handshake',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      failedAs('tls', '(ECONNRESET)'),
    ],
  ])('%s', async (_, onConnection, result) => {
    const url = await script(onConnection)
    url.protocol = 'https:'
    expect(await handshake(options(url))).toEqual(result)
    expect((await exchangeOnce(request(), options(url))).result).toEqual(result)
  })

  test('a handshake without an answer ends with the deadline', async () => {
    const clock = fakeClock('hold')
    const url = await script((socket) => socket.once('data', () => clock.advance(3000)))
    url.protocol = 'https:'
    expect(await handshake(options(url, { clock }))).toEqual(failedAs('connect-timeout', 'of 3 s'))
  })

  test('an early answer is heard, and a reset is one of TCP', async () => {
    const events: string[] = []
    const server = createTlsServer({ ...certificates.good }, (socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end(answerOf(413), () => socket.destroy()))
    })
    const url = await listening(server, 'https')
    const trust = { ca: certificates.ca }
    const body = Buffer.alloc(11 * 1024 * 1024)
    expect((await exchangeOnce(request({ body }), options(url, trust))).result).toEqual(status(413))

    const note = ({ code }: NodeJS.ErrnoException): unknown => events.push(code ?? '')
    const silent = createTlsServer({ ...certificates.good }, (socket) => void socket.on('error', note).resume())
    silent.on('connection', (socket: Socket) => void socket.on('error', note))
    const probe = request({}, { ending: 'reset', writes: thenPause })
    const reset = await exchangeOnce(probe, options(await listening(silent, 'https'), trust))
    expect(reset.result).toEqual(failedAs('aborted', 'reset on purpose'))
    await vi.waitFor(() => expect(events).toContain('ECONNRESET'), { interval: 2 })
  })
})
