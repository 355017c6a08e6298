import type { EventType } from '../contract/event-types.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import type { Program } from '../program/program.ts'
import type {
  AttemptRecord,
  BlockedBy,
  DeliveryRecord,
  DeliveryState,
  EventRecord,
  LifeSettings,
  MemberRecord,
  NewDelivery,
  NewEvent,
  StoryRecord,
  Webhook,
} from './records.ts'

/** A page of a list, newest first: `before` is the id or `seq` of the last entry of the page before. */
export interface Page {
  readonly limit: number
  readonly before?: number | undefined
}

/** Which deliveries. What is undefined does not narrow. */
export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined
  readonly webhookId?: string | undefined
  readonly type?: EventType | undefined
  readonly memberId?: string | undefined
}

/** What the start needs of an unfinished delivery: everything in memory but its bytes. */
export interface Unfinished {
  readonly id: number
  readonly webhookId: string
  readonly kind: 'events' | 'ping'
  readonly dueAtMs: number
  readonly round: number
  readonly retriesDone: number
  readonly attemptCount: number
  /** Its last attempt has an intent and no result: the process ended in between. */
  readonly isUnknown: boolean
  readonly memberIds: readonly string[]
}

/** What a request is made of. */
export interface StoredRequest {
  readonly body: Uint8Array
  readonly contentType: string
  readonly signature: { readonly header: string; readonly value: string } | null
}

/** What was deleted for its age; `blocked` are deliveries of events that never arrived. */
export interface Forgotten {
  readonly forgotten: number
  readonly blocked: number
}

/** How an attempt leaves its delivery. */
export type Aftermath =
  | { readonly state: 'delivered'; readonly atMs: number }
  | { readonly state: 'blocked'; readonly by: BlockedBy; readonly atMs: number }
  | { readonly state: 'retrying'; readonly dueAtMs: number }

/**
 * The state folder: one SQLite database, written by one process. Reads and writes are synchronous and see each other
 * at once; what was written is safe when `durable()` resolves, which commits everything written so far together.
 */
export interface Store {
  /** Resolves when everything written so far is on disk; rejects when it cannot be written (the run is over then). */
  durable(): Promise<void>
  /** Commits, and gives the database back. Twice is fine. */
  close(): Promise<void>

  /** Chance of this state, 0 to 4294967295: set when the folder was made. */
  readonly seed: number
  readonly createdAtMs: number
  settings(): LifeSettings | undefined
  putSettings(settings: LifeSettings): void

  /** The programs that the members live in, in their order. */
  programs(): readonly Program[]
  putPrograms(programs: readonly Program[]): void
  /** How many members there may be before nobody joins by chance any more; set with the first members. */
  mostMembers(): number
  putMostMembers(count: number): void

  /** Every member, by number. */
  members(): readonly MemberRecord[]
  /** Adds a member, or replaces what is known of them (by number). */
  putMember(member: MemberRecord): void
  /** Ids of members whose name, e-mail, id or externalId has the text, in any case; all for ''. By name. */
  findMembers(query: string, page: { readonly limit: number; readonly offset: number }): readonly string[]

  /** Writes an event down; returns its `seq`. */
  addEvent(event: NewEvent): number
  event(id: string): EventRecord | undefined
  eventBySeq(seq: number): EventRecord | undefined
  events(page: Page & { readonly memberId?: string | undefined }): readonly EventRecord[]
  /** The `seq` of events that go to this webhook and are in no delivery yet: an open batch, in order. */
  unbatched(webhookId: string): readonly number[]

  webhooks(): readonly Webhook[]
  putWebhook(webhook: Webhook): void
  /** Deletes a webhook; its finished deliveries stay, the others become `cancelled`. */
  deleteWebhook(id: string, atMs: number): void
  /** The name of a webhook that may be deleted by now. */
  webhookName(id: string): string | undefined

  /** Writes a delivery and its body down, and that it carries its events; returns its id. */
  addDelivery(delivery: NewDelivery): number
  delivery(id: number): DeliveryRecord | undefined
  /** The `seq` of the events it carries. */
  deliveryEvents(id: number): readonly number[]
  deliveries(filter: DeliveryFilter, page: Page): readonly DeliveryRecord[]
  /** How many carry events, by webhook and state, kept up to date as they change; pings are not counted. */
  counts(): readonly { readonly webhookId: string; readonly state: DeliveryState; readonly count: number }[]
  unfinished(): readonly Unfinished[]
  request(id: number): StoredRequest | undefined
  attempts(id: number): readonly AttemptRecord[]

  /** The intent: written, and durable, before the request is sent. */
  beginAttempt(attempt: Omit<AttemptRecord, 'durationMs' | 'result'>): void
  /** The result, and what follows from it. */
  endAttempt(
    attempt: Pick<AttemptRecord, 'deliveryId' | 'number'>,
    ending: { readonly result: AttemptResult; readonly durationMs: number; readonly aftermath: Aftermath },
  ): void
  /** Blocks what is under way to a webhook that was blocked; returns the ids. */
  blockUnfinished(webhookId: string, atMs: number): readonly number[]
  /** Starts another round of a finished delivery: same bytes, signed anew. */
  resend(id: number, how: { readonly dueAtMs: number; readonly signature: StoredRequest['signature'] }): void

  addStory(story: Omit<StoryRecord, 'id'>): StoryRecord
  putStory(story: StoryRecord): void
  /** The latest first. */
  stories(limit: number): readonly StoryRecord[]

  /**
   * Deletes finished deliveries, and events that no delivery carries, older than this: at most `limit` of each.
   * `forgotten` is how many, of whichever were more: fewer than `limit` means that nothing is left to delete.
   */
  forget(beforeMs: number, limit: number): Forgotten
  /** Sees whether the database is still where it was opened. @throws StateError when it is not: the run is over then */
  check(): void
}

/** Where in the order of writes a test ends the process. */
export type CrashPoint =
  'before-accept' | 'after-accept' | 'before-intent' | 'after-intent' | 'after-send' | 'after-result'
