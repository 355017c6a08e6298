import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { buildRequest } from '../../src/delivery/request.ts'
import type { Endpoint } from '../../src/delivery/request.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import { connectionMaker } from '../../src/stress/load-connection.ts'
import type { ConnectionOptions } from '../../src/stress/lane-socket.ts'
import type { SendMode, Traffic } from '../../src/stress/lane.ts'
import { frameMaker } from '../../src/stress/request-frame.ts'
import { hostileServer } from '../support/hostile-server.ts'
import { peer } from '../support/peer.ts'
import { systemClock } from '../support/system-clock.ts'
import { makeCertificates } from '../support/tls.ts'

const openssl = peer('openssl', 'apt-get install openssl')
const certificates = openssl === undefined ? undefined : makeCertificates(openssl)

const closing: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map(async (close) => close()))
})

const bodyOf = (index: number): Buffer => Buffer.from(`[{"é":"${'x'.repeat(index % 2000)}"}]`)
const bodies = {
  maxBytes: 2100,
  write: (index: number, target: Uint8Array, at: number): number => {
    target.set(bodyOf(index), at)
    return at + bodyOf(index).length
  },
}

/** A lane, one request after the other: a status, or a failure's code. */
function lane(endpoint: Endpoint, options: Partial<ConnectionOptions> = {}) {
  const traffic = { nowMs: 0, bytesSent: 0, bytesReceived: 0, brokenBodies: 0 } as Traffic
  let heard = (_: number | string): void => {}
  const ended = (_: number, status: number, failure: string | undefined): void => heard(failure ?? status)
  const maker = connectionMaker({ url: endpoint.url, ...options }, frameMaker(endpoint, bodies))
  const made = maker(0, { ended }, traffic)
  closing.push(made.drop)
  return {
    ...made,
    traffic,
    ask: (index = 0, mode: SendMode = 'signed') =>
      new Promise<number | string>((resolve) => {
        heard = resolve
        made.send(index, mode)
      }),
  }
}

const endpointTo = (url: URL): Endpoint => ({ url, userAgent: 'qualifio-sim/0' })
const OK = 'HTTP/1.1 204 No Content\r\n\r\n'

async function server(answer: (socket: Socket, nth: number) => void, secured?: Parameters<typeof hostileServer>[1]) {
  const made = await hostileServer(answer, secured)
  closing.push(made.close)
  return made
}

describe('the bytes of a request', () => {
  const endpoints: readonly [string, Partial<Endpoint>][] = [
    ['plain', {}],
    ['signed', { secret: 'sésame' }],
    [
      'with a path, a query and headers',
      {
        secret: 's',
        headers: [
          ['Authorization', 'Bearer abc'],
          ['X-A', 'b'],
        ],
      },
    ],
    ['with a User-Agent of the user', { headers: [['user-agent', 'mine/1']], contentType: 'application/x+json' }],
    ['signed in base64', { secret: 'k', signature: { header: 'X-Sig', prefix: 'v1=', encoding: 'base64' } }],
  ]
  test.each(endpoints)('%s are those of undici', async (_, parts) => {
    const { url, requests } = await server((socket) => socket.write(OK))
    url.search = '?a=b%20c'
    const endpoint = { ...endpointTo(url), ...parts }
    const transport = createTransport({ url, connections: 1, timeoutMs: 5000, clock: systemClock })
    closing.push(() => transport.close())
    const one = lane(endpoint)
    // Lengths of two, three and four digits, and back.
    for (const index of [1, 50, 1500, 500, 1, 1999]) {
      await transport.send(buildRequest(endpoint, bodyOf(index)))
      expect(await one.ask(index)).toBe(204)
      expect(requests.at(-1)).toBe(requests.at(-2))
    }
  })

  test('forged: nothing but the signature differs, and it looks like one', async () => {
    const { url, requests } = await server((socket) => socket.write(OK))
    const one = lane({ ...endpointTo(url), secret: 's' })
    await one.ask(3)
    await one.ask(3, 'forged')
    const [right = '', wrong = ''] = requests
    const signature = /sha256=[0-9a-f]{64}/
    expect(wrong).not.toBe(right)
    expect(wrong.replace(signature, '')).toBe(right.replace(signature, ''))
    expect(wrong).toMatch(signature)
  })
})

