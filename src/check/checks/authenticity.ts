import { createHash, createHmac } from 'node:crypto'
import type { CheckRecord } from '../check.ts'
import { failed, observed, of, refused } from '../judge.ts'
import { each } from '../plan.ts'
import { isOfClass } from '../verdict.ts'
import { AUTHORIZATION_CHECKS } from './authorization.ts'
import { FORGED, forged, otherLast, prefixOf } from './forged-signature.ts'
import { noLeak } from './passive.ts'
import { SIGNATURE_CHECKS } from './signature.ts'

/** Who may deliver: whoever knows the secret and the authorization, and nobody else. */
export const AUTHENTICITY_CHECKS: readonly CheckRecord[] = [
  ...SIGNATURE_CHECKS,
  {
    ...FORGED,
    id: 'authenticity/odd-signatures',
    number: 'AUT-07',
    title: 'Signatures of odd lengths and characters',
    severity: 'SHOULD',
    requirement:
      'A malformed signature is refused with a 4xx, never by crashing: comparing in constant time needs equal lengths.',
    differs: 'the value of the signature header',
    accepted: '4xx, not 5xx',
    cause: 'length-not-checked',
    plan: (kit) =>
      forged(kit, {
        'empty value': () => [''],
        '8 KB value': (right) => [prefixOf(right) + 'a'.repeat(8192 - prefixOf(right).length)],
        // One byte on the wire, one character in Node, two bytes in a Buffer made of it.
        'a letter beyond ASCII': (right) => [`${right.slice(0, -1)}\u00e9`],
        'the prefix alone': (right) => [prefixOf(right)],
      }),
  },
  {
    ...FORGED,
    id: 'authenticity/lenient-forms',
    number: 'AUT-08',
    title: 'The right digest in another spelling',
    severity: 'INFO',
    sideEffect: 'S1',
    requirement:
      'Whether the right digest is accepted without its prefix or in capitals is not specified; it is no forgery.',
    differs: 'no prefix; capitals',
    accepted: 'any',
    cause: 'signature-not-verified',
    plan: (kit) =>
      forged(kit, {
        'without the prefix': (right) => [right.slice(prefixOf(right).length)],
        'in capitals': (right) => [prefixOf(right) + right.slice(prefixOf(right).length).toUpperCase()],
      }),
    judge: observed,
  },
  {
    ...FORGED,
    id: 'authenticity/sha1',
    number: 'AUT-09',
    title: 'A valid HMAC with SHA-1',
    requirement: 'A weaker algorithm named in the header is not accepted in the place of SHA-256.',
    differs: 'sha1= and the HMAC with SHA-1',
    cause: 'weak-algorithm',
    plan: (kit) =>
      forged(kit, {
        'sha1=': (_, body) => [
          `sha1=${createHmac('sha1', kit.endpoint.secret ?? '')
            .update(body)
            .digest('hex')}`,
        ],
      }),
  },
  {
    ...FORGED,
    id: 'authenticity/empty-key',
    number: 'AUT-10',
    title: 'Signed with an empty key',
    requirement: 'A signature made with an empty key is refused: an unset variable must not open the door.',
    differs: 'the key is empty',
    cause: 'empty-secret',
    plan: (kit) =>
      forged(kit, {
        'empty key': (right, body) => [digestLike(right, createHmac('sha256', '').update(body).digest())],
      }),
  },
  {
    ...FORGED,
    id: 'authenticity/unkeyed-hash',
    number: 'AUT-11',
    title: 'A hash without a key',
    requirement: 'The SHA-256 of the body, which anybody can compute, is refused.',
    differs: 'a plain hash in the place of the HMAC',
    cause: 'weak-algorithm',
    plan: (kit) =>
      forged(kit, {
        'hash without a key': (right, body) => [digestLike(right, createHash('sha256').update(body).digest())],
      }),
  },
  ...AUTHORIZATION_CHECKS,
  {
    ...FORGED,
    id: 'authenticity/two-signatures',
    number: 'AUT-13',
    title: 'The signature header twice',
    severity: 'INFO',
    sideEffect: 'S1',
    zeroEventForm: true,
    requirement:
      'Two signature headers, one right and one wrong, are refused or accepted, but never crash the receiver.',
    differs: 'a second signature header',
    accepted: 'any but 5xx',
    cause: 'length-not-checked',
    plan: (kit) =>
      forged(kit, {
        'wrong, then right': (right) => [otherLast(right), right],
        'right, then wrong': (right) => [right, otherLast(right)],
      }),
    judge: ({ results }) =>
      results.map((one) =>
        isOfClass(one.exchange.result, 5) || one.exchange.result.kind === 'failed'
          ? { ...failed(one, 'not 5xx'), severity: 'SHOULD' }
          : of(one, 'INFO'),
      ),
  },
  {
    ...FORGED,
    id: 'authenticity/rotation',
    number: 'AUT-14',
    title: 'Secrets while one replaces the other',
    severity: 'SHOULD',
    requirement: 'The previous secret is accepted for 30 minutes after a change, and no longer.',
    needs: ['secret', 'other-secret'],
    differs: 'the secret that signed: the previous one, a retired one',
    accepted: '2xx for the previous secret; 401 or 403 for a retired one',
    cause: 'rotation-not-supported',
    plan: (kit) => {
      const signed = (name: string, secret: string) => {
        const payload = kit.base()
        return kit.probe({ name, payload, signatures: [kit.signature(payload.text, secret) ?? ''] })
      }
      return each([
        ...(kit.previousSecret === undefined ? [] : [signed(PREVIOUS, kit.previousSecret)]),
        ...(kit.retiredSecret === undefined ? [] : [signed('retired secret', kit.retiredSecret)]),
      ])
    },
    judge: (seen) => {
      const [previous, retired] = [true, false].map((wanted) =>
        seen.results.filter(({ probe }) => (probe.name === PREVIOUS) === wanted),
      )
      return [
        ...(previous ?? []).map((one) => (isOfClass(one.exchange.result, 2) ? of(one, 'PASS') : failed(one, '2xx'))),
        ...refused({ ...seen, results: retired ?? [] }),
      ]
    },
  },
  {
    id: 'authenticity/no-leak',
    number: 'AUT-15',
    title: 'Refusals tell nothing',
    severity: 'SHOULD',
    sideEffect: 'P',
    needsControl: false,
    requirement: 'No refusal holds the secret, the right digest or a stack trace.',
    needs: [],
    differs: 'nothing: looks at the refusals of the other checks',
    accepted: 'none of them',
    cause: 'leaks-internals',
    plan: () => ({ steps: [] }),
    judge: noLeak,
  },
]

const PREVIOUS = 'previous secret'

/** A digest in the encoding and under the prefix of a right one. */
function digestLike(right: string, digest: Buffer): string {
  const prefix = prefixOf(right)
  return prefix + digest.toString(/^[0-9a-f]{64}$/.test(right.slice(prefix.length)) ? 'hex' : 'base64')
}
