import type { Finding, ProbeResult } from './verdict.ts'

/** A check that ended the receiver. @param reason what the control after it came to */
export function deathOf(reason: string): Finding {
  return {
    verdict: 'FAIL',
    severity: 'MUST',
    expected: 'alive afterwards',
    actual: reason,
    why: 'this check ended the receiver',
    cause: 'process-ends',
  }
}

/** Nothing listened any more. */
export function isRefused(one: ProbeResult | undefined): boolean {
  return one?.exchange.result.kind === 'failed' && one.exchange.result.code === 'refused'
}

/** The time was up before an answer. */
export function isUnanswered(one: ProbeResult | undefined): boolean {
  return one?.exchange.result.kind === 'failed' && one.exchange.result.code === 'timeout'
}

/** An answer after which the receiver may be gone. */
export function isDoubt(result: ProbeResult['exchange']['result']): boolean {
  return result.kind === 'failed' ? result.code !== 'aborted' : result.status >= 500
}

/** A finding whose status the user accepts: `--accept`. */
export function tolerated(finding: Finding, statuses: readonly number[]): Finding {
  const status = /^(\d{3}) /.exec(finding.actual ?? '')?.[1]
  if (status === undefined || !statuses.includes(Number(status))) return finding
  if (finding.verdict !== 'FAIL' && finding.verdict !== 'WARN') return finding
  return { ...finding, verdict: 'PASS', why: `${status} counts as right: --accept` }
}
