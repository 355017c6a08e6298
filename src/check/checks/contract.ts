import { ALL_EVENT_TYPES } from '../../contract/event-types.ts'
import type { CheckRecord } from '../check.ts'
import { accepted, failed, of, passed } from '../judge.ts'
import { each, visits } from '../plan.ts'
import { isAccepted } from '../../delivery/outcome.ts'
import { isOfClass } from '../verdict.ts'
import { noPage, noRedirect } from './passive.ts'
import { UNKNOWN_CHECKS } from './unknown.ts'

/** What Qualifio sends must be taken: every event, in any number, with what will be added one day. */
export const CONTRACT_CHECKS: readonly CheckRecord[] = [
  {
    id: 'contract/each-event-type',
    number: 'CON-01',
    title: 'Each of the eight event types, alone in its array',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement: 'An array with one event of any of the eight types is answered with 2xx.',
    needs: [],
    differs: 'the type of the one event',
    accepted: '2xx',
    cause: 'expects-one-event',
    plan: (kit) => each(ALL_EVENT_TYPES.map((type) => kit.probe({ name: type, payload: kit.payload(type) }))),
    judge: accepted,
  },
  {
    id: 'contract/all-types-in-one-array',
    number: 'CON-02',
    title: 'All eight event types in one array',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement: 'An array of events of different types is answered with 2xx.',
    needs: [],
    differs: 'eight events instead of one',
    accepted: '2xx',
    cause: 'expects-one-event',
    plan: (kit) => each([kit.probe({ name: 'all eight types', payload: kit.payload(...ALL_EVENT_TYPES) })]),
    judge: accepted,
  },
  {
    id: 'contract/empty-array',
    number: 'CON-03',
    title: 'An array without events',
    severity: 'SHOULD',
    sideEffect: 'S0',
    requirement: 'A signed empty array is answered with 2xx, for it holds nothing to object to; never with 5xx.',
    needs: [],
    differs: 'no event inside',
    accepted: '2xx; 4xx is noted',
    cause: 'empty-batch',
    plan: (kit) => each([kit.probe({ name: 'empty array', body: '[]' })]),
    judge: ({ results }) =>
      results.map((one) => {
        const { result } = one.exchange
        if (isAccepted(result)) return passed(one)
        if (!isOfClass(result, 4)) return failed(one, '2xx')
        return {
          ...of(one, 'WARN', '2xx'),
          why: 'an empty array is refused; nothing is lost, but the safe form of other checks needs it',
        }
      }),
  },
  {
    id: 'contract/batch-of-100',
    number: 'CON-04',
    title: 'An array of 100 events',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement: 'An array of 100 events is answered with 2xx.',
    needs: [],
    differs: '100 events instead of one',
    accepted: '2xx',
    cause: 'body-limit',
    plan: (kit) => each([kit.probe({ name: '100 events', payload: kit.payload(...visits(100)) })]),
    judge: accepted,
  },
  ...UNKNOWN_CHECKS,
  {
    id: 'contract/content-type-variants',
    number: 'CON-08',
    title: 'Content types that mean the same',
    severity: 'SHOULD',
    sideEffect: 'S1',
    zeroEventForm: true,
    requirement: 'A charset parameter or other capitals in the content type change nothing.',
    needs: [],
    differs: 'the spelling of the content type',
    accepted: 'as the control',
    cause: 'content-type-strict',
    plan: (kit) =>
      each(
        ['application/json; charset=utf-8', 'Application/JSON'].map((contentType) =>
          kit.probe({ name: contentType, contentType }),
        ),
      ),
    judge: accepted,
  },
  {
    id: 'contract/no-redirect',
    number: 'CON-09',
    title: 'The URL answers itself',
    severity: 'MUST',
    sideEffect: 'P',
    needsControl: false,
    requirement: 'The endpoint does not redirect: Qualifio follows no redirect, and a 3xx is a failure.',
    needs: [],
    differs: 'nothing: looks at the answers to the controls',
    accepted: 'not 3xx',
    cause: 'redirects',
    plan: () => ({ steps: [] }),
    judge: noRedirect,
  },
  {
    id: 'contract/no-page',
    number: 'CON-10',
    title: 'A 2xx comes from the receiver, not from a page',
    severity: 'SHOULD',
    sideEffect: 'P',
    needsControl: false,
    requirement: 'An accepted control is not answered with a login form or another HTML page.',
    needs: [],
    differs: 'nothing: looks at the answers to the controls',
    accepted: 'no HTML page',
    cause: 'answers-with-a-page',
    plan: () => ({ steps: [] }),
    judge: noPage,
  },
  {
    id: 'contract/other-methods',
    number: 'CON-11',
    title: 'GET, HEAD and OPTIONS do nothing',
    severity: 'SHOULD',
    sideEffect: 'S0',
    requirement: 'Other methods than POST are answered with 405 (with Allow) or 404, and have no effect.',
    needs: [],
    differs: 'the method, and no body',
    accepted: '405 or 404; OPTIONS may be 2xx',
    cause: 'other-methods',
    plan: (kit) =>
      each(
        ['GET', 'HEAD', 'OPTIONS'].map((method) =>
          kit.probe({ name: method, method, body: '', contentType: null, signatures: [], authorization: 'missing' }),
        ),
      ),
    judge: ({ results }) =>
      results.map((one) => {
        const { result } = one.exchange
        if (isOfClass(result, 4) || (result.kind === 'responded' && result.status === 501)) return passed(one)
        if (one.probe.request.method === 'OPTIONS' && isAccepted(result)) return passed(one)
        return failed(one, '405 or 404')
      }),
  },
]
