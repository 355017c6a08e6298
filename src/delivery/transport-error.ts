import { failureReason } from './failure.ts'
import type { Failed, FailureCode } from './outcome.ts'

/** How far a connection had come: resolving and TCP, the TLS handshake, or standing. */
export type ConnectionPhase = 'tcp' | 'tls' | 'open'

/** A name resolved to nothing but addresses that are never connected to. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
}

const BY_CODE: Readonly<Record<string, FailureCode>> = {
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EINVAL: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EMFILE: 'unreachable',
  ENFILE: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
}

const SENTENCES: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'this machine has no free port left for the connection',
  EMFILE: 'this process may not open more connections; raise the limit with ulimit -n',
  ENFILE: 'this machine may not open more connections',
  EACCES: 'this machine does not allow the connection',
  EPERM: 'this machine does not allow the connection',
}

const UNASKED: Readonly<Record<string, string>> = {
  'bad response': 'the answer began with 100 Continue, which was not asked for',
  'bad upgrade': 'the answer switched to another protocol (101), which was not asked for',
}

/**
 * An error of the network or of undici, as a closed code. By class name, then by code; undici gives
 * one code to three things, so its message is read here and nowhere else.
 * @returns undefined for an error that no receiver can cause: that is a bug of ours
 */
export function failureOf(error: unknown, phase: ConnectionPhase): Failed | undefined {
  const { name, code, message } = describe(error)
  const failed = (failure: FailureCode, sentence?: string): Failed => ({
    kind: 'failed',
    code: failure,
    // undici's own codes help nobody who looks for them.
    reason: failureReason(failure, /^(UND_|ERR_ASSERTION$)/.test(code ?? '') ? undefined : code, sentence),
  })
  if (name === 'RefusedAddressError') return { kind: 'failed', code: 'unreachable', reason: message }
  if (name === 'HTTPParserError' || name === 'ResponseContentLengthMismatchError') return failed('protocol')
  if (name === 'HeadersOverflowError') return failed('protocol', 'the headers of the answer are over 16 KB')
  if (name === 'SocketError') {
    const sentence = UNASKED[message]
    const failure = sentence === undefined ? 'closed' : 'protocol'
    return { kind: 'failed', code: failure, reason: failureReason(failure, undefined, sentence) }
  }
  // undici's parser asserts what an answer may break, such as that a 101 has an Upgrade; nothing of ours runs in it.
  if (name === 'AssertionError' && phase === 'open') return failed('protocol')
  // The transport was closed under it.
  if (name === 'ClientDestroyedError') return { kind: 'failed', code: 'aborted', reason: failureReason('aborted') }
  if (code === undefined) return undefined
  if (code === 'ETIMEDOUT') return failed(phase === 'open' ? 'timeout' : 'connect-timeout')
  // Whatever goes wrong between TCP and HTTP is about TLS, a reset included.
  if (phase === 'tls' || /^(EPROTO$|ERR_SSL_|ERR_TLS_|CERT_)/.test(code)) return failed('tls')
  const known = BY_CODE[code]
  return known === undefined ? undefined : failed(known, SENTENCES[code])
}

interface Described {
  readonly name: string
  readonly code: string | undefined
  readonly message: string
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { name: '', code: undefined, message: String(error) }
  // One error per address that was tried: a refusal says most about the receiver.
  const tried = error instanceof AggregateError ? error.errors.map(describe) : []
  if (tried.length > 0) return (tried.find(({ code }) => code === 'ECONNREFUSED') ?? tried[0]) as Described
  const code = (error as NodeJS.ErrnoException).code
  return { name: error.name, code: typeof code === 'string' ? code : undefined, message: error.message }
}
