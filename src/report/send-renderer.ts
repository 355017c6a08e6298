import { hash } from 'node:crypto'
import type { Attempt, DeliveryOutcome } from '../delivery/outcome.ts'
import type { SignedRequest } from '../delivery/request.ts'
import type {
  CopyReference,
  DeliveryReport,
  EventReference,
  RequestReport,
  SendSummary,
  StoppedBy,
} from './send-report.ts'

/** A delivery as a renderer sees it. */
export interface ReportedDelivery {
  readonly id: string
  /** 1 for the first of the run. */
  readonly number: number
  /** When it goes, where `--fault reorder` lets it go otherwise than by its number. */
  readonly place?: number
  readonly events: readonly EventReference[]
  readonly copy?: CopyReference
  readonly request: SignedRequest
}

/** How a run ended. */
export interface SendEnding {
  readonly summary: SendSummary
  readonly stoppedBy?: StoppedBy
  readonly exitCode: number
}

/** What a receiver of our own saw of a request, for the run that shows both sides. */
export interface ReceiverNote {
  readonly text: string
}

/**
 * The result of a run as text, bit by bit, in one of the forms of `--format`. Functions to strings:
 * a renderer computes nothing and prints nothing; `''` where a form has nothing to say.
 */
export interface SendRenderer {
  /** Under `--dry-run`: a delivery that will not be sent. */
  planned(delivery: ReportedDelivery): string
  attempt(delivery: ReportedDelivery, attempt: Attempt): string
  /** What the embedded receiver made of the attempt just shown. */
  received(note: ReceiverNote): string
  delivery(delivery: ReportedDelivery, outcome: DeliveryOutcome): string
  end(ending: SendEnding): string
}

/** Says nothing: for who reads the exit code only. */
export const SILENT: SendRenderer = {
  planned: () => '',
  attempt: () => '',
  received: () => '',
  delivery: () => '',
  end: () => '',
}

/** A finished delivery as the report holds it. */
export function deliveryReport(delivery: ReportedDelivery, outcome: DeliveryOutcome): DeliveryReport {
  return { ...factsOf(delivery), outcome: outcome.outcome, attempts: outcome.attempts }
}

/** A delivery that `--dry-run` did not send, with the request it would have sent. */
export function plannedReport(delivery: ReportedDelivery, url: string): DeliveryReport {
  return {
    ...factsOf(delivery),
    outcome: 'not-started',
    attempts: [],
    request: requestReport(delivery.request, url),
  }
}

function factsOf({ id, events, copy, request }: ReportedDelivery) {
  return { id, events, ...(copy && { copy }), ...bodyFacts(request) }
}

/** What a report says of a body. */
export function bodyFacts({ body }: SignedRequest): Pick<DeliveryReport, 'bodyBytes' | 'bodySha256'> {
  return { bodyBytes: body.length, bodySha256: hash('sha256', body, 'hex') }
}

function requestReport(request: SignedRequest, url: string): RequestReport {
  return {
    method: request.method,
    url,
    headers: Object.fromEntries(shownHeaders(request)),
    body: Buffer.from(request.body).toString('utf8'),
  }
}

/** Headers that are ours and hold no secret. A signature proves knowledge of the secret without telling it. */
const OURS = new Set(['content-type', 'user-agent'])

/** The headers of a request for people and reports: what the user gave to authenticate with as `…`. */
export function shownHeaders(request: SignedRequest): readonly (readonly [string, string])[] {
  return request.headers.map(([name, value]) => [name, isOurs(request, name) ? value : '…'] as const)
}

/** Whether a header's value may be shown: our own headers and the signature, which stands last when there is one. */
export function isOurs(request: SignedRequest, name: string): boolean {
  return OURS.has(name.toLowerCase()) || name === request.signatureHeader
}

/** The signature's value, if the request is signed. */
export function signatureOf(request: SignedRequest): string | undefined {
  return request.headers.find(([name]) => name === request.signatureHeader)?.[1]
}
