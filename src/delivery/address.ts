/*
 * Which addresses are loopback, and which are never connected to. Written without `node:net`,
 * whose home is elsewhere; `new URL` does the parsing, so every spelling counts (decimal, hex,
 * octal, IPv4 inside IPv6).
 */

/** Metadata services outside the link-local ranges: AWS over IPv6, Alibaba Cloud, Oracle Cloud. */
const METADATA = new Set(['fd00:ec2:0:0:0:0:0:254', '100.100.100.200', '192.0.0.192'])

/**
 * Whether the address is link-local or a cloud's metadata service: a request there could hand
 * out credentials, and no receiver lives there. Names that are no address are not refused here.
 * @param hostname an address or `url.hostname`, brackets and zone allowed
 */
export function isRefusedAddress(hostname: string): boolean {
  const address = parseAddress(hostname)
  if (address === undefined) return false
  if (METADATA.has(spell(address))) return true
  if (address.length === 4) return address[0] === 169 && address[1] === 254
  const inner = embeddedIpv4(address)
  if (inner !== undefined) return isRefusedAddress(inner)
  return ((address[0] ?? 0) & 0xffc0) === 0xfe80
}

/**
 * Whether the host is this machine: `localhost` and its subdomains (RFC 6761), 127.0.0.0/8, ::1.
 * @param hostname `url.hostname`, brackets allowed
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  const address = parseAddress(name)
  if (address === undefined) return false
  if (address.length === 4) return address[0] === 127
  if (spell(address) === '0:0:0:0:0:0:0:1') return true
  const inner = embeddedIpv4(address)
  return inner !== undefined && isLoopback(inner)
}

/** Whether the address is 0.0.0.0 or ::, which lead to this machine where they lead anywhere. */
export function isUnspecified(hostname: string): boolean {
  return parseAddress(hostname)?.every((part) => part === 0) === true
}

/** Four bytes, or eight groups of an IPv6 address, or undefined for a name. */
function parseAddress(hostname: string): readonly number[] | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  let host: string
  try {
    host = new URL(`http://${bare.includes(':') ? `[${bare}]` : bare}/`).hostname
  } catch {
    return undefined
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host.split('.').map(Number)
  if (!host.startsWith('[')) return undefined
  const [left = '', right] = host.slice(1, -1).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const head = groups(left)
  if (right === undefined) return head
  const tail = groups(right)
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** One spelling per address: dotted decimal, or all eight groups in hexadecimal. */
function spell(address: readonly number[]): string {
  return address.length === 4 ? address.join('.') : address.map((group) => group.toString(16)).join(':')
}

/** The IPv4 address inside an IPv6 one: mapped, compatible, NAT64 (64:ff9b::/96) or 6to4 (2002::/16). */
function embeddedIpv4(groups: readonly number[]): string | undefined {
  const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.')
  if (groups[0] === 0x2002) return dotted(groups[1], groups[2])
  const prefix = spell(groups.slice(0, 6))
  const carries = prefix === '0:0:0:0:0:ffff' || prefix === '0:0:0:0:0:0' || prefix === '64:ff9b:0:0:0:0'
  return carries ? dotted(groups[6], groups[7]) : undefined
}
