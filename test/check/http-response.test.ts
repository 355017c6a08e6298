import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { responseReader } from '../../src/check/http-response.ts'
import type { AttemptResult, Responded } from '../../src/delivery/outcome.ts'

interface Read {
  readonly result: AttemptResult | undefined
  readonly isReusable: boolean
}

/** Reads a text (one byte per character), cut where told; after it the connection is closed unless `open`. */
function read(text: string, { method = 'POST', cuts = [] as number[], after = 'open' } = {}): Read {
  const reader = responseReader(method)
  const bytes = Buffer.from(text, 'latin1')
  const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  for (const [index, start] of at.entries()) reader.push(bytes.subarray(start, at[index + 1]))
  if (after === 'closed') reader.end()
  return { result: reader.result, isReusable: reader.isReusable }
}

const ok = (lines: string, body = '') => `HTTP/1.1 200 OK\r\n${lines}\r\n${body}`
const responded = (fields: Partial<Responded>) =>
  ({ kind: 'responded', status: 200, headers: {}, bodySnippet: '', bodyBytes: 0, ...fields }) satisfies Responded
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

describe('an answer', () => {
  test('has its headers in lower case, repeated ones as a list, and any name', () => {
    const { result } = read(
      ok('Content-Length: 0\r\nSet-Cookie: a=1\r\nset-cookie:b=2 \t\r\n__proto__: x\r\nX-Empty:\r\n'),
    )
    const headers = (result as Responded).headers
    expect(Object.entries(headers)).toEqual([
      ['content-length', ['0']],
      ['set-cookie', ['a=1', 'b=2']],
      ['__proto__', ['x']],
      ['x-empty', ['']],
    ])
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  })

  const hello = { bodySnippet: 'hello', bodyBytes: 5 }
  test.each<[what: string, text: string, fields: Partial<Responded>, isReusable: boolean]>([
    ['a length', ok('Content-Length: 5\r\n', 'hello'), hello, true],
    ['one length said twice', ok('Content-Length: 5, 5\r\nContent-Length: 5\r\n', 'hello'), hello, true],
    ['no reason', `HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n`, {}, true],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', hello, true],
    ['an empty line before', `\r\n${ok('Content-Length: 5\r\n', 'hello')}`, hello, true],
    ['a folded header', ok('X: a\r\n\t b\r\nContent-Length: 5\r\n', 'hello'), hello, true],
    [
      'interim answers before',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n${ok('Content-Length: 5\r\n', 'hello')}`,
      hello,
      true,
    ],
    ['chunks', ok('Transfer-Encoding: chunked\r\n', '2\r\nhe\r\n3;x="y"\r\nllo\r\n0\r\n\r\n'), hello, true],
    [
      'chunks with a trailer',
      ok('Transfer-Encoding: gzip, Chunked\r\n', '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'),
      hello,
      true,
    ],
    [
      'chunks in spite of a length',
      ok('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'),
      hello,
      true,
    ],
    ['connection: close', ok('Content-Length: 5\r\nConnection: Close\r\n', 'hello'), hello, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', hello, false],
    [
      'HTTP/1.0, kept alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello',
      hello,
      true,
    ],
    ['more than it said', ok('Content-Length: 5\r\n', 'helloHTTP/1.1'), hello, false],
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', { status: 204 }, true],
    ['304', 'HTTP/1.1 304 Not Modified\r\n\r\n', { status: 304 }, true],
    ['a status nobody knows', 'HTTP/1.1 799 X\r\nContent-Length: 0\r\n\r\n', { status: 799 }, true],
  ])('with %s is read to its end, and no further', (_, text, fields, isReusable) => {
    const { result, isReusable: kept } = read(text)
    expect(result).toEqual({ ...responded(fields), headers: expect.any(Object) as unknown })
    expect(kept).toBe(isReusable)
  })

  test('to HEAD has no body, whatever it says', () => {
    expect(read(ok('Content-Length: 5\r\n'), { method: 'HEAD' })).toMatchObject({
      result: { status: 200, bodyBytes: 0 },
      isReusable: true,
    })
    expect(read(ok('Transfer-Encoding: chunked\r\n'), { method: 'HEAD' }).result).toMatchObject({ status: 200 })
  })

  test('without a length ends with the connection', () => {
    expect(read(ok('', 'hello')).result).toBeUndefined()
    expect(read(ok('', 'hello'), { after: 'closed' })).toEqual({ result: responded(hello), isReusable: false })
  })

  test.each<[what: string, text: string, after: 'open' | 'closed', read: string]>([
    ['a closed connection', ok('Content-Length: 6\r\n', 'hello'), 'closed', 'hello'],
    ['a closed connection between chunks', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n'), 'closed', 'hello'],
    ['a chunk without a size', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\nxyz\r\n'), 'open', 'hello'],
    ['a chunk longer than it said', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello!\r\n'), 'open', 'hello'],
    ['an endless chunk line', ok('Transfer-Encoding: chunked\r\n', `5;${'x'.repeat(5000)}`), 'open', ''],
  ])('cut by %s is still an answer', (_, text, after, bodySnippet) => {
    const { result, isReusable } = read(text, { after })
    expect(result).toMatchObject({ kind: 'responded', status: 200, bodySnippet, bodyIncomplete: 'cut' })
    expect(isReusable).toBe(false)
  })

  test('is shown to 2 KB, without half a character, and read to 64 KB', () => {
    const body = utf8(`x${'é'.repeat(2000)}`)
    expect(read(ok(`Content-Length: ${body.length}\r\n`, body)).result).toMatchObject({
      bodySnippet: `x${'é'.repeat(1023)}`,
      bodyBytes: 4001,
    })
    const limit = 64 * 1024
    const long = (length: number) => read(ok(`Content-Length: ${length}\r\n`, 'x'.repeat(length))).result
    expect(long(limit)).toMatchObject({ bodyBytes: limit })
    expect(long(limit)).not.toHaveProperty('bodyIncomplete')
    expect(long(limit + 1)).toMatchObject({ bodyBytes: limit, bodyIncomplete: 'limit' })
  })

  test('that is not over yet can be asked for what it has', () => {
    const reader = responseReader('POST')
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Le'))
    expect([reader.hasHead, reader.soFar('deadline')]).toEqual([false, undefined])
    reader.push(Buffer.from('ngth: 9\r\n\r\nhel'))
    expect(reader.hasHead).toBe(true)
    expect(reader.soFar('deadline')).toMatchObject({
      status: 200,
      bodySnippet: 'hel',
      bodyBytes: 3,
      bodyIncomplete: 'deadline',
    })
    expect(reader.result).toBeUndefined()
  })
})

describe('what is no answer', () => {
  test.each<[what: string, text: string, reason: string]>([
    ['another protocol, from its first byte', '\x15\x03\x01', 'the answer is not HTTP/1.1'],
    ['a greeting', 'SSH-2.0-OpenSSH', 'the answer is not HTTP/1.1'],
    ['HTTP/2', 'HTTP/2', 'the answer is not HTTP/1.1'],
    ['a status that is none', 'HTTP/1.1 20 OK\r\n\r\n', 'the answer is not HTTP/1.1'],
    ['a page without a head', '<html>', 'the answer is not HTTP/1.1'],
    ['a header without a colon', ok('oops\r\n'), 'a header of the answer cannot be read'],
    ['a space before the colon', ok('a : b\r\n'), 'a header of the answer cannot be read'],
    ['a NUL in a header', ok('a: \0\r\n'), 'a header of the answer cannot be read'],
    ['two lengths', ok('Content-Length: 5\r\nContent-Length: 6\r\n'), 'the Content-Length of the answer is no number'],
    ['a length that is no number', ok('Content-Length: -1\r\n'), 'the Content-Length of the answer is no number'],
    ['an upgrade', 'HTTP/1.1 101 X\r\n\r\n', 'the answer switched to another protocol (101), which was not asked for'],
    ['headers over 16 KB', ok(`a: ${'x'.repeat(17_000)}`), 'the headers of the answer are over 16 KB'],
    ['empty lines without end', '\r\n'.repeat(9000), 'the headers of the answer are over 16 KB'],
  ])('%s', (_, text, reason) => {
    expect(read(text).result).toEqual({ kind: 'failed', code: 'protocol', reason })
  })

  test.each([[''], ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'], ['HTTP/1.1 100 Continue\r\n\r\n']])(
    '%j and a closed connection',
    (text) => {
      expect(read(text).result).toBeUndefined()
      expect(read(text, { after: 'closed' }).result).toMatchObject({ kind: 'failed', code: 'closed' })
    },
  )
})

test('the result is the same however the bytes are cut', () => {
  const samples = [
    `HTTP/1.1 100 Continue\r\n\r\n${ok('A: é\r\n b\r\nTransfer-Encoding: chunked\r\n', utf8('4;x\r\naé!\r\n2\r\nbc\r\n0\r\nT: 1\r\n\r\nmore'))}`,
    ok('Content-Length: 7\r\n', 'hello, world'),
    ok('', 'until the end'),
    ok('Transfer-Encoding: chunked\r\n', '5\r\nhello world\r\n'),
    ok('Content-Length: 70000\r\n', 'x'.repeat(66_000)),
    ok(`a: ${'x'.repeat(16_360)}\r\nContent-Length: 0\r\n`),
    ok('no colon\r\n'),
    '\r\nHTTX',
  ]
  const cut = fc.constantFrom(...samples).chain((text) => {
    const near = fc.integer({ min: 0, max: Math.min(text.length, 150) })
    return fc.tuple(fc.constant(text), fc.array(fc.oneof(near, fc.integer({ min: 0, max: text.length }))))
  })
  const random = fc.tuple(
    fc
      .array(
        fc.constantFrom(
          'HTTP/1.1 200 OK',
          'HTTP/1.1 103',
          'A: b',
          'Content-Length: 3',
          'Transfer-Encoding: chunked',
          '\r\n',
          '\n',
          '3',
          'abc',
          '0',
          ' ',
          '\r',
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join('')),
    fc.array(fc.nat(40)),
  )
  fc.assert(
    fc.property(fc.oneof(cut, random), fc.constantFrom('open', 'closed'), ([text, cuts], after) => {
      const inside = cuts.filter((at) => at <= text.length)
      expect(read(text, { cuts: inside, after })).toEqual(read(text, { after }))
    }),
    { numRuns: 500 },
  )
})
