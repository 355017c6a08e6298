import type { CheckRecord } from '../check.ts'
import { accepted, both, effectsIfCounted } from '../judge.ts'
import { ofUnknownType, withMembers } from '../payload.ts'
import { each, onceEach, visits } from '../plan.ts'

/** What will be added one day must not be refused: that would block the endpoint. */
export const UNKNOWN_CHECKS: readonly CheckRecord[] = [
  {
    id: 'contract/unknown-fields',
    number: 'CON-05',
    title: 'A known event with fields that nobody has announced',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement: 'Unknown fields and objects in a known event are ignored: 2xx.',
    needs: [],
    differs: 'an unknown field and an unknown object in the event',
    accepted: '2xx',
    cause: 'unknown-refused',
    plan: (kit) => {
      const [visit = ''] = kit.elements('member_portal_visit')
      const element = withMembers(visit, '"qsimUnknown":"later","qsimObject":{"nested":[1,{"deep":null}]}')
      return each([
        kit.probe({
          name: 'unknown fields',
          payload: kit.ofElements([element], 'member_portal_visit with unknown fields'),
        }),
      ])
    },
    judge: accepted,
  },
  {
    id: 'contract/unknown-event-type',
    number: 'CON-06',
    title: 'An event type that nobody has announced',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement:
      'An event of an unknown type is ignored and answered with 2xx: seven retries of a 4xx block the endpoint.',
    needs: [],
    differs: 'an unknown event type',
    accepted: '2xx',
    cause: 'unknown-refused',
    plan: (kit) => {
      const [visit = ''] = kit.elements('member_portal_visit')
      return each([
        kit.probe({
          name: 'unknown type',
          payload: kit.ofElements([ofUnknownType(kit.contract, visit)], 'an event of an unknown type'),
        }),
      ])
    },
    judge: accepted,
  },
  {
    id: 'contract/unknown-among-known',
    number: 'CON-07',
    title: 'An unknown event between two known ones',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement: 'The known events around an unknown one are applied, and the answer is 2xx.',
    needs: [],
    differs: 'three events, the second of an unknown type',
    accepted: '2xx; both known events applied',
    cause: 'unknown-refused',
    plan: (kit) => {
      const [a = '', unknown = '', b = ''] = kit.elements(...visits(3))
      const around = kit.ofElements([a, b], '')
      const payload = kit.ofElements([a, ofUnknownType(kit.contract, unknown), b], 'known, unknown, known')
      return { ...each([kit.probe({ name: 'known, unknown, known', payload })]), effects: onceEach(around.eventIds) }
    },
    judge: both(accepted, effectsIfCounted),
  },
]
