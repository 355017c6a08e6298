import type { Contract } from '../../contract/contract.ts'
import type { SignatureFormat } from '../../contract/contract-file.ts'
import type { RetryPolicy } from '../../delivery/retry-policy.ts'
import type { SignedRequest } from '../../delivery/request.ts'
import type { Clock } from '../../ports.ts'
import type { Program } from '../../program/program.ts'
import type { Batches } from './batches.ts'
import type { Changes } from './changes.ts'
import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Life } from '../life/life.ts'
import type { News } from '../news.ts'
import type { LifeSettings, Webhook } from '../records.ts'
import type { Store } from '../storage.ts'

/** How the emitter delivers, as long as it runs. */
export interface DeliveryRules {
  readonly contract: Contract
  /** The contract's, under the name that the user chose. */
  readonly signature: SignatureFormat
  readonly policy: RetryPolicy
  readonly concurrency: number
  readonly order: 'none' | 'by-member'
  /** 0: every event is a delivery of its own. */
  readonly batchWindowMs: number
  readonly batchMax: number
  readonly blockEndpointAfter: number | null
  readonly userAgent: string
  /** The port of the console and the API, where it is known. */
  readonly ownPort?: number | undefined
  /** A command that sends the same request: for people. */
  readonly curl: (request: SignedRequest, url: URL) => string
}

/** What everything that can be asked of the emitter is done with. */
export interface Desk {
  readonly store: Store
  readonly clock: Clock
  readonly rules: DeliveryRules
  readonly life: Life
  readonly dispatch: Dispatch
  readonly batches: Batches
  readonly changes: Changes
  /** Tells whoever keeps a log. */
  readonly news: (news: News) => void
  readonly programs: readonly Program[]
  readonly startedAtMs: number
  readonly settings: () => LifeSettings
  /** Takes effect at once, and is written down. */
  readonly setSettings: (settings: LifeSettings) => void
  /** The webhooks as they are set up now, by id. */
  readonly webhooks: Map<string, Webhook>
}
