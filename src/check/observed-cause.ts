import type { CauseId } from './cause.ts'
import type { Check } from './check.ts'
import { isAccepted } from '../delivery/outcome.ts'
import { isOfClass, type Finding, type ProbeResult } from './verdict.ts'

/** Requests under a signature of the right length that is wrong. */
const WRONG_SIGNATURE = /^(wrong signature|signed with another secret|last digit changed)$/
const NO_SIGNATURE = /^no signature/
/** Requests that repeat an event. */
const REPEATED = /^(the same again|copy \d|\[B,C\]|\[D,D\])/

/**
 * Why a check failed, by what was seen rather than by what is usual: the same check fails for many reasons, and advice
 * against another one is worse than none.
 * @param seen every answer of the run
 */
export function observedCause(
  check: Pick<Check, 'id' | 'number' | 'cause' | 'controls'>,
  finding: Finding,
  seen: readonly ProbeResult[],
): CauseId {
  if (finding.cause !== undefined) return finding.cause
  const { result } = finding
  if (result === undefined) return causeOfCount(check, finding)
  // What these two groups look at is time and connections: their own causes say it best.
  if (result.kind === 'failed' && !/^(performance|transport)\//.test(check.id))
    return result.code === 'timeout' ? 'no-answer' : 'connection-ends'
  if (check.controls === 'around') return causeOfForgery(check, finding, seen)
  if (result.kind === 'responded' && (result.status === 429 || result.status === 503)) return 'no-backpressure'
  const isRepeat = REPEATED.test(finding.probe?.name ?? '')
  if (isRepeat && (isOfClass(result, 4) || isOfClass(result, 5))) return 'duplicate-refused'
  if (check.cause === 'race' && isOfClass(result, 5)) return 'contention'
  return check.cause
}

function causeOfCount({ cause }: Pick<Check, 'cause'>, { counted, times }: Finding): CauseId {
  if (counted === undefined || times === undefined || counted === times) return cause
  if (counted < times) return cause === 'expects-one-event' && counted > 0 ? cause : 'events-lost'
  return times === 0 ? 'cut-body-applied' : cause
}

function causeOfForgery(
  { number, cause }: Pick<Check, 'number' | 'cause'>,
  { result }: Finding,
  seen: readonly ProbeResult[],
): CauseId {
  if (result === undefined) return cause
  if (isOfClass(result, 5)) return isThrown(seen) || number === 'AUT-12' ? 'refusal-thrown' : 'length-not-checked'
  const isAboutSignature = number !== 'AUT-12' && number !== 'AUT-14'
  return isAccepted(result) && isAboutSignature && isNothingVerified(seen) ? 'signature-not-verified' : cause
}

/** A wrong signature of the right length crashes as well: it is not the length. */
function isThrown(seen: readonly ProbeResult[]): boolean {
  return seen.some(({ probe, exchange }) => WRONG_SIGNATURE.test(probe.name) && isOfClass(exchange.result, 5))
}

/** Neither a wrong signature nor a missing one is refused. */
function isNothingVerified(seen: readonly ProbeResult[]): boolean {
  const accepts = (name: RegExp): boolean =>
    seen.some(({ probe, exchange }) => name.test(probe.name) && isAccepted(exchange.result))
  return accepts(WRONG_SIGNATURE) && accepts(NO_SIGNATURE)
}
