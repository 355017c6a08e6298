/**
 * qualifio-sim as a library: generate what Qualifio Loyalty would send, sign it, deliver it with the
 * retries, and read it back.
 */
export {
  generatePayloads,
  type EventName,
  type EventSelection,
  type GenerateOptions,
  type GenerateSettings,
  type JourneyName,
  type Payload,
} from './library/payloads.ts'
export { deliver, type DeliverOptions } from './library/deliver.ts'
export { requestHeaders, type SignOptions } from './library/request-headers.ts'
export { createReceiver, type CreateReceiverOptions, type TestReceiver } from './library/receiver.ts'
export type { ReceivedDelivery } from './library/received-delivery.ts'
export { sign, verify, type SignatureFault, type SignatureFormat, type Verification } from './signing/signature.ts'
export { retryPolicy, type RetryOptions, type RetryWaits } from './library/retry-policy.ts'
export { decide, type Decision, type RetryPolicy, type RetrySchedule } from './delivery/retry-policy.ts'
export type { Wait } from './delivery/deliver.ts'
export type { Attempt, AttemptResult, DeliveryOutcome, FailureCode, OutcomeKind } from './delivery/outcome.ts'
export { loadContract, type Contract } from './contract/contract.ts'
export { readPayload, renderPayload, type ReadElement } from './contract/payload.ts'
export { ALL_EVENT_TYPES, EVENT_TYPES, parseEventType, type EventType } from './contract/event-types.ts'
export type { Balance, EventOf, Level, LoyaltyEvent, Member } from './contract/event.ts'
export type { Program } from './program/program.ts'
export type { DeliveryReport, SendLine, SendReport, SendSummary } from './report/send-report.ts'
export { UsageError } from './errors.ts'
