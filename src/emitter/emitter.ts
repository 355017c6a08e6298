import type { DeliveryFilter } from './storage.ts'
import type {
  DeliveryDetail,
  DeliveryView,
  EventView,
  HealthView,
  ListView,
  MemberDetail,
  MemberView,
  ProgramView,
  ResentView,
  StoryView,
  StreamMessage,
  WebhookInput,
  WebhookView,
  WebhookWithSecret,
} from './view/views.ts'

/**
 * A Qualifio on the desk, as the HTTP API sees it. What cannot be done is thrown as a `Refusal`; what was changed is
 * durable when the promise resolves.
 */
export interface Emitter {
  webhooks(): readonly WebhookView[]
  webhook(id: string): WebhookView
  createWebhook(input: WebhookInput): Promise<WebhookWithSecret>
  changeWebhook(id: string, input: Partial<WebhookInput>): Promise<WebhookWithSecret>
  deleteWebhook(id: string): Promise<void>
  /** Sends an empty payload, once, and waits for its answer; to a blocked webhook too. */
  pingWebhook(id: string): Promise<DeliveryDetail>
  unblockWebhook(id: string): Promise<WebhookView>

  members(query: string, page: { readonly limit: number; readonly cursor?: string | undefined }): ListView<MemberView>
  member(id: string): MemberDetail
  /** An event of this type for this member; with the change of level that follows, two. `set` as `--set` takes it. */
  memberEvent(id: string, request: EventRequest): Promise<readonly EventView[]>
  /** For a member who can have it, drawn by chance. */
  anyEvent(request: EventRequest & { readonly program?: string | undefined }): Promise<readonly EventView[]>
  events(page: { readonly limit: number; readonly cursor?: string | undefined }): ListView<EventView>
  event(id: string): EventView

  deliveries(
    filter: DeliveryFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): ListView<DeliveryView>
  delivery(id: number): DeliveryDetail
  resend(id: number): Promise<DeliveryView>
  /** All blocked deliveries of events, or those of one webhook; those of blocked webhooks are left out. */
  resendBlocked(webhookId?: string): Promise<ResentView>

  program(): ProgramView
  changeProgram(change: {
    readonly pacePerSecond?: number | undefined
    readonly paused?: boolean | undefined
    readonly speed?: number | 'max' | undefined
  }): Promise<ProgramView>

  stories(): readonly StoryView[]
  startStory(request: { readonly journey: string; readonly program?: string | undefined }): Promise<StoryView>
  /**
   * @param step the number of the step that is meant, from 1: when another one comes next, none is taken, and an
   * `OtherStep` is thrown
   */
  nextStep(id: number, step?: number): Promise<StoryView>

  health(): HealthView
  /** Calls back with what changes, several changes of a moment together, until the returned function is called. */
  subscribe(listener: (message: StreamMessage) => void): () => void
}

/** An event to make happen. */
export interface EventRequest {
  /** By name, wire type or label. */
  readonly type: string
  /** Paths of the event model to values: `{ "data.points": 250 }`. */
  readonly set?: Readonly<Record<string, unknown>> | undefined
}
