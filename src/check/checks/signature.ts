import type { CheckRecord } from '../check.ts'
import { each } from '../plan.ts'
import { FORGED, forged, otherLast, prefixOf } from './forged-signature.ts'

const OTHER_SECRET = 'qualifio-sim-another-secret'

/** What was not signed with the secret, or was changed afterwards, is refused. */
export const SIGNATURE_CHECKS: readonly CheckRecord[] = [
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
      const changed = kit.probe({
        name: 'changed after signing',
        payload,
        body,
        signatures: [kit.signature(payload.text) ?? ''],
      })
      if (kit.form === 'zero-event') return each([changed])
      // Of [], which preflight delivered: a signature that is known by now must not let another body in.
      const used = [kit.signature('[]') ?? '']
      return each([
        changed,
        kit.probe({ name: 'under a signature that was used', payload: kit.payload('earning'), signatures: used }),
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
]

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
