import { FAULTS, splitFault, type Fault } from '../delivery/fault.ts'
import { UsageError } from '../errors.ts'
import type { FaultShares } from './load-plan.ts'

/** One `--fault` of a load: what, and to which share of the deliveries (0 to 1). */
export interface FaultShare {
  readonly fault: Fault
  readonly share: number
}

/**
 * `duplicate:5%`: a fault and the share of deliveries that it befalls.
 * @throws UsageError when the name is unknown, or the share is no percentage above 0 and at most 100
 */
export function parseFaultShare(text: string, where = '--fault'): FaultShare {
  const { fault, amount } = splitFault(text, where, { known: FAULTS, form: 'duplicate:5%' })
  const percent = /^\d+(\.\d+)?%$/.test(amount) ? Number(amount.slice(0, -1)) : Number.NaN
  if (percent > 0 && percent <= 100) return { fault, share: percent / 100 }
  const shown = amount === '' ? 'has no share' : `"${amount}" is no share`
  throw new UsageError(
    `${where} ${text.replace(/:$/, '')}: ${shown}; under load it is a percentage of the deliveries, above 0% and at most 100%, such as ${fault}:5%.`,
  )
}

/**
 * All `--fault`s of a run together. A delivery has one fault at most, so the shares add up to 100 % at most.
 * @throws UsageError when a fault is given twice, or the sum is above 100 %
 */
export function faultShares(list: readonly FaultShare[], where = '--fault'): FaultShares {
  const shares: Partial<Record<Fault, number>> = {}
  for (const { fault, share } of list) {
    if (shares[fault] !== undefined)
      throw new UsageError(`${where} ${fault} is given twice; give it once, with the share of all.`)
    shares[fault] = share
  }
  const sum = list.reduce((total, { share }) => total + share, 0)
  // Shares such as 0.1 are not exact.
  if (sum > 1 + 1e-9)
    throw new UsageError(
      `${where}: the shares add up to ${Math.round(sum * 1e4) / 100} %, and a delivery has one fault at most; lower them to 100 % together.`,
    )
  return shares
}

/**
 * Which fault befalls the delivery with this index (0 for the first). Same shares, seed and index: same fault, on
 * every worker, without state or allocation.
 * @param seed 0 to 4294967295
 */
export function faultOf(shares: FaultShares, seed: number, index: number): Fault | undefined {
  const chance = unit(seed, index)
  let below = 0
  for (let position = 0; position < FAULTS.length; position += 1) {
    const fault = FAULTS[position] as Fault
    below += shares[fault] ?? 0
    if (chance < below) return fault
  }
  return undefined
}

/** A number in [0, 1) by seed and index: MurmurHash3's finaliser over both, twice, so that neighbours share nothing. */
function unit(seed: number, index: number): number {
  const low = mix(index ^ mix(seed ^ 0x9e3779b9))
  return (mix(low ^ Math.floor(index / 0x1_0000_0000) ^ 0x85ebca6b) >>> 0) / 0x1_0000_0000
}

function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
