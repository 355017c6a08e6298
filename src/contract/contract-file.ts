import type { DialectName } from './dialect.ts'
import type { Discriminator } from './discriminator.ts'
import type { EventType } from './event-types.ts'
import type { Template } from './template-node.ts'

/** How sure a fact is: published by Qualifio, seen in captured payloads, our choice, or not known. */
export type FactStatus = 'documented' | 'observed' | 'assumed' | 'unknown'

/** Something that is said of the wire, with its mark. */
export interface Fact {
  readonly fact: string
  readonly status: FactStatus
  readonly source: string
  /** When it was recorded, YYYY-MM-DD. */
  readonly recorded: string
}

/** How a body is signed. The algorithm is HMAC with SHA-256. */
export interface SignatureFormat {
  readonly header: string
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
}

/** The waits between the attempts: `firstDelayMs`, then `factor` times more each, at most `maxDelayMs`. */
export interface ContractRetryPolicy {
  readonly retries: number
  readonly firstDelayMs: number
  readonly factor: number
  readonly maxDelayMs: number
}

/** `contract.json`. */
export interface ContractFile {
  /** The version of this format. */
  readonly contract: 1
  readonly name: string
  readonly title: string
  /** Wire paths that a receiver can deduplicate on; empty when there is none. */
  readonly identity: readonly string[]
  readonly json: DialectName
  readonly contentType?: string | undefined
  readonly signature: SignatureFormat
  readonly retryPolicy: ContractRetryPolicy
  readonly facts: readonly Fact[]
}

/** A loaded contract: how the event model is written on the wire, and how payloads are signed and retried. */
export interface Contract extends Omit<ContractFile, 'contract' | 'contentType'> {
  /** `application/json` unless the contract says otherwise. */
  readonly contentType: string
  readonly templates: Readonly<Record<EventType, Template>>
  /** Where an element says which event it is. */
  readonly discriminator: Discriminator
}
