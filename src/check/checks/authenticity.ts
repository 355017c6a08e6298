import { createHash, createHmac } from 'node:crypto'
import type { CheckRecord, Need } from '../check.ts'
import { failed, observed, of, refused } from '../judge.ts'
import type { Kit } from '../kit.ts'
import { each } from '../plan.ts'
import { isOfClass } from '../verdict.ts'
import { AUTHORIZATION_CHECKS } from './authorization.ts'
import { noLeak } from './passive.ts'

/** What all checks of forged signatures have in common. */
const FORGED = {
  severity: 'MUST',
  sideEffect: 'S0',
  needs: ['secret'] as readonly Need[],
  accepted: '401 or 403; another 4xx is noted',
  controls: 'around',
  judge: refused,
} as const

/** One body under other signatures; `signatures` gets the right one. */
function forged(kit: Kit, forms: Readonly<Record<string, (right: string, body: string) => readonly string[]>>) {
  return each(
    Object.entries(forms).map(([name, signatures]) => {
      const payload = kit.base()
      return kit.probe({ name, payload, signatures: signatures(kit.signature(payload.text) ?? '', payload.text) })
    }),
  )
}

const prefixOf = (right: string): string => right.slice(0, right.indexOf('=') + 1)
const OTHER_SECRET = 'qualifio-sim-another-secret'

/** What was not signed with the secret, or was changed afterwards, is refused. */
export const AUTHENTICITY_CHECKS: readonly CheckRecord[] = [
  {
    ...FORGED,
    id: 'authenticity/no-signature',
    number: 'AUT-01',
    title: 'No signature header',
    requirement: 'A request without a signature is refused.',
    differs: 'the signature header is left out',
    cause: 'signature-not-required',
    plan: (kit) => forged(kit, { 'no signature header': () => [] }),
  },
  {
    ...FORGED,
    id: 'authenticity/other-secret',
    number: 'AUT-02',
    title: 'Signed with another secret',
    requirement: 'A signature made with another secret is refused.',
    differs: 'the secret that signed',
    cause: 'signature-not-verified',
    plan: (kit) =>
      forged(kit, { 'signed with another secret': (_, body) => [kit.signature(body, OTHER_SECRET) ?? ''] }),
  },
  {
    ...FORGED,
    id: 'authenticity/last-digit',
    number: 'AUT-03',
    title: 'The last digit of the signature changed',
    requirement: 'All of the digest is compared, to its last digit.',
    differs: 'the last digit of the digest',
    cause: 'partial-comparison',
    plan: (kit) => forged(kit, { 'last digit changed': (right) => [otherLast(right)] }),
  },
  {
    ...FORGED,
    id: 'authenticity/changed-body',
    number: 'AUT-04',
    title: 'The body changed after it was signed',
    requirement: 'A body whose values were changed does not pass under the old signature.',
    differs: 'a number in the body (safe form: white space)',
    cause: 'signature-not-verified',
    plan: (kit) => {
      const payload = kit.form === 'events' ? kit.payload('earning') : kit.base()
      const body = kit.form === 'events' ? otherNumber(payload.text) : '[ ]'
      return each([
        kit.probe({ name: 'changed after signing', payload, body, signatures: [kit.signature(payload.text) ?? ''] }),
      ])
    },
  },
  {
    ...FORGED,
    id: 'authenticity/space-appended',
    number: 'AUT-05',
    title: 'A space appended after it was signed',
    requirement: 'The signature is over the bytes as they came: one space more is another body.',
    differs: 'one space after the body',
    cause: 're-serialised-body',
    plan: (kit) => {
      const payload = kit.base()
      return each([
        kit.probe({
          name: 'a space appended',
          payload,
          body: `${payload.text} `,
          signatures: [kit.signature(payload.text) ?? ''],
        }),
      ])
    },
  },
  {
    ...FORGED,
    id: 'authenticity/cut-digest',
    number: 'AUT-06',
    title: 'A digest that was cut short',
    requirement: 'Part of the right digest is refused, however long.',
    differs: 'the digest is cut to 33 digits, and to one',
    cause: 'partial-comparison',
    plan: (kit) =>
      forged(kit, {
        'cut to 33 digits': (right) => [right.slice(0, prefixOf(right).length + 33)],
        'cut to 1 digit': (right) => [right.slice(0, prefixOf(right).length + 1)],
      }),
  },
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

function otherLast(signature: string): string {
  return signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')
}

/** A digest in the encoding and under the prefix of a right one. */
function digestLike(right: string, digest: Buffer): string {
  const prefix = prefixOf(right)
  return prefix + digest.toString(/^[0-9a-f]{64}$/.test(right.slice(prefix.length)) ? 'hex' : 'base64')
}

/** The first number outside of texts with another first digit; a letter of a text where there is none. */
function otherNumber(text: string): string {
  let changed = false
  const once = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => {
    if (changed || token.startsWith('"')) return token
    changed = true
    return token.replace(/\d/, (digit) => (digit === '9' ? '1' : '9'))
  })
  return changed ? once : text.replace(/(\w)"(?=[,}\]])/, (_, letter: string) => `${letter === 'x' ? 'y' : 'x'}"`)
}
