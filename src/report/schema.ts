import { z } from 'zod'
import { ALL_EVENT_TYPES } from '../contract/event-types.ts'
import type { DeliveryReport, SendReport } from './send-report.ts'

/*
 * The report as a zod schema: the JSON Schema in the package is made from it. It is written beside
 * the types, not instead of them, so that sending does not load zod; `satisfies` keeps the two in step.
 */

const count = z.int().nonnegative()
const time = z.iso.datetime({ precision: 3 })

const attemptSchema = z.object({
  retry: z.int().min(0).max(100).describe('0 is the first delivery'),
  startedAt: time.describe('wall time when the request started'),
  durationMs: z.number().nonnegative(),
  dueAtSimulated: time.describe('when the request would have started with unscaled waits'),
  result: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('responded'),
      status: z.int(),
      headers: z.record(z.string(), z.array(z.string())).describe('names in lower case'),
      bodySnippet: z.string().describe('the first 2 KB, never decompressed'),
      bodyBytes: count.describe('bytes read, at most 64 KB'),
      bodyIncomplete: z.enum(['cut', 'limit', 'deadline']).optional().describe('why the body was not read to its end'),
    }),
    z.object({
      kind: z.literal('failed'),
      code: z.enum([
        'dns',
        'refused',
        'unreachable',
        'connect-timeout',
        'timeout',
        'reset',
        'closed',
        'tls',
        'protocol',
        'aborted',
        'lost-ack',
      ]),
      reason: z.string(),
    }),
  ]),
  nextDelayMs: z.number().nonnegative().optional().describe("the wait before the next attempt on Qualifio's clock"),
  nextDelayRealMs: z.number().nonnegative().optional().describe('the same wait as waited here, after --speed'),
})

const deliverySchema = z.object({
  id: z.uuid(),
  events: z.array(z.object({ id: z.string(), type: z.enum(ALL_EVENT_TYPES) })),
  copy: z
    .object({ number: count.min(1), of: count.min(2) })
    .optional()
    .describe('which of the copies that --fault duplicate makes'),
  bodyBytes: count,
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
  outcome: z
    .enum(['delivered', 'blocked', 'interrupted', 'ended', 'not-started'])
    .describe('not-started only under --dry-run; ended only in replay: an expected refusal'),
  attempts: z.array(attemptSchema),
  request: z
    .object({ method: z.literal('POST'), url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })
    .optional()
    .describe('only under --dry-run; values that authorize are …'),
})

const header = {
  schemaVersion: z.literal(1),
  toolVersion: z.string(),
  command: z.literal('send'),
  contract: z.string(),
  target: z.string().describe('the URL with query values as …, or embedded'),
  seed: count.max(2 ** 32 - 1),
  now: time,
  speed: z.union([z.number().positive(), z.literal('max')]),
  insecure: z.boolean().describe('whether TLS certificates went unverified'),
  dryRun: z.boolean(),
  faults: z.array(z.string()).optional().describe('what --fault put on every delivery: duplicate:2, lost-ack, …'),
}

const ending = {
  summary: z.object({
    deliveries: count,
    delivered: count,
    blocked: count,
    interrupted: count,
    notStarted: count,
    requests: count,
    events: count,
  }),
  stoppedBy: z.enum(['never-connected', 'max-time', 'SIGINT', 'SIGTERM', 'SIGHUP']).optional(),
  exitCode: z.int().min(0).max(255),
}

/** The document of `send --format json`. */
export const sendReportSchema = z
  .object({ ...header, deliveries: z.array(deliverySchema), ...ending })
  .describe('What `qualifio-sim send --format json` prints. New fields may be added; these keep their meaning.')

/** A line of `send --format ndjson`. */
export const sendLineSchema = z.discriminatedUnion('type', [
  attemptSchema.extend({ type: z.literal('attempt'), delivery: z.uuid() }),
  deliverySchema.extend({ type: z.literal('delivery') }),
  z.object({ type: z.literal('summary'), ...header, ...ending }),
])

type Equal<A, B> = [Mutable<A>, Mutable<B>] extends [Mutable<B>, Mutable<A>] ? true : never
type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<Exclude<T[Key], undefined>> } : T
// Two lines that stop compiling when the schema and the types part.
true satisfies Equal<z.infer<typeof deliverySchema>, DeliveryReport>
true satisfies Equal<z.infer<typeof sendReportSchema>, SendReport>
