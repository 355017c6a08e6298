import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../../delivery/address.ts'
import type { Hosts } from './hosts.ts'
import { Problem } from './problem.ts'

/** @throws Problem when the request came under a name that is not ours, so that another site could be behind it */
export function checkHost({ headers, rawHeaders, socket }: IncomingMessage, hosts: Hosts): void {
  const named = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  const { host } = headers
  if (host !== undefined && named.length === 1 && hosts.isOurs(host)) return
  if (named.length > 1) throw new Problem('malformed', 'The request has more than one Host header.')
  const given = host === undefined ? 'No host' : JSON.stringify(host)
  const start = `start emit with --public-host ${plainName(host) ?? 'NAME'}.`
  // To another machine, localhost is itself.
  const next = isLoopback(socket.remoteAddress ?? '') ? `Use localhost, or ${start}` : `To use it, ${start}`
  throw new Problem('misdirected', `${given} is a name that is not known here. ${next}`)
}

/** What can be repeated in a command; with its port, which may be another one outside of a container. */
function plainName(host: string | undefined): string | undefined {
  return host !== undefined && /^[a-z0-9._-]+(:\d{1,5})?$/i.test(host) ? host : undefined
}

/** @throws Problem when a page of another site asks, in any way in which browsers tell */
export function checkOrigin({ headers, method = '' }: IncomingMessage, path: string, hosts: Hosts): void {
  const { origin } = headers
  if (origin !== undefined && !hosts.isOurOrigin(origin)) throw foreign(`The page asks from ${JSON.stringify(origin)}`)
  const site = headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') return
  // A link to the API may be followed: whoever made it does not see what is there.
  const isLink = headers['sec-fetch-mode'] === 'navigate' && (method === 'GET' || method === 'HEAD')
  if (!isLink || path === '/api/stream') throw foreign('A page of another site asks')
}

function foreign(what: string): Problem {
  return new Problem(
    'forbidden',
    `${what}; the API answers its own console and programs only. Behind a proxy, start emit with --public-host NAME.`,
  )
}
