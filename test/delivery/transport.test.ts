import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { AttemptResult } from '../../src/delivery/outcome.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import type { Transport, TransportOptions } from '../../src/delivery/transport.ts'
import { answerOf, closedPort, hostileServer } from '../support/hostile-server.ts'
import type { HostileServer } from '../support/hostile-server.ts'
import { systemClock } from '../support/system-clock.ts'

const toClose: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})

async function server(...args: Parameters<typeof hostileServer>): Promise<HostileServer> {
  const started = await hostileServer(...args)
  toClose.push(started)
  return started
}

function transportTo(url: URL, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ url, connections: 1, timeoutMs: 5000, clock: systemClock, ...options })
  toClose.push(transport)
  return transport
}

function send(url: URL, options: Partial<TransportOptions> = {}): Promise<AttemptResult> {
  return transportTo(url, options).send(buildRequest({ url, userAgent: 'qualifio-sim/0.0' }, '[]'))
}

const failedAs = (code: string) => expect.objectContaining({ kind: 'failed', code })
const respondedAs = (fields: object) => expect.objectContaining({ kind: 'responded', ...fields })

describe('the bytes of a request', () => {
  test('are exactly these, in this order and case', async () => {
    const receiver = await server((socket) => socket.write(answerOf(204)))
    const request = buildRequest(
      {
        url: new URL('/hook/a%20b?token=x&y', receiver.url),
        userAgent: 'qualifio-sim/1.2.3',
        headers: [
          ['Authorization', 'Bearer t0ken'],
          ['x-Test-HEADER', '123456ots'],
        ],
        secret: 's3cr3t-Ω',
      },
      '[{"name":"Zoë 🎁"}]',
    )
    await transportTo(receiver.url).send(request)
    expect(receiver.requests).toEqual([
      [
        'POST /hook/a%20b?token=x&y HTTP/1.1',
        `host: 127.0.0.1:${receiver.port}`,
        'connection: keep-alive',
        'Content-Type: application/json',
        'User-Agent: qualifio-sim/1.2.3',
        'Authorization: Bearer t0ken',
        'x-Test-HEADER: 123456ots',
        'X-Qualifio-Signature: sha256=4dc1a0799708be2c0396052e301aa2ee5f38a65e0437a0a45b0cfa51c447a28e',
        // Bytes, not characters: ë has two and the present four.
        'content-length: 22',
        '',
        Buffer.from('[{"name":"Zoë 🎁"}]').toString('latin1'),
      ].join('\r\n'),
    ])
  })

  test('are the same when they are sent again, over the same connection', async () => {
    const receiver = await server((socket) => socket.write(answerOf(500)))
    const transport = transportTo(receiver.url)
    const request = buildRequest({ url: receiver.url, userAgent: 'x', secret: 's' }, '[{"n":1}]')
    for (let nth = 0; nth < 3; nth += 1) await transport.send(request)
    expect(new Set(receiver.requests).size).toBe(1)
    expect(receiver.requests).toHaveLength(3)
    expect(receiver.connections()).toBe(1)
  })
})

