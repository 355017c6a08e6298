import { expect, test } from 'vitest'
import { buildRequest } from '../../src/delivery/request.ts'
import { sign } from '../../src/signing/signature.ts'

const url = new URL('https://example.com/a?b=c')

test('without a secret there is no signature', () => {
  const request = buildRequest({ url, userAgent: 'qualifio-sim/1.0' }, '[]')
  expect(request.headers).toEqual([
    ['Content-Type', 'application/json'],
    ['User-Agent', 'qualifio-sim/1.0'],
  ])
  expect(request.path).toBe('/a?b=c')
})

test("the user's User-Agent takes the place of ours", () => {
  const request = buildRequest(
    {
      url,
      userAgent: 'x',
      headers: [
        ['X-A', '1'],
        ['user-AGENT', 'Mine'],
      ],
    },
    '[]',
  )
  expect(request.headers.slice(1)).toEqual([
    ['user-AGENT', 'Mine'],
    ['X-A', '1'],
  ])
})

test('the signature is of the bytes that are sent, and goes where the contract says', () => {
  const signature = { header: 'X-Sig', prefix: 'v1=', encoding: 'base64' } as const
  for (const body of ['[{"name":"Zoë 🎁"}]', '', '[ "\ud800" ]', new Uint8Array([0, 255, 10])]) {
    const request = buildRequest({ url, userAgent: 'x', secret: 's', signature }, body)
    expect(request.headers.at(-1)).toEqual(['X-Sig', sign('s', request.body, signature)])
    if (typeof body !== 'string') expect([...request.body]).toEqual([...body])
  }
})

test('bytes that the caller changes afterwards do not change the request', () => {
  const bytes = new TextEncoder().encode('[1]')
  const request = buildRequest({ url, userAgent: 'x', secret: 's' }, bytes)
  bytes[1] = 0x32
  expect(Buffer.from(request.body).toString()).toBe('[1]')
  expect(() => (request.headers as unknown[]).push('x')).toThrow(TypeError)
})
