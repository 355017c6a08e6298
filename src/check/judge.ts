import { isAccepted } from '../delivery/outcome.ts'
import { isOfClass, shownResult } from './verdict.ts'
import type { Effect } from './effect.ts'
import type { Finding, Judge, Observed, ProbeResult } from './verdict.ts'

/** Every request must be accepted. */
export const accepted: Judge = ({ results }) => results.map(acceptedOne)

/** The finding of a request that must be accepted. */
export function acceptedOne(one: ProbeResult): Finding {
  const { result } = one.exchange
  return isAccepted(result) ? passed(one) : failed(one, '2xx')
}

/**
 * Every request is forged: refused with 401 or 403, between two accepted controls. 5xx is a refusal by crashing, 2xx
 * lets forged data in.
 */
export const refused: Judge = ({ results }) => results.map(refusedOne)

/** The finding of a forged request. */
export function refusedOne(one: ProbeResult): Finding {
  const { result } = one.exchange
  const expected = '401 or 403'
  // Accepted is accepted, whatever the controls say.
  if (isAccepted(result)) return { ...failed(one, expected), severity: 'MUST', why: 'a forged request was accepted' }
  if (one.controls !== 'accepted') return { ...of(one, 'INCONCLUSIVE', expected), why: NO_CONTROL }
  if (isOfClass(result, 4)) return refusalOf(one, expected)
  if (isOfClass(result, 5)) return { ...failed(one, expected), severity: 'SHOULD', why: 'it refuses by crashing' }
  return failed(one, expected)
}

const NO_CONTROL =
  'the same request without the change was not accepted just before and after, so this refusal proves nothing'

function refusalOf(one: ProbeResult, expected: string): Finding {
  const { result } = one.exchange
  const status = result.kind === 'responded' ? result.status : 0
  if (status === 401 || status === 403) return passed(one)
  // 406 is what Symfony's Webhook component answers to whatever its parser refuses.
  if ([400, 404, 406, 415, 422].includes(status))
    return { ...passed(one), why: `401 or 403 would say what is wrong; ${status} refuses as well` }
  // Too many requests: it would have refused the right one, too.
  if (status === 429)
    return { ...of(one, 'INCONCLUSIVE', expected), why: 'answered 429: the request was not looked at' }
  return { ...of(one, 'WARN', expected), why: `${status} is an unusual refusal` }
}

/** Malformed input: refused with a 4xx, never a crash. Whoever queues first and reads later may accept it. */
export const refusedOrQueued: Judge = ({ results }) =>
  results.map((one) => {
    const { result } = one.exchange
    if (isOfClass(result, 4)) return passed(one)
    if (isAccepted(result))
      return {
        ...of(one, 'WARN', '4xx'),
        why: 'accepted, though no event can be read from it: keep it where somebody looks',
      }
    return failed(one, '4xx, not 5xx')
  })

/** Anything but a crash. */
export const survived: Judge = ({ results }) =>
  results.map((one) =>
    isAccepted(one.exchange.result) || isOfClass(one.exchange.result, 4) ? passed(one) : failed(one, 'not 5xx'),
  )

/** Reported, never scored. */
export const observed: Judge = ({ results }) => results.map((one) => of(one, 'INFO'))

/** Judges together: the findings of all. */
export function both(...judges: readonly Judge[]): Judge {
  return (seen) => judges.flatMap((judge) => judge(seen))
}

/** The effects that the oracle counted; without one, what statuses cannot show is said to be not verifiable. */
export const effectsVerified: Judge = (seen) => effectFindings(seen, 'INCONCLUSIVE')

/** The same where the statuses alone are a verdict, too. */
export const effectsIfCounted: Judge = (seen) => effectFindings(seen, 'PASS')

function effectFindings({ effects, oracleProblem }: Observed, without: 'INCONCLUSIVE' | 'PASS'): readonly Finding[] {
  if (oracleProblem !== undefined) return [{ verdict: 'INCONCLUSIVE', why: oracleProblem }]
  if (effects === undefined)
    return [
      {
        verdict: without,
        why: 'not verifiable: how often the events were applied; --oracle-url or --oracle-cmd can tell',
      },
    ]
  return effects.map(effectFinding)
}

function effectFinding({ name, times, counted }: Effect): Finding {
  const expected = `event ${name} applied ${timesText(times)}`
  if (counted.kind === 'unknown') return { verdict: 'INCONCLUSIVE', expected, why: `not verifiable: ${counted.reason}` }
  if (counted.count === times) return { verdict: 'PASS', expected, actual: expected }
  return { verdict: 'FAIL', expected, actual: `applied ${timesText(counted.count)}`, counted: counted.count, times }
}

function timesText(times: number): string {
  return times === 0 ? 'never' : times === 1 ? 'once' : `${times} times`
}

/** A finding about one request. */
export function of(one: ProbeResult, verdict: Finding['verdict'], expected?: string): Finding {
  return {
    verdict,
    probe: one.probe,
    actual: shownResult(one.exchange),
    result: one.exchange.result,
    ...(expected === undefined ? {} : { expected }),
  }
}

/** A request that went as it must. */
export function passed(one: ProbeResult): Finding {
  return of(one, 'PASS')
}

/** A request that did not. */
export function failed(one: ProbeResult, expected: string): Finding {
  return of(one, 'FAIL', expected)
}
