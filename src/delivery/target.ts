import { UsageError } from '../errors.ts'
import { isLoopback, isRefusedAddress, isUnspecified } from './address.ts'
import { displayText } from './display-url.ts'

/** An endpoint that may be sent to, and what its owner should know about it. */
export interface Target {
  readonly url: URL
  /** Sentences for people; query values and userinfo are masked. */
  readonly warnings: readonly string[]
}

/**
 * The endpoint a user means. The raw text is checked before `new URL`, which swallows newlines,
 * takes `localhost:3000` for a scheme and `http:/host` for a host.
 * @param where the flag, for the error
 * @throws UsageError for anything that is not a plain http or https URL
 */
export function parseTarget(text: string, where = '--to'): Target {
  if (text === '') throw new UsageError(`${where} is required, e.g. ${where} http://localhost:3000/webhooks`)
  const odd = /[\s\x00-\x1f\x7f-\x9f\\\u200b\u2060\ufeff]/.exec(text)
  if (odd !== null) {
    const what = odd[0] === '\\' ? 'a backslash' : 'whitespace/control characters'
    throw new UsageError(`${where}: URL contains ${what} at position ${odd.index + 1}; remove it`)
  }
  checkScheme(text, where)
  const authority = text.replace(/^[^:]*:\/\//, '').split(/[/?#]/, 1)[0] as string
  if (authority.includes('@')) {
    const masked = displayText(text)
    throw new UsageError(`${where} ${masked}: credentials in the URL are not sent; use --basic`)
  }
  if (text.includes('#')) throw new UsageError(`${where}: the fragment is never sent; remove it ("#" and what follows)`)
  const host = checkPort(authority, where)
  checkHostName(host, where)
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new UsageError(`${where}: invalid host name "${host}"; use a name, an IPv4 address or [an IPv6 address]`)
  }
  if (isRefusedAddress(url.hostname)) {
    const written = host === url.hostname ? host : `${host}, which is ${url.hostname}`
    throw new UsageError(`${where}: refused: link-local/metadata address (${written}); a receiver cannot live there`)
  }
  return withWarnings(url, host)
}

function checkScheme(text: string, where: string): void {
  if (/^https?:\/\/[^/?#]/i.test(text)) return
  const [, port, rest = ''] = /^:?(\d{1,5})((?:[/?#].*)?)$/.exec(text) ?? []
  if (port !== undefined && isPort(port)) {
    const suggestion = displayText(`http://localhost:${port}${rest}`)
    throw new UsageError(`${where}: not an absolute URL; did you mean ${suggestion}?`)
  }
  const hostFirst = /^(?:\/\/)?((?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\])(:\d+)?(?:[/?#]|$)/i.exec(text)
  if (hostFirst !== null) {
    // A host with a dot is most likely public, so https; the rest is this machine or a container.
    const [, host = '', port] = hostFirst
    const scheme = isLoopback(host) || !host.includes('.') || (port !== undefined && isAddress(host)) ? 'http' : 'https'
    const suggestion = displayText(`${scheme}://${text.replace(/^\/\//, '')}`)
    throw new UsageError(`${where}: not an absolute URL; did you mean ${suggestion}?`)
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new UsageError(`${where}: unsupported scheme "${scheme}:"; use http or https`)
  }
  throw new UsageError(`${where}: not an absolute URL; write it as http://localhost:3000/webhooks`)
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.startsWith('[')

/** The host as written, after its port was found to be good. */
function checkPort(authority: string, where: string): string {
  if (!authority.startsWith('[') && authority.split(':').length > 2) {
    throw new UsageError(`${where}: write an IPv6 address in brackets, as in http://[::1]:3000/webhooks`)
  }
  const [, host = '', port] = /^(\[[^\]]*\]|[^:[]*)(?::(.*))?$/.exec(authority) ?? []
  if (host === '') throw new UsageError(`${where}: invalid host name "${authority}"; an IPv6 address ends with "]"`)
  if (port !== undefined && !isPort(port)) throw new UsageError(`${where}: port must be 1-65535`)
  return host
}

function checkHostName(host: string, where: string): void {
  if (host.startsWith('[')) return
  const labels = host.replace(/\.$/, '').split('.')
  if (labels.some((label) => label === '' || label.length > 63) || host.length > 254) {
    throw new UsageError(
      `${where}: invalid host name "${host}"; each part between dots has 1 to 63 characters, 253 in all`,
    )
  }
}

function withWarnings(url: URL, host: string): Target {
  const warnings: string[] = []
  if (url.hostname.endsWith('.')) {
    // As an absolute name it resolves the same, but certificates and virtual hosts are not named so.
    url.hostname = url.hostname.slice(0, -1)
    warnings.push(`the host name is used without its trailing dot: ${url.hostname}`)
  } else if (url.hostname !== host.toLowerCase()) {
    warnings.push(`the host "${host}" is sent as ${url.hostname}`)
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !isUnspecified(url.hostname)) {
    warnings.push(
      `plain http to ${url.host}: Qualifio delivers over HTTPS only, and plain http shows the authorization and the body to the network`,
    )
  }
  return { url, warnings }
}
