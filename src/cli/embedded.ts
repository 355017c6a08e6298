import type { Contract } from '../contract/contract.ts'
import type { Exchange } from '../receiver/exchange.ts'
import type { Receiver } from '../receiver/server.ts'
import { authorizing } from '../signing/authorization.ts'
import { systemClock } from '../system-clock.ts'
import type { Credentials } from './endpoint.ts'

/** What the embedded receiver asks for when the user gave nothing: the header of Qualifio's own example. */
const OWN_SECRET = 'embedded-secret'
const OWN_HEADER = ['x-test-authorization-header', '123456ots'] as const

/** The credentials of a run to the embedded receiver: the user's, completed. */
export function embeddedCredentials(given: Credentials): Credentials {
  return {
    ...given,
    secret: given.secret ?? OWN_SECRET,
    headers: authorizing(given.headers).length > 0 ? given.headers : [...given.headers, OWN_HEADER],
  }
}

/**
 * Starts a receiver on a free loopback port, for someone who has no endpoint yet. It refuses what is
 * unsigned, unauthorized or no JSON array, and answers 503 to the first request of the run, so that a retry
 * is seen (not when there are no retries).
 */
export async function startEmbedded(
  contract: Contract,
  credentials: Credentials,
  options: { readonly retries: number; readonly onRequest: (note: string) => void },
): Promise<Receiver> {
  // Loaded here: who sends to an endpoint of their own pays no start-up time for an HTTP server.
  const [{ startReceiver }, { payloadReader }, { ALWAYS_ACCEPT, FAIL_ONCE }] = await Promise.all([
    import('../receiver/server.ts'),
    import('../receiver/reader.ts'),
    import('../receiver/step.ts'),
  ])
  return await startReceiver({
    requirements: {
      secrets: credentials.secret === undefined ? [] : [credentials.secret],
      headers: credentials.headers,
      signature: credentials.signature,
      readEvents: payloadReader(contract),
    },
    script: options.retries === 0 ? ALWAYS_ACCEPT : FAIL_ONCE,
    clock: systemClock,
    onRequest: (exchange) => options.onRequest(noteText(exchange, credentials)),
  })
}

function noteText({ verdict, status, nth }: Exchange, { headers }: Credentials): string {
  if (verdict.kind === 'refused') return `refused: ${verdict.reason}; answered ${status}`
  const names = authorizing(headers).map(([name]) => name)
  const events = verdict.events.length === 1 ? '1 event' : `${verdict.events.length} events`
  const understood = verdict.problems.length === 0 ? `${events} understood` : `${events}, ${verdict.problems[0]}`
  const why = (status ?? 0) >= 500 && nth === 1 ? ', once, so that you see a retry' : ''
  return `${names.join(', ')} right, signature right, ${understood}; answered ${status}${why}`
}
