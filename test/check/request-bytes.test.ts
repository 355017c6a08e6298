import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writesOf } from '../../src/check/request-bytes.ts'
import type { RequestParts } from '../../src/check/request-bytes.ts'

const written = (parts: Partial<RequestParts>) =>
  writesOf({ method: 'POST', path: '/hook', headers: [], body: new Uint8Array(), ...parts }).map(
    ({ bytes, afterMs }) => [Buffer.from(bytes).toString('latin1'), afterMs] as const,
  )
const text = (parts: Partial<RequestParts>) =>
  written(parts)
    .map(([part]) => part)
    .join('')
const bytes = (content: string) => Buffer.from(content)

describe('the bytes of a request', () => {
  test('are the headers as they are given, with the length after the content type, in one write', () => {
    const parts: Partial<RequestParts> = {
      path: '/hook/a%20b?x=1',
      headers: [
        ['Host', 'localhost:1'],
        ['Content-Type', 'application/json'],
        ['x-Odd-CASE', 'a'],
        ['x-Odd-CASE', 'b'],
      ],
      body: bytes('["é"]'),
    }
    expect(written(parts)).toEqual([
      [
        'POST /hook/a%20b?x=1 HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json\r\nContent-Length: 6\r\n' +
          'x-Odd-CASE: a\r\nx-Odd-CASE: b\r\n\r\n["\xc3\xa9"]',
        undefined,
      ],
    ])
  })

  test.each<[where: string, headers: RequestParts['headers'], transfer: RequestParts['transfer'], lines: string[]]>([
    ['last without a content type', [['Host', 'x']], undefined, ['Host: x', 'Content-Length: 2']],
    ['alone without headers', [], undefined, ['Content-Length: 2']],
    [
      'where and as the caller spelt it, with the true value',
      [
        ['content-LENGTH', '77'],
        ['Content-Type', 'a/b'],
      ],
      undefined,
      ['content-LENGTH: 2', 'Content-Type: a/b'],
    ],
    [
      'in the place of the other one, never beside it',
      [
        ['Content-Length', '2'],
        ['Host', 'x'],
      ],
      { kind: 'chunked' },
      ['Transfer-Encoding: chunked', 'Host: x'],
    ],
    ['in lower case with names in lower case', [['host', 'x']], undefined, ['host: x', 'content-length: 2']],
    [
      'in upper case with names in upper case',
      [['HOST', 'x']],
      { kind: 'chunked' },
      ['HOST: x', 'TRANSFER-ENCODING: chunked'],
    ],
  ])('the framing stands %s', (_, headers, transfer, lines) => {
    const sent = text({ headers, body: bytes('[]'), ...(transfer === undefined ? {} : { transfer }) })
    expect(sent.split('\r\n\r\n')[0]?.split('\r\n').slice(1)).toEqual(lines)
  })

  test.each([
    ['GET', 'GET /hook HTTP/1.1\r\n\r\n'],
    ['HEAD', 'HEAD /hook HTTP/1.1\r\n\r\n'],
    ['OPTIONS', 'OPTIONS /hook HTTP/1.1\r\n\r\n'],
    ['POST', 'POST /hook HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
  ])('%s with nothing in it', (method, expected) => {
    expect(text({ method })).toBe(expected)
  })

  test('header values are one byte per character, and UTF-8 only where there is none', () => {
    expect(text({ method: 'GET', headers: [['a', 'é']] })).toContain('a: \xe9\r\n')
    expect(text({ method: 'GET', headers: [['a', '€']] })).toContain('a: \xe2\x82\xac\r\n')
  })

  test('a body is cut inside a character, and the parts wait', () => {
    const parts = { body: bytes('é!'), transfer: { kind: 'split', at: [2, 1, 1, 3, 99, -1], pauseMs: 30 } } as const
    expect(written(parts)).toEqual([
      ['POST /hook HTTP/1.1\r\nContent-Length: 3\r\n\r\n\xc3', undefined],
      ['\xa9', 30],
      ['!', 30],
    ])
  })

  test('offset 0 cuts between head and body', () => {
    const parts = { body: bytes('[]'), transfer: { kind: 'split', at: [0], pauseMs: 1 } } as const
    expect(written(parts).map(([part]) => part)).toEqual(['POST /hook HTTP/1.1\r\nContent-Length: 2\r\n\r\n', '[]'])
  })

  test.each<[body: string, sizes: number[] | undefined, chunked: string]>([
    ['0123456789', undefined, 'a\r\n0123456789\r\n0\r\n\r\n'],
    ['0123456789', [3, 0, 2], '3\r\n012\r\n2\r\n34\r\n5\r\n56789\r\n0\r\n\r\n'],
    ['01', [5, 5], '2\r\n01\r\n0\r\n\r\n'],
    ['', [1], '0\r\n\r\n'],
  ])('%j in chunks of %j', (body, sizes, chunked) => {
    const sent = text({ body: bytes(body), transfer: { kind: 'chunked', ...(sizes === undefined ? {} : { sizes }) } })
    expect(sent).toBe(`POST /hook HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`)
  })

  test('splitting changes when bytes are written, never which', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.integer({ min: -5, max: 45 })), (body, at) => {
        expect(text({ body, transfer: { kind: 'split', at, pauseMs: 1 } })).toBe(text({ body }))
      }),
    )
  })
})
