import type { CheckRecord } from '../check.ts'
import { each } from '../plan.ts'
import type { Finding, Judge } from '../verdict.ts'
import { notServed } from './plain-http.ts'

const DAY_MS = 86_400_000
const EXPIRES_SOON_DAYS = 14

/** Whether the way there is private. */
export const TLS_CHECKS: readonly CheckRecord[] = [
  {
    id: 'transport/tls',
    number: 'TRN-01',
    needsControl: false,
    title: 'TLS: chain, host name, expiry, version',
    severity: 'MUST',
    sideEffect: 'S0',
    requirement:
      'The endpoint speaks TLS 1.2 or later with a certificate that a public client trusts and that is valid for 14 days more.',
    needs: ['not-plain-local'],
    differs: 'nothing: a handshake, without a request',
    accepted: 'a trusted certificate for this host, TLS 1.2 or later',
    cause: 'tls',
    plan: () => ({ steps: [{ kind: 'handshake' }] }),
    judge: ({ handshake, nowMs }) => [tlsFinding(handshake, nowMs)],
  },
  {
    id: 'transport/plain-http',
    number: 'TRN-02',
    title: 'The same address over plain http',
    severity: 'SHOULD',
    sideEffect: 'S0',
    requirement: 'The endpoint is not served over plain http: refused, or redirected to https.',
    needs: ['http-twin'],
    differs: 'http:// instead of https://, without signature and authorization',
    accepted:
      'no connection, 3xx, or a 4xx other than 401: a 401 comes from the application, which is served there, too',
    cause: 'plain-http',
    plan: (kit) =>
      each(
        kit.httpTwin === undefined
          ? []
          : [
              kit.probe({
                name: 'over plain http',
                body: '[]',
                signatures: [],
                authorization: 'missing',
                url: kit.httpTwin,
              }),
            ],
      ),
    judge: notServed,
  },
]

function tlsFinding(handshake: Parameters<Judge>[0]['handshake'], nowMs: number): Finding {
  const expected = 'TLS 1.2 or later with a trusted certificate'
  if (handshake === undefined)
    return { verdict: 'FAIL', expected, actual: 'http://', why: 'Qualifio delivers over HTTPS only (documented)' }
  if ('kind' in handshake) return { verdict: 'FAIL', expected, actual: handshake.reason }
  const { protocol, distrust, validToMs } = handshake
  if (distrust !== undefined)
    return { verdict: 'FAIL', expected, actual: `${protocol}, certificate not trusted (${distrust})` }
  const days = Math.floor((validToMs - nowMs) / DAY_MS)
  const actual = `${protocol}, certificate valid for ${days} more ${days === 1 ? 'day' : 'days'}`
  if (!/^TLSv1\.[23]$/.test(protocol)) return { verdict: 'FAIL', expected, actual }
  if (days < EXPIRES_SOON_DAYS)
    return {
      verdict: 'FAIL',
      severity: 'SHOULD',
      expected: `valid for ${EXPIRES_SOON_DAYS} more days`,
      actual,
      why: 'the certificate expires soon: is its renewal automatic?',
    }
  return { verdict: 'PASS', actual }
}
