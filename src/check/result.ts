import type { CauseId } from './cause.ts'
import type { Check, Severity } from './check.ts'
import { observedCause } from './observed-cause.ts'
import { verdictOf, type Finding, type ProbeResult, type Verdict } from './verdict.ts'

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

/** Of a run check: how long it took, and how many requests. */
type Effort = Pick<CheckResult, 'durationMs' | 'requests'>

/** A check of which nothing can be said, and why. */
export function inconclusive(check: Check, reason: string, effort: Effort): CheckResult {
  return { check, verdict: 'INCONCLUSIVE', severity: check.severity, findings: [], reason, ...effort }
}

/** A check that failed to run: a fault of ours. */
export function broken(check: Check, error: unknown): CheckResult {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { check, verdict: 'ERROR', severity: check.severity, findings: [], reason, durationMs: 0, requests: 0 }
}

/** What a check came to, from what was found. */
export function resultOf(
  check: Check,
  findings: readonly Finding[],
  { seen, ...effort }: Effort & { readonly seen: readonly ProbeResult[] },
): CheckResult {
  if (findings.length === 0) return inconclusive(check, 'nothing was observed', effort)
  const { verdict, severity } = verdictOf(check.severity, findings)
  const decides = (finding: Finding): boolean =>
    finding.verdict === verdict && (verdict !== 'FAIL' || (finding.severity ?? check.severity) === severity)
  // What was counted says more than what was answered.
  const deciding =
    findings.find(
      (finding) => decides(finding) && finding.counted !== undefined && finding.counted > (finding.times ?? 0),
    ) ??
    findings.find(decides) ??
    findings.find((finding) => finding.verdict === verdict)
  const reason = verdict === 'SKIP' || verdict === 'INCONCLUSIVE' ? deciding?.why : undefined
  return {
    check,
    verdict,
    severity,
    findings,
    ...(reason === undefined ? {} : { reason }),
    ...((verdict === 'FAIL' || verdict === 'WARN') && deciding !== undefined
      ? { cause: observedCause(check, deciding, seen) }
      : {}),
    ...effort,
  }
}
