import { isRefusedAddress } from './address.ts'
import { frameworkError } from './framework-error.ts'
import type { Responded } from './outcome.ts'
import { plainAnswer } from './plain-answer.ts'
import { printable } from './printable.ts'
import { displayUrl } from './display-url.ts'

export { printable }

/**
 * What a developer should know about an answer that is no success: hints, most useful first, each a
 * sentence or two, safe for a terminal. Empty for a 2xx.
 */
export function diagnose(answer: Responded, url: URL): readonly string[] {
  const { status } = answer
  if (status >= 200 && status <= 299) return []
  const said = (status >= 500 ? frameworkError(answer) : undefined) ?? plainAnswer(answer)
  const hint = status >= 300 && status <= 399 ? redirect(answer, url) : BY_STATUS[status]?.(answer)
  return (status <= 399 ? [hint, said] : [said, hint]).filter((text) => text !== undefined)
}

type Hint = (answer: Responded) => string | undefined

const BY_STATUS: Readonly<Record<number, Hint>> = {
  400: (answer) =>
    /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled/i.test(
      answer.bodySnippet,
    )
      ? 'The port speaks TLS: write https:// in --to.'
      : undefined,
  401: () =>
    'The receiver refused the authorization or the signature: does it have the same --secret, --header, --basic or --bearer? A signature is computed over the raw body, before any JSON parsing.',
  403: () =>
    'The receiver (or a firewall, or a CSRF check) forbids the request: a CSRF check must leave this path out, since Qualifio sends no CSRF token.',
  404: () => 'Nothing is routed there: compare the path in --to with the route of the receiver.',
  405: () => 'The path exists but takes no POST: Qualifio sends POST.',
  413: () => 'The payload is larger than the receiver allows: raise its body limit, or send fewer events with --batch.',
  415: () => 'The receiver does not take application/json on this path, and Qualifio sends nothing else.',
  419: () => 'A CSRF check (Laravel) covers the path: leave it out, since Qualifio sends no CSRF token.',
  502: () => 'A proxy answered: it could not reach the receiver behind it.',
  504: () => 'A proxy answered: the receiver behind it took too long.',
}

const LOGIN = /(^|[/_.-])(log-?in|sign-?in|sso|auth|oauth2?|authorize|saml2?|session|cas|cdn-cgi)([/_.?-]|$)/i

function redirect(answer: Responded, url: URL): string {
  const location = answer.headers['location']?.[0]
  const target = location === undefined ? undefined : resolve(location, url)
  const asks = `${answer.status} is a failure to Qualifio, which follows no redirect`
  if (target === undefined) return `${asks}; answer 2xx on this path.`
  const shown = printable(displayUrl(target))
  if (LOGIN.test(target.pathname) || LOGIN.test(target.hostname.split('.')[0] ?? '')) {
    return `${asks}; it leads to a login page (${shown}), so a firewall or a login covers this path: exempt this path from the login or firewall.`
  }
  if (isRefusedAddress(target.hostname))
    return `${asks}; it leads to ${shown}, where no receiver can live: answer 2xx on this path.`
  const isUpgrade = url.protocol === 'http:' && target.protocol === 'https:'
  return `${asks}; use --to ${shown}${isUpgrade ? ' (https)' : ''} if that is the endpoint.`
}

function resolve(location: string, url: URL): URL | undefined {
  try {
    const target = new URL(location, url)
    return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined
  } catch {
    return undefined
  }
}
