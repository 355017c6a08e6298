import type { CheckRecord } from '../check.ts'
import { accepted, acceptedOne, of } from '../judge.ts'
import { each } from '../plan.ts'
import type { Judge, ProbeResult } from '../verdict.ts'
import { TLS_CHECKS } from './tls.ts'
import { BROKEN_UPLOAD, SLOW_BODY } from './upload.ts'

const SPLIT_PAUSE_MS = 50
/** Node closes idle connections after 5 s, or 6: at exactly that moment a request would meet the end of the connection. */
const IDLE_MS = 7000

/** HTTP as other clients than the developer's own speak it. */
export const TRANSPORT_CHECKS: readonly CheckRecord[] = [
  ...TLS_CHECKS,
  {
    id: 'transport/header-case',
    number: 'TRN-03',
    title: 'Header names in lower and in upper case',
    severity: 'MUST',
    sideEffect: 'S1',
    zeroEventForm: true,
    requirement: 'Header names have no case (RFC 9110, 5.1).',
    needs: [],
    differs: 'the case of all header names',
    accepted: 'as the control',
    cause: 'header-case',
    plan: (kit) =>
      each((['lower', 'upper'] as const).map((headerNames) => kit.probe({ name: `${headerNames} case`, headerNames }))),
    judge: accepted,
  },
  {
    id: 'transport/chunked',
    number: 'TRN-04',
    title: 'A chunked body',
    severity: 'SHOULD',
    sideEffect: 'S1',
    zeroEventForm: true,
    requirement: 'A body without Content-Length, in chunks, is read like any other.',
    needs: [],
    differs: 'Transfer-Encoding: chunked',
    accepted: '2xx',
    cause: 'transfer-coding',
    plan: (kit) => each([kit.probe({ name: 'chunked', transfer: { kind: 'chunked', sizes: [1] } })]),
    judge: accepted,
  },
  {
    id: 'transport/split-letter',
    number: 'TRN-05',
    title: 'Two packets, cut inside a letter',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement:
      'A letter of several bytes may come in two pieces: pieces are joined as bytes, before they become text.',
    needs: [],
    differs: 'the body in two writes',
    accepted: '2xx',
    cause: 'text-decoding',
    plan: (kit) => {
      const events = kit
        .events('member_portal_visit')
        .map((event) => ({ ...event, member: { ...event.member, lastName: 'Zoë 🎉' } }))
      const payload = kit.payloadOf(events)
      const inside = Math.max(1, Buffer.from(payload.text).findIndex((byte) => byte > 0x7f) + 1)
      return each([
        kit.probe({
          name: 'cut inside a letter',
          payload,
          transfer: { kind: 'split', at: [inside], pauseMs: SPLIT_PAUSE_MS },
        }),
      ])
    },
    judge: accepted,
  },
  SLOW_BODY,
  {
    id: 'transport/kept-connection',
    number: 'TRN-07',
    title: 'Three requests on one connection, and one after seven idle seconds',
    severity: 'SHOULD',
    sideEffect: 'S2',
    requirement: 'A kept connection serves several requests; one that was idle serves another or was closed properly.',
    needs: [],
    differs: 'one connection for all',
    accepted: '2xx; a clean close of the idle connection is fine',
    cause: 'connection-handling',
    waitsMs: IDLE_MS,
    plan: (kit) => ({
      steps: [
        {
          kind: 'connection',
          probes: [
            ...[1, 2, 3].map((number) => kit.probe({ name: `request ${number} on one connection` })),
            kit.probe({ name: 'after seven idle seconds', afterMs: IDLE_MS }),
          ],
        },
      ],
    }),
    judge: ({ results }) =>
      results.map((one, index) => (wasClosedBefore(one) ? closed(one, results[index - 1]) : acceptedOne(one))),
  },
  BROKEN_UPLOAD,
  {
    id: 'transport/user-agents',
    number: 'TRN-09',
    title: 'Other user agents, and none',
    severity: 'SHOULD',
    sideEffect: 'S1',
    zeroEventForm: true,
    requirement: 'The user agent decides nothing: nobody knows what Qualifio calls itself.',
    needs: [],
    differs: 'the User-Agent header',
    accepted: 'as the control',
    cause: 'front-door',
    plan: (kit) =>
      each([
        kit.probe({ name: 'no User-Agent', userAgent: null }),
        kit.probe({ name: 'Go-http-client/1.1', userAgent: 'Go-http-client/1.1' }),
        kit.probe({ name: 'Java/17', userAgent: 'Java/17' }),
      ]),
    judge: accepted,
  },
]

/** The connection was closed while nothing was under way on it. */
function wasClosedBefore({ exchange: { result, sentMs } }: ProbeResult): boolean {
  return result.kind === 'failed' && result.code === 'closed' && sentMs === undefined
}

/** Fine where it was announced, or the connection was idle; a client that was told nothing sends into it. */
function closed(one: ProbeResult, before: ProbeResult | undefined): ReturnType<Judge>[number] {
  const said = before?.exchange.result
  const isAnnounced = said?.kind === 'responded' && /close/i.test(said.headers['connection']?.join() ?? '')
  if (one.probe.afterMs !== undefined || isAnnounced || (before !== undefined && wasClosedBefore(before)))
    return { ...of(one, 'PASS'), why: 'the receiver had closed the connection properly' }
  return {
    ...of(one, 'WARN', '2xx on the same connection'),
    why: 'the connection ended after an answer that did not say Connection: close, or bytes followed that nobody asked for',
  }
}
