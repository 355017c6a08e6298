import type { CheckRecord } from '../check.ts'
import { accepted, effectsIfCounted, failed, passed } from '../judge.ts'
import type { Kit, ProbeSpec } from '../kit.ts'
import type { CheckPayload } from '../payload.ts'
import { each, onceEach } from '../plan.ts'
import type { Probe } from '../probe.ts'
import { isAccepted } from '../../delivery/outcome.ts'

const TRICKLE_MS = 3000
const TRICKLE_PIECES = 10

/** TRN-06. */
export const SLOW_BODY: CheckRecord = {
  id: 'transport/slow-body',
  number: 'TRN-06',
  title: 'A body that takes three seconds',
  severity: 'SHOULD',
  sideEffect: 'S3',
  requirement: 'A body that comes slowly is waited for.',
  needs: [],
  differs: 'the body in ten pieces over three seconds',
  accepted: '2xx',
  cause: 'slow-sender',
  waitsMs: TRICKLE_MS,
  plan: (kit) => {
    const payload = kit.payload('member_portal_visit')
    const { length } = Buffer.from(payload.text)
    const at = Array.from({ length: TRICKLE_PIECES }, (_, index) => Math.floor((index * length) / TRICKLE_PIECES))
    return each([
      kit.probe({
        name: 'over three seconds',
        payload,
        transfer: { kind: 'split', at, pauseMs: TRICKLE_MS / TRICKLE_PIECES },
      }),
    ])
  },
  judge: accepted,
}

/** TRN-08. */
export const BROKEN_UPLOAD: CheckRecord = {
  id: 'transport/broken-upload',
  number: 'TRN-08',
  title: 'Connections that break inside the body',
  severity: 'SHOULD',
  sideEffect: 'S3',
  requirement: 'A body that ends before its length is never applied, and the receiver is there afterwards.',
  needs: [],
  differs: 'RST and FIN before the announced length',
  accepted: 'no 2xx; the cut event is not applied; alive afterwards',
  cause: 'crashes-on-bad-input',
  plan: (kit) => {
    const [reset, end] = [kit.payload('earning'), kit.payload('earning')]
    return {
      ...each([
        cut(kit, { name: 'reset inside the body', payload: reset, ending: 'reset' }),
        cut(kit, { name: 'ended inside the body', payload: end, ending: 'end' }),
      ]),
      effects: onceEach([...reset.eventIds, ...end.eventIds], 0),
    }
  },
  judge: (seen) => [
    ...seen.results.map((one) => (isAccepted(one.exchange.result) ? failed(one, 'no 2xx') : passed(one))),
    ...effectsIfCounted(seen),
  ],
}

/** So that what was written is read before the connection ends: together they look like an orderly end to some. */
const PAUSE = { bytes: new Uint8Array(), afterMs: 30 }
/** So much of the announced length never comes. */
const MISSING_BYTES = 64

/** A signed payload whose announced length is longer than it: whoever applies what came would find its signature right. */
function cut(kit: Kit, spec: ProbeSpec & { readonly payload: CheckPayload }): Probe {
  const { text } = spec.payload
  const signature = kit.signature(text)
  const probe = kit.probe({
    ...spec,
    body: text + ' '.repeat(MISSING_BYTES),
    ...(signature === undefined ? {} : { signatures: [signature] }),
  })
  const bytes = probe.request.writes[0]?.bytes ?? new Uint8Array()
  const writes = [{ bytes: bytes.subarray(0, bytes.length - MISSING_BYTES) }, PAUSE]
  return { ...probe, request: { ...probe.request, writes } }
}
