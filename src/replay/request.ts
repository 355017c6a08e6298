import { buildRequest, type Endpoint, type SignedRequest } from '../delivery/request.ts'
import type { Fixture } from '../fixture/fixture.ts'
import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE, sign } from '../signing/signature.ts'

/** A request to send, or why a fixture cannot be: it is about a credential that was not given. */
export type PreparedRequest =
  { readonly kind: 'request'; readonly request: SignedRequest } | { readonly kind: 'skip'; readonly reason: string }

/**
 * The request a fixture asks for: its body, signed and authorized as it says.
 * @param endpoint what is in force: target, secret, headers
 * @param expectsRefusal whether the fixture expects something other than a success
 */
export function prepareRequest(
  fixture: Pick<Fixture, 'sign' | 'authorization' | 'headers'>,
  body: Uint8Array,
  { endpoint, expectsRefusal }: { readonly endpoint: Endpoint; readonly expectsRefusal: 'yes' | 'no' },
): PreparedRequest {
  const { secret, headers = [], signature: format = DEFAULT_SIGNATURE } = endpoint
  const needsSecret = typeof fixture.sign === 'string' || (!fixture.sign && expectsRefusal === 'yes')
  if (needsSecret && secret === undefined)
    return skip(`needs --secret: it is about a signature that is ${SIGN_WORDS[String(fixture.sign)]}`)
  const authorizes = headers.filter(isAuthorization)
  const needsHeader = fixture.authorization === 'wrong' || (!fixture.authorization && expectsRefusal === 'yes')
  if (needsHeader && authorizes.length === 0) {
    return skip(
      `needs --header, --basic or --bearer: it is about an authorization that is ${fixture.authorization === 'wrong' ? 'wrong' : 'missing'}`,
    )
  }
  const inForce = headers.flatMap((header) => authorizedHeader(header, fixture.authorization))
  const unsigned = buildRequest(
    { ...endpoint, secret: undefined, headers: withFixtureHeaders(inForce, fixture.headers) },
    body,
  )
  if (secret === undefined || fixture.sign === false) return { kind: 'request', request: unsigned }
  const value = signatureValue(fixture.sign, { secret, body: unsigned.body, format })
  return {
    kind: 'request',
    request: { ...unsigned, headers: [...unsigned.headers, [format.header, value]], signatureHeader: format.header },
  }
}

const SIGN_WORDS: Readonly<Record<string, string>> = {
  false: 'missing',
  'wrong-secret': 'made with another secret',
  tampered: 'for another body',
}

function skip(reason: string): PreparedRequest {
  return { kind: 'skip', reason }
}

function isAuthorization([name]: Header): boolean {
  return name.toLowerCase() !== 'user-agent'
}

function authorizedHeader(header: Header, authorization: Fixture['authorization']): readonly Header[] {
  if (!isAuthorization(header) || authorization === true) return [header]
  if (authorization === false) return []
  const [name, value] = header
  // The scheme stays, so that it is the credential that is wrong and not the form.
  const [, scheme = ''] = /^(Basic|Bearer) /i.exec(value) ?? []
  if (scheme.toLowerCase() === 'basic') return [[name, `${scheme} ${Buffer.from('wrong:wrong').toString('base64')}`]]
  return [[name, scheme === '' ? 'wrong' : `${scheme} wrong`]]
}

/** A fixture's own headers take the place of those in force with the same name. */
function withFixtureHeaders(inForce: readonly Header[], own: Fixture['headers'] = {}): readonly Header[] {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  return [...inForce.filter(([name]) => !names.has(name.toLowerCase())), ...Object.entries(own)]
}

function signatureValue(
  how: Exclude<Fixture['sign'], false>,
  {
    secret,
    body,
    format,
  }: { readonly secret: string; readonly body: Uint8Array; readonly format: typeof DEFAULT_SIGNATURE },
): string {
  switch (how) {
    case 'wrong-secret':
      return sign(`${secret}-wrong`, body, format)
    case 'tampered':
      // As if a space had been appended after signing: what arrives is not what was signed.
      return sign(secret, Buffer.concat([body, Buffer.from(' ')]), format)
    default:
      return sign(secret, body, format)
  }
}