describe('the status line settles the outcome', () => {
  test.each([200, 204, 299, 300, 400, 401, 410, 429, 500, 503, 599])('%i is what was answered', async (status) => {
    const receiver = await server((socket) => socket.write(answerOf(status, status === 204 ? '' : 'so')))
    expect(await send(receiver.url)).toEqual(respondedAs({ status, bodySnippet: status === 204 ? '' : 'so' }))
  })

  test('headers keep every value, with names in lower case, and __proto__ is one of them', async () => {
    const receiver = await server((socket) =>
      socket.write(answerOf(200, '', ['Set-Cookie: a=1', 'Set-Cookie: b=2', '__proto__: p', 'X-One: 1'])),
    )
    const result = await send(receiver.url)
    if (result.kind !== 'responded') throw new Error(result.reason)
    expect(Object.entries(result.headers)).toEqual([
      ['content-length', ['0']],
      ['set-cookie', ['a=1', 'b=2']],
      ['__proto__', ['p']],
      ['x-one', ['1']],
    ])
  })

  test('a reset in the body is noted: cut', async () => {
    const receiver = await server((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      )
    })
    expect(await send(receiver.url)).toEqual(respondedAs({ status: 200, bodySnippet: 'half', bodyIncomplete: 'cut' }))
  })

  test('an end in the body is noted: cut', async () => {
    const receiver = await server((socket) => socket.end('HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\nhalf'))
    expect(await send(receiver.url)).toEqual(respondedAs({ status: 503, bodyIncomplete: 'cut' }))
  })

  test('a body without a length ends with the connection and is whole', async () => {
    const receiver = await server((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'))
    expect(await send(receiver.url)).toEqual({
      kind: 'responded',
      status: 200,
      headers: {},
      bodySnippet: 'all of it',
      bodyBytes: 9,
    })
  })

  test('a body that drips past the deadline is noted: deadline, and on time', async () => {
    const receiver = await server((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
      const timer = setInterval(() => socket.write('.'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const startedMs = performance.now()
    expect(await send(receiver.url, { timeoutMs: 200 })).toEqual(
      respondedAs({ status: 200, bodyIncomplete: 'deadline' }),
    )
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })

  test('10 MB are read to 64 KB and no further: limit', async () => {
    let socketOpen = true
    const receiver = await server((socket) => {
      socket.on('close', () => (socketOpen = false))
      socket.write(answerOf(200, 'x'.repeat(10 * 1024 * 1024)))
    })
    expect(await send(receiver.url)).toEqual(
      respondedAs({ status: 200, bodyBytes: 65_536, bodySnippet: 'x'.repeat(2048), bodyIncomplete: 'limit' }),
    )
    await expect.poll(() => socketOpen).toBe(false)
  })

  test('exactly 64 KB are not too many', async () => {
    const receiver = await server((socket) => socket.write(answerOf(200, 'x'.repeat(65_536))))
    const result = await send(receiver.url)
    expect(result).toEqual(respondedAs({ bodyBytes: 65_536 }))
    expect(result).not.toHaveProperty('bodyIncomplete')
  })

  test('an endless body is left: limit', async () => {
    const receiver = await server((socket) => {
      socket.write('HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n')
      const pump = () => {
        while (!socket.destroyed && socket.write(`4000\r\n${'e'.repeat(0x4000)}\r\n`)) {
          // until the buffer is full
        }
      }
      socket.on('drain', pump)
      pump()
    })
    expect(await send(receiver.url)).toEqual(respondedAs({ status: 500, bodyBytes: 65_536, bodyIncomplete: 'limit' }))
  })

  test('a gzip bomb is not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024))
    const receiver = await server((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`)
      socket.write(bomb)
    })
    expect(await send(receiver.url)).toEqual(respondedAs({ status: 200, bodyBytes: bomb.length }))
  })

  test('a snippet ends before a character that its limit cuts in two', async () => {
    const receiver = await server((socket) => socket.write(answerOf(500, `${'x'.repeat(2047)}é`)))
    expect(await send(receiver.url)).toEqual(respondedAs({ bodySnippet: 'x'.repeat(2047), bodyBytes: 2049 }))
  })

  test('interim answers before it are passed over', async () => {
    const receiver = await server((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${answerOf(201)}`),
    )
    expect(await send(receiver.url)).toEqual(respondedAs({ status: 201, headers: { 'content-length': ['0'] } }))
  })
})

describe('a redirect is an answer and is not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    const other = await server((socket) => socket.write(answerOf(200)))
    const receiver = await server((socket) => socket.write(answerOf(status, '', [`Location: ${other.url.href}`])))
    expect(await send(receiver.url)).toEqual(respondedAs({ status }))
    expect(other.connections()).toBe(0)
    expect(receiver.requests).toHaveLength(1)
  })
})

describe('no answer', () => {
  test.each<[string, string, Parameters<typeof hostileServer>[0]]>([
    ['a reset before the headers', 'reset', (socket) => socket.resetAndDestroy()],
    ['a connection closed before the headers', 'closed', (socket) => socket.end()],
    ['a status line cut in two', 'closed', (socket) => socket.end('HTTP/1.1 20')],
    ['an interim answer and no more', 'closed', (socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n')],
    ['an answer that is not HTTP', 'protocol', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['100 Continue that nobody asked for', 'protocol', (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n`)],
    [
      '101 that nobody asked for',
      'protocol',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
    ],
    [
      '101 without Connection: upgrade',
      'protocol',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'),
    ],
    [
      'headers over 16 KB',
      'protocol',
      (socket) =>
        socket.write(
          answerOf(
            200,
            '',
            Array.from({ length: 40 }, (_, n) => `X-${n}: ${'x'.repeat(1000)}`),
          ),
        ),
    ],
  ])('%s is %s', async (_, code, answer) => {
    const receiver = await server(answer)
    const result = await send(receiver.url)
    expect(result).toEqual(failedAs(code))
    // Exactly one request: undici resends nothing on its own.
    expect(receiver.requests).toHaveLength(1)
    expect(receiver.connections()).toBe(1)
    expect(JSON.stringify(result)).not.toMatch(/UND_ERR/)
  })

  test('silence is timeout, on time, and the connection is dropped', async () => {
    let closed = false
    const receiver = await server((socket) => socket.on('close', () => (closed = true)))
    const startedMs = performance.now()
    expect(await send(receiver.url, { timeoutMs: 150 })).toEqual({
      kind: 'failed',
      code: 'timeout',
      reason: 'no answer within the timeout of 150 ms',
    })
    expect(performance.now() - startedMs).toBeLessThan(1000)
    await expect.poll(() => closed).toBe(true)
  })

  test('headers that drip past the deadline are timeout', async () => {
    const receiver = await server((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write('X-Drip: 1\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect(await send(receiver.url, { timeoutMs: 150 })).toEqual(failedAs('timeout'))
  })

  test('nobody there is refused, over both families of localhost too', async () => {
    const port = await closedPort()
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const result = await send(new URL(`http://${host}:${port}/`))
      expect(result.kind === 'failed' && ['refused', 'unreachable'].includes(result.code)).toBe(true)
    }
    expect(await send(new URL(`http://localhost:${port}/`))).toEqual(failedAs('refused'))
  })

  test('a name that does not exist is dns', async () => {
    expect(await send(new URL('http://does-not-exist.invalid/'))).toEqual(failedAs('dns'))
  })

  test('a link-local address is never connected to', async () => {
    expect(await send(new URL('http://169.254.169.254/latest'))).toEqual({
      kind: 'failed',
      code: 'unreachable',
      reason: 'refused: link-local/metadata address: 169.254.169.254',
    })
  })
})

describe('stopping', () => {
  test('an abort ends the attempt in flight', async () => {
    const stop = new AbortController()
    const receiver = await server(() => stop.abort())
    const transport = transportTo(receiver.url)
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    expect(await transport.send(request, stop.signal)).toEqual(failedAs('aborted'))
    expect(await transport.send(request, stop.signal)).toEqual(failedAs('aborted'))
    expect(receiver.requests).toHaveLength(1)
  })

  test('an abort after the status line leaves the answer standing', async () => {
    const stop = new AbortController()
    const receiver = await server((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
      setTimeout(() => stop.abort(), 50)
    })
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    const result = await transportTo(receiver.url).send(request, stop.signal)
    expect(result).toEqual(respondedAs({ status: 200, bodyIncomplete: 'cut' }))
  })

  test('closing ends what is in flight', async () => {
    const receiver = await server(() => void transport.close())
    const transport = transportTo(receiver.url)
    expect(await transport.send(buildRequest({ url: receiver.url, userAgent: 'x' }, '[]'))).toEqual(failedAs('aborted'))
  })
})

describe('connections', () => {
  test('one that the receiver closed between two requests is replaced', async () => {
    const receiver = await server((socket) => socket.write(answerOf(200), () => setTimeout(() => socket.end(), 20)))
    const transport = transportTo(receiver.url)
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    expect(await transport.send(request)).toEqual(respondedAs({ status: 200 }))
    await systemClock.sleep(100)
    expect(await transport.send(request)).toEqual(respondedAs({ status: 200 }))
    expect(receiver.requests).toHaveLength(2)
    expect(receiver.connections()).toBe(2)
  })

  test('an idle one is closed by us before a receiver with a short keep-alive would', async () => {
    let closedByUs = false
    const receiver = await server((socket) => {
      socket.on('end', () => (closedByUs = true))
      socket.write(answerOf(200))
    })
    await send(receiver.url)
    await expect.poll(() => closedByUs, { timeout: 1900 }).toBe(true)
  })

  test('are never more than allowed, and every request gets its own answer', async () => {
    const receiver = await server((socket, nth) => setTimeout(() => socket.write(answerOf(200 + nth)), 10))
    const transport = transportTo(receiver.url, { connections: 3 })
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    const results = await Promise.all(Array.from({ length: 12 }, () => transport.send(request)))
    const statuses = results.map((result) => (result.kind === 'responded' ? result.status : 0))
    expect(statuses.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => 201 + index))
    expect(receiver.connections()).toBe(3)
  })

  test('one that failed does not spoil the next request', async () => {
    const receiver = await server((socket, nth) =>
      nth % 2 === 1 ? socket.resetAndDestroy() : socket.write(answerOf(200)),
    )
    const transport = transportTo(receiver.url)
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    const kinds: string[] = []
    for (let nth = 0; nth < 4; nth += 1) kinds.push((await transport.send(request)).kind)
    expect(kinds).toEqual(['failed', 'responded', 'failed', 'responded'])
  })

  test('onConnected is called when one stands, and not when none could be made', async () => {
    const receiver = await server((socket) => socket.destroy())
    const calls: string[] = []
    const request = buildRequest({ url: receiver.url, userAgent: 'x' }, '[]')
    await transportTo(receiver.url).send(request, undefined, () => calls.push('there'))
    const nobody = new URL(`http://127.0.0.1:${await closedPort()}/`)
    await transportTo(nobody).send(request, undefined, () => calls.push('nobody'))
    expect(calls).toEqual(['there'])
  })
})

describe('waiting until the target accepts', () => {
  test('returns at once when it does', async () => {
    const receiver = await server(() => {})
    expect(await transportTo(receiver.url).waitUntilAccepting(5000)).toEqual(
      expect.objectContaining({ accepting: true }),
    )
    expect(receiver.requests).toHaveLength(0)
  })

  test('gives up at the deadline and says why', async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}/`)
    const result = await transportTo(url).waitUntilAccepting(250)
    expect(result).toEqual(
      expect.objectContaining({ accepting: false, endedBy: 'deadline', last: failedAs('refused') }),
    )
    expect(result.waitedMs).toBeGreaterThanOrEqual(250)
    expect(result.waitedMs).toBeLessThan(1000)
  })

  test('a target that starts just before the deadline is in time', async () => {
    const port = await closedPort()
    const late = createServer()
    setTimeout(() => late.listen(port, '127.0.0.1'), 215)
    const result = await transportTo(new URL(`http://127.0.0.1:${port}/`)).waitUntilAccepting(290)
    late.close()
    expect(result).toEqual(expect.objectContaining({ accepting: true }))
  })

  test('ends when it is stopped', async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}/`)
    const result = await transportTo(url).waitUntilAccepting(60_000, AbortSignal.timeout(50))
    expect(result).toEqual({ accepting: false, endedBy: 'signal', waitedMs: expect.any(Number) as number })
    expect(result.waitedMs).toBeLessThan(1000)
  })
})
