import { renderPayload } from '../../contract/contract.ts'
import type { LoyaltyEvent } from '../../contract/event.ts'
import type { CheckRecord } from '../check.ts'
import { accepted, observed, survived } from '../judge.ts'
import type { Kit } from '../kit.ts'
import { withMembers } from '../payload.ts'
import { each } from '../plan.ts'
import type { Probe } from '../probe.ts'

/** A control passes and one of these fails: the receiver hashes JSON that it wrote again. */
const SAME_DATA = {
  severity: 'MUST',
  sideEffect: 'S1',
  needs: [],
  accepted: '2xx',
  cause: 're-serialised-body',
  judge: accepted,
} as const

/** JSON that means the same in other bytes: only a receiver that hashes the bytes as they came takes it. */
export const BYTE_CHECKS: readonly CheckRecord[] = [
  {
    ...SAME_DATA,
    id: 'robustness/white-space',
    number: 'ROB-01',
    title: 'Pretty-printed; a newline at the end',
    zeroEventForm: true,
    requirement: 'White space in the body changes nothing but the signature, which is over the bytes as they came.',
    differs: 'white space',
    plan: (kit) => {
      const newline = kit.base()
      return each([
        kit.probe({
          name: 'pretty-printed',
          ...(kit.form === 'events' ? { payload: prettyOf(kit) } : { body: '[ ]' }),
        }),
        kit.probe({ name: 'a newline at the end', payload: newline, body: `${newline.text}\n` }),
      ])
    },
  },
  {
    ...SAME_DATA,
    id: 'robustness/escapes',
    number: 'ROB-02',
    title: 'Escaped letters and slashes',
    requirement: 'Letters written as \\u00C9 or \\u003c and slashes written as \\/ are the same data in other bytes.',
    differs: 'escapes in texts',
    plan: (kit) =>
      each([
        named(kit, '\\u00C9 and \\u003c', 'Élodie <E>', escapedLetters),
        named(kit, '\\/', 'A/B', (text) => text.replaceAll('/', '\\/')),
      ]),
  },
  {
    ...SAME_DATA,
    id: 'robustness/numbers',
    number: 'ROB-03',
    title: 'Numbers that JavaScript would write otherwise',
    requirement: '1.0, 1E2, integers over 2^53 and keys out of order do not survive being parsed and written again.',
    differs: 'numbers in unknown fields',
    plan: (kit) =>
      each([
        added(kit, '1.0 and 1E2', '"qsimRatio":1.0,"qsimExponent":1E2'),
        added(kit, 'over 2^53', '"qsimLarge":12345678901234567890'),
        added(kit, 'keys out of order', '"qsimKeys":{"10":1,"2":2,"1":3}'),
      ]),
  },
  {
    ...SAME_DATA,
    id: 'robustness/letters',
    number: 'ROB-04',
    title: 'Accents, CJK and emoji as they are',
    requirement: 'Letters beyond ASCII come as UTF-8 and are hashed as they came.',
    differs: 'letters of several bytes',
    cause: 'text-decoding',
    plan: (kit) => each(['Zoë Çelik-Müller', '佐藤 美咲', '🎉 👩‍👩‍👧'].map((name) => named(kit, name, name))),
  },
  {
    ...SAME_DATA,
    id: 'robustness/odd-texts',
    number: 'ROB-05',
    title: 'Texts that some databases and parsers choke on',
    severity: 'SHOULD',
    requirement:
      'NUL, lone surrogates, invisible and very long texts, repeated keys and __proto__ do not crash the receiver.',
    differs: 'a name, or keys of the event',
    accepted: 'not 5xx',
    cause: 'crashes-on-bad-input',
    plan: (kit) =>
      each([
        named(kit, '\\u0000', PLACEHOLDER, (text) => text.replaceAll(PLACEHOLDER, 'a\\u0000b')),
        named(kit, 'a lone surrogate', PLACEHOLDER, (text) => text.replaceAll(PLACEHOLDER, 'a\\ud800b')),
        named(kit, 'right-to-left and zero width', '\u202eabc\u200b\u200d'),
        named(kit, '10,000 letters', 'x'.repeat(10_000)),
        added(kit, 'a key twice', '"qsimTwice":1,"qsimTwice":2'),
        added(kit, '__proto__', '"__proto__":{"qsimPolluted":true}'),
      ]),
    judge: survived,
  },
  {
    ...SAME_DATA,
    id: 'robustness/byte-order-mark',
    number: 'ROB-06',
    title: 'A byte order mark before the array',
    severity: 'INFO',
    requirement: 'Whether a byte order mark is accepted is not specified: sound receivers differ.',
    differs: 'three bytes before the body',
    accepted: 'any',
    plan: (kit) => {
      const payload = kit.base()
      return each([kit.probe({ name: 'byte order mark', payload, body: `\ufeff${payload.text}` })])
    },
    judge: observed,
  },
]

const PLACEHOLDER = 'QSIM-NAME'

/** A visit of a member with this surname, its text changed afterwards. */
function named(kit: Kit, name: string, lastName: string, change = (text: string) => text): Probe {
  const events = kit
    .events('member_portal_visit')
    .map((event): LoyaltyEvent => ({ ...event, member: { ...event.member, lastName } }))
  const payload = kit.payloadOf(events)
  return kit.probe({ name, payload: { ...payload, text: change(payload.text) } })
}

/** A visit with members added, as written. */
function added(kit: Kit, name: string, members: string): Probe {
  const [visit = ''] = kit.elements('member_portal_visit')
  return kit.probe({ name, payload: kit.ofElements([withMembers(visit, members)], 'member_portal_visit') })
}

function prettyOf(kit: Kit) {
  const events = kit.events('member_portal_visit')
  return { ...kit.payloadOf(events), text: renderPayload(kit.contract, events, 'pretty') }
}

function escapedLetters(text: string): string {
  return text.replace(
    /[^\0-\x7f]|</g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
