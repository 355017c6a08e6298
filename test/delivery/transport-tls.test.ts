import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { explainFailure } from '../../src/delivery/failure.ts'
import type { AttemptResult } from '../../src/delivery/outcome.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import type { TransportOptions } from '../../src/delivery/transport.ts'
import { answerOf, hostileServer } from '../support/hostile-server.ts'
import { peer } from '../support/peer.ts'
import { systemClock } from '../support/system-clock.ts'
import { makeCertificates } from '../support/tls.ts'
import type { TestCertificates } from '../support/tls.ts'

const openssl = peer('openssl', 'apt-get install openssl')
const certificates = openssl === undefined ? undefined : makeCertificates(openssl)
const toClose: { close(): Promise<void> }[] = []
const variable = process.env['NODE_TLS_REJECT_UNAUTHORIZED']

afterEach(async () => {
  await Promise.all(toClose.splice(0).map((closable) => closable.close()))
})
afterAll(() => {
  if (variable === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = variable
})

async function receiverWith(kind: keyof Omit<TestCertificates, 'ca'> | 'plain') {
  const certificate = kind === 'plain' ? undefined : certificates?.[kind]
  const receiver = await hostileServer((socket) => socket.write(answerOf(200)), certificate)
  toClose.push(receiver)
  return receiver
}

async function send(url: URL, options: Partial<TransportOptions> = {}): Promise<AttemptResult> {
  const transport = createTransport({ url, connections: 1, timeoutMs: 3000, clock: systemClock, ...options })
  toClose.push(transport)
  return transport.send(buildRequest({ url, userAgent: 'x' }, '[]'))
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

describe.skipIf(certificates === undefined)('TLS', () => {
  const ca = certificates?.ca

  test('a certificate of an authority that is trusted with --cacert is accepted', async () => {
    const receiver = await receiverWith('good')
    expect(await send(receiver.url, { ca })).toEqual(expect.objectContaining({ status: 200 }))
    const byAddress = new URL(`https://127.0.0.1:${receiver.port}/`)
    expect(await send(byAddress, { ca })).toEqual(expect.objectContaining({ status: 200 }))
  })

  describe.each([
    ['not set', undefined],
    ['0', '0'],
  ])('with NODE_TLS_REJECT_UNAUTHORIZED %s', (_, value) => {
    test.each([
      ['selfSigned', 'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)', '--cacert'],
      ['wrongName', 'the certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)', 'name'],
      ['expired', 'the certificate has expired (CERT_HAS_EXPIRED)', 'Renew'],
    ] as const)('%s is refused, nothing is sent, and the next step fits', async (kind, reason, nextStep) => {
      if (value === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = value
      const receiver = await receiverWith(kind)
      const result = await send(receiver.url, kind === 'selfSigned' ? {} : { ca })
      expect(result).toEqual({ kind: 'failed', code: 'tls', reason })
      expect(receiver.requests).toHaveLength(0)
      if (result.kind === 'failed') expect(explainFailure(result, receiver.url).nextStep).toContain(nextStep)
    })
  })

  test.each(['selfSigned', 'wrongName', 'expired'] as const)(
    '%s fails every attempt alike and at once, by name and by address',
    async (kind) => {
      const receiver = await receiverWith(kind)
      for (const url of [receiver.url, new URL(`https://127.0.0.1:${receiver.port}/`)]) {
        const transport = createTransport({ url, connections: 1, timeoutMs: 3000, clock: systemClock, ca })
        toClose.push(transport)
        const startedMs = systemClock.monotonicMs()
        for (let nth = 0; nth < 4; nth += 1) {
          const result = await transport.send(buildRequest({ url, userAgent: 'x' }, '[]'))
          expect(result).toEqual(expect.objectContaining({ kind: 'failed', code: 'tls' }))
        }
        expect(systemClock.monotonicMs() - startedMs).toBeLessThan(2000)
      }
    },
  )

  test.each(['selfSigned', 'wrongName', 'expired'] as const)('%s is accepted when the check is off', async (kind) => {
    const receiver = await receiverWith(kind)
    expect(await send(receiver.url, { certificates: 'accept-any' })).toEqual(expect.objectContaining({ status: 200 }))
  })

  test('an authority that is not known is named so', async () => {
    const receiver = await receiverWith('good')
    expect(await send(receiver.url)).toEqual({
      kind: 'failed',
      code: 'tls',
      reason: 'the certificate is signed by an authority that is not known here (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    })
  })

  test('http to a port that speaks TLS is told apart, with https:// as the next step', async () => {
    const receiver = await receiverWith('good')
    const url = new URL(`http://localhost:${receiver.port}/`)
    const result = await send(url)
    if (result.kind !== 'failed') throw new Error('answered')
    expect(['closed', 'reset', 'protocol']).toContain(result.code)
    expect(explainFailure(result, url).nextStep).toContain('https://')
  })
})

test('https to a port that speaks HTTP is tls, with http:// as the next step', async () => {
  const plain = createHttpServer((_, response) => response.end())
  const url = new URL(`https://127.0.0.1:${await portOf(plain)}/`)
  const result = await send(url)
  plain.close()
  expect(result).toEqual(expect.objectContaining({ kind: 'failed', code: 'tls' }))
  if (result.kind === 'failed') expect(explainFailure(result, url).nextStep).toContain('http://')
})

test('a handshake that never ends is connect-timeout, and the connection is dropped', async () => {
  let closed = false
  const silent = createServer((socket) => socket.resume().on('close', () => (closed = true)))
  const url = new URL(`https://127.0.0.1:${await portOf(silent)}/`)
  const transport = createTransport({ url, connections: 1, timeoutMs: 100, clock: systemClock })
  toClose.push(transport)
  const request = buildRequest({ url, userAgent: 'x' }, '[]')
  for (let nth = 0; nth < 2; nth += 1) {
    closed = false
    expect(await transport.send(request)).toEqual({
      kind: 'failed',
      code: 'connect-timeout',
      reason: 'no connection within the timeout of 100 ms',
    })
    await expect.poll(() => closed).toBe(true)
  }
  silent.close()
})
