import { gzipSync } from 'node:zlib'
import type { CheckRecord } from '../check.ts'
import { accepted, observed, of, passed, refusedOrQueued, survived } from '../judge.ts'
import type { Kit } from '../kit.ts'
import { withMembers, type CheckPayload } from '../payload.ts'
import { each } from '../plan.ts'
import { isAccepted } from '../../delivery/outcome.ts'
import { BYTE_CHECKS } from './bytes.ts'

const KB = 1024

/** JSON as it may come, and what is no JSON. */
export const ROBUSTNESS_CHECKS: readonly CheckRecord[] = [
  ...BYTE_CHECKS,
  {
    id: 'robustness/unreadable-body',
    number: 'ROB-07',
    title: 'Bodies that are no JSON',
    severity: 'SHOULD',
    sideEffect: 'S0',
    requirement: 'Signed bytes that are no UTF-8, no JSON or nothing at all are refused with a 4xx, not with a crash.',
    needs: [],
    differs: 'invalid UTF-8; cut JSON; an empty body',
    accepted: '4xx, not 5xx',
    cause: 'crashes-on-bad-input',
    plan: (kit) =>
      each([
        kit.probe({ name: 'invalid UTF-8', body: Buffer.from('["\xff\xfe"]', 'latin1') }),
        kit.probe({ name: 'cut JSON', body: '[{"id":"' }),
        kit.probe({ name: 'empty body', body: '' }),
      ]),
    judge: refusedOrQueued,
  },
  {
    id: 'robustness/no-array',
    number: 'ROB-08',
    title: 'JSON that is no array of events',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement: 'An object, a text, null or an array of other things is refused with a 4xx, not with a crash.',
    needs: [],
    differs: 'the root of the body',
    accepted: '4xx, not 5xx; 2xx as well for an array of other things',
    cause: 'crashes-on-bad-input',
    plan: (kit) => {
      const [visit = ''] = kit.elements('member_portal_visit')
      return each([
        kit.probe({ name: 'an object', payload: { ...kit.ofElements([visit], 'one event, no array'), text: visit } }),
        kit.probe({ name: 'a text', body: '"x"' }),
        kit.probe({ name: 'null', body: 'null' }),
        kit.probe({ name: MIXED, body: '[null,1,"a"]' }),
      ])
    },
    judge: (seen) => {
      const isMixed = ({ probe }: { readonly probe: { readonly name: string } }) => probe.name === MIXED
      return [
        ...refusedOrQueued({ ...seen, results: seen.results.filter((one) => !isMixed(one)) }),
        ...survived({ ...seen, results: seen.results.filter(isMixed) }),
      ]
    },
  },
  {
    id: 'robustness/other-content-type',
    number: 'ROB-09',
    title: 'Another content type, or none',
    severity: 'SHOULD',
    sideEffect: 'S0',
    requirement: 'A form type or no content type is refused with a 4xx (415), not with a crash.',
    needs: [],
    differs: 'the content type',
    accepted: '4xx, not 5xx; 2xx as well',
    cause: 'content-type-strict',
    plan: (kit) =>
      each([
        kit.probe({ name: 'a form', body: '[]', contentType: 'application/x-www-form-urlencoded' }),
        kit.probe({ name: 'no content type', body: '[]', contentType: null }),
      ]),
    judge: survived,
  },
  {
    id: 'robustness/large-bodies',
    number: 'ROB-10',
    title: 'Bodies of 99 KB, 150 KB and 1 MB',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement: 'Bodies of 99 KB and 150 KB are accepted: the usual default of 100 KB is too small for a large batch.',
    needs: [],
    differs: 'the number of events',
    accepted: '2xx, 2xx; 1 MB is reported',
    cause: 'body-limit',
    plan: (kit) =>
      each([
        kit.probe({ name: '99 KB', payload: ofSize(kit, 99 * KB) }),
        kit.probe({ name: '150 KB', payload: ofSize(kit, 150 * KB) }),
        kit.probe({ name: ONE_MB, payload: ofSize(kit, 1024 * KB) }),
      ]),
    judge: (seen) => [
      ...accepted({ ...seen, results: seen.results.filter(({ probe }) => probe.name !== ONE_MB) }),
      ...seen.results
        .filter(({ probe }) => probe.name === ONE_MB)
        .map((one) =>
          isAccepted(one.exchange.result) ? passed(one) : { ...of(one, 'PASS'), why: 'refused, which is not scored' },
        ),
    ],
  },
  {
    id: 'robustness/hostile-bodies',
    number: 'ROB-11',
    title: '11 MB, and JSON nested 10,000 deep',
    severity: 'SHOULD',
    sideEffect: 'S3',
    requirement:
      'A body that is far too large or far too deep is refused or accepted, and the receiver is there afterwards.',
    needs: [],
    differs: 'size and depth of the body',
    accepted: '413, another 4xx or 2xx; alive afterwards',
    cause: 'crashes-on-bad-input',
    plan: (kit) => {
      const [visit = ''] = kit.elements('member_portal_visit')
      return each([
        kit.probe({
          name: '11 MB',
          payload: kit.ofElements([withMembers(visit, `"qsimLarge":"${'x'.repeat(11 * KB * KB)}"`)], '11 MB'),
        }),
        kit.probe({ name: '10,000 deep', body: '['.repeat(10_000) + ']'.repeat(10_000) }),
      ])
    },
    judge: survived,
  },
  {
    id: 'robustness/gzip',
    number: 'ROB-12',
    title: 'A compressed body',
    severity: 'INFO',
    sideEffect: 'S1',
    requirement: 'Whether a compressed body is accepted, and which bytes are signed then, is not specified.',
    needs: [],
    differs: 'Content-Encoding: gzip; signed over the compressed and over the plain bytes',
    accepted: 'any',
    cause: 'crashes-on-bad-input',
    plan: (kit) => {
      const forms = ['compressed', 'plain'] as const
      return each(
        forms.map((form) => {
          const payload = kit.base()
          const body = gzipped(payload.text)
          const signature = kit.signature(form === 'plain' ? payload.text : body)
          return kit.probe({
            name: `gzip, signed over the ${form} bytes`,
            payload,
            body,
            more: [['Content-Encoding', 'gzip']],
            ...(signature === undefined ? {} : { signatures: [signature] }),
          })
        }),
      )
    },
    judge: observed,
  },
]

const MIXED = 'an array of other things'
const ONE_MB = '1 MB'

/** As many portal visits as a body of this size holds. */
function ofSize(kit: Kit, most: number): CheckPayload {
  const elements: string[] = []
  for (let bytes = 2; ;) {
    const [element = ''] = kit.elements('member_portal_visit')
    bytes += Buffer.byteLength(element) + 1
    if (bytes > most) return kit.ofElements(elements, `${elements.length} × member_portal_visit`)
    elements.push(element)
  }
}

/** The same bytes on every system: the header names none. */
function gzipped(text: string): Uint8Array {
  const bytes = gzipSync(text)
  bytes[9] = 255
  return bytes
}
