import type { CauseId } from './cause.ts'
import type { Check, Severity } from './check.ts'
import type { Finding, Verdict } from './verdict.ts'

/** What a check came to. */
export interface CheckResult {
  readonly check: Check
  readonly verdict: Verdict
  /** Of this result: a check may find something worse or milder than itself. */
  readonly severity: Severity
  readonly findings: readonly Finding[]
  /** Why it was skipped or is inconclusive. */
  readonly reason?: string
  /** Why it failed. */
  readonly cause?: CauseId
  readonly durationMs: number
  readonly requests: number
}

/** Why a run ended before its last check. */
export interface EarlyEnd {
  readonly kind: 'dead' | 'control-refused' | 'gone' | 'interrupted' | 'timed-out'
  /** The check after which it happened. */
  readonly after?: Check
  readonly reason: string
}

/** A check that was not run, and why. */
export function skipped(check: Check, reason: string): CheckResult {
  return { check, verdict: 'SKIP', severity: check.severity, findings: [], reason, durationMs: 0, requests: 0 }
}
