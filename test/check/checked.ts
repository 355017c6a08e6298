import { CATALOG } from '../../src/check/catalog.ts'
import type { Check } from '../../src/check/check.ts'
import { refusal, type Consent } from '../../src/check/consent.ts'
import type { Oracle } from '../../src/check/oracle.ts'
import type { CheckRun, CheckRunOptions } from '../../src/check/run.ts'
import { runChecks } from '../../src/check/run.ts'
import { summaryOf, type CheckSummary } from '../../src/check/summary.ts'
import { loadContract } from '../../src/contract/contract.ts'
import type { Clock } from '../../src/ports.ts'
import { systemClock } from '../../src/system-clock.ts'
import { AUTHORIZATION, PREVIOUS_SECRET, RETIRED_SECRET, SECRET, type CheckedReceiver } from '../receivers/receiver.ts'

/** Long waits are a twentieth of what they are; timeouts and latencies stay as they are. */
export const HURRY = 20
const HURRIED: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms < 100 ? ms : ms / HURRY, signal),
}
const contract = await loadContract('assumed-1')

/** How a receiver is checked; the defaults are a local target with everything that a check may need. */
export interface CheckedOptions {
  readonly checks?: readonly Check[]
  readonly seed?: number
  readonly safe?: boolean
  readonly clock?: Clock
  readonly timeoutMs?: number
  readonly oracle?: 'store' | 'none'
  readonly signal?: AbortSignal
  readonly run?: Partial<CheckRunOptions>
}

/** Runs the suite against a receiver, in this process. */
export async function checked(
  { url: text, applied }: Pick<CheckedReceiver, 'url' | 'applied'>,
  options: CheckedOptions = {},
): Promise<{ readonly run: CheckRun; readonly summary: CheckSummary; readonly failed: readonly string[] }> {
  const url = new URL(text)
  const { clock = HURRIED, safe = false, checks = CATALOG } = options
  const consent: Consent = { local: true, safe, sideEffects: false, stress: false }
  const oracle: Oracle = { count: async (eventId) => ({ kind: 'count', count: (await applied()).get(eventId) ?? 0 }) }
  const run = await runChecks({
    checks: checks.map((check) => ({ check, refusal: refusal(check, consent) })),
    kit: {
      contract,
      endpoint: {
        url,
        userAgent: 'qualifio-sim/0',
        secret: SECRET,
        headers: [AUTHORIZATION],
        signature: contract.signature,
        contentType: contract.contentType,
      },
      seed: options.seed ?? 1,
      nowMs: Date.now(),
      previousSecret: PREVIOUS_SECRET,
      retiredSecret: RETIRED_SECRET,
      httpTwin: undefined,
    },
    mayHaveEffects: !safe,
    means: {
      secret: true,
      authorization: true,
      'other-secret': true,
      'event-identity': true,
      'not-plain-local': url.protocol === 'https:',
      'http-twin': false,
    },
    oracle: options.oracle === 'none' ? undefined : { oracle, timeoutMs: 1000, settleMs: 30 },
    accept: new Map(),
    secrets: [SECRET, AUTHORIZATION[1]],
    clock,
    signal: options.signal ?? new AbortController().signal,
    wire: { url, timeoutMs: options.timeoutMs ?? 5000, certificates: 'verify' },
    ...options.run,
  })
  const failed = run.results.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check.number)
  return { run, summary: summaryOf(run, { strict: false, authenticated: true }), failed }
}
