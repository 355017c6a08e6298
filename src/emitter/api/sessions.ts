import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../ports.ts'
import { createAttempts } from './attempts.ts'
import { Problem } from './problem.ts'

/** Who may ask: everybody without a token; with one, who has it or a session that began with it. */
export interface Sessions {
  /**
   * Whether the request may see and change things.
   * @throws Problem when it carries a token, and that is wrong
   */
  admits(request: IncomingMessage): Promise<boolean>
  /**
   * Begins a session.
   * @returns the `Set-Cookie`; undefined when no token is needed
   * @throws Problem when the token is wrong, or too many were
   */
  login(request: IncomingMessage, token: string): Promise<string | undefined>
  /** Ends the session of the request, if it has one. @returns the `Set-Cookie` */
  logout(request: IncomingMessage): string
}

/** Beyond it the session that began first ends. */
const MOST_SESSIONS = 100
/** Before a wrong token is answered. */
const WRONG_TOKEN_DELAY_MS = 250

/** @param options `port`: cookies are shared by all ports of a host, so that each emitter needs a name of its own */
export function createSessions(options: {
  readonly clock: Clock
  readonly port: number
  readonly token: string | undefined
  readonly random: () => string
}): Sessions {
  const { clock, token } = options
  const cookieName = `qualifio_sim_${options.port}`
  const right = token === undefined ? undefined : digestOf(token)
  const sessions = new Set<string>()
  const attempts = createAttempts(clock)

  async function check(request: IncomingMessage, given: string): Promise<void> {
    if (right === undefined) return
    const address = request.socket.remoteAddress ?? ''
    const digest = digestOf(given)
    // Before the token is looked at: otherwise the answers would tell the right one among many.
    const waitSeconds = attempts.waitSeconds(address)
    if (waitSeconds > 0) {
      throw new Problem(
        'too-many-attempts',
        `Too many wrong tokens came from ${address}; try again in ${waitSeconds} seconds.`,
        { headers: { 'Retry-After': String(waitSeconds) } },
      )
    }
    if (timingSafeEqual(digest, right)) return
    attempts.wrong(address, digest.toString('hex'))
    await clock.sleep(WRONG_TOKEN_DELAY_MS)
    throw unauthorized('The token is wrong; use the one that emit was started with (--token).')
  }

  const sessionOf = (request: IncomingMessage): string | undefined => {
    const id = cookieOf(request, cookieName)
    const key = id === undefined ? undefined : digestOf(id).toString('hex')
    return key !== undefined && sessions.has(key) ? key : undefined
  }

  return {
    async admits(request) {
      if (right === undefined) return true
      const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
      if (given === undefined) return sessionOf(request) !== undefined
      await check(request, given)
      return true
    },
    async login(request, given) {
      await check(request, given)
      if (right === undefined) return undefined
      const id = options.random()
      sessions.add(digestOf(id).toString('hex'))
      const [oldest] = sessions
      if (sessions.size > MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest)
      const secure = request.headers.origin?.startsWith('https:') === true ? '; Secure' : ''
      return `${cookieName}=${id}; HttpOnly; SameSite=Strict; Path=/${secure}`
    },
    logout(request) {
      const session = sessionOf(request)
      if (session !== undefined) sessions.delete(session)
      return `${cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`
    },
  }
}

/** 401, with how to prove oneself. */
export function unauthorized(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="qualifio-sim"' } })
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
