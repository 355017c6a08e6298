import { describe, expect, test } from 'vitest'
import { explainFailure, failureReason, FAILURES, isNeverReached } from '../../src/delivery/failure.ts'
import type { FailureCode } from '../../src/delivery/outcome.ts'
import { failureOf, RefusedAddressError } from '../../src/delivery/transport-error.ts'
import type { ConnectionPhase } from '../../src/delivery/transport-error.ts'

const local = new URL('http://localhost:3000/hook')
const remote = new URL('https://example.com/hook')

function explain(code: FailureCode, url: URL, systemCode?: string): string {
  return explainFailure({ kind: 'failed', code, reason: failureReason(code, systemCode) }, url).nextStep
}

test.each<[FailureCode, URL, RegExp]>([
  ['refused', local, /listening on port 3000.*--wait-for 30s.*container.*host\.docker\.internal/],
  ['refused', remote, /listening on port 443\? [^c]*$/],
  ['dns', remote, /example\.com spelt right.*name of the service.*--wait-for/],
  ['closed', local, /https:\/\//],
  ['protocol', new URL('http://localhost/'), /port 80\?.*https:\/\//],
  ['timeout', remote, /respond 2xx at once/],
])('%s at %s', (code, url, nextStep) => {
  expect(explain(code, url)).toMatch(nextStep)
})

test('the advice to write https:// is not given to those who did', () => {
  for (const code of ['closed', 'reset', 'protocol'] as const) expect(explain(code, remote)).not.toContain('https://')
})

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed', '--cacert'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed', '--cacert'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'not known here', 'intermediate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name', 'name'],
  ['CERT_HAS_EXPIRED', 'expired', 'Renew'],
  ['CERT_NOT_YET_VALID', 'not valid yet', 'clocks'],
  ['EPROTO', 'does not answer in TLS', 'http://'],
  ['ECONNRESET', 'during the TLS handshake', 'http://'],
  ['ERR_SSL_SOMETHING_NEW', 'no TLS connection', '--insecure'],
])('tls %s', (systemCode, sentence, nextStep) => {
  expect(failureReason('tls', systemCode)).toContain(sentence)
  expect(failureReason('tls', systemCode)).toContain(`(${systemCode})`)
  expect(explain('tls', remote, systemCode)).toContain(nextStep)
})

test.each<FailureCode>(['refused', 'dns', 'connect-timeout'])('%s in a wait: no wait is advised', (code) => {
  const failed = { kind: 'failed', code, reason: failureReason(code) } as const
  const { nextStep } = explainFailure(failed, local, { after: 'wait' })
  expect(nextStep).not.toMatch(/--wait-for 30s|--timeout/)
  expect(nextStep).toMatch(/[.?]$/)
})

test('exactly dns, refused, unreachable, connect-timeout and tls say that the receiver was not reached', () => {
  const codes = Object.keys(FAILURES) as FailureCode[]
  const notReached = codes.filter((code) => isNeverReached({ kind: 'failed', code, reason: '' }))
  expect(notReached.toSorted()).toEqual(['connect-timeout', 'dns', 'refused', 'tls', 'unreachable'])
})

describe('errors of Node and undici', () => {
  const coded = (code: string, name = 'Error') => Object.assign(new Error('text'), { code, name })
  const named = (name: string, message: string) => Object.assign(new Error(message), { name, code: 'UND_ERR_SOCKET' })

  test.each<[string, Error, ConnectionPhase, FailureCode]>([
    ['no such name', coded('ENOTFOUND'), 'tcp', 'dns'],
    ['no resolver', coded('EAI_AGAIN'), 'tcp', 'dns'],
    ['refused', coded('ECONNREFUSED'), 'tcp', 'refused'],
    ['refused over both families', new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]), 'tcp', 'refused'],
    ['no way over both', new AggregateError([coded('ENETUNREACH'), coded('ETIMEDOUT')]), 'tcp', 'unreachable'],
    ['no way', coded('EHOSTUNREACH'), 'tcp', 'unreachable'],
    ['no file descriptor', coded('EMFILE'), 'tcp', 'unreachable'],
    ['the kernel gave up', coded('ETIMEDOUT'), 'tcp', 'connect-timeout'],
    ['the kernel gave up later', coded('ETIMEDOUT'), 'open', 'timeout'],
    ['reset in the handshake', coded('ECONNRESET'), 'tls', 'tls'],
    ['reset', coded('ECONNRESET'), 'open', 'reset'],
    ['broken pipe', coded('EPIPE'), 'open', 'reset'],
    ['a certificate demanded after the handshake', coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'open', 'tls'],
    ['not HTTP', Object.assign(new Error(''), { name: 'HTTPParserError' }), 'open', 'protocol'],
    ['closed', named('SocketError', 'other side closed'), 'open', 'closed'],
    ['100 Continue', named('SocketError', 'bad response'), 'open', 'protocol'],
    ['101', named('SocketError', 'bad upgrade'), 'open', 'protocol'],
    ['a refused address', new RefusedAddressError('refused: …'), 'tcp', 'unreachable'],
  ])('%s', (_, error, phase, code) => {
    expect(failureOf(error, phase)).toMatchObject({ kind: 'failed', code })
  })

  test('an error that no receiver can cause is none of these: it is a bug of ours', () => {
    expect(failureOf(new TypeError('x is not a function'), 'open')).toBeUndefined()
    expect(failureOf(coded('UND_ERR_INVALID_ARG', 'InvalidArgumentError'), 'open')).toBeUndefined()
  })
})
