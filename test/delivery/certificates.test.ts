import { describe, expect, test } from 'vitest'
import { parseCertificates } from '../../src/delivery/certificates.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import { UsageError } from '../../src/errors.ts'
import { peer } from '../support/peer.ts'
import { systemClock } from '../support/system-clock.ts'
import { makeCertificates } from '../support/tls.ts'

const openssl = peer('openssl', 'apt-get install openssl')

describe.skipIf(openssl === undefined)('certificates of a file', () => {
  const { ca, good } = makeCertificates(openssl ?? '')
  const parse = (text: string) => parseCertificates(text, '--cacert c.pem')

  test('are taken with whatever stands around them, and nothing else is', () => {
    const text = `subject=/CN=x\r\n${ca}\n# caf\u00e9\n${good.cert}${good.key}`
    expect(parse(text).match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(parse(text)).not.toMatch(/PRIVATE|subject/)
    expect(parse(text.replaceAll('\n', '\r\n'))).toContain('BEGIN CERTIFICATE')
  })

  test.each([
    ['empty', '', '--cacert c.pem: holds no certificate (PEM); give'],
    ['a private key', good.key, '--cacert c.pem: holds no certificate (PEM), but a private key'],
    ['a request', ca.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), 'holds no certificate (PEM)'],
    ['not ended', ca.replace(/-----END[\s\S]*/, ''), 'holds no certificate (PEM)'],
    ['damaged', ca.replace(/\nMII/, '\nAAA'), 'c.pem: the certificate cannot be read'],
    ['one of two damaged', good.cert + ca.replace(/\nMII/, '\nAAA'), 'certificate 2 of 2 cannot be read'],
  ])('%s: an error that shows nothing of the file', (_, text, message) => {
    expect(() => parse(text)).toThrow(UsageError)
    expect(() => parse(text)).toThrow(message)
    expect(() => parse(text)).not.toThrow(text === '' ? /-----END/ : text.slice(40, 60))
  })

  test('a transport is not made without one', () => {
    const url = new URL('https://localhost/')
    const options = { url, connections: 1, timeoutMs: 1000, clock: systemClock }
    expect(() => createTransport({ ...options, ca: good.key })).toThrow('ca: holds no certificate (PEM)')
    expect(() => createTransport({ ...options, ca })).not.toThrow()
  })
})
