import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliver } from '../../src/delivery/deliver.ts'
import { diagnose } from '../../src/delivery/diagnosis.ts'
import type { AttemptResult, Responded } from '../../src/delivery/outcome.ts'
import { redactor, redactorFor, secretValues } from '../../src/delivery/redact.ts'
import type { Endpoint } from '../../src/delivery/request.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import { deliverAll } from '../../src/delivery/run.ts'
import { authorizationHeaders } from '../../src/signing/authorization.ts'
import { fakeClock } from '../support/fake-clock.ts'

function answer(bodySnippet: string, headers: Responded['headers'] = {}): Responded {
  return { kind: 'responded', status: 500, headers, bodySnippet, bodyBytes: Buffer.byteLength(bodySnippet) }
}

/** What is left of a body. */
function body(values: readonly string[], text: string): string {
  return (redactor(values)(answer(text)) as Responded).bodySnippet
}

const PHP_JSON = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/')
const ASCII_JSON = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const GO_JSON = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[<>&]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16).toUpperCase()}`)
const HTML = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#x27;')

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 without padding': (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'in a URL': encodeURIComponent,
  'in a URL, with small digits': (text) => encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
  'in a form': (text) => new URLSearchParams({ x: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON of PHP': PHP_JSON,
  'JSON in ASCII': ASCII_JSON,
  'JSON of Go': GO_JSON,
  HTML,
  'UTF-8 read as latin-1': (text) => Buffer.from(text).toString('latin1'),
}

test.each(Object.entries(ENCODINGS))('whatever the secret, nothing of it comes back: %s', (_, encode) => {
  const secret = fc.string({ unit: 'binary', minLength: 4, maxLength: 24 }).filter((text) => !text.includes('…'))
  fc.assert(
    fc.property(secret, fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (value, before, after) => {
      const echoed = encode(value)
      fc.pre(!(before + after).includes(echoed))
      expect(body([value], `${before} ${echoed} ${after}`)).not.toContain(echoed)
    }),
    { numRuns: 50 },
  )
})

test('what is not the secret stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(body(['a-secret-that-is-not-there'], text)).toBe(text)
    }),
  )
})

describe('short values', () => {
  test.each([
    ['key=abc&x', 'key=…&x'],
    ['"abc"', '"…"'],
    ['abc', '…'],
    ['token abc.', 'token abc.'],
    ['abcdef abc-1 1/abc', 'abcdef abc-1 1/abc'],
    ['basic YWJj, not YWJjZGVm', 'basic …, not YWJjZGVm'],
  ])('count as a whole token only: %s', (text, left) => {
    expect(body(['abc'], text)).toBe(left)
  })

  test('of four characters count anywhere', () => {
    expect(body(['abcd'], 'xabcdx')).toBe('x…x')
  })
})

test('the longest value is taken first, so that no rest of it stays', () => {
  expect(body(['hunter2', 'ann:hunter2'], 'ann:hunter2 hunter2')).toBe('… …')
})

test('no value, or only empty ones, change nothing', () => {
  expect(body([], 'text')).toBe('text')
  expect(body([''], 'text')).toBe('text')
})

describe('where the body was cut', () => {
  test.each(['super-secret-k', Buffer.from('super-secret-key').toString('base64').slice(0, 9)])(
    'the beginning of a secret goes too: %s',
    (rest) => {
      const cut = { ...answer(`got ${rest}`), bodyIncomplete: 'cut' as const }
      expect(redactor(['super-secret-key'])(cut)).toMatchObject({ bodySnippet: 'got …' })
      const kept = { ...answer(`got ${rest}`), bodyBytes: 4000 }
      expect(redactor(['super-secret-key'])(kept)).toMatchObject({ bodySnippet: 'got …' })
    },
  )

  test('a body that is complete keeps its end', () => {
    expect(body(['super-secret-key'], 'that is super')).toBe('that is super')
  })
})

describe('what is secret of an endpoint', () => {
  const url = new URL('http://localhost/hook')
  const endpoint = (fields: Partial<Endpoint>) => ({ url, ...fields })
  const sent = (...headers: readonly string[]) => endpoint({ headers: authorizationHeaders({ headers }) })

  test.each<[string, Pick<Endpoint, 'url' | 'secret' | 'headers'>, readonly string[]]>([
    ['the secret', endpoint({ secret: 's3cr3t-Ω' }), ['s3cr3t-Ω']],
    ['a header of any name', sent('X-Test-Authorization-Header: 123456ots'), ['123456ots']],
    ['a scheme’s credentials', sent('Authorization: Token abcdef'), ['abcdef', 'Token abcdef']],
    ['parameters', sent('Cookie: sid="q w"; theme=dark'), ['q w', 'dark']],
    ['bearer', endpoint({ headers: authorizationHeaders({ bearer: 't0ken' }) }), ['Bearer t0ken', 't0ken']],
    [
      'basic',
      endpoint({ headers: authorizationHeaders({ basic: 'ann:hunter2:x' }) }),
      ['YW5uOmh1bnRlcjI6eA==', 'ann:hunter2:x', 'hunter2:x'],
    ],
    ['query values', endpoint({ url: new URL('http://h/?a=b%20cd&bare') }), ['b%20cd', 'b cd', 'bare']],
    ['userinfo', endpoint({ url: new URL('http://ann:p%40ss@h/') }), ['ann', 'p@ss']],
  ])('%s', (_, given, values) => {
    expect(secretValues(given)).toEqual(expect.arrayContaining([...values]))
    expect(secretValues(given)).not.toContain('')
  })

  test('headers that prove nothing are not: their words stand in every answer', () => {
    expect(secretValues(sent('User-Agent: Symfony', 'Accept: application/json'))).toEqual([])
  })
})

describe('a receiver that shows the request it got', () => {
  const endpoint: Endpoint = {
    url: new URL('http://localhost/hook?token=qu%2Fery-value'),
    userAgent: 'x',
    secret: 'super-secret-key',
    headers: authorizationHeaders({ basic: 'ann:hunter2', headers: ['X-Key: 123456ots'] }),
  }
  const request = buildRequest(endpoint, '[]')
  const secrets = ['super-secret-key', 'YW5uOmh1bnRlcjI', 'hunter2', '123456ots', 'qu%2Fery-value', 'qu/ery-value']
  const echo: AttemptResult = {
    kind: 'responded',
    status: 500,
    headers: {
      'x-debug-exception': ['bad%20auth%20123456ots', 'Basic YW5uOmh1bnRlcjI='],
      'x-echo': ['/hook?token=qu%2Fery-value', 'qu/ery-value'],
    },
    bodySnippet: JSON.stringify({
      message: 'expected super-secret-key, not hunter2',
      headers: request.headers.slice(2),
    }),
    bodyBytes: 400,
  }
  const transport = { send: () => Promise.resolve(echo) }
  const options = { policy: retryPolicy({ retries: 1 }), clock: fakeClock(), transport, redact: redactorFor(endpoint) }

  test('deliver hands on redacted results only: to its listener, its decider and its caller', async () => {
    const seen: unknown[] = []
    const outcome = await deliver(request, {
      ...options,
      onAttempt: (attempt) => seen.push(attempt),
      decide: (_, __, result) => {
        seen.push(result)
        return { kind: 'blocked' }
      },
    })
    const everything = JSON.stringify([seen, outcome])
    for (const secret of secrets) expect(everything).not.toContain(secret)
    const { result } = outcome.attempts[0] as { result: Responded }
    expect(diagnose(result, endpoint.url).join()).toContain('bad auth …')
  })

  test('so does a run of many deliveries', async () => {
    const seen: unknown[] = []
    await deliverAll([{ id: 'd', request, events: [] }], {
      ...options,
      concurrency: 1,
      onAttempt: (_, attempt) => seen.push(attempt),
      onDelivery: (_, outcome) => seen.push(outcome),
    })
    expect(seen).toHaveLength(3)
    for (const secret of secrets) expect(JSON.stringify(seen)).not.toContain(secret)
  })

  test('a failure’s reason is redacted too', () => {
    const failed: AttemptResult = { kind: 'failed', code: 'unreachable', reason: 'hunter2.example is refused' }
    expect(redactorFor(endpoint)(failed)).toEqual({ ...failed, reason: '….example is refused' })
  })
})
