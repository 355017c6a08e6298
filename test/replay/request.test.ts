import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/delivery/request.ts'
import type { Fixture } from '../../src/fixture/fixture.ts'
import { prepareRequest, type PreparedRequest } from '../../src/replay/request.ts'
import { sign } from '../../src/signing/signature.ts'

const BODY = Buffer.from('[ {} ]')
const ENDPOINT: Endpoint = {
  url: new URL('http://localhost/hook'),
  userAgent: 'qualifio-sim/1',
  secret: 'a',
  headers: [
    ['X-Key', '42'],
    ['User-Agent', 'mine'],
  ],
}

function prepare(
  fixture: Partial<Pick<Fixture, 'sign' | 'authorization' | 'headers'>>,
  { endpoint = ENDPOINT, expectsRefusal = 'yes' }: { endpoint?: Endpoint; expectsRefusal?: 'yes' | 'no' } = {},
): PreparedRequest {
  return prepareRequest({ sign: true, authorization: true, ...fixture }, BODY, { endpoint, expectsRefusal })
}

function headersOf(prepared: PreparedRequest): Record<string, string> {
  if (prepared.kind === 'skip') throw new Error(prepared.reason)
  expect(Buffer.from(prepared.request.body)).toEqual(BODY)
  return Object.fromEntries(prepared.request.headers.map(([name, value]) => [name.toLowerCase(), value]))
}

const RIGHT = sign('a', BODY)

describe('signature', () => {
  test('right by default, none without a secret', () => {
    expect(headersOf(prepare({}))['x-qualifio-signature']).toBe(RIGHT)
    const { secret: _, ...unsigned } = ENDPOINT
    expect(headersOf(prepare({}, { endpoint: { ...unsigned, secret: undefined } }))).not.toHaveProperty(
      'x-qualifio-signature',
    )
  })

  test('left out, by another secret, for another body: each as a signature looks', () => {
    expect(headersOf(prepare({ sign: false }))).not.toHaveProperty('x-qualifio-signature')
    const wrong = (['wrong-secret', 'tampered'] as const).map(
      (how) => headersOf(prepare({ sign: how }))['x-qualifio-signature'],
    )
    for (const signature of wrong) expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/)
    expect(new Set([RIGHT, ...wrong]).size).toBe(3)
  })

  test('goes in the header that is in force', () => {
    const signature = { header: 'X-Other', prefix: 'sha256=', encoding: 'hex' } as const
    const headers = headersOf(prepare({}, { endpoint: { ...ENDPOINT, signature } }))
    expect(headers['x-other']).toBe(RIGHT)
    expect(headers).not.toHaveProperty('x-qualifio-signature')
  })
})

describe('authorization', () => {
  const rows: readonly [given: string, wrong: string][] = [
    ['42', 'wrong'],
    ['Bearer token', 'Bearer wrong'],
    ['bearer token', 'bearer wrong'],
    ['Basic dTpw', `Basic ${Buffer.from('wrong:wrong').toString('base64')}`],
  ]
  test.each(rows)('a wrong one for %j keeps its scheme', (given, wrong) => {
    const endpoint: Endpoint = { ...ENDPOINT, headers: [['Authorization', given]] }
    expect(headersOf(prepare({ authorization: 'wrong' }, { endpoint }))['authorization']).toBe(wrong)
    expect(headersOf(prepare({ authorization: false }, { endpoint }))).not.toHaveProperty('authorization')
    expect(headersOf(prepare({}, { endpoint }))['authorization']).toBe(given)
  })

  test('User-Agent authorizes nobody, so it stays', () => {
    expect(headersOf(prepare({ authorization: false }))).toMatchObject({ 'user-agent': 'mine' })
    expect(headersOf(prepare({ authorization: 'wrong' }))).toMatchObject({ 'user-agent': 'mine', 'x-key': 'wrong' })
  })

  test('a fixture’s own header takes the place of one in force, in any case of letters', () => {
    const prepared = prepare({ headers: { 'x-KEY': 'own', 'X-New': '1' } })
    expect(headersOf(prepared)).toMatchObject({ 'x-key': 'own', 'x-new': '1' })
    if (prepared.kind === 'request')
      expect(prepared.request.headers.filter(([name]) => name.toLowerCase() === 'x-key')).toHaveLength(1)
  })
})

describe('skipped', () => {
  const noSecret: Endpoint = { ...ENDPOINT, secret: undefined }
  const noHeader: Endpoint = { ...ENDPOINT, headers: [['User-Agent', 'mine']] }
  const rows: readonly [Partial<Fixture>, Endpoint, 'yes' | 'no', RegExp | undefined][] = [
    [{ sign: false }, noSecret, 'yes', /needs --secret: .* that is missing/],
    [{ sign: false }, noSecret, 'no', undefined],
    [{ sign: 'wrong-secret' }, noSecret, 'no', /needs --secret: .* made with another secret/],
    [{ sign: 'tampered' }, noSecret, 'yes', /needs --secret: .* for another body/],
    [{ authorization: false }, noHeader, 'yes', /needs --header, --basic or --bearer: .* missing/],
    [{ authorization: false }, noHeader, 'no', undefined],
    [{ authorization: 'wrong' }, noHeader, 'no', /needs --header.* wrong/],
    [{}, { ...noSecret, headers: [] }, 'yes', undefined],
  ]
  test.each(rows)('%j', (fixture, endpoint, expectsRefusal, reason) => {
    const prepared = prepare(fixture, { endpoint, expectsRefusal })
    expect(prepared.kind).toBe(reason === undefined ? 'request' : 'skip')
    if (prepared.kind === 'skip') expect(prepared.reason).toMatch(reason as RegExp)
  })
})
