import type { Contract } from '../contract/contract.ts'
import { readPayload } from '../contract/payload.ts'
import { FAIL_ONCE, ALWAYS_ACCEPT } from '../receiver/behaviour.ts'
import type { ReceivedEvent } from '../receiver/judge.ts'
import type { Exchange, Receiver } from '../receiver/server.ts'
import type { Credentials } from './endpoint.ts'

/** What the embedded receiver asks for when the user gave nothing: the header of Qualifio's own example. */
const OWN_SECRET = 'embedded-secret'
const OWN_HEADER = ['x-test-authorization-header', '123456ots'] as const

/** The credentials of a run to the embedded receiver: the user's, completed. */
export function embeddedCredentials(given: Credentials): Credentials {
  const isAuthorized = given.headers.some(([name]) => name.toLowerCase() !== 'user-agent')
  return {
    ...given,
    secret: given.secret ?? OWN_SECRET,
    headers: isAuthorized ? given.headers : [...given.headers, OWN_HEADER],
  }
}

/**
 * Starts a receiver on a free loopback port, for someone who has no endpoint yet. It refuses what is
 * unsigned, unauthorized or malformed, and answers 503 to the first request of the run, so that a retry
 * is seen (not when there are no retries).
 */
export async function startEmbedded(
  contract: Contract,
  credentials: Credentials,
  options: { readonly retries: number; readonly onRequest: (note: string) => void },
): Promise<Receiver> {
  // Loaded here: who sends to an endpoint of their own pays no start-up time for an HTTP server.
  const { startReceiver } = await import('../receiver/server.ts')
  return await startReceiver({
    requirements: {
      secrets: credentials.secret === undefined ? [] : [credentials.secret],
      headers: credentials.headers,
      signature: credentials.signature,
      readEvents: (payload) => readEvents(contract, payload),
    },
    behaviour: options.retries === 0 ? ALWAYS_ACCEPT : FAIL_ONCE,
    onRequest: (exchange) => options.onRequest(noteText(exchange, credentials)),
  })
}

/** The events of a payload as the contract writes them. @throws Error with what is wrong, for the answer */
function readEvents(contract: Contract, payload: readonly unknown[]): readonly ReceivedEvent[] {
  return readPayload(contract, payload).map((element) => {
    if (element.kind === 'unreadable') throw new Error(element.problem)
    const [problem] = element.problems
    if (problem !== undefined) throw new Error(problem)
    return { type: element.type }
  })
}

function noteText({ verdict, status, nth }: Exchange, { headers }: Credentials): string {
  if (verdict.kind === 'refused') return `refused: ${verdict.reason}; answered ${status}`
  const names = headers.map(([name]) => name).filter((name) => name.toLowerCase() !== 'user-agent')
  const events = verdict.events.length === 1 ? '1 event' : `${verdict.events.length} events`
  const why = status >= 500 && nth === 1 ? ', once, so that you see a retry' : ''
  return `${names.join(', ')} right, signature right, ${events} understood; answered ${status}${why}`
}
