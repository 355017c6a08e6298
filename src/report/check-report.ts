import type { CauseId } from '../check/cause.ts'
import type { Check, Severity, SideEffect } from '../check/check.ts'
import type { Preflight } from '../check/preflight.ts'
import type { CheckResult } from '../check/result.ts'
import type { CheckSummary } from '../check/summary.ts'
import type { Finding, Verdict } from '../check/verdict.ts'
import { frameworkError } from '../delivery/framework-error.ts'
import { plainAnswer } from '../delivery/plain-answer.ts'
import { requestReport, type ExchangeReport, type Masks, type RequestReport } from './check-exchange.ts'
import type { SendHeader, StoppedBy } from './send-report.ts'

/** What is known before the first request. */
export interface CheckHeader {
  readonly schemaVersion: SendHeader['schemaVersion']
  readonly toolVersion: string
  readonly command: 'check'
  /** The URL, query values as `…`; `embedded` for the receiver that comes with the tool. */
  readonly target: string
  readonly contract: string
  /** In every `member.externalId` of this run: `qsim-<run>-…`. */
  readonly run: string
  readonly seed: number
  readonly now: string
  readonly local: boolean
  readonly safe: boolean
  readonly sideEffects: boolean
  readonly stress: boolean
  readonly strict: boolean
  readonly insecure: boolean
  /** Statuses that count as right, by check: `--accept`. */
  readonly accept: Readonly<Record<string, readonly number[]>>
}

/** One thing that was found. */
export interface FindingReport {
  readonly verdict: Verdict
  readonly severity?: Severity
  readonly request?: RequestReport
  /** The request in a few words. */
  readonly sent?: string
  readonly expected?: string
  readonly actual?: string
  /** What the receiver says of itself in the answer. */
  readonly said?: string
  readonly why?: string
}

/** One check and what became of it. */
export interface CheckResultReport {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly requirement: string
  readonly severity: Severity
  readonly sideEffect: SideEffect
  readonly verdict: Verdict
  readonly reason?: string
  /** Why it passed although another answer would be right: `200 counts as right: --accept`. */
  readonly accepted?: string
  readonly cause?: CauseId
  /** How to mend it, for the framework that shows in the answers. */
  readonly mend?: string
  /** The command that repeats this check alone; of a check that only looks at other answers, the whole run. */
  readonly again?: string
  readonly findings: readonly FindingReport[]
  readonly durationMs: number
  readonly requests: number
}

/** A run in a few figures: a check that was stopped counts as skipped. */
export interface SummaryReport extends Omit<CheckSummary, 'exitCode'> {
  /** Of the process. */
  readonly exitCode: number
  /** Checks that were under way when the run was stopped. */
  readonly stopped: number
}

/** How a run ended. */
export interface CheckEnding {
  readonly summary: SummaryReport
  /** The check after which the run ended early, and why. */
  readonly ended?: { readonly kind: string; readonly after?: string; readonly reason: string }
  readonly stoppedBy?: StoppedBy
  readonly requests: number
  /** Every event that was sent, by its id as the contract writes it. */
  readonly eventIds: readonly string[]
  /** How many events were sent: more than there are ids where the contract gives events none. */
  readonly events: number
  readonly exitCode: number
}

/** The first requests, in words. */
export interface PreflightReport {
  readonly differential: readonly { readonly request: string; readonly answer: string }[]
  readonly firstEvent?: string
  readonly control: 'event' | 'empty' | 'none'
  readonly notes: readonly string[]
}

/** The document of `check --format json`. */
export interface CheckReport extends CheckHeader, CheckEnding {
  readonly preflight: PreflightReport
  readonly checks: readonly CheckResultReport[]
}

/** What turns results into reports: nothing secret gets through. */
export interface CheckReporting {
  readonly masks: Masks
  readonly mend: (cause: CauseId) => string
  readonly again: (check: Check) => string
}

/** The result of a run as text, bit by bit, in one of the forms of `--format`: functions to strings. */
export interface CheckRenderer {
  /** A request with its answer, as it is done; what it belongs to comes afterwards. */
  exchange?(report: ExchangeReport): string
  preflight(report: PreflightReport): string
  check(report: CheckResultReport): string
  end(ending: CheckEnding): string
}

/** A result as the reports hold it. */
export function checkResultReport(result: CheckResult, { masks, mend, again }: CheckReporting): CheckResultReport {
  const { check, severity, reason, cause, durationMs, requests } = result
  const verdict = isStopped(result) ? 'SKIP' : result.verdict
  const accepted = verdict === 'PASS' ? result.findings.find(isAcceptedByOption)?.why : undefined
  return {
    id: check.id,
    number: check.number,
    title: check.title,
    requirement: check.requirement,
    severity,
    sideEffect: check.sideEffect,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(cause === undefined ? {} : { cause, mend: mend(cause) }),
    ...(verdict === 'FAIL' || verdict === 'WARN' || verdict === 'INCONCLUSIVE' ? { again: again(check) } : {}),
    findings: result.findings.map((finding) => findingReport(finding, masks)),
    durationMs: Math.round(durationMs * 100) / 100,
    requests,
  }
}

/** Whether a check was under way when the run was stopped: nothing is known of it, as if it had not begun. */
export function isStopped({ verdict, reason }: Pick<CheckResult, 'verdict' | 'reason'>): boolean {
  return verdict === 'INCONCLUSIVE' && reason === 'stopped'
}

function isAcceptedByOption({ verdict, why }: Finding): boolean {
  return verdict === 'PASS' && why?.endsWith('counts as right: --accept') === true
}

function findingReport(finding: Finding, masks: Masks): FindingReport {
  const { verdict, severity, probe, expected, actual, result, why } = finding
  const said = result === undefined || verdict !== 'FAIL' ? undefined : saidIn(masks.redact(result))
  return {
    verdict,
    ...(severity === undefined ? {} : { severity }),
    ...(probe === undefined ? {} : { request: requestReport(probe, masks), sent: probe.shown }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    ...(said === undefined ? {} : { said }),
    ...(why === undefined ? {} : { why }),
  }
}

function saidIn(result: ReturnType<Masks['redact']>): string | undefined {
  if (result.kind === 'failed') return undefined
  return (result.status >= 500 ? frameworkError(result) : undefined) ?? plainAnswer(result)
}

/** The first requests as the reports hold them. */
export function preflightReport({ differential, firstEvent, form, notes }: Preflight): PreflightReport {
  const answer = ({ result }: Preflight['differential'][number]['exchange']): string =>
    result.kind === 'responded' ? String(result.status) : result.code
  return {
    differential: differential.map(({ probe, exchange }) => ({ request: probe.name, answer: answer(exchange) })),
    ...(firstEvent === undefined ? {} : { firstEvent: answer(firstEvent.exchange) }),
    control: form === undefined ? 'none' : form === 'events' ? 'event' : 'empty',
    notes,
  }
}
