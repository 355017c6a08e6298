import { ALL_EVENT_TYPES, EVENT_TYPES } from '../../../src/contract/event-types.ts'
import { SAMPLE_EVENTS } from '../../../src/contract/sample-events.ts'
import type {
  DeliveryDetail,
  DeliveryView,
  EventView,
  MemberDetail,
  MemberView,
  ProgramView,
  StoryView,
  WebhookView,
} from '../../../src/emitter/view/views.ts'

/* One of each thing that the API shows, filled in as far as it goes. */

const at = '2026-01-05T09:00:00.000Z'
const shop = { id: '7d2f4c1e-0f6e-4a8b-9c3d-000000000001', name: 'shop' }
const program = { id: 'prog-maison', name: 'Club Maison' }
const stars = { id: 'cur-stars', name: 'Étoiles' }
const zoe = { id: SAMPLE_EVENTS.earning.member.id, name: 'Zoë Peeters' }

export const WEBHOOK: WebhookView = {
  ...shop,
  url: 'http://localhost:3000/webhooks',
  header: { name: 'x-test-authorization-header' },
  hasSecret: true,
  rotation: 'overlap',
  previousSecretUntil: at,
  scope: { events: ['earning'], programs: null },
  active: true,
  blocked: { at, afterDeliveries: 3 },
  managedBy: 'file',
  createdAt: at,
  counts: { queued: 0, retrying: 1, delivered: 2, blocked: 3, cancelled: 0 },
}

const answer = {
  kind: 'responded',
  status: 503,
  headers: { 'content-type': ['text/html'] },
  bodySnippet: '<script>alert(1)</script>',
  bodyBytes: 25,
  bodyIncomplete: 'cut',
} as const

export const EVENTS: readonly EventView[] = ALL_EVENT_TYPES.map((type) => ({
  id: SAMPLE_EVENTS[type].id,
  type,
  label: EVENT_TYPES[type].label,
  occurredAt: SAMPLE_EVENTS[type].occurredAt,
  program,
  member: zoe,
  sentence: `Zoë Peeters: ${EVENT_TYPES[type].label}`,
  origin: 'request',
  routes: [
    {
      webhook: shop,
      goes: true,
      why: 'goes to "shop"',
      delivery: { id: 1, state: 'retrying', lastResult: answer, lastDurationMs: 12.5 },
    },
    { webhook: { id: 'b', name: 'crm' }, goes: false, why: `"crm" has no ${type} in its scope` },
  ],
  data: SAMPLE_EVENTS[type].data,
}))

export const DELIVERY: DeliveryView = {
  id: 1,
  kind: 'events',
  state: 'retrying',
  blockedBy: null,
  webhook: shop,
  types: ['earning'],
  eventCount: 1,
  member: zoe,
  createdAt: at,
  finishedAt: null,
  attempts: 1,
  retry: 0,
  retries: 7,
  resends: 0,
  nextAttemptAt: at,
  held: 'earlier-delivery',
  lastResult: answer,
  lastDurationMs: 12.5,
  possibleDuplicate: false,
}

export const DELIVERY_DETAIL: DeliveryDetail = {
  ...DELIVERY,
  events: EVENTS,
  request: {
    method: 'POST',
    url: WEBHOOK.url,
    headers: [
      ['Host', 'localhost:3000'],
      ['x-test-authorization-header', '…'],
    ],
    body: '[]',
    bodyBytes: 2,
    bodySha256: '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
  },
  signature: { header: 'X-Qualifio-Signature', value: 'sha256=b30d', explanation: 'HMAC with SHA-256 over the body' },
  schedule: [{ retry: 1, delayMs: 1000, realDelayMs: 100 }],
  attemptLog: [
    {
      number: 1,
      round: 1,
      retry: 0,
      dueAt: at,
      startedAt: at,
      durationMs: 12.5,
      result: answer,
      possibleDuplicate: false,
      sentence: 'first delivery: 503 Service Unavailable',
    },
    {
      number: 2,
      round: 1,
      retry: 1,
      dueAt: at,
      startedAt: at,
      durationMs: 3,
      result: { kind: 'failed', code: 'refused', reason: 'nothing accepts connections there (ECONNREFUSED)' },
      possibleDuplicate: true,
      sentence: 'retry 1/7: connection refused',
    },
  ],
  curl: 'curl …',
}

export const MEMBER: MemberView = {
  ...zoe,
  externalId: 'sso-100234',
  email: 'zoe.peeters@example.com',
  language: 'fr-BE',
  country: 'BE',
  enrolledAt: at,
  program,
  level: { id: 'lvl-1', name: 'Bronze', rank: 1 },
  qualifyingPoints: 40,
  nextLevel: { name: 'Argent', missingPoints: 60 },
  balances: [{ currency: stars, current: 40, lifetime: 40 }],
  eventCount: 2,
  lastEventAt: at,
}

export const MEMBER_DETAIL: MemberDetail = {
  ...MEMBER,
  history: EVENTS,
  rewards: [{ id: 'rwd-12', name: 'Bon de 5 €', cost: 40, currency: stars }],
}

export const STORY: StoryView = {
  id: 1,
  journey: 'onboarding',
  member: zoe,
  program,
  createdAt: at,
  steps: [
    { label: 'Earning', sentence: 'Zoë earned 100 Étoiles', isSettled: true, events: EVENTS.slice(0, 1) },
    { label: 'Burning', sentence: null, isSettled: true, events: [] },
  ],
  isFinished: false,
}

export const PROGRAM: ProgramView = {
  paused: false,
  pacePerSecond: 2,
  speed: 'max',
  contract: 'assumed-1',
  seed: 4_294_967_295,
  programs: [{ ...program, members: 200 }],
  members: 200,
  retryDelaysMs: [1000, 2000],
  ordered: false,
  concurrency: 8,
  batchWindowMs: 0,
  batchMax: 100,
  blockEndpointAfter: null,
  toolVersion: '0.1.0',
  startedAt: at,
  journeys: ['onboarding'],
}
