import { randomBytes } from 'node:crypto'
import type { EventType } from '../../src/contract/event-types.ts'
import { startApi, type Api } from '../../src/emitter/api/api.ts'
import { consolePage } from '../../src/emitter/console/page.ts'
import { systemClock } from '../../src/system-clock.ts'
import { createConsoleEmitter, type ConsoleEmitter } from './console-emitter.ts'
import { sampleWebhook } from './console-people.ts'

/** A console to look at: the real page and API before a played emitter. */
export interface RunningConsole {
  readonly url: string
  readonly emitter: ConsoleEmitter
  close(): Promise<void>
}

/** Starts it, with everything or with nothing in it. */
export async function startConsole(
  how: { token?: string; isEmpty?: boolean; answerMs?: number; retryMs?: number; port?: number } = {},
): Promise<RunningConsole> {
  const { isEmpty = false, answerMs = 40, port = 0 } = how
  const emitter = createConsoleEmitter({
    members: isEmpty ? 0 : 60,
    answerMs,
    ...(how.retryMs && { retryMs: how.retryMs }),
  })
  if (!isEmpty) fill(emitter)
  const api: Api = await startApi({
    emitter,
    clock: systemClock,
    host: '127.0.0.1',
    port,
    publicHosts: [],
    token: how.token,
    page: consolePage(),
    random: () => randomBytes(16).toString('hex'),
    onBug: (error) => console.error(error),
  })
  return { url: api.url.href, emitter, close: () => api.close() }
}

const TYPES: readonly EventType[] = ['member_portal_visit', 'earning', 'earning', 'burning', 'free_gift', 'earning']

function fill(emitter: ConsoleEmitter): void {
  const now = Date.now()
  emitter.addWebhook(sampleWebhook('w-shop', 'shop', { header: { name: 'X-Api-Key' } }))
  emitter.addWebhook(
    sampleWebhook('w-crm', 'crm', {
      url: 'https://crm.example.com/incoming/qualifio/error',
      scope: { events: ['earning', 'burning'], programs: ['boreal-club'] },
    }),
  )
  for (let index = 0; index < 90; index++) {
    const number = 1 + ((index * 11) % 60)
    emitter.past(number, TYPES[index % TYPES.length] ?? 'earning', { atMs: now - (95 - index) * 97_000, attempts: 9 })
  }
  emitter.addWebhook(
    sampleWebhook('w-flaky', 'warehouse', {
      url: 'http://localhost:3001/flaky',
      managedBy: 'file',
      scope: { events: ['burning', 'free_gift'], programs: null },
    }),
  )
  emitter.addWebhook(
    sampleWebhook('w-hostile', 'partner', {
      url: 'http://localhost:3002/hostile',
      scope: { events: ['free_gift'], programs: null },
    }),
  )
  emitter.past(1, 'free_gift', { atMs: now - 240_000, attempts: 4 })
  emitter.past(2, 'burning', { atMs: now - 3000, attempts: 3 })
  emitter.past(3, 'earning', { atMs: now - 12_000, attempts: 4 })
  emitter.addWebhook(
    sampleWebhook('w-old', 'old-erp', {
      url: 'https://erp.example.com/down',
      active: false,
      hasSecret: false,
      scope: { events: ['point_correction_plus', 'point_correction_minus'], programs: null },
      blocked: { at: new Date(now - 7_200_000).toISOString(), afterDeliveries: 5 },
    }),
  )
}
