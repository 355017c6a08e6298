import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { authorizationHeaders, basicAuthorization, parseSignatureHeader } from '../../src/signing/authorization.ts'
import type { AuthorizationInput } from '../../src/signing/authorization.ts'

test.each<[AuthorizationInput, [string, string][]]>([
  [{}, []],
  [{ headers: ['x-test-authorization-header: 123456ots'] }, [['x-test-authorization-header', '123456ots']]],
  [
    { headers: ['X-A:1', 'X-b:  two words\t'] },
    [
      ['X-A', '1'],
      ['X-b', 'two words'],
    ],
  ],
  [{ headers: ['X-Url: http://a:1/b'] }, [['X-Url', 'http://a:1/b']]],
  [{ headers: ['Authorization: Custom 1'] }, [['Authorization', 'Custom 1']]],
  [{ headers: ['User-Agent: Qualifio'] }, [['User-Agent', 'Qualifio']]],
  [{ basic: 'user:pass:word' }, [['Authorization', 'Basic dXNlcjpwYXNzOndvcmQ=']]],
  // The example of RFC 7617, section 2.1: UTF-8.
  [{ basic: 'test:123£' }, [['Authorization', 'Basic dGVzdDoxMjPCow==']]],
  [
    { bearer: 'abc.def', headers: ['X-A: 1'] },
    [
      ['Authorization', 'Bearer abc.def'],
      ['X-A', '1'],
    ],
  ],
  [{ headers: ['__proto__: x'] }, [['__proto__', 'x']]],
])('%j gives %j', (input, expected) => {
  expect(authorizationHeaders(input)).toEqual(expected)
})

describe('refused, without the value in the error', () => {
  const reserved = 'is set by qualifio-sim'
  test.each<[AuthorizationInput, string]>([
    [{ headers: ['SECRETVALUE'] }, 'expected "Name: value"'],
    [{ headers: [': SECRETVALUE'] }, 'no name'],
    [{ headers: ['Bad Name: SECRETVALUE'] }, 'illegal character in its name'],
    [{ headers: ['Näme: SECRETVALUE'] }, 'illegal character in its name'],
    [{ headers: ['X-A\r\nX-B: SECRETVALUE'] }, 'illegal character in its name'],
    [{ headers: ['X-A: SECRETVALUE\r\nX-B: 1'] }, 'control character'],
    [{ headers: ['X-A: SECRETVALUE\n'] }, 'control character'],
    [{ headers: ['X-A: SECRETVALUE\0'] }, 'control character'],
    [{ headers: ['X-A: SECRETVALUEé'] }, 'outside ASCII'],
    [{ headers: [`X-A: ${'SECRETVALUE'.repeat(400)}`] }, 'over 4 KB'],
    [{ headers: ['X-A:  '] }, 'no value'],
    [{ headers: ['Content-Length: SECRETVALUE'] }, reserved],
    [{ headers: ['transfer-encoding: SECRETVALUE'] }, reserved],
    [{ headers: ['HOST: SECRETVALUE'] }, reserved],
    [{ headers: ['Connection: SECRETVALUE'] }, reserved],
    [{ headers: ['content-type: SECRETVALUE'] }, reserved],
    [{ headers: ['x-qualifio-signature: SECRETVALUE'] }, reserved],
    [{ headers: ['X-Sig: SECRETVALUE'], signatureHeader: 'x-sig' }, reserved],
    // undici throws on these: better told here.
    [{ headers: ['Expect: SECRETVALUE'] }, 'cannot be sent'],
    [{ headers: ['Keep-Alive: SECRETVALUE'] }, 'cannot be sent'],
    [{ headers: ['upgrade: SECRETVALUE'] }, 'cannot be sent'],
    [{ headers: ['X-A: SECRETVALUE', 'x-a: SECRETVALUE'] }, 'given twice'],
    [{ headers: ['Authorization: SECRETVALUE', 'authorization: 2'] }, 'given twice'],
    [{ basic: 'a:SECRETVALUE', headers: ['authorization: 2'] }, 'by --basic and by --header'],
    [{ bearer: 'SECRETVALUE', headers: ['Authorization: 2'] }, 'by --bearer and by --header'],
    [{ basic: 'a:SECRETVALUE', bearer: 'SECRETVALUE' }, 'use only one of --basic and --bearer'],
    [{ basic: 'SECRETVALUE' }, 'expected user:password'],
    [{ basic: 'a:SECRETVALUE\n' }, 'control character'],
    [{ basic: `a:${'SECRETVALUE'.repeat(400)}` }, 'over 4 KB'],
    [{ bearer: '' }, 'the token is empty'],
    [{ bearer: 'SECRETVALUE 2' }, 'token contains whitespace'],
    [{ bearer: 'SECRETVALUE\n' }, 'token contains whitespace'],
    [{ bearer: 'SECRETVALUEé' }, 'outside ASCII'],
  ])('%j: %s', (input, message) => {
    let thrown: unknown
    try {
      authorizationHeaders(input)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as Error).message).toContain(message)
    expect((thrown as Error).message).not.toContain('SECRETVALUE')
    expect((thrown as Error).message).not.toContain('\n')
  })

  test('a colon in the user name of Basic', () => {
    expect(() => basicAuthorization('a:b', 'c')).toThrow('RFC 7617 forbids ":" in the user name')
  })
})

test('the signature header may have another name, but not one that is taken', () => {
  expect(parseSignatureHeader('X-My-Sig')).toBe('X-My-Sig')
  for (const name of ['', 'X Sig', 'X-Sig:', 'Host', 'Authorization', 'content-type', 'Expect']) {
    expect(() => parseSignatureHeader(name)).toThrow('--signature-header')
  }
})
