import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventType } from '../../../src/contract/event-types.ts'
import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import type { AttemptResult } from '../../../src/delivery/outcome.ts'
import type { MemberRecord, NewDelivery, Routing, Webhook } from '../../../src/emitter/records.ts'
import type { Store } from '../../../src/emitter/storage.ts'
import { openStore, type StoreOptions } from '../../../src/emitter/store/store.ts'
import { fakeClock, FAKE_START_MS } from '../../support/fake-clock.ts'
import type { FakeClock } from '../../support/fake-clock.ts'

/** When everything in these tests happens. */
export const NOW_MS = FAKE_START_MS

/** A state folder for one test, and stores on it. */
export interface StateFolder {
  readonly path: string
  readonly clock: FakeClock
  open(options?: Partial<StoreOptions>): Promise<Store>
  remove(): Promise<void>
}

/** A new folder; its stores are closed when it is removed. */
export function stateFolder(): StateFolder {
  const path = mkdtempSync(join(tmpdir(), 'qualifio-sim-state-'))
  const clock = fakeClock()
  const opened: Store[] = []
  return {
    path,
    clock,
    async open(options = {}) {
      const store = await openStore({ folder: join(path, 'state'), clock, newSeed: () => 7, ...options })
      opened.push(store)
      return store
    },
    async remove() {
      for (const store of opened) await store.close().catch(() => {})
      rmSync(path, { recursive: true })
    },
  }
}

/** A webhook whose id is its name. */
export function webhookOf(name: string, changes: Partial<Webhook> = {}): Webhook {
  return {
    id: `id-of-${name}`,
    name,
    url: `https://${name}.example/hook`,
    header: { name: 'X-Auth', value: 'secret' },
    secret: 'key',
    previousSecret: { value: 'old', untilMs: NOW_MS + 5 },
    rotation: 'overlap',
    scope: { events: ['earning'], programs: null },
    active: true,
    blockedAtMs: null,
    blockedInARow: 2,
    origin: 'request',
    createdAtMs: NOW_MS,
    ...changes,
  }
}

/** A member of this number. */
export function memberOf(number: number, person: Partial<MemberRecord['state']['member']> = {}): MemberRecord {
  const member = {
    id: `member-${number}`,
    externalId: `sso|${number}`,
    email: `m${number}@example.com`,
    firstName: 'Emma',
    lastName: `Peeters ${number}`,
    birthDate: null,
    language: 'fr-BE',
    country: 'BE',
    enrolledAt: '2025-01-01T00:00:00.000Z',
    ...person,
  }
  const accounts = [{ current: 5, lifetime: 9 }]
  const state = { member, accounts, levelIndex: 1, qualifyingPoints: 9, levelEndsMs: null }
  return { number, programId: 'stars', state, eventCount: 3, lastEventAtMs: NOW_MS }
}

/** An event, which the store takes as it comes. */
export function eventOf(id: string, type: EventType = 'earning', member = memberOf(1)): LoyaltyEvent {
  const program = { id: 'stars', name: 'Stars' }
  const fields = { id, type, occurredAt: '2026-01-01T00:00:00.000Z', program, member: member.state.member }
  return { ...fields, data: { points: 10, reason: 'Zoë 🎁 \u0000 "\\ud800"' } } as unknown as LoyaltyEvent
}

/** Goes to these webhooks. */
export function goingTo(...names: readonly string[]): Routing[] {
  return names.map((name) => ({ webhookId: `id-of-${name}`, goes: true }))
}

/** A delivery of these events, a ping without any. */
export function deliveryOf(
  name: string,
  events: readonly number[],
  changes: Partial<Omit<NewDelivery, 'webhookId' | 'events'>> = {},
): NewDelivery {
  const body = changes.body ?? Buffer.from(`[${events.join()}]`)
  return {
    webhookId: `id-of-${name}`,
    kind: events.length === 0 ? 'ping' : 'events',
    events,
    body,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    contentType: 'application/json',
    signature: { header: 'X-Qualifio-Signature', value: 'sha256=aa' },
    createdAtMs: NOW_MS,
    dueAtMs: NOW_MS + 1,
    state: 'queued',
    ...changes,
  }
}

/** Writes the intent of the next attempt down; returns its number. */
export function begin(
  store: Store,
  deliveryId: number,
  changes: { readonly possibleDuplicate?: boolean } = {},
): number {
  const { attemptCount, round, retriesDone: retry } = store.delivery(deliveryId) ?? never()
  const number = attemptCount + 1
  const times = { dueAtMs: NOW_MS + 1, startedAtMs: NOW_MS + 2 }
  store.beginAttempt({ deliveryId, number, round, retry, ...times, possibleDuplicate: false, ...changes })
  return number
}

/** Sends it once: the answer, and what follows. */
export function attempt(store: Store, deliveryId: number, to: 'delivered' | 'blocked' | 'retrying', atMs = NOW_MS + 3) {
  const number = begin(store, deliveryId)
  const result = answered(to === 'delivered' ? 200 : 503)
  const aftermath =
    to === 'retrying'
      ? { state: to, dueAtMs: atMs }
      : to === 'blocked'
        ? { state: to, by: 'retries' as const, atMs }
        : { state: to, atMs }
  store.endAttempt({ deliveryId, number }, { result, durationMs: 1.25, aftermath })
}

/** What a receiver answered. */
export function answered(status: number): AttemptResult {
  return { kind: 'responded', status, headers: { 'x-a': ['1', '2'] }, bodySnippet: 'Zoë', bodyBytes: 4 }
}

function never(): never {
  throw new Error('there is no such delivery')
}
