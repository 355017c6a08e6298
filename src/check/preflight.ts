import { diagnose } from '../delivery/diagnosis.ts'
import { explainFailure } from '../delivery/failure.ts'
import { redactor, secretValues } from '../delivery/redact.ts'
import { frontDoor } from './front-door.ts'
import type { Form, Kit } from './kit.ts'
import type { Sender } from './sender.ts'
import { isAccepted } from '../delivery/outcome.ts'
import { isOfClass, type ProbeResult } from './verdict.ts'

/** What the first requests told. */
export interface Preflight {
  /** The zero-event test: five requests without an event, or one without a secret. */
  readonly differential: readonly ProbeResult[]
  /** The first request with an event, where events may be sent. */
  readonly firstEvent?: ProbeResult
  /** What controls carry from here on; absent when no control was accepted, so nothing can be judged. */
  readonly form?: Form
  /** Whether a refusal stood between two accepted controls. */
  readonly provenRefusal: boolean
  /** What to know before reading on: sentences. */
  readonly notes: readonly string[]
}

/**
 * Finds out whether the endpoint can be judged, and with which control: the same five requests without an event that
 * find most faulty receivers, then, where events may be sent, one portal visit.
 */
export async function preflight(zero: Kit, events: Kit | undefined, sender: Sender): Promise<Preflight> {
  const differential: ProbeResult[] = []
  for (const probe of differentialProbes(zero)) {
    differential.push(await sender.one(probe))
    const [{ exchange }] = differential as [ProbeResult]
    // Nobody is there, or wants to hear of it (410): the others would bring nothing more.
    if (exchange.result.kind === 'failed' || sender.gone) break
  }
  const [first, ...others] = differential as [ProbeResult, ...ProbeResult[]]
  const emptyAccepted = isAccepted(first.exchange.result)
  const last = others.find(({ probe }) => probe.name === SPACED)
  let provenRefusal =
    emptyAccepted &&
    last !== undefined &&
    isAccepted(last.exchange.result) &&
    others.some(({ probe, exchange }) => isForged(probe.name) && isOfClass(exchange.result, 4))
  if (first.exchange.result.kind === 'failed' || sender.gone)
    return { differential, provenRefusal: false, notes: reasons(others.at(-1) ?? first, zero) }
  if (events === undefined) {
    if (emptyAccepted) return { differential, form: 'zero-event', provenRefusal, notes: [] }
    const hint = 'A signed [] was refused. If events are accepted, --allow-side-effects checks with a portal visit.'
    return { differential, provenRefusal, notes: [...reasons(first, zero), hint] }
  }
  const firstEvent = await sender.one(events.control('first control'))
  if (!isAccepted(firstEvent.exchange.result))
    return { differential, firstEvent, provenRefusal, notes: reasons(firstEvent, events) }
  if (!provenRefusal && events.endpoint.secret !== undefined) {
    const payload = events.base()
    const forged = await sender.one(events.probe({ name: 'no signature', payload, signatures: [] }))
    const again = await sender.one(events.control())
    provenRefusal = isOfClass(forged.exchange.result, 4) && isAccepted(again.exchange.result)
  }
  const notes = emptyAccepted
    ? []
    : ['Signed [] is refused, although a signed portal visit is accepted: the visit is the control.']
  return { differential, firstEvent, form: 'events', provenRefusal, notes }
}

const SPACED = 'signed [ ] and newline'
const isForged = (name: string): boolean => name === 'wrong signature' || name === 'no signature'

function differentialProbes(kit: Kit) {
  const control = kit.control('signed []')
  const signature = kit.signature('[]')
  if (signature === undefined) return [control]
  return [
    control,
    kit.probe({
      name: 'wrong signature',
      body: '[]',
      signatures: [signature.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    }),
    kit.probe({ name: 'no signature', body: '[]', signatures: [] }),
    kit.probe({ name: SPACED, body: '[ ]\n' }),
    kit.probe({ name: '[ ] under the signature of []', body: '[ ]', signatures: [signature] }),
  ]
}

/** Why a control was not accepted, and what to try. */
function reasons({ exchange }: ProbeResult, { endpoint, previousSecret, retiredSecret }: Kit): readonly string[] {
  const secrets = [...secretValues(endpoint), previousSecret ?? '', retiredSecret ?? '']
  const result = redactor(secrets)(exchange.result)
  if (result.kind === 'failed') {
    const { sentence, nextStep } = explainFailure(result, endpoint.url)
    return [`${sentence}. ${nextStep}`]
  }
  const door = frontDoor(result)
  return [
    `The control was answered with ${result.status}.`,
    ...(door === undefined ? diagnose(result, endpoint.url) : [door]),
    ...(door === undefined && (result.status === 401 || result.status === 403) ? [USUAL_REASONS] : []),
    ...(door === undefined && (result.status === 400 || result.status === 422) ? [USUAL_OBJECTIONS] : []),
  ]
}

const USUAL_REASONS =
  'Usual reasons: a newline or quotes in the secret; the parsed body hashed instead of the bytes that came; base64 instead of hex; a header looked up in capitals, which Node has in lower case. `qualifio-sim send earning` with the same options tells what was signed instead where the answer shows it, and `qualifio-sim verify --explain` from your log.'
const USUAL_OBJECTIONS =
  'Usual reasons to refuse a valid event: the fields differ from what the receiver expects (--contract says how events are written); a time, which is UTC and a minute ago, is read in another zone; the root is expected to be an object. `--verbose` shows the request.'
