import type { CauseId } from '../check/cause.ts'
import type { Check, Severity, SideEffect } from '../check/check.ts'
import type { Preflight } from '../check/preflight.ts'
import type { CheckResult } from '../check/result.ts'
import type { CheckSummary } from '../check/summary.ts'
import type { Finding, Verdict } from '../check/verdict.ts'
import { frameworkError } from '../delivery/framework-error.ts'
import { plainAnswer } from '../delivery/plain-answer.ts'
import type { Redact } from '../delivery/redact.ts'
import { renderJson, type SendHeader, type StoppedBy } from './send-report.ts'

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
  readonly request?: string
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
  readonly cause?: CauseId
  /** How to mend it, for the framework that shows in the answers. */
  readonly mend?: string
  /** The command that repeats this check alone. */
  readonly again?: string
  readonly findings: readonly FindingReport[]
  readonly durationMs: number
  readonly requests: number
}

/** How a run ended. */
export interface CheckEnding {
  readonly summary: CheckSummary
  /** The check after which the run ended early, and why. */
  readonly ended?: { readonly kind: string; readonly after?: string; readonly reason: string }
  readonly stoppedBy?: StoppedBy
  readonly requests: number
  /** Every event that was sent, by its id as the contract writes it. */
  readonly eventIds: readonly string[]
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
  readonly redact: Redact
  readonly mend: (cause: CauseId) => string
  readonly again: (check: Check) => string
}

/** The result of a run as text, bit by bit, in one of the forms of `--format`: functions to strings. */
export interface CheckRenderer {
  preflight(report: PreflightReport): string
  check(report: CheckResultReport): string
  end(ending: CheckEnding): string
}

/** A result as the reports hold it. */
export function checkResultReport(result: CheckResult, { redact, mend, again }: CheckReporting): CheckResultReport {
  const { check, verdict, severity, reason, cause, durationMs, requests } = result
  return {
    id: check.id,
    number: check.number,
    title: check.title,
    requirement: check.requirement,
    severity,
    sideEffect: check.sideEffect,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause, mend: mend(cause) }),
    ...(verdict === 'FAIL' || verdict === 'WARN' || verdict === 'INCONCLUSIVE' ? { again: again(check) } : {}),
    findings: result.findings.map((finding) => findingReport(finding, redact)),
    durationMs: Math.round(durationMs * 100) / 100,
    requests,
  }
}

function findingReport(finding: Finding, redact: Redact): FindingReport {
  const { verdict, severity, probe, expected, actual, result, why } = finding
  const said = result === undefined || verdict !== 'FAIL' ? undefined : saidIn(redact(result))
  return {
    verdict,
    ...(severity === undefined ? {} : { severity }),
    ...(probe === undefined ? {} : { request: probe.name, sent: probe.shown }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    ...(said === undefined ? {} : { said }),
    ...(why === undefined ? {} : { why }),
  }
}

function saidIn(result: ReturnType<Redact>): string | undefined {
  if (result.kind === 'failed' || result.status < 400) return undefined
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

/** One document at the end. */
export function checkJsonRenderer(header: CheckHeader): CheckRenderer {
  const checks: CheckResultReport[] = []
  let preflight: PreflightReport = { differential: [], control: 'none', notes: [] }
  return {
    preflight(report) {
      preflight = report
      return ''
    },
    check(report) {
      checks.push(report)
      return ''
    },
    end: (ending) => renderJson({ ...header, preflight, checks, ...ending } satisfies CheckReport),
  }
}

/** A line per check as it is done, and one summary. */
export function checkNdjsonRenderer(header: CheckHeader): CheckRenderer {
  const line = (value: object): string => `${JSON.stringify(value)}\n`
  return {
    preflight: (report) => line({ type: 'preflight', ...report }),
    check: (report) => line({ type: 'check', ...report }),
    end: (ending) => line({ type: 'summary', ...header, ...ending }),
  }
}
