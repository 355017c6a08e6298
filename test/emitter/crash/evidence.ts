import { expect } from 'vitest'
import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import { sign } from '../../../src/signing/signature.ts'
import { ledgerFaults } from './ledger.ts'
import { FIRST_MEMBERS, SECRET } from './plan.ts'
import type { Came } from './receiver.ts'
import type { Snapshot } from './snapshot.ts'

/** What a series of kills came to. */
export interface Evidence {
  readonly kills: number
  readonly accepted: number
  /** Different events. */
  readonly received: number
  /** Requests after the one that the receiver answered with 2xx. */
  readonly duplicates: number
  /** Requests of deliveries that were finished, durably, when the process was killed. */
  readonly resent: number
}

/** Requests that came for each body. */
export function timesOf(came: readonly Came[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const { body } of came) times.set(body, (times.get(body) ?? 0) + 1)
  return times
}

/** What holds of a state at the moment of a kill, whatever was under way. */
export function expectWhole(state: Snapshot, accepted: readonly string[]): void {
  const kept = new Set(state.events.map(({ event }) => event.id))
  expect(accepted.filter((id) => !kept.has(id))).toEqual([])
  const open = new Set(state.unbatched)
  const lost = state.events.filter(({ seq, routings, deliveries }) =>
    routings.some(({ webhookId, goes }) => goes && !deliveries.has(webhookId) && !open.has(seq)),
  )
  expect(lost).toEqual([])
  // The members come with their programs, or not yet.
  expect(state.members.length >= FIRST_MEMBERS).toBe(state.programs.length > 0)
}

/** Deliveries that were finished at a kill, and how often each had come by then. */
export type Finished = ReadonlyMap<string, number>

/** Those of this moment. */
export function finishedIn(state: Snapshot, came: readonly Came[]): Finished {
  const times = timesOf(came)
  const finished = state.deliveries.filter(({ record }) => record.state === 'delivered' || record.state === 'blocked')
  return new Map(finished.map(({ body }) => [body, times.get(body) ?? 0]))
}

/** Holds the log of the receiver against the state at the end, when nothing is under way any more. */
export function expectNothingLost(
  {
    came,
    state,
    accepted,
  }: { readonly came: readonly Came[]; readonly state: Snapshot; readonly accepted: readonly string[] },
  {
    kills,
    concurrency,
    finished,
  }: { readonly kills: number; readonly concurrency: number; readonly finished: readonly Finished[] },
): Evidence {
  expectWhole(state, accepted)
  expect(state.unfinished).toEqual([])
  expect(state.unbatched).toEqual([])
  const times = timesOf(came)
  const bodies = state.deliveries.map(({ body }) => body)
  expect(new Set(bodies).size).toBe(bodies.length)
  // Nothing came that is not in the state, and bytes and signature were the same each time.
  const signatures = new Map(state.deliveries.map(({ body, signature }) => [body, signature]))
  for (const { body, signature } of came) {
    expect(signatures.get(body)).toBe(signature)
    expect(signature).toBe(sign(SECRET, Buffer.from(body)))
  }

  const received = new Map<string, LoyaltyEvent>()
  for (const { body, status } of came)
    if (status < 300) for (const event of JSON.parse(body) as LoyaltyEvent[]) received.set(event.id, event)
  expect(accepted.filter((id) => !received.has(id))).toEqual([])
  const order = state.events.flatMap(({ event }) => received.get(event.id) ?? [])
  expect(order).toHaveLength(state.events.length)
  expect(received.size).toBe(order.length)
  expect(ledgerFaults(order, state)).toEqual([])

  let duplicates = 0
  let unknown = 0
  for (const { record, body, attempts } of state.deliveries) {
    const statuses = came.filter((each) => each.body === body).map(({ status }) => status)
    const first = statuses.findIndex((status) => status < 300)
    duplicates += statuses.length - 1 - first
    const isUnknown = attempts.map(({ result }) => result === null)
    unknown += isUnknown.filter(Boolean).length
    // Marked are those after an attempt without a result, and no others; it took the retry's place.
    expect(attempts.map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([false, ...isUnknown.slice(0, -1)])
    expect(record.possibleDuplicate).toBe(isUnknown.includes(true))
    expect(record.state).toBe('delivered')
    expect(isUnknown.at(-1)).toBe(false)
    // Each request was written down before it was sent, each result was that of a request.
    expect(statuses.length).toBeLessThanOrEqual(attempts.length)
    expect(statuses.length).toBeGreaterThanOrEqual(attempts.length - isUnknown.filter(Boolean).length)
  }
  expect(unknown).toBeLessThanOrEqual(kills * concurrency)
  expect(duplicates).toBeLessThanOrEqual(unknown)
  const resent = finished.reduce(
    (sum, moment) => sum + [...moment].reduce((more, [body, before]) => more + (times.get(body) ?? 0) - before, 0),
    0,
  )
  expect(resent).toBe(0)
  return { kills, accepted: accepted.length, received: received.size, duplicates, resent }
}

/** The evidence as a table, for people. */
export function tableOf(rows: readonly (readonly [name: string, evidence: Evidence])[]): string {
  const head = ['', 'kills', 'accepted', 'received', 'duplicates', 'resent']
  const cells = rows.map(([name, { kills, accepted, received, duplicates, resent }]) =>
    [name, kills, accepted, received, duplicates, resent].map(String),
  )
  const widths = head.map((text, column) => Math.max(text.length, ...cells.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [head, ...cells].map(line).join('\n')
}
