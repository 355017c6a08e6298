import { UsageError } from '../../errors.ts'

/** Under which names the API may be asked. */
export interface Hosts {
  /** All of them as a `Host` header has them, but for addresses that only mean every address. */
  readonly names: readonly string[]
  /** A `Host` header. */
  isOurs(host: string): boolean
  /** An `Origin` header: a page of ours, over http, or https where a proxy speaks it. */
  isOurOrigin(origin: string): boolean
}

/**
 * The names of this machine and those that were made public, so that a page of another site cannot reach the API
 * under a name of its own that leads here (DNS rebinding).
 * @param options `publicHosts`: `name` is taken with this port and, for a proxy, without one; `name:port` as it stands
 * @throws UsageError when a public host is none
 */
export function knownHosts(options: {
  readonly host: string
  readonly port: number
  readonly publicHosts: readonly string[]
}): Hosts {
  const { host, port } = options
  const known = new Set<string>()
  for (const name of ['localhost', '127.0.0.1', '[::1]', inBrackets(host)]) add(name)
  for (const written of options.publicHosts) {
    const name = publicHost(written)
    known.add(name)
    if (!/:\d+$/.test(name)) add(name)
  }

  function add(name: string): void {
    known.add(`${name.toLowerCase()}:${port}`)
    // Browsers leave the default port out.
    if (port === 80) known.add(name.toLowerCase())
  }

  return {
    names: [...known].filter((name) => !/^(0\.0\.0\.0|\[::\])(:|$)/.test(name)),
    isOurs: (host) => known.has(host.toLowerCase()),
    isOurOrigin: (origin) => {
      const authority = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]
      return authority !== undefined && known.has(authority.toLowerCase())
    },
  }
}

function publicHost(written: string): string {
  const name = inBrackets(written.trim()).toLowerCase()
  if (/^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(name)) return name
  throw new UsageError(`--public-host ${JSON.stringify(written)} is not a host; give a name, or name:port.`)
}

/** An IPv6 address as a URL has it. */
function inBrackets(host: string): string {
  return (host.match(/:/g)?.length ?? 0) > 1 && !host.startsWith('[') ? `[${host}]` : host
}
