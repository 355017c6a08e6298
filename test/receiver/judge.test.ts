import { expect, test } from 'vitest'
import { ALWAYS_ACCEPT, answerStatus, FAIL_ONCE } from '../../src/receiver/behaviour.ts'
import { judge } from '../../src/receiver/judge.ts'
import type { ReceivedRequest, Requirements } from '../../src/receiver/judge.ts'
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

test('a genuine payload is accepted, with what identifies its events', () => {
  expect(judge(genuine, requirements)).toEqual({ kind: 'accepted', events: [{ id: '1', type: 'earning' }, {}, {}] })
})

test('without requirements nothing but the body is looked at', () => {
  const plain = { method: 'POST', headers: {}, body: Buffer.from('[]') }
  expect(judge(plain, { secrets: [], headers: [] })).toEqual({ kind: 'accepted', events: [] })
})

test.each<[string, ReceivedRequest, number, RegExp]>([
  ['another method', { ...genuine, method: 'GET' }, 405, /GET, not POST/],
  ['no authorization', { ...genuine, headers: { ...headers, 'x-auth': undefined as never } }, 401, /X-Auth is missing/],
  [
    'another authorization',
    { ...genuine, headers: { ...headers, 'x-auth': ['other'] } },
    401,
    /X-Auth has another value/,
  ],
  ['two authorizations', { ...genuine, headers: { ...headers, 'x-auth': ['s3cret', 'x'] } }, 401, /another value/],
  ['no signature', { ...genuine, headers: { 'x-auth': ['s3cret'] } }, 401, /signature is missing/],
  ['a signature of other bytes', { ...genuine, body: Buffer.from('[]') }, 401, /does not match/],
  [
    'two signatures',
    { ...genuine, headers: { ...headers, 'x-qualifio-signature': ['a', 'b'] } },
    401,
    /more than once/,
  ],
  ['too much', { ...genuine, body: 'too-large' }, 413, /too large/],
  ['too much from a stranger', { ...genuine, headers: {}, body: 'too-large' }, 401, /missing/],
  ['no JSON', signed('{'), 400, /not JSON/],
  ['nothing', signed(''), 400, /not JSON/],
  ['a BOM', signed('\ufeff[]'), 400, /not JSON/],
  ['invalid UTF-8', signed(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])), 400, /UTF-8/],
  ['an object', signed('{}'), 400, /not a JSON array/],
])('%s is refused', (_, request, status, reason) => {
  const verdict = judge(request, requirements)
  expect(verdict).toEqual({ kind: 'refused', status, reason: expect.stringMatching(reason) })
  expect(JSON.stringify(verdict)).not.toContain('s3cret')
})

test('the contract reads the events, and what it cannot read is refused', () => {
  const readEvents = (payload: readonly unknown[]) => {
    if (payload.length === 0) throw new Error('no events')
    return [{ id: 'from the contract' }]
  }
  expect(judge(genuine, { ...requirements, readEvents })).toMatchObject({ events: [{ id: 'from the contract' }] })
  expect(judge(signed('[]'), { ...requirements, readEvents })).toMatchObject({ status: 400, reason: 'no events' })
})

test('the behaviour answers what is accepted; what is refused is refused', () => {
  const accepted = { kind: 'accepted', events: [] } as const
  const refused = { kind: 'refused', status: 401, reason: '' } as const
  expect([0, 1, 2, 99].map((index) => answerStatus(FAIL_ONCE, index, accepted))).toEqual([503, 204, 204, 204])
  expect([0, 1].map((index) => answerStatus(FAIL_ONCE, index, refused))).toEqual([401, 401])
  expect(answerStatus(ALWAYS_ACCEPT, 0, accepted)).toBe(204)
})
