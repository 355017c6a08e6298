import type { AttemptResult } from '../delivery/outcome.ts'
import type { CauseId } from './cause.ts'
import type { Severity } from './check.ts'
import type { Effect } from './effect.ts'
import type { Exchange, Probe, TlsFacts } from './probe.ts'
import type { Failed } from '../delivery/outcome.ts'

/** What a check came to. ERROR is a fault of ours. */
export const VERDICTS = ['PASS', 'FAIL', 'WARN', 'INFO', 'SKIP', 'INCONCLUSIVE', 'ERROR'] as const
/** One of the verdicts. */
export type Verdict = (typeof VERDICTS)[number]

/** One thing that was found, about one request or about all of them. */
export interface Finding {
  readonly verdict: Verdict
  /** Of a failure, where it is not the check's own. */
  readonly severity?: Severity
  /** The request: its name and what was sent. */
  readonly probe?: Probe
  readonly expected?: string
  /** What came instead, for people; secrets are taken out before it is shown. */
  readonly actual?: string
  /** The answer itself: raw, so it may hold what must not be shown. */
  readonly result?: AttemptResult
  /** Why this is so, where it is more than the check's cause says. */
  readonly why?: string
  readonly cause?: CauseId
  /** Of an effect: how often it was applied, and how often it must be. */
  readonly counted?: number
  readonly times?: number
}

/** A request that was sent, its answer, and whether the controls around it were accepted. */
export interface ProbeResult {
  readonly probe: Probe
  readonly exchange: Exchange
  /** `none` where the check asks for no controls. */
  readonly controls: 'accepted' | 'not-accepted' | 'none'
}

/** Everything that a judge may look at. Nothing in it changes. */
export interface Observed {
  readonly severity: Severity
  /** The requests of this check, in order. */
  readonly results: readonly ProbeResult[]
  readonly handshake?: TlsFacts | Failed
  /** What the oracle says of the events of this check; absent without an oracle. */
  readonly effects?: readonly Effect[]
  /** Why there are no effects although there is an oracle. */
  readonly oracleProblem?: string
  /** Every answer of the run so far, for checks that only look. */
  readonly seen: readonly ProbeResult[]
  /** Texts that no answer may hold: secrets. */
  readonly secrets: readonly string[]
  /** Wall time, ms since the epoch. */
  readonly nowMs: number
}

/** Pure: what was observed → what was found. */
export type Judge = (observed: Observed) => readonly Finding[]

/** Which finding decides, worst first. */
const WORST_FIRST: readonly Verdict[] = ['ERROR', 'FAIL', 'INCONCLUSIVE', 'WARN', 'INFO', 'PASS', 'SKIP']
const SEVERITIES: readonly Severity[] = ['MUST', 'SHOULD', 'INFO']

/**
 * The verdict of a check out of its findings: the worst one. What is only INFO is reported and never scored, unless a
 * finding is worse than its check (an answer 500 to something unspecified).
 */
export function verdictOf(severity: Severity, findings: readonly Finding[]): { verdict: Verdict; severity: Severity } {
  const verdict = WORST_FIRST.find((one) => findings.some((finding) => finding.verdict === one)) ?? 'ERROR'
  if (verdict === 'FAIL') {
    const severities = findings.flatMap((finding) => (finding.verdict === 'FAIL' ? [finding.severity ?? severity] : []))
    const worst = SEVERITIES.find((one) => severities.includes(one)) ?? severity
    return worst === 'INFO' ? { verdict: 'INFO', severity } : { verdict, severity: worst }
  }
  if (severity === 'INFO' && (verdict === 'PASS' || verdict === 'WARN')) return { verdict: 'INFO', severity }
  return { verdict, severity }
}

/** Whether an answer is of the class: 4 for 4XX. */
export function isOfClass(result: AttemptResult, hundreds: number): boolean {
  return result.kind === 'responded' && Math.floor(result.status / 100) === hundreds
}

/** An answer for people: `401 in 3 ms`, or what failed. */
export function shownResult({ result, startedMs, headMs, endedMs }: Exchange): string {
  const inMs = Math.max(0, Math.round((headMs ?? endedMs) - startedMs))
  return result.kind === 'responded'
    ? `${result.status} in ${inMs} ms`
    : `no answer: ${result.reason} (after ${inMs} ms)`
}
