import type { StressResult } from '../../src/stress/result.ts'
import { simulate, type SimulationOptions } from './simulation.ts'

/** A receiver that works on so many requests at a time, and lets the others wait. */
export interface Queue {
  readonly servers?: number
  /** How long a request takes, ms; by its number. */
  readonly serviceMs: (nth: number) => number
  /** When it does nothing: ms from the start, and for so long. */
  readonly freezes?: readonly (readonly [fromMs: number, forMs: number])[]
}

/** A load of so many per second against it; nothing is dropped unless `maxInFlight` says so. */
export async function queued(
  { servers = 1, serviceMs, freezes = [] }: Queue,
  load: { readonly rate: number | readonly [from: number, to: number]; readonly seconds: number } & SimulationOptions,
): Promise<StressResult> {
  const { rate, seconds, ...options } = load
  const [fromPerSecond, toPerSecond] = typeof rate === 'number' ? [rate, rate] : rate
  const freeAt = Array.from({ length: servers }, () => 0)
  const { result } = await simulate({
    schedule: { kind: 'open', stages: [{ durationMs: seconds * 1000, fromPerSecond, toPerSecond }] },
    connections: 5000,
    maxInFlight: 5000,
    timeoutMs: 60_000,
    reply({ atMs }, nth) {
      const server = freeAt.indexOf(Math.min(...freeAt))
      const begins = outside(freezes, Math.max(atMs, freeAt[server] ?? 0))
      // A request that a freeze meets goes on after it.
      const inside = freezes.find(([from]) => from >= begins && from < begins + serviceMs(nth))
      const ends = begins + serviceMs(nth) + (inside?.[1] ?? 0)
      freeAt[server] = ends
      return { afterMs: ends - atMs, with: 204 }
    },
    ...options,
  })
  return result
}

function outside(freezes: NonNullable<Queue['freezes']>, ms: number): number {
  const freeze = freezes.find(([from, length]) => ms >= from && ms < from + length)
  return freeze === undefined ? ms : freeze[0] + freeze[1]
}

/** Service times with this mean that differ as chance has it: exponential, the same for the same seed. */
export function byChance(meanMs: number, seed: number): (nth: number) => number {
  return (nth) => {
    let bits = Math.imul((nth + 1) ^ Math.imul(seed + 1, 0x9e3779b9), 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
    bits = Math.imul(bits ^ (bits >>> 16), 0x27d4eb2f)
    return -Math.log(((bits ^ (bits >>> 15)) >>> 0) / 0x1_0000_0000 + 1e-10) * meanMs
  }
}
