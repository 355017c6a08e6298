import { z } from 'zod'
import type { Emitter } from '../../emitter.ts'
import { PACE_LIMIT, SPEED_LIMIT } from '../../limits.ts'
import type { HealthView, ProgramView, StreamMessage } from '../../view/views.ts'
import { component, count, listOf, milliseconds, time } from './component.ts'
import { deliveryView } from './delivery.ts'
import { eventView, named } from './event.ts'
import { webhookView } from './webhook.ts'

const pacePerSecond = z
  .number()
  .nonnegative()
  .max(PACE_LIMIT.most, { error: PACE_LIMIT.words })
  .describe('events per second; 0 is only on demand')
const factor = z
  .number({ error: SPEED_LIMIT.words })
  .positive({ error: SPEED_LIMIT.words })
  .max(SPEED_LIMIT.most, { error: SPEED_LIMIT.words })
const speed = z.union([factor, z.literal('max')]).describe('waits between retries are this many times shorter')

/** The program and how it lives. */
export const programView = component<ProgramView>('Program')(
  z.object({
    paused: z.boolean(),
    pacePerSecond,
    speed,
    contract: z.string(),
    seed: count(),
    programs: listOf(named.extend({ members: count() })),
    members: count(),
    retryDelaysMs: listOf(milliseconds()).describe('the waits before each retry, as Qualifio would wait'),
    ordered: z.boolean(),
    concurrency: z.int().min(1),
    batchWindowMs: milliseconds().describe('0: every event is a delivery of its own'),
    batchMax: z.int().min(1),
    blockEndpointAfter: z.int().min(1).nullable().describe('null: webhooks are never blocked'),
    toolVersion: z.string(),
    startedAt: time(),
    journeys: listOf(z.string()),
  }),
)

/** A change of how the program lives. */
export const programChange = component<Parameters<Emitter['changeProgram']>[0]>('ProgramChange')(
  z.strictObject({
    pacePerSecond: pacePerSecond.optional(),
    paused: z.boolean({ error: 'true or false' }).optional(),
    speed: speed.optional(),
  }),
)

/** That it runs: all that is told without the token. */
export interface HealthStatus {
  readonly status: 'ok'
}

const healthView = component<HealthView>('Health')(
  z.object({
    status: z.literal('ok'),
    toolVersion: z.string(),
    uptimeSeconds: z.number().nonnegative(),
    unfinished: count(),
  }),
)
const healthStatus = component<HealthStatus>('HealthStatus')(z.object({ status: z.literal('ok') }))

/** Whether it runs; who has not the token learns only that. */
export const health = component<HealthView | HealthStatus>('HealthAnswer')(z.union([healthView, healthStatus]))

/** A token to log in with. */
export const loginRequest = component<{ readonly token: string }>('Login')(z.strictObject({ token: z.string().min(1) }))

/** The stream's greeting: what was before it is not told. */
export const streamHello = component<{ readonly name: 'hello'; readonly data: ProgramView }>('StreamHello')(
  z
    .object({ name: z.literal('hello'), data: programView })
    .describe('the first event of every stream, again after each reconnection: read the lists then'),
)

/** What the stream tells after its greeting. */
export const streamMessage = component<StreamMessage>('StreamMessage')(
  z.discriminatedUnion('name', [
    z.object({ name: z.literal('deliveries'), data: z.object({ items: listOf(deliveryView), more: z.boolean() }) }),
    z.object({ name: z.literal('events'), data: z.object({ items: listOf(eventView), more: z.boolean() }) }),
    z.object({ name: z.literal('webhooks'), data: z.object({ items: listOf(webhookView) }) }),
    z.object({ name: z.literal('program'), data: programView }),
  ]),
)
