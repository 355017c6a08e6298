import type { CheckRecord } from '../check.ts'
import { accepted, acceptedOne, both, effectsVerified } from '../judge.ts'
import { each, onceEach } from '../plan.ts'
import { ALONE, OTHER, overlap } from './overlap.ts'

/** What comes twice counts once. */
export const DUPLICATE_CHECKS: readonly CheckRecord[] = [
  {
    id: 'delivery/duplicate',
    number: 'DLV-01',
    title: 'The same bytes twice',
    severity: 'MUST',
    sideEffect: 'S2',
    requirement: 'A delivery that comes twice is answered with 2xx twice and applied once.',
    needs: ['event-identity'],
    differs: 'sent twice',
    accepted: '2xx, 2xx; applied once',
    cause: 'not-idempotent',
    plan: (kit) => {
      const payload = kit.payload('earning')
      return {
        ...each([kit.probe({ name: 'first', payload }), kit.probe({ name: 'the same again', payload })]),
        effects: onceEach(payload.eventIds),
      }
    },
    judge: both(accepted, effectsVerified),
  },
  {
    id: 'delivery/concurrent-duplicates',
    number: 'DLV-02',
    title: 'The same bytes five times at the same moment',
    severity: 'MUST',
    sideEffect: 'S2',
    requirement: 'Five simultaneous deliveries of one event are answered with 2xx and applied once.',
    needs: ['event-identity'],
    differs: 'five at once',
    accepted: 'all 2xx; applied once',
    cause: 'race',
    plan: (kit) => {
      const payload = kit.payload('earning')
      const copies = [1, 2, 3, 4, 5].map((number) => kit.probe({ name: `copy ${number} of 5`, payload }))
      const others = copies.map((_, index) =>
        kit.probe({ name: `${OTHER} ${index + 1} of 5`, payload: kit.payload('earning') }),
      )
      return {
        steps: [
          { kind: 'one', probe: kit.probe({ name: ALONE, payload: kit.payload('earning') }) },
          { kind: 'together', probes: others },
          { kind: 'together', probes: copies },
        ],
        effects: onceEach(payload.eventIds),
      }
    },
    judge: (seen) => {
      const found = [...accepted(seen), ...effectsVerified(seen)]
      // Applied twice is a failure however the requests came; applied once proves something only if they overlapped.
      return found.some(({ verdict }) => verdict === 'FAIL') ? found : [...found, ...overlap(seen.results)]
    },
  },
  {
    id: 'delivery/overlapping-batches',
    number: 'DLV-03',
    title: 'Batches that share events',
    severity: 'MUST',
    sideEffect: 'S2',
    requirement: 'Duplicates are recognised by event, not by body: [A,B], [B,C] and [D,D] apply each of them once.',
    needs: ['event-identity'],
    differs: 'events in two arrays, and twice in one',
    accepted: '2xx; A, B, C and D once each',
    cause: 'not-idempotent',
    plan: (kit) => {
      const [a = '', b = '', c = '', d = ''] = kit.elements('earning', 'earning', 'earning', 'earning')
      const probe = (name: string, elements: readonly string[]) =>
        kit.probe({ name, payload: kit.ofElements(elements, name) })
      return {
        ...each([probe('[A,B]', [a, b]), probe('[B,C]', [b, c]), probe('[D,D]', [d, d])]),
        effects: onceEach(kit.ofElements([a, b, c, d], '').eventIds),
      }
    },
    judge: both(accepted, effectsVerified),
  },
  {
    id: 'delivery/lost-acknowledgement',
    number: 'DLV-04',
    title: 'The answer was lost, and the delivery comes again',
    severity: 'MUST',
    sideEffect: 'S2',
    requirement: 'A delivery whose connection broke before the answer was read is applied once when it comes again.',
    needs: ['event-identity'],
    differs: 'the connection is dropped before the answer is read, then the same bytes again',
    accepted: '2xx to the second; applied once',
    cause: 'not-idempotent',
    plan: (kit) => {
      const payload = kit.payload('earning')
      return {
        ...each([
          kit.probe({ name: 'dropped before its answer', payload, ending: 'leave' }),
          kit.probe({ name: 'the same again', payload }),
        ]),
        effects: onceEach(payload.eventIds),
      }
    },
    judge: (seen) => [...seen.results.slice(1).map(acceptedOne), ...effectsVerified(seen)],
  },
]
