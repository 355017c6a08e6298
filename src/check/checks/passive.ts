import { failed, passed } from '../judge.ts'
import type { Judge, ProbeResult } from '../verdict.ts'
import { isAccepted } from '../../delivery/outcome.ts'
import { isOfClass } from '../verdict.ts'

/** Answers that a passive check may judge; where there are none, it says so. */
function judged(
  seen: readonly ProbeResult[],
  without: string,
  judge: (one: ProbeResult) => ReturnType<typeof passed>,
): ReturnType<Judge> {
  return seen.length === 0 ? [{ verdict: 'SKIP', why: without }] : onlyWorst(seen.map(judge))
}

/** One finding per kind of answer is enough to understand it. */
function onlyWorst(findings: ReturnType<Judge>): ReturnType<Judge> {
  const failures = findings.filter(({ verdict }) => verdict === 'FAIL')
  return failures.length > 0 ? failures.slice(0, 1) : findings.slice(0, 1)
}

/** No control is answered with a 3xx. */
export const noRedirect: Judge = ({ seen }) =>
  judged(
    seen.filter((one) => isControl(one) && one.exchange.result.kind === 'responded'),
    'no control was answered',
    (one) => (isOfClass(one.exchange.result, 3) ? failed(one, 'not 3xx') : passed(one)),
  )

/** No accepted control is answered with a page. */
export const noPage: Judge = ({ seen }) =>
  judged(
    seen.filter((one) => isControl(one) && isAccepted(one.exchange.result)),
    'no control was accepted',
    (one) => (isPage(one) ? failed(one, 'no HTML page') : passed(one)),
  )

/** Every 429 and 503 says when to come back. */
export const retryAfter: Judge = ({ seen }) =>
  judged(
    seen.filter(
      ({ exchange: { result } }) => result.kind === 'responded' && (result.status === 429 || result.status === 503),
    ),
    'no 429 or 503 was seen',
    (one) => {
      const { result } = one.exchange
      return result.kind === 'responded' && result.headers['retry-after'] !== undefined
        ? passed(one)
        : failed(one, 'Retry-After')
    },
  )

const STACK_TRACE =
  /\n\s+at .+[:(]\d+|Traceback \(most recent call last\)|\.(php|py|java|cs|[cm]?[jt]s)(\(|:)\d+\)?|Exception in thread|#\d+ .+\.php\(\d+\)|^\s*at [\w.$]+\(/m

/** No refusal tells the secret, the digest that would have been right, or where the code is. */
export const noLeak: Judge = ({ seen, secrets }) =>
  judged(
    seen.filter(({ exchange: { result } }) => result.kind === 'responded' && result.status >= 400),
    'nothing was refused',
    (one) => {
      const leaked = leakOf(one, secrets)
      return leaked === undefined
        ? passed(one)
        : { ...failed(one, 'a refusal that tells nothing'), why: `the answer holds ${leaked}` }
    },
  )

function leakOf({ probe, exchange: { result } }: ProbeResult, secrets: readonly string[]): string | undefined {
  if (result.kind !== 'responded') return undefined
  const said = `${Object.values(result.headers).flat().join('\n')}\n${result.bodySnippet}`
  // Short secrets would be found in any text.
  if (secrets.some((secret) => secret.length >= 4 && said.includes(secret))) return 'a secret'
  const digest = probe.unsentSignature?.split('=').slice(1).join('=')
  if (digest !== undefined && said.includes(digest)) return 'the signature that would have been right'
  return STACK_TRACE.test(result.bodySnippet) ? 'a stack trace' : undefined
}

function isControl({ probe }: ProbeResult): boolean {
  return probe.isControl === true
}

function isPage({ exchange: { result } }: ProbeResult): boolean {
  if (result.kind !== 'responded') return false
  return (
    /text\/html/i.test(result.headers['content-type']?.[0] ?? '') &&
    /<(html|form|!doctype|body)/i.test(result.bodySnippet)
  )
}