/** Answers, and what is left of the connection after them. */
const ANSWERS: readonly [string, (socket: Socket) => void][] = [
  ['no content', (socket) => socket.write(OK)],
  ['a length', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')],
  ['chunks', (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')],
  [
    'chunks with extensions and a trailer',
    (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\nA: b\r\n\r\n'),
  ],
  ['103 before it', (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`)],
  ['100 that nobody asked for', (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${OK}`)],
  [
    'another protocol',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  ],
  ['304', (socket) => socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n')],
  ['503 and close', (socket) => socket.end('HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno')],
  ['a redirect', (socket) => socket.write('HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n')],
  ['no length, to the end', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end')],
  ['HTTP/1.0', (socket) => socket.end('HTTP/1.0 201 Created\r\n\r\n')],
  ['a body that is cut', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf')],
  ['chunks that are cut', (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf')],
  ['a body that is broken', (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n')],
  ['nothing', (socket) => socket.end()],
  ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ['a reset', (socket) => socket.resetAndDestroy()],
  ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ['a status that is none', (socket) => socket.end('HTTP/1.1 abc OK\r\n\r\n')],
  ['two lengths', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab')],
  ['bare line feeds', (socket) => socket.write('HTTP/1.1 200 OK\nContent-Length: 0\n\n')],
  ['a bare line feed after the status', (socket) => socket.write('HTTP/1.1 200 OK\nA: b\r\n\r\n')],
  ['a bare line feed after a header', (socket) => socket.write('HTTP/1.1 204 OK\r\nA: b\n\r\n')],
  ['a bare line feed after the head', (socket) => socket.write('HTTP/1.1 204 OK\r\nA: b\r\n\n')],
  ['a bare line feed after the status alone', (socket) => socket.write('HTTP/1.1 204 OK\r\n\n')],
  ['a bare line feed before the answer', (socket) => socket.write('\nHTTP/1.1 204 OK\r\n\r\n')],
  ['empty lines of all kinds before it', (socket) => socket.write('\r\r\n\nHTTP/1.1 204 OK\r\n\r\n')],
  ['carriage returns alone', (socket) => socket.write('HTTP/1.1 204 OK\rA: b\r\r')],
  ['a bare carriage return in a header', (socket) => socket.write('HTTP/1.1 204 OK\r\nA: b\rc\r\n\r\n')],
  ['a length that is none', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nab')],
  ['a head that is too long', (socket) => socket.end(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(17_000)}\r\n\r\n`)],
]

describe('an answer', () => {
  test.each(ANSWERS)('%s is judged as in every other delivery', async (_, answer) => {
    const { url } = await server(answer)
    const transport = createTransport({ url, connections: 1, timeoutMs: 5000, clock: systemClock })
    closing.push(() => transport.close())
    const judged = await transport.send(buildRequest(endpointTo(url), '[]'))
    expect(await lane(endpointTo(url)).ask()).toBe(judged.kind === 'responded' ? judged.status : judged.code)
  })

  test('is the same however it is cut', async () => {
    const text =
      'HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 207 Multi\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nT: r\r\n\r\n'
    let size = 1
    const { url, connections } = await server((socket) => {
      void (async () => {
        for (let at = 0; at < text.length; at += size) {
          socket.write(text.slice(at, at + size))
          await new Promise((resolve) => setImmediate(resolve))
        }
      })()
    })
    const one = lane(endpointTo(url))
    for (size of [1, 2, 3, 7, 40, 500]) expect(await one.ask()).toBe(207)
    expect(connections()).toBe(1)
  })

  test('that came before is known, and another of the same length is not taken for it', async () => {
    const statuses = [200, 200, 500, 200, 503, 404, 200, 200]
    const { url, connections } = await server((socket, nth) =>
      socket.write(`HTTP/1.1 ${statuses[nth - 1]} Some\r\nContent-Length: 2\r\n\r\n{}`),
    )
    const one = lane(endpointTo(url))
    for (const status of statuses) expect(await one.ask()).toBe(status)
    expect(connections()).toBe(1)
    expect(one.traffic.bytesReceived).toBe(statuses.length * 'HTTP/1.1 200 Some\r\nContent-Length: 2\r\n\r\n{}'.length)
  })
})

describe('a connection', () => {
  const kept: readonly [string, string, number][] = [
    ['kept', OK, 1],
    ['made anew after Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', 4],
    ['made anew after HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 4],
    [
      'kept after HTTP/1.0 with keep-alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      1,
    ],
    ['made anew after bytes that nobody asked for', `${OK}garbage`, 4],
    [
      'made anew where it would be kept no time at all',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n',
      4,
    ],
  ]
  test.each(kept)('is %s', async (_, answer, expected) => {
    const { url, connections } = await server((socket) => socket.write(answer))
    const one = lane(endpointTo(url))
    for (let index = 0; index < 4; index++) expect([200, 204]).toContain(await one.ask(index))
    expect(connections()).toBe(expected)
  })

  test.each([
    ['a second', OK, 1000],
    ['half a second less than the receiver says', 'HTTP/1.1 204 No\r\nKeep-Alive: timeout=1\r\n\r\n', 500],
  ])('is not used again when it was idle for %s', async (_, answer, usableMs) => {
    const { url, connections } = await server((socket) => socket.write(answer))
    const one = lane(endpointTo(url))
    await one.ask()
    one.traffic.nowMs = usableMs
    await one.ask()
    expect(connections()).toBe(1)
    one.traffic.nowMs = 2 * usableMs + 1
    await one.ask()
    expect(connections()).toBe(2)
  })

  test('that the receiver closes while idle is made anew', async () => {
    const { url, connections } = await server((socket) => {
      socket.write(OK)
      setTimeout(() => socket.destroy(), 5)
    })
    const one = lane(endpointTo(url))
    await one.ask()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await one.ask()).toBe(204)
    expect(connections()).toBe(2)
  })

  test('is dropped when the answer begins, where the answer is to be lost', async () => {
    const { url, requests, connections } = await server((socket) => socket.write(OK))
    const one = lane(endpointTo(url))
    expect(await one.ask(1, 'lost-ack')).toBe('aborted')
    expect(await one.ask(1)).toBe(204)
    expect(requests).toHaveLength(2)
    expect(connections()).toBe(2)
  })

  test('that takes too long ends as overdue, and with its status when only the body is late', async () => {
    const { url } = await server(
      (socket, nth) => void (nth === 2 && socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha')),
    )
    const one = lane(endpointTo(url))
    const ask = async (): Promise<number | string> => {
      const asked = one.ask()
      await new Promise((resolve) => setTimeout(resolve, 40))
      one.expire()
      return asked
    }
    expect(await ask()).toBe('timeout')
    expect(one.traffic.brokenBodies).toBe(0)
    expect(await ask()).toBe(200)
    expect(one.traffic.brokenBodies).toBe(1)
  })

  test.each<[string, string, number]>([
    ['of a length that is not reached', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha', 1],
    ['in chunks without the last', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n', 1],
    ['in chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n', 1],
    ['up to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nok', 0],
    ['that is all there', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok', 0],
    ['with more than was said', `${OK}HTTP/1.1 500 Bad\r\nContent-Length: 0\r\n\r\n`, 0],
    ['longer than is read', `HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'a'.repeat(200_000)}`, 0],
  ])('whose answer has a body %s has its status', async (_, answer, broken) => {
    const { url } = await server((socket) => socket.end(answer))
    const one = lane(endpointTo(url))
    expect([200, 204]).toContain(await one.ask())
    expect(one.traffic.brokenBodies).toBe(broken)
  })

  test.each([
    ['http://127.0.0.1:1/', 'refused'],
    ['http://169.254.169.254/', 'unreachable'],
    ['http://nobody.invalid/', 'dns'],
  ])('to %s: %s', async (url, code) => {
    expect(await lane(endpointTo(new URL(url))).ask()).toBe(code)
  })

  test.skipIf(certificates === undefined)('over TLS is checked, and kept', async () => {
    const { url, connections } = await server((socket) => socket.write(OK), certificates?.good)
    const trusting = lane(endpointTo(url), { ca: certificates?.ca })
    for (let index = 0; index < 50; index++) expect(await trusting.ask(index * 30)).toBe(204)
    expect(connections()).toBe(1)
    const doubting = lane(endpointTo(url))
    expect(await doubting.ask()).toBe('tls')
    expect(doubting.traffic.failed?.reason).toMatch(/^the certificate is .* \([A-Z_]+\)$/)
    expect(await lane(endpointTo(url), { certificates: 'accept-any' }).ask()).toBe(204)
    const misnamed = await server((socket) => socket.write(OK), certificates?.wrongName)
    expect(await lane(endpointTo(misnamed.url), { ca: certificates?.ca }).ask()).toBe('tls')
  })

  test('to a server of Node carries what was sent', async () => {
    const got: string[] = []
    const made = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        got.push(Buffer.concat(chunks).toString())
        response.statusCode = got.length % 2 === 0 ? 200 : 202
        response.end(got.length % 3 === 0 ? 'x'.repeat(20_000) : undefined)
      })
    })
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
    closing.push(() => made.close())
    const url = new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}/`)
    const one = lane(endpointTo(url))
    for (let index = 0; index < 20; index++) expect(await one.ask(index * 99)).toBe(index % 2 === 0 ? 202 : 200)
    expect(got).toEqual(Array.from({ length: 20 }, (_, index) => bodyOf(index * 99).toString()))
  })
})
