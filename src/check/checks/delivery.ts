import type { CheckRecord } from '../check.ts'
import { both, accepted, effectsIfCounted, effectsVerified } from '../judge.ts'
import { brokenElement } from '../payload.ts'
import { each, onceEach, visits } from '../plan.ts'
import type { Finding } from '../verdict.ts'
import { shownResult } from '../verdict.ts'
import { DUPLICATE_CHECKS } from './duplicates.ts'
import { otherLast } from './forged-signature.ts'

const DAY_MS = 86_400_000
/** As in the catalogue: late enough that an age limit of a week shows. */
const OLD_MS = 8 * DAY_MS

/** Qualifio delivers at least once, in no certain order: what the receiver makes of it. */
export const DELIVERY_CHECKS: readonly CheckRecord[] = [
  ...DUPLICATE_CHECKS,
  {
    id: 'delivery/out-of-order',
    number: 'DLV-05',
    title: 'A newer level change, then the older one',
    severity: 'SHOULD',
    sideEffect: 'S2',
    requirement: 'An event that comes late is answered with 2xx and does not undo a newer one.',
    needs: [],
    differs: 'two level changes of one member, the newer first',
    accepted: '2xx, 2xx; the newer level stands',
    cause: 'order-assumed',
    plan: (kit) => {
      const [newer, other] = kit.events('change_in_level', 'change_in_level')
      if (newer?.type !== 'change_in_level' || other === undefined) throw new Error('no level change')
      const { previousLevel, newLevel } = newer.data
      const occurredAt = new Date(Date.parse(newer.occurredAt) - 3_600_000).toISOString()
      const older = {
        ...newer,
        id: other.id,
        occurredAt,
        data: { ...newer.data, previousLevel: newLevel, newLevel: previousLevel },
      }
      const member = `member ${newer.member.externalId}`
      return each([
        kit.probe({ name: `${member} to ${newLevel.name}`, payload: kit.payloadOf([newer]) }),
        kit.probe({ name: `${member} to ${previousLevel.name}, an hour before that`, payload: kit.payloadOf([older]) }),
      ])
    },
    judge: both(accepted, ({ results }) => [
      {
        verdict: 'INCONCLUSIVE',
        why: `not verifiable: which level stands at the end; it must be that of "${results[0]?.probe.name ?? ''}"`,
      },
    ]),
  },
  {
    id: 'delivery/old-event',
    number: 'DLV-06',
    title: 'An event of eight days ago',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement:
      'An event that happened days ago is answered with 2xx: retries come late, and nothing signed says when they were sent.',
    needs: [],
    differs: 'occurredAt is eight days ago',
    accepted: '2xx',
    cause: 'old-events-refused',
    plan: (kit) => {
      const old = kit.events('member_portal_visit').map((event) => ({
        ...event,
        occurredAt: new Date(kit.nowMs - OLD_MS).toISOString(),
        member: { ...event.member, enrolledAt: new Date(kit.nowMs - 2 * OLD_MS).toISOString() },
      }))
      return each([kit.probe({ name: 'eight days old', payload: kit.payloadOf(old) })])
    },
    judge: accepted,
  },
  {
    id: 'delivery/batch-of-three',
    number: 'DLV-07',
    title: 'A batch of three is three events',
    severity: 'MUST',
    sideEffect: 'S1',
    requirement: 'Every event of an array is applied, not only its first, and events are told apart by their id alone.',
    needs: ['event-identity'],
    differs: 'three earnings of one member, two of them at the same moment, with ids that differ in one digit',
    accepted: '2xx; all three applied',
    cause: 'expects-one-event',
    plan: (kit) => {
      const [first, ...others] = kit.events('earning', 'earning')
      if (first?.type !== 'earning') throw new Error('no earning')
      const occurredAt = new Date(Date.parse(first.occurredAt) + 1000).toISOString()
      const [near, far] = [
        { ...first, id: otherLast(first.id) },
        { ...first, id: others[0]?.id ?? '', occurredAt },
      ]
      const payload = kit.payloadOf([first, near, far])
      return { ...each([kit.probe({ name: 'three events', payload })]), effects: onceEach(payload.eventIds) }
    },
    judge: both(accepted, effectsVerified),
  },
  {
    id: 'delivery/broken-among-good',
    number: 'DLV-08',
    title: 'A broken event between two good ones',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement:
      'One event that cannot be used does not cost the others: 2xx, both good ones applied, the broken one set aside.',
    needs: [],
    differs: 'three events, the second without its data',
    accepted: '2xx; both good events applied',
    cause: 'events-lost',
    plan: (kit) => {
      const [a = '', broken = '', b = ''] = kit.elements(...visits(3))
      const payload = kit.ofElements([a, brokenElement(kit.contract, broken), b], 'good, broken, good')
      return {
        ...each([kit.probe({ name: 'good, broken, good', payload })]),
        effects: onceEach(kit.ofElements([a, b], '').eventIds),
      }
    },
    judge: both(accepted, effectsIfCounted),
  },
  {
    id: 'delivery/replay-at-the-end',
    number: 'DLV-09',
    title: 'The first control again at the end',
    severity: 'INFO',
    sideEffect: 'S2',
    requirement:
      'A body that was delivered long ago has no effect a second time; a signature over the body alone never expires.',
    needs: [],
    differs: 'the bytes of the first control again',
    accepted: 'any; no new effect',
    cause: 'not-idempotent',
    plan: (kit) => {
      const probe = kit.firstControl ?? kit.control()
      return {
        ...each([{ ...probe, name: 'the first control again' }]),
        effects: onceEach(probe.eventIds),
        isRepeat: true,
      }
    },
    judge: (seen) => [
      ...seen.results.map((one): Finding => ({ verdict: 'INFO', probe: one.probe, actual: shownResult(one.exchange) })),
      ...effectsIfCounted(seen),
    ],
  },
]
