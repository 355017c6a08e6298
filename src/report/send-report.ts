import type { EventType } from '../contract/event-types.ts'
import type { Attempt, OutcomeKind } from '../delivery/outcome.ts'

/** Bumped when a field changes its meaning or goes away; new fields may come at any time. */
export const SCHEMA_VERSION = 1

/** What a report says of one event: enough to find it again, nothing personal. */
export interface EventReference {
  readonly id: string
  readonly type: EventType
}

/** Which of the copies of a delivery it is, where `--fault duplicate` or `duplicate-concurrent` makes some. */
export interface CopyReference {
  /** 1 for the first. */
  readonly number: number
  readonly of: number
}

/** The request of a delivery, as `--dry-run` reports it. Values that authorize are `…`. */
export interface RequestReport {
  readonly method: 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One payload to one endpoint: what went, and every attempt. */
export interface DeliveryReport {
  /** UUID of the delivery, from the seed. */
  readonly id: string
  readonly events: readonly EventReference[]
  readonly copy?: CopyReference
  readonly bodyBytes: number
  /** Lower-case hexadecimal SHA-256 of the body. */
  readonly bodySha256: string
  /** `not-started` only under `--dry-run`. */
  readonly outcome: OutcomeKind | 'not-started'
  readonly attempts: readonly Attempt[]
  readonly request?: RequestReport
}

/** The counts of a run. deliveries = delivered + blocked + interrupted + notStarted. */
export interface SendSummary {
  readonly deliveries: number
  readonly delivered: number
  readonly blocked: number
  readonly interrupted: number
  readonly notStarted: number
  readonly requests: number
  readonly events: number
}

/** What is known before the first request. */
export interface SendHeader {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly toolVersion: string
  readonly command: 'send'
  readonly contract: string
  /** The URL, query values as `…`; `embedded` for the receiver that comes with the tool. */
  readonly target: string
  readonly seed: number
  /** RFC 3339. */
  readonly now: string
  readonly speed: number | 'max'
  /** Whether TLS certificates went unverified. */
  readonly insecure: boolean
  readonly dryRun: boolean
  /** What `--fault` puts on every delivery, as written; absent without it. */
  readonly faults?: readonly string[]
}

/** How a run ended early, where it did. */
export type StoppedBy = 'never-connected' | 'max-time' | 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Why a run ended early, for people. */
export const STOPPED_BY = {
  'never-connected': 'the target was never reached, so the rest was not sent',
  'max-time': '--max-time was reached',
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'the terminal went away',
} as const satisfies Record<StoppedBy, string>

/** The document of `send --format json`. */
export interface SendReport extends SendHeader {
  readonly deliveries: readonly DeliveryReport[]
  readonly summary: SendSummary
  readonly stoppedBy?: StoppedBy
  readonly exitCode: number
}

/** A line of `send --format ndjson`: an attempt as it happens, a finished delivery, and one summary at the end. */
export type SendLine =
  | ({ readonly type: 'attempt'; readonly delivery: string } & Attempt)
  | ({ readonly type: 'delivery' } & DeliveryReport)
  | ({ readonly type: 'summary' } & SendHeader & {
        readonly summary: SendSummary
        readonly stoppedBy?: StoppedBy
        readonly exitCode: number
      })

/** Pretty JSON with a newline: the document of `--format json`. */
export function renderJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/** One line of NDJSON. */
export function renderLine(line: SendLine): string {
  return `${JSON.stringify(line)}\n`
}
