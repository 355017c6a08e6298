import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isRefusedAddress } from './address.ts'
import { RefusedAddressError } from './transport-error.ts'

type LookupCallback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void

/**
 * Resolves as Node does, and leaves out the addresses that are never connected to: a name may lead to them
 * where the URL did not. The shape is what `net.connect` takes as `lookup`.
 */
export function guardedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  // Loaded here: an address needs no lookup, and then pays no start-up time for it.
  void import('node:dns').then(({ lookup }) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) =>
      answer({ hostname, options, callback }, error, addresses),
    ),
  )
}

/** How every connection finds and chooses its address, as `net.connect` takes it. */
export const ADDRESSING = {
  lookup: guardedLookup as LookupFunction,
  autoSelectFamily: true,
  // Node's 250 ms gives up good addresses on slow networks.
  autoSelectFamilyAttemptTimeout: 1000,
} as const

/** Every address of a name; none when it has none, or cannot be asked for. */
export async function addressesOf(hostname: string): Promise<readonly string[]> {
  const { promises } = await import('node:dns')
  try {
    return (await promises.lookup(hostname, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}

function answer(
  { hostname, options, callback }: { hostname: string; options: LookupOptions; callback: LookupCallback },
  error: Error | null,
  addresses: readonly LookupAddress[],
): void {
  if (error !== null) return callback(error)
  const allowed = addresses.filter(({ address }) => !isRefusedAddress(address))
  const [first] = allowed
  if (first === undefined) {
    callback(
      refused(
        hostname,
        addresses.map(({ address }) => address),
      ),
    )
  } else if (options.all === true) {
    callback(null, [...allowed])
  } else {
    callback(null, first.address, first.family)
  }
}

/** The error for addresses that are never connected to; it shows what the name resolved to. */
export function refused(hostname: string, addresses: readonly string[]): Error {
  const list = addresses.join(', ')
  const what = list === hostname ? hostname : `${hostname} resolves to ${list}`
  return new RefusedAddressError(`refused: link-local/metadata address: ${what}`)
}
