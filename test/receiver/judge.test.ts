import { describe, expect, test } from 'vitest'
import { judge } from '../../src/receiver/judge.ts'
import type { CredentialsSeen, ReceivedRequest, Requirements } from '../../src/receiver/judge.ts'
import { sign } from '../../src/signing/signature.ts'

const body = Buffer.from('[{"id":"1","type":"earning"},{"id":2},null]')
const requirements: Requirements = { secrets: ['new', 'old'], headers: [['X-Auth', 's3cret']] }
const headers = { 'x-auth': ['s3cret'], 'x-qualifio-signature': [sign('old', body)] }
const genuine: ReceivedRequest = { method: 'POST', headers, body }

/** A request with this body, signed. */
const signed = (text: string | Uint8Array): ReceivedRequest => {
  const bytes = Buffer.from(text as string)
  return { ...genuine, headers: { ...headers, 'x-qualifio-signature': [sign('new', bytes)] }, body: bytes }
}
const without = (name: keyof typeof headers): ReceivedRequest => {
  const { [name]: _, ...rest } = headers
  return { ...genuine, headers: rest }
}
const withHeader = (name: keyof typeof headers, ...values: string[]): ReceivedRequest => ({
  ...genuine,
  headers: { ...headers, [name]: values },
})

test('a genuine payload is accepted, with its events, its credentials and which secret signed', () => {
  expect(judge(genuine, requirements)).toEqual({
    kind: 'accepted',
    credentials: { authorization: 'right', signature: 'right', secretIndex: 1 },
    payload: [{ id: '1', type: 'earning' }, { id: 2 }, null],
    events: [{ id: '1', type: 'earning' }, {}, {}],
    problems: [],
  })
})

test('without requirements nothing but the body is looked at', () => {
  const plain = { method: 'POST', headers: {}, body: Buffer.from('[]') }
  expect(judge(plain, { secrets: [], headers: [] })).toEqual({
    kind: 'accepted',
    credentials: { authorization: 'unasked', signature: 'unasked' },
    payload: [],
    events: [],
    problems: [],
  })
})

const RIGHT: CredentialsSeen = { authorization: 'right', signature: 'right', secretIndex: 0 }
const UNASKED: CredentialsSeen = { authorization: 'unasked', signature: 'unasked' }
const authorized = (signature: CredentialsSeen['signature']): CredentialsSeen => ({ authorization: 'right', signature })
const stranger = (authorization: CredentialsSeen['authorization']): CredentialsSeen => ({
  ...RIGHT,
  secretIndex: 1,
  authorization,
})

test.each<[string, ReceivedRequest, number, RegExp, CredentialsSeen]>([
  ['another method', { ...genuine, method: 'GET' }, 405, /GET, not POST/, UNASKED],
  ['no authorization', without('x-auth'), 401, /X-Auth is missing/, stranger('absent')],
  ['another authorization', withHeader('x-auth', 'other'), 401, /X-Auth has another value/, stranger('wrong')],
  ['two authorizations', withHeader('x-auth', 's3cret', 'x'), 401, /X-Auth has another value/, stranger('wrong')],
  ['no signature', without('x-qualifio-signature'), 401, /signature is missing/, authorized('absent')],
  ['a signature of other bytes', { ...genuine, body: Buffer.from('[]') }, 401, /does not match/, authorized('wrong')],
  ['half a signature', withHeader('x-qualifio-signature', 'sha256=ab'), 401, /wrong length/, authorized('wrong')],
  ['two signatures', withHeader('x-qualifio-signature', 'a', 'b'), 401, /more than once/, authorized('wrong')],
  ['too much', { ...genuine, body: 'too-large' }, 413, /too large/, authorized('unasked')],
  [
    'too much from a stranger',
    { ...without('x-auth'), body: 'too-large' },
    401,
    /missing/,
    { authorization: 'absent', signature: 'unasked' },
  ],
  ['no JSON', signed('{'), 400, /not JSON/, RIGHT],
  ['nothing', signed(''), 400, /not JSON/, RIGHT],
  ['a BOM', signed('\ufeff[]'), 400, /not JSON/, RIGHT],
  ['invalid UTF-8', signed(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])), 400, /UTF-8/, RIGHT],
  ['an object', signed('{}'), 400, /not a JSON array/, RIGHT],
])('%s is refused', (_, request, status, reason, credentials) => {
  const verdict = judge(request, requirements)
  expect(verdict).toEqual({ kind: 'refused', status, reason: expect.stringMatching(reason), credentials })
  expect(JSON.stringify(verdict)).not.toContain('s3cret')
})

describe('the order of refusals', () => {
  test.each<[string, ReceivedRequest, RegExp]>([
    ['authorization before signature', { ...genuine, headers: {} }, /X-Auth is missing/],
    ['signature before JSON', { ...genuine, body: Buffer.from('{') }, /signature does not match/],
    ['authorization before JSON', { ...signed('{'), headers: {} }, /X-Auth is missing/],
  ])('%s', (_, request, reason) => {
    expect(judge(request, requirements)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) })
  })
})

test('a breach of the contract is reported and no refusal', () => {
  const readEvents = (payload: readonly unknown[]) => ({
    events: payload.map(() => ({ id: 'from the contract' })),
    problems: ['events[0].id is missing'],
  })
  expect(judge(genuine, { ...requirements, readEvents })).toMatchObject({
    kind: 'accepted',
    events: [{ id: 'from the contract' }, { id: 'from the contract' }, { id: 'from the contract' }],
    problems: ['events[0].id is missing'],
  })
})
