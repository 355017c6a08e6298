import type { Contract } from '../contract/contract.ts'
import type { EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import type { Endpoint } from '../delivery/request.ts'
import type { Header } from '../signing/authorization.ts'
import { DEFAULT_SIGNATURE, sign } from '../signing/signature.ts'
import { shownBody, wrongAuthorization } from './shown.ts'
import { elementsOf, eventSource, fromElements, NO_EVENTS, payloadOf, type CheckPayload } from './payload.ts'
import type { Ending, Probe } from './probe.ts'
import { writesOf, type Transfer } from './request-bytes.ts'

/** What every request of a run has in common. */
export interface KitOptions {
  readonly contract: Contract
  readonly endpoint: Endpoint
  /** `events` where valid events may be sent; otherwise every body is `[]`. */
  readonly form: Form
  readonly seed: number
  readonly nowMs: number
  readonly previousSecret?: string | undefined
  readonly retiredSecret?: string | undefined
  readonly httpTwin?: URL | undefined
  /** The first control of the run, to be sent again at its end. */
  readonly firstControl?: Probe | undefined
}

/** Whether controls and authenticity checks carry an event, or none. */
export type Form = 'events' | 'zero-event'

/** How one request differs from the control; what is left out is as in the control. */
export interface ProbeSpec {
  readonly name: string
  readonly payload?: CheckPayload
  /** The exact body, where it is not the payload's text. */
  readonly body?: string | Uint8Array
  /** Values of the signature header, one line each; none for no header. Over the body by default. */
  readonly signatures?: readonly string[]
  readonly authorization?: 'missing' | 'wrong' | 'wrong-password'
  readonly method?: string
  /** `null` for no header. */
  readonly contentType?: string | null
  /** `null` for no header. */
  readonly userAgent?: string | null
  /** Headers besides all others. */
  readonly more?: readonly Header[]
  readonly headerNames?: 'lower' | 'upper'
  readonly transfer?: Transfer
  readonly ending?: Ending
  readonly url?: URL
  readonly afterMs?: number
}

/** What the steps of a check are made with. */
export interface Kit extends KitOptions {
  /** Events of this check, one member each. */
  events(...types: readonly EventType[]): readonly LoyaltyEvent[]
  payload(...types: readonly EventType[]): CheckPayload
  payloadOf(events: readonly LoyaltyEvent[]): CheckPayload
  /** The JSON texts of fresh events. */
  elements(...types: readonly EventType[]): readonly string[]
  ofElements(elements: readonly string[], label: string): CheckPayload
  /** The body that the control has: a member portal visit, or `[]`. */
  base(): CheckPayload
  /** The right value of the signature header; undefined without a secret. */
  signature(body: string | Uint8Array, secret?: string): string | undefined
  probe(spec: ProbeSpec): Probe
  /** A request that a sound receiver accepts. */
  control(name?: string): Probe
}

/** The kit of one check: its bytes depend on the check, the seed and the clock only. */
export async function createKit(checkId: string, options: KitOptions): Promise<Kit> {
  const { contract, endpoint, form } = options
  const source = await eventSource(checkId, options)
  const format = endpoint.signature ?? DEFAULT_SIGNATURE
  const kit: Kit = {
    ...options,
    events: (...types) => types.map((type) => source.next(type)),
    payload: (...types) => payloadOf(contract, kit.events(...types)),
    payloadOf: (events) => payloadOf(contract, events),
    elements: (...types) => elementsOf(contract, kit.events(...types)),
    ofElements: (elements, label) => fromElements(contract, elements, label),
    base: () => (form === 'events' ? kit.payload('member_portal_visit') : NO_EVENTS),
    signature: (body, secret = endpoint.secret) => (secret === undefined ? undefined : sign(secret, body, format)),
    probe: (spec) => probeOf(kit, spec),
    control: (name = 'control') => ({ ...kit.probe({ name }), isControl: true }),
  }
  return kit
}

function probeOf(kit: Kit, spec: ProbeSpec): Probe {
  const { endpoint } = kit
  const payload = spec.payload ?? (spec.body === undefined ? kit.base() : undefined)
  const bytes = Buffer.from((spec.body ?? payload?.text) as string)
  const url = spec.url ?? endpoint.url
  const method = spec.method ?? 'POST'
  const right = kit.signature(bytes)
  const signatures = spec.signatures ?? (right === undefined ? [] : [right])
  const contentType = spec.contentType === undefined ? (endpoint.contentType ?? 'application/json') : spec.contentType
  const headerName = (endpoint.signature ?? DEFAULT_SIGNATURE).header
  const headers: Header[] = [
    ['Host', url.host],
    ['Connection', 'keep-alive'],
    ...(contentType === null ? [] : [['Content-Type', contentType] as const]),
    ...userAgent(endpoint, spec.userAgent),
    ...authorization(endpoint, spec.authorization),
    ...signatures.map((value) => [headerName, value] as const),
    ...(spec.more ?? []),
  ]
  const writes = writesOf({
    method,
    path: url.pathname + url.search,
    headers: headers.map(([name, value]) => [renamed(name, spec.headerNames), value]),
    body: bytes,
    ...(spec.transfer === undefined ? {} : { transfer: spec.transfer }),
  })
  return {
    name: spec.name,
    shown: `${method} ${shownBody(bytes, payload?.label)}; ${spec.name}`,
    request: { method, writes, ...(spec.ending === undefined ? {} : { ending: spec.ending }) },
    eventIds: payload?.eventIds ?? [],
    events: payload?.events ?? 0,
    ...(right === undefined || signatures.includes(right) ? {} : { unsentSignature: right }),
    ...(spec.url === undefined ? {} : { url: spec.url }),
    ...(spec.afterMs === undefined ? {} : { afterMs: spec.afterMs }),
  }
}

function userAgent(endpoint: Endpoint, wanted: string | null | undefined): readonly Header[] {
  if (wanted === null || endpoint.headers?.some(([name]) => name.toLowerCase() === 'user-agent') === true) return []
  return [['User-Agent', wanted ?? endpoint.userAgent]]
}

function authorization(endpoint: Endpoint, wanted: ProbeSpec['authorization']): readonly Header[] {
  const headers = endpoint.headers ?? []
  if (wanted === undefined) return headers
  if (wanted === 'missing') return []
  return headers.map(([name, value]) => [name, wrongAuthorization(value, wanted)])
}

function renamed(name: string, names: ProbeSpec['headerNames']): string {
  if (names === undefined) return name
  return names === 'lower' ? name.toLowerCase() : name.toUpperCase()
}
