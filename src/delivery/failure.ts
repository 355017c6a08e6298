import { isLoopback } from './address.ts'
import type { AttemptResult, Failed, FailureCode } from './outcome.ts'

/** A failure for people. */
export interface Explanation {
  /** What happened, one sentence. */
  readonly sentence: string
  /** What to try. */
  readonly nextStep: string
}

interface FailureInfo {
  /** What the code means, when nothing more is known. */
  readonly meaning: string
  /** Whether the connection stood; if it never did in a whole run, nothing was judged. */
  readonly connected: 'yes' | 'no' | 'unknown'
  readonly nextStep: (url: URL, after: FailedAt) => string
}

/** What failed: an attempt, or a wait for the target (`--wait-for`), to which no wait is advised. */
export type FailedAt = 'attempt' | 'wait'

const portOf = (url: URL) => (url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80')

/** Inside a container `localhost` is the container: the commonest reason for "connection refused" in CI. */
const containerHint = (url: URL) =>
  isLoopback(url.hostname)
    ? ' Inside a container, localhost is the container itself: use the name of the service, or host.docker.internal.'
    : ''

const tlsHint = (url: URL) => (url.protocol === 'http:' ? ' If the port speaks TLS, write https:// in --to.' : '')

/** Every failure code with its meaning and next step: forgetting one does not compile. */
export const FAILURES = {
  dns: {
    meaning: 'the host name could not be resolved',
    connected: 'no',
    nextStep: (url, after) =>
      `Is the name ${url.hostname} spelt right, and known here? In a container network it is the name of the service${after === 'attempt' ? '; --wait-for 30s waits for it to start' : ''}.`,
  },
  refused: {
    meaning: 'nothing accepts connections there',
    connected: 'no',
    nextStep: (url, after) =>
      `Is the receiver listening on port ${portOf(url)}?${after === 'attempt' ? ' If it is still starting, --wait-for 30s waits for it.' : ''}${containerHint(url)}`,
  },
  unreachable: {
    meaning: 'there is no way to the host',
    connected: 'no',
    nextStep: (url) => `Is ${url.hostname} reachable from this machine (network, VPN, firewall)?`,
  },
  'connect-timeout': {
    meaning: 'no connection within the timeout',
    connected: 'no',
    nextStep: (_, after) =>
      `A firewall may drop the connection, or the receiver is too busy to accept it; ${after === 'attempt' ? '--timeout' : 'a longer --wait-for'} gives it longer.`,
  },
  timeout: {
    meaning: 'no answer within the timeout',
    connected: 'yes',
    nextStep: () =>
      'Answer first and work afterwards: put the payload in a queue and respond 2xx at once. --timeout gives it longer here, not at Qualifio.',
  },
  reset: {
    meaning: 'the connection was reset before an answer',
    connected: 'yes',
    nextStep: (url) => `Did the receiver crash? Its own log should tell.${tlsHint(url)}`,
  },
  closed: {
    meaning: 'the connection was closed before an answer',
    connected: 'yes',
    nextStep: (url) => `Did the receiver stop or crash? Its own log should tell.${tlsHint(url)}`,
  },
  tls: {
    meaning: 'no TLS connection could be made',
    connected: 'no',
    nextStep: () =>
      'Look at the certificate and the TLS versions of the receiver; --insecure (-k) skips the check of the certificate.',
  },
  protocol: {
    meaning: 'the answer is not HTTP/1.1',
    connected: 'yes',
    nextStep: (url) => `Is an HTTP server behind port ${portOf(url)}?${tlsHint(url)}`,
  },
  aborted: {
    meaning: 'stopped before an answer',
    connected: 'unknown',
    nextStep: () => 'The run was stopped; whether the receiver took this request is unknown.',
  },
  'lost-ack': {
    meaning: 'the answer was cut off here before it was read, as --fault lost-ack asks',
    connected: 'yes',
    nextStep: () =>
      'The receiver has answered and cannot know that the answer was lost: the retry must change nothing.',
  },
} as const satisfies Record<FailureCode, FailureInfo>

/** Whether the connection is known to have stood in this attempt, so that something is known of the receiver. */
export function hadConnection(result: AttemptResult): boolean {
  return result.kind === 'responded' || FAILURES[result.code].connected === 'yes'
}

/**
 * Whether this attempt ended before a connection stood: dns, refused, unreachable, connect-timeout, tls. A run of
 * nothing else judged nothing. Not `aborted`: an attempt that was stopped may have had its connection.
 */
export function isNeverReached(result: AttemptResult): boolean {
  return result.kind === 'failed' && FAILURES[result.code].connected === 'no'
}

/** What is wrong with TLS, by the code of Node or OpenSSL. */
const TLS_PROBLEMS: readonly { readonly codes: RegExp; readonly sentence: string; readonly nextStep: string }[] = [
  {
    codes: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/,
    sentence: 'the certificate is self-signed',
    nextStep: 'Trust it with --cacert FILE, or skip the check with --insecure (-k). Qualifio would need a public one.',
  },
  {
    codes: /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_UNTRUSTED)$/,
    sentence: 'the certificate is signed by an authority that is not known here',
    nextStep: 'Serve the intermediate certificates too; a private authority is trusted with --cacert FILE.',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    sentence: 'the certificate is for another host name',
    nextStep:
      'Use the name that the certificate has in --to, or issue it for this one; --insecure (-k) skips the check.',
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    sentence: 'the certificate has expired',
    nextStep: 'Renew it; --insecure (-k) skips the check here, not at Qualifio.',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    sentence: 'the certificate is not valid yet',
    nextStep: 'Compare the clocks of both machines and the start date of the certificate.',
  },
  {
    codes: /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/,
    sentence: 'the port does not answer in TLS',
    nextStep: 'If it speaks plain HTTP, write http:// in --to; otherwise look at the TLS versions it allows.',
  },
  {
    codes: /^ECONNRESET$/,
    sentence: 'the connection was closed during the TLS handshake',
    nextStep: 'Does the port speak TLS? If it speaks plain HTTP, write http:// in --to.',
  },
]

/**
 * The reason of a failure, ended by the system's code in parentheses where there is one:
 * people search for it, and the next step is found by it.
 */
export function failureReason(code: FailureCode, systemCode?: string, sentence?: string): string {
  const problem = code === 'tls' ? TLS_PROBLEMS.find(({ codes }) => codes.test(systemCode ?? '')) : undefined
  const text = sentence ?? problem?.sentence ?? FAILURES[code].meaning
  return systemCode === undefined ? text : `${text} (${systemCode})`
}

/** What a failure means and what to try, for the endpoint it happened at. */
export function explainFailure(
  result: Failed,
  url: URL,
  { after = 'attempt' }: { readonly after?: FailedAt } = {},
): Explanation {
  const systemCode = /\(([A-Z][A-Z0-9_]+)\)$/.exec(result.reason)?.[1] ?? ''
  const problem = result.code === 'tls' ? TLS_PROBLEMS.find(({ codes }) => codes.test(systemCode)) : undefined
  return { sentence: result.reason, nextStep: problem?.nextStep ?? FAILURES[result.code].nextStep(url, after) }
}
