import { isLoopback } from '../delivery/address.ts'
import type { Check } from './check.ts'

/** What may be done to the target. */
export interface Consent {
  /** On this machine, or a name that only this network has: nobody else's points are at stake. */
  readonly local: boolean
  /** `--safe`: as off loopback, wherever the target is. */
  readonly safe: boolean
  /** `--allow-side-effects` */
  readonly sideEffects: boolean
  /** `--allow-stress` */
  readonly stress: boolean
}

/** Whether valid events may be sent at all. */
export function mayHaveEffects({ local, safe, sideEffects }: Consent): boolean {
  return !safe && (local || sideEffects)
}

/** Why a check may not run; undefined where it may. */
export function refusal(check: Pick<Check, 'sideEffect' | 'zeroEventForm'>, consent: Consent): string | undefined {
  if (check.sideEffect === 'P' || check.sideEffect === 'S0') return undefined
  if (!mayHaveEffects(consent)) {
    if (check.zeroEventForm === true) return undefined
    return consent.safe ? 'left out by --safe' : 'needs --allow-side-effects'
  }
  if (check.sideEffect === 'S3' && !consent.local && !consent.stress) return 'needs --allow-stress'
  return undefined
}

/** Names that no public resolver knows. */
const LOCAL_NAMES = /^[^.]+$|\.(internal|local|test|localhost)\.?$/i

/**
 * Whether a target is local: loopback, what `--local-host` names, and the names of containers and CI services (a single
 * label, or one under .internal, .local, .test, .localhost) that resolve to private addresses only. Private addresses
 * themselves are not: they are often shared staging.
 * @param lookup resolves a name to its addresses; empty when it has none
 */
export async function isLocalTarget(
  hostname: string,
  localHosts: readonly string[],
  lookup: (hostname: string) => Promise<readonly string[]>,
): Promise<boolean> {
  const name = hostname.toLowerCase()
  if (isLoopback(name) || localHosts.some((host) => host.toLowerCase() === name)) return true
  if (!LOCAL_NAMES.test(name) || name.startsWith('[')) return false
  const addresses = await lookup(name)
  return addresses.length > 0 && addresses.every((address) => isLoopback(address) || isPrivate(address))
}

/** RFC 1918 and RFC 4193. */
function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) || /^f[cd][0-9a-f]{2}:/i.test(address)
}
