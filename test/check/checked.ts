import { CATALOG } from '../../src/check/catalog.ts'
import type { Check } from '../../src/check/check.ts'
import { refusal, type Consent } from '../../src/check/consent.ts'
import type { Means } from '../../src/check/means.ts'
import type { Oracle } from '../../src/check/oracle.ts'
import type { CheckRun, CheckRunOptions } from '../../src/check/run.ts'
import { runChecks } from '../../src/check/run.ts'
import { summaryOf, type CheckSummary } from '../../src/check/summary.ts'
import { loadContract, type Contract } from '../../src/contract/contract.ts'
import type { Clock } from '../../src/ports.ts'
import { systemClock } from '../../src/system-clock.ts'
import { AUTHORIZATION, PREVIOUS_SECRET, RETIRED_SECRET, SECRET, type CheckedReceiver } from '../receivers/receiver.ts'

/** Long waits are a twentieth of what they are; timeouts and latencies stay as they are. */
export const HURRY = 20
const HURRIED: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms < 100 ? ms : ms / HURRY, signal),
}
const assumed = await loadContract('assumed-1')

/** What a run has here against a target over plain http. */
export const MEANS: Means = {
  secret: true,
  authorization: true,
  'other-secret': true,
  'event-identity': true,
  'not-plain-local': false,
  'http-twin': false,
}

/** How a receiver is checked; the defaults are a local target with everything that a check may need. */
export interface CheckedOptions {
  readonly checks?: readonly Check[]
  readonly contract?: Contract
  readonly seed?: number
  /** The moment of the events, ms since the epoch; now by default. */
  readonly nowMs?: number
  readonly safe?: boolean
  readonly clock?: Clock
  readonly timeoutMs?: number
  readonly oracle?: 'store' | 'none'
  readonly signal?: AbortSignal
  /** PEM certificates that are trusted; without them any is accepted, as with --insecure. */
  readonly ca?: string
  readonly httpTwin?: URL
  readonly run?: Partial<CheckRunOptions>
}

/** What checking came to. */
export interface Checked {
  readonly run: CheckRun
  readonly summary: CheckSummary
  /** The numbers of the checks that failed, in the order of the catalogue. */
  readonly failed: readonly string[]
}

/** Runs the suite against a receiver, in this process. */
export async function checked(
  { url: text, applied }: Pick<CheckedReceiver, 'url' | 'applied'>,
  options: CheckedOptions = {},
): Promise<Checked> {
  const url = new URL(text)
  const { clock = HURRIED, safe = false, checks = CATALOG, contract = assumed, ca, httpTwin } = options
  const consent: Consent = { local: true, safe, sideEffects: false, stress: false }
  const oracle: Oracle = { count: async (eventId) => ({ kind: 'count', count: (await applied()).get(eventId) ?? 0 }) }
  const isSecure = url.protocol === 'https:'
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
      nowMs: options.nowMs ?? Date.now(),
      previousSecret: PREVIOUS_SECRET,
      retiredSecret: RETIRED_SECRET,
      httpTwin,
    },
    mayHaveEffects: !safe,
    means: { ...MEANS, 'not-plain-local': isSecure, 'http-twin': httpTwin !== undefined },
    // Receivers here have applied what they answer, so patience would be lost on what never comes.
    oracle: options.oracle === 'none' ? undefined : { oracle, timeoutMs: 300, settleMs: 30 },
    accept: new Map(),
    secrets: [SECRET, AUTHORIZATION[1]],
    clock,
    signal: options.signal ?? new AbortController().signal,
    wire: { url, timeoutMs: options.timeoutMs ?? 5000, certificates: ca === undefined ? 'accept-any' : 'verify', ca },
    ...options.run,
  })
  const failed = run.results.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check.number)
  return { run, summary: summaryOf(run, { strict: false, authenticated: true }), failed }
}

/** Every failure of a run with what was found, a line each; the last one says how it ended. */
export function failuresOf({ run, summary }: Checked): readonly string[] {
  const lines = run.results.flatMap(({ check, verdict, severity, findings }) =>
    findings
      .filter((finding) => verdict === 'FAIL' && finding.verdict === 'FAIL')
      .map(({ probe, expected, actual, why }) =>
        [check.number, severity, probe?.name, `expected ${expected}, got ${actual}`, why].filter(Boolean).join(' | '),
      ),
  )
  return [...lines, [summary.headline, ...run.preflight.notes, run.end?.reason].filter(Boolean).join(' | ')]
}
